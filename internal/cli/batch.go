package cli

import (
	"context"
	"errors"
	"fmt"
)

// batch gathers what became of several objects. Each failure is reported when it
// happens; the end is one error with one exit code.
type batch struct {
	app    *app
	alone  bool // the command line names one object: its error is the command's
	done   int
	left   int // known, but not tried, because going on was pointless
	failed []error
}

// batchError says how many objects failed. The objects themselves have been
// reported.
type batchError struct {
	code   int
	failed int
	left   int
	total  int
}

func (e *batchError) Error() string {
	text := fmt.Sprintf("%d of %d users failed", e.failed, e.total)
	if e.left > 0 {
		text += fmt.Sprintf(", %d were not tried", e.left)
	}
	return text
}

// fail notes the failure of one object. It returns the error if going on is
// pointless: interrupted, or the directory is out of reach.
func (b *batch) fail(err error) error {
	b.failed = append(b.failed, err)
	if code := exitCode(err); code == exitInterrupted || code == exitUnreachable {
		return err
	}
	if !b.alone {
		b.app.report(err)
	}
	return nil
}

// end returns nil if nothing failed. stop is the error that ended the work
// early, or nil. The code is the first that holds: 130 interrupted; 5 and 6 as
// long as nothing is done; 7 if all failures are conflicts; the code that all
// failures share, as long as nothing is done; 3.
func (b *batch) end(stop error) error {
	switch {
	case stop != nil && errors.Is(stop, context.Canceled):
		b.app.note("%d users were done before the interruption, %d were not tried", b.done, b.left)
		return stop
	case stop != nil && b.done == 0:
		return stop
	case stop != nil:
		b.app.report(stop)
	case len(b.failed) == 0:
		return nil
	case b.alone:
		return b.failed[0]
	}
	return &batchError{code: b.code(), failed: len(b.failed), left: b.left, total: len(b.failed) + b.left + b.done}
}

func (b *batch) code() int {
	codes := map[int]int{}
	for _, err := range b.failed {
		codes[exitCode(err)]++
	}
	all := len(b.failed)
	switch {
	case b.done == 0 && codes[exitUnreachable] > 0:
		return exitUnreachable
	case b.done == 0 && codes[exitRights] > 0:
		return exitRights
	case codes[exitConflict] == all:
		return exitConflict
	case b.done == 0 && codes[exitCode(b.failed[0])] == all:
		return exitCode(b.failed[0])
	}
	return exitPartly
}
