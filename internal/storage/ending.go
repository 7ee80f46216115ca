package storage

import (
	"io/fs"
	"sync"
)

// Ending holds an upload to its contract about ends: one of Commit and Abort
// counts. It is meant for implementations of Upload; its zero value is an upload
// that goes on.
type Ending struct {
	mu               sync.Mutex
	ended, committed bool
}

// Use runs do while the upload goes on, alone; afterwards it is fs.ErrClosed.
func (e *Ending) Use(do func() error) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ended {
		return fs.ErrClosed
	}
	return do()
}

// Commit ends the upload with finish. Once that has succeeded, Commit goes on
// returning nil; after any other end it is fs.ErrClosed.
func (e *Ending) Commit(finish func() error) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.committed:
		return nil
	case e.ended:
		return fs.ErrClosed
	}
	e.ended = true
	err := finish()
	e.committed = err == nil
	return err
}

// Abort ends the upload with finish, unless it has ended.
func (e *Ending) Abort(finish func() error) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ended {
		return nil
	}
	e.ended = true
	return finish()
}
