//go:build unix

package localfs

import (
	"errors"
	"io/fs"
	"os"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// place is where an upload ends. What it writes to is the temporary or the real
// file.
type place struct {
	at                    spot // its directory stays the upload's, wherever it moves
	temporary             string
	start                 int64
	sync, exclusive, made bool
	release               func()
}

// Release gives back what the upload held.
func (p *place) Release() {
	p.at.close()
	p.release()
}

// Undo leaves what was there before.
func (p *place) Undo(f *os.File) error {
	var cut error
	if p.temporary == "" && !p.made {
		cut = f.Truncate(p.start)
	}
	return errors.Join(cut, f.Close(), p.discard())
}

// Promote gives a whole file its name.
func (p *place) Promote(f *os.File, kept bool) error {
	if err := f.Close(); err != nil && !kept {
		return err
	}
	var err error
	switch {
	case p.temporary == "":
	case p.exclusive:
		err = renameNew(p.at.dir, p.temporary, p.at.base)
	default:
		err = p.at.dir.Rename(p.temporary, p.at.base)
	}
	if errors.Is(err, fs.ErrExist) {
		err = winerr.AlreadyExists // a directory has taken the name
	}
	if err == nil && p.sync && (p.made || p.temporary != "") {
		return syncDir(p.at.dir)
	}
	return err
}

// discard deletes what this upload has made.
func (p *place) discard() error {
	switch {
	case p.temporary != "":
		return p.at.dir.Remove(p.temporary)
	case p.made:
		return p.at.dir.Remove(p.at.base)
	}
	return nil
}
