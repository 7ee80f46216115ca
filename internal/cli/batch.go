package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
)

// batch gathers what became of several objects. Each failure is reported when it
// happens; the end is one error with one exit code.
type batch struct {
	app     *app
	what    string // one of the objects; "" is user
	alone   bool   // the command line names one object: its error is the command's
	total   int    // objects that are named; 0 while names still come from standard input
	done    int
	written int // of those that are done, how many the directory has changed for
	open    int // sent, and not answered: nobody knows
	failed  []error
}

// batchError says how many objects failed. The objects themselves have been
// reported.
type batchError struct {
	code   int
	what   string
	failed int
	left   int // named, but not tried, because going on was pointless
	total  int
}

func (e *batchError) Error() string {
	text := fmt.Sprintf("%d of %s failed", e.failed, plural(e.total, cmp.Or(e.what, "user")))
	if e.left > 0 {
		text += fmt.Sprintf(", %d not tried", e.left)
	}
	return text
}

// fail notes the failure of one object. It returns the error if going on is
// pointless: interrupted, or the directory is out of reach.
func (b *batch) fail(err error) error {
	code := exitCode(err)
	if code == exitInterrupted {
		return err // no failure of the object
	}
	b.failed = append(b.failed, err)
	if code == exitUnreachable {
		return err
	}
	if !b.alone {
		b.app.report(err)
	}
	return nil
}

// left is how many of the objects known have been neither done nor tried.
func (b *batch) left() int { return max(0, b.total-b.done-b.open-len(b.failed)) }

// end returns nil if nothing failed. stop is the error that ended the work
// early, or nil. The code is the first that holds: 130 interrupted; 5 and 6 as
// long as nothing is written; 7 if all failures are conflicts; the code that all
// failures share, as long as nothing is done; 3.
func (b *batch) end(stop error) error {
	switch {
	case stop != nil && errors.Is(stop, context.Canceled):
		b.tellInterruption()
		return stop
	case stop != nil && b.done == 0 && len(b.failed) == 1:
		return stop
	case stop != nil:
		b.app.report(stop)
	case len(b.failed) == 0:
		return nil
	case b.alone:
		return b.failed[0]
	}
	total := b.total
	if total == 0 {
		total = b.done + len(b.failed)
	}
	return &batchError{code: b.code(), what: b.what, failed: len(b.failed), left: b.left(), total: total}
}

// ended is end for work whose own failure is nobody's of the objects.
func (b *batch) ended(stop error) error {
	if stop == nil || len(b.failed) > 0 || errors.Is(stop, context.Canceled) {
		return b.end(stop)
	}
	return stop
}

// tellInterruption says how far the work came, where that is not plain.
func (b *batch) tellInterruption() {
	switch {
	case b.alone:
	case b.total == 0:
		b.app.note("users done: %d, failed: %d; further names were not read", b.done, len(b.failed))
	default:
		b.app.note("users done: %d, failed: %d, not tried: %d", b.done, len(b.failed), b.left())
	}
}

func (b *batch) code() int {
	codes := map[int]int{}
	for _, err := range b.failed {
		codes[exitCode(err)]++
	}
	all := len(b.failed)
	switch {
	case b.written == 0 && codes[exitUnreachable] > 0:
		return exitUnreachable
	case b.written == 0 && codes[exitRights] > 0:
		return exitRights
	case codes[exitConflict] == all:
		return exitConflict
	case b.done == 0 && codes[exitCode(b.failed[0])] == all:
		return exitCode(b.failed[0])
	}
	return exitPartly
}
