package journal

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// Run is the file of a run that is being written. It is for one goroutine.
type Run struct {
	Header Header

	file   *os.File
	n      int
	counts map[int]State // by number
	open   []Recorded    // of an abandoned run
	failed error         // why the file cannot be trusted any more
}

// Intend writes what is about to be changed, and returns the number of the first
// change when all of it is on disk. Nothing may be sent before, or after an
// error. What would make a line that could not be read again is an error, too.
func (r *Run) Intend(entries []Entry) (int, error) {
	first := r.n + 1
	var text []byte
	for i, e := range entries {
		one := encode(lineIntent, func(l line) any { return intentLine{l, first + i, e} })
		if len(one) > maxLine {
			return 0, fmt.Errorf("write the journal: what is to become of %s takes %d KiB, more than %d", e.User, len(one)>>10, maxLine>>10)
		}
		text = append(text, one...)
	}
	for range entries {
		r.n++
		r.counts[r.n] = Open
	}
	if err := r.append(text); err != nil {
		return 0, fmt.Errorf("write the journal: %w", err)
	}
	if err := r.file.Sync(); err != nil {
		r.failed = err
		return 0, fmt.Errorf("write the journal: %w", err)
	}
	return first, nil
}

// Record writes what became of changes. It is on disk at the latest with the next
// intents or the end; until then an answer can be had from the directory.
func (r *Run) Record(outcomes []Outcome) error {
	var text []byte
	for _, o := range outcomes {
		if o.State == Open {
			continue
		}
		r.counts[o.N] = o.State
		o.Error = abridge(o.Error)
		one := encode(lineOutcome, func(l line) any { return outcomeLine{l, o} })
		if len(one) > maxLine { // the values that were found, which no rule of ours bounds
			o.Now = nil
			one = encode(lineOutcome, func(l line) any { return outcomeLine{l, o} })
		}
		text = append(text, one...)
	}
	if err := r.append(text); err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	return nil
}

// Unsettled returns the open intents of a run that was abandoned.
func (r *Run) Unsettled() []Recorded { return r.open }

// Counts tells how far the run is.
func (r *Run) Counts() Counts {
	c := Counts{Intended: r.n}
	for _, state := range r.counts {
		c.add(state, 1)
	}
	return c
}

// End ends the run and gives its file free. A run with open intents is only given
// free: it ends when somebody has settled them.
func (r *Run) End() error {
	counts := r.Counts()
	var err error
	if counts.Open == 0 && r.failed == nil {
		err = r.append(encode(lineEnd, func(l line) any { return endLine{l, time.Now().UTC(), counts} }))
	}
	if err = errors.Join(err, r.file.Sync(), r.file.Close()); err != nil { // closing unlocks
		return fmt.Errorf("end the journal: %w", err)
	}
	return nil
}

// Leave gives the file of a run free without ending it: somebody else will.
func (r *Run) Leave() error {
	if err := errors.Join(r.file.Sync(), r.file.Close()); err != nil {
		return fmt.Errorf("leave the journal: %w", err)
	}
	return nil
}

// abridge keeps texts short that people read.
func abridge(text string) string {
	const most = 8 << 10
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// append writes lines in one go.
func (r *Run) append(text []byte) error {
	if r.failed != nil {
		return r.failed
	}
	_, r.failed = r.file.Write(text)
	return r.failed
}
