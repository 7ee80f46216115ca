//go:build windows

package native

import (
	"errors"
	"os"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// place is where an upload ends.
type place struct {
	at      spot
	d       storage.Disposition
	old     *os.File // holds the file that is to be replaced; nil: there is none
	made    bool     // Append or Resume made the file
	start   int64
	release func()
}

// Promote gives a whole file its name, by its own handle: no name leads to another
// file meanwhile.
func (p *place) Promote(f *os.File, _ bool) error {
	var err error
	switch p.d {
	case storage.Replace:
		err = moveOver(f, p.at.dir, p.at.base, p.giveWay)
	case storage.New:
		err = moveNew(f, p.at.dir, p.at.base)
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// Undo leaves what was there before.
func (p *place) Undo(f *os.File) error {
	var err error
	if p.d.Whole() || p.made {
		err = remove(f)
	} else {
		err = f.Truncate(p.start)
	}
	return errors.Join(err, f.Close())
}

// Release gives back what the upload held.
func (p *place) Release() {
	p.giveWay()
	p.at.close()
	p.release()
}

// giveWay lets others have the file that is to be replaced.
func (p *place) giveWay() {
	if p.old != nil {
		_ = p.old.Close()
	}
}
