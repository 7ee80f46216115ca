//go:build windows

package native

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/windows"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// writing is the access of an upload. Who may delete a file may give it another
// name, too.
const writing = windows.FILE_WRITE_DATA | windows.FILE_APPEND_DATA

// Create begins an upload. Replace and New write under a temporary name in the
// same directory; Append and Resume write in place. A file that somebody else has
// open for writing, or lets nobody replace, is winerr.SharingViolation.
func (f *FS) Create(ctx context.Context, name string, d storage.Disposition, offset int64) (storage.Upload, error) {
	at, err := f.enter(ctx, name)
	if err != nil {
		return nil, storage.Wrap("create", name, err)
	}
	p := &place{at: at, d: d}
	opened, err := f.begin(p, storage.Start{Disposition: d, Offset: offset})
	if err != nil {
		at.close()
		return nil, storage.Wrap("create", name, err)
	}
	u := &storage.FileUpload{Name: name, File: opened, Sync: f.opt.SyncUploads, Place: p, Life: &f.life}
	if err := f.life.Track(u); err != nil {
		_ = u.Close()
		return nil, storage.Wrap("create", name, err)
	}
	return u, nil
}

func (h *home) begin(p *place, start storage.Start) (opened *os.File, err error) {
	if p.at.isHome() {
		return nil, winerr.AccessDenied
	}
	if err := start.Check(); err != nil {
		return nil, err
	}
	temporary := ""
	if p.d.Whole() {
		temporary = storage.TemporaryName()
	}
	if p.release, err = h.opt.OpenFiles.Write(p.at.key, temporary, !p.d.Whole()); err != nil {
		return nil, err
	}
	if p.d.Whole() {
		opened, err = h.beginWhole(p, temporary)
	} else {
		opened, err = h.beginInPlace(p, start)
	}
	if err != nil {
		p.release()
	}
	return opened, err
}

// beside is what others may do with an upload.
func (h *home) beside() uint32 {
	if h.opt.ReadUploads {
		return windows.FILE_SHARE_READ
	}
	return 0
}

// beginWhole opens the temporary file of an upload, and the file that it is to
// replace.
func (h *home) beginWhole(p *place, temporary string) (*os.File, error) {
	if p.d == storage.New {
		if _, err := p.at.dir.look(p.at.base); !errors.Is(err, fs.ErrNotExist) {
			return nil, errors.Join(err, winerr.AlreadyExists)
		}
	} else {
		old, err := h.hold(p.at)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		p.old = old
	}
	opened, err := p.at.dir.open(temporary, request{writing | windows.DELETE, h.beside(), windows.FILE_CREATE, windows.FILE_NON_DIRECTORY_FILE})
	if err != nil {
		p.giveWay()
	}
	return opened, err
}

// hold opens a file that is to be replaced, so that nobody else writes it
// meanwhile, or reads it. It asks for the right to write, as an upload in place
// would. Who is downloading the file keeps that from being granted, but not the
// file from being replaced.
func (h *home) hold(at spot) (*os.File, error) {
	holding := request{
		access: windows.FILE_WRITE_DATA | windows.DELETE, share: h.beside() | windows.FILE_SHARE_DELETE,
		disposition: windows.FILE_OPEN, options: windows.FILE_NON_DIRECTORY_FILE,
	}
	old, err := at.dir.openChecked(at.base, holding, changeable)
	if winerr.Of(err) == winerr.SharingViolation {
		holding.access, holding.share = windows.DELETE, windows.FILE_SHARE_READ|windows.FILE_SHARE_DELETE
		old, err = at.dir.openChecked(at.base, holding, changeable)
	}
	return old, err
}

// beginInPlace opens the file itself, or makes it, and puts the end of it where
// the first byte goes.
func (h *home) beginInPlace(p *place, start storage.Start) (*os.File, error) {
	opening := request{writing, h.beside(), windows.FILE_OPEN, windows.FILE_NON_DIRECTORY_FILE}
	opened, err := p.at.dir.openChecked(p.at.base, opening, changeable)
	if errors.Is(err, fs.ErrNotExist) && start.Offset == 0 {
		p.made = true
		opening.access, opening.disposition = writing|windows.DELETE, windows.FILE_CREATE
		opened, err = p.at.dir.open(p.at.base, opening)
	}
	if err != nil {
		return nil, err
	}
	if p.start, err = start.Seek(opened); err != nil {
		_ = opened.Close()
		return nil, err
	}
	return opened, nil
}
