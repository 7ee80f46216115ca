package journal

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/private"
)

// Store is the folder of all runs.
type Store struct{ dir string }

// ErrNoRun says that a journal has no run with an ID.
var ErrNoRun = errors.New("no such run")

const extension = ".jsonl"

// idForm keeps an ID that somebody typed from being a path.
var idForm = regexp.MustCompile(`^[0-9]{8}-[0-9]{6}-[0-9a-f]{6}$`)

// At returns the journal in a folder, which need not be there yet.
func At(dir string) *Store { return &Store{dir} }

// Begin makes the folder where it is missing and opens the file of a new run. ID
// and Time of the header are filled in.
func (s *Store) Begin(h Header) (*Run, error) {
	if err := s.prepare(); err != nil {
		return nil, err
	}
	h.Time, h.Command = time.Now().UTC(), abridge(h.Command)
	var random [3]byte
	_, _ = rand.Read(random[:]) // does not fail (crypto/rand)
	h.ID = h.Time.Format("20060102-150405-") + hex.EncodeToString(random[:])
	f, err := os.OpenFile(s.path(h.ID), os.O_CREATE|os.O_EXCL|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("begin a run: %w", err)
	}
	r := &Run{Header: h, file: f, counts: map[int]State{}}
	err = lock(f, true)
	if err == nil {
		err = r.append(encode(lineRun, func(l line) any { return runLine{l, h} }))
	}
	if err == nil {
		err = errors.Join(f.Sync(), syncFolder(s.dir))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("begin a run: %w", err), f.Close())
	}
	return r, nil
}

// prepare makes the folder. Whoever can write into it decides what undo does, so
// nobody else may.
func (s *Store) prepare() error {
	if err := private.MakeFolder(s.dir); err != nil {
		return fmt.Errorf("make the journal: %w", err)
	}
	f, err := os.Open(s.dir)
	if err != nil {
		return fmt.Errorf("look at the journal: %w", err)
	}
	defer f.Close()
	return checkPrivate(f)
}

// checkPrivate refuses the folder, or the file of a run, if others can write it.
func checkPrivate(f *os.File) error {
	who, err := private.Writers(f)
	if err != nil {
		return fmt.Errorf("look at the journal: %w", err)
	}
	if who != "" {
		return fmt.Errorf("the journal %s can be written by others (%s), who would decide what undo does: %s", f.Name(), who, private.Advice(f, who))
	}
	return nil
}

func (s *Store) path(id string) string { return filepath.Join(s.dir, id+extension) }

// ids lists what is there, without looking inside.
func (s *Store) ids() ([]string, error) {
	files, err := os.ReadDir(s.dir)
	// On Windows a file in place of the folder looks like nothing at all.
	if _, missing := os.Stat(s.dir); err != nil && !(errors.Is(err, fs.ErrNotExist) && errors.Is(missing, fs.ErrNotExist)) {
		return nil, fmt.Errorf("list the journal: %w", err)
	}
	var ids []string
	for _, f := range files {
		if id, ok := strings.CutSuffix(f.Name(), extension); ok && idForm.MatchString(id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// Runs returns a summary of every run, the oldest first.
func (s *Store) Runs() ([]Summary, error) {
	ids, err := s.ids()
	if err != nil {
		return nil, err
	}
	undone := map[string]string{}
	var runs []Summary
	for _, id := range ids {
		run, err := s.summary(id)
		if errors.Is(err, errEmpty) { // it has just begun, or was killed before it could
			continue
		}
		if err != nil {
			run = Summary{Header: Header{ID: id}, Problem: err.Error()}
		}
		runs = append(runs, run)
	}
	slices.SortStableFunc(runs, func(a, b Summary) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.ID, b.ID))
	})
	for _, run := range runs {
		if run.Undoes != "" && run.Done > 0 {
			undone[run.Undoes] = run.ID
		}
	}
	for i := range runs {
		runs[i].UndoneBy = undone[runs[i].ID]
	}
	return runs, nil
}

// Read returns all that the journal has about a run. Errors: ErrNoRun.
func (s *Store) Read(id string) (History, error) {
	f, err := s.open(id, os.O_RDONLY)
	if err != nil {
		return History{}, err
	}
	defer f.Close()
	h, _, err := read(f)
	if err != nil {
		return History{}, fmt.Errorf("read the journal of run %s: %w", id, err)
	}
	return h, nil
}

// open opens the file of a run, if nobody else can have written it.
func (s *Store) open(id string, flag int) (*os.File, error) {
	if !idForm.MatchString(id) {
		return nil, fmt.Errorf("%w as %q", ErrNoRun, id)
	}
	f, err := os.OpenFile(s.path(id), flag, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w as %s", ErrNoRun, id)
	}
	if err != nil {
		return nil, err
	}
	if err := checkPrivate(f); err != nil {
		_ = f.Close() // nothing has been written
		return nil, err
	}
	return f, nil
}

// Abandoned returns the runs of a kind that have not ended and that nobody works on,
// most of them with open intents, locked for the caller, who ends each. What cannot be
// read is left alone.
func (s *Store) Abandoned(kind Kind) ([]*Run, error) {
	ids, err := s.ids()
	if err != nil {
		return nil, err
	}
	var runs []*Run
	for _, id := range ids {
		if summary, err := s.summary(id); err != nil || summary.Ended || summary.Kind != kind {
			continue
		}
		if r := s.adopt(id); r != nil {
			runs = append(runs, r)
		}
	}
	return runs, nil
}

// adopt locks a run and reads it again: it may have ended a moment ago. A line
// that was broken off in the middle is cut away: what it was to announce has not
// been sent.
func (s *Store) adopt(id string) *Run {
	f, err := s.open(id, os.O_RDWR)
	if err != nil {
		return nil
	}
	if err := lock(f, false); err == nil {
		h, whole, err := read(f)
		if err == nil && !h.Ended && shorten(f, whole) == nil {
			r := &Run{Header: h.Header, file: f, counts: map[int]State{}, n: len(h.Entries)}
			for _, e := range h.Entries {
				r.counts[e.N] = e.State
				if e.State == Open {
					r.open = append(r.open, e)
				}
			}
			return r
		}
	}
	_ = f.Close() // nothing has been written
	return nil
}

// shorten cuts a file off and goes to its end. A file that can only be appended to
// could not be cut on Windows.
func shorten(f *os.File, size int64) error {
	if err := f.Truncate(size); err != nil {
		return err
	}
	_, err := f.Seek(size, io.SeekStart)
	return err
}
