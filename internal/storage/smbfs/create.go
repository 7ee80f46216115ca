package smbfs

import (
	"context"
	"errors"
	"io"

	"github.com/cloudsoda/go-smb2"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Create begins an upload. Replace and New write under a temporary name in the
// same directory, because two writers may have one file open on a server; Append
// and Resume write in place. A file that is being downloaded by this process takes
// no upload: the server would not let it have the name. A file that is replaced
// takes the access list that its directory gives to new files.
func (f *FS) Create(ctx context.Context, name string, d storage.Disposition, offset int64) (storage.Upload, error) {
	path, err := f.enter(ctx, name)
	if err != nil {
		return nil, wrap("create", name, err)
	}
	u := &upload{arriving: arriving{home: &f.home}, life: &f.life, name: name, path: path, d: d, start: offset}
	if err := u.begin(ctx); err != nil {
		return nil, wrap("create", name, err)
	}
	if err := f.life.Track(u); err != nil {
		_ = u.Close()
		return nil, wrap("create", name, err)
	}
	return u, nil
}

func (u *upload) whole() bool { return u.d == storage.Replace || u.d == storage.New }

func (u *upload) begin(ctx context.Context) error {
	switch {
	case u.home.isHome(u.path):
		return winerr.AccessDenied
	case u.start < 0, u.start != 0 && u.d != storage.Resume:
		return winerr.InvalidParameter
	}
	old, err := u.old(ctx)
	if err != nil {
		return err
	}
	temporary := ""
	if u.whole() {
		temporary = storage.TemporaryName()
		u.temporary = append(u.path[:len(u.path)-1:len(u.path)-1], temporary)
	}
	release, err := u.home.opt.OpenFiles.Write(u.home.key(u.path), temporary, true)
	if err != nil {
		return err
	}
	var file *smb2.File
	if u.whole() {
		file, err = u.home.openFile(ctx, u.temporary, exclusive)
	} else {
		file, err = u.openInPlace(ctx, old)
	}
	if err != nil {
		release()
		return err
	}
	u.release = release
	u.writeTo(file)
	return nil
}

// old describes the file that has the name, nil if there is none, and refuses
// one that this login may not write to: renaming over it would not ask.
func (u *upload) old(ctx context.Context) (*smb2.FileStat, error) {
	info, err := u.home.entry(ctx, u.path)
	switch {
	case err == nil && u.d == storage.New:
		return nil, winerr.AlreadyExists
	case err == nil && (info.IsDir() || info.Mode()&ownerWrites == 0):
		return nil, winerr.AccessDenied
	case winerr.Of(err) == winerr.FileNotFound:
		return nil, nil
	case err != nil:
		return nil, err
	case u.d != storage.Replace:
		return info, nil
	}
	opened, err := u.home.openFile(ctx, u.path, writeOnly)
	if err != nil {
		return nil, err
	}
	return info, u.home.closeFile(opened)
}

const ownerWrites = 0o200

// openInPlace opens the file itself, or makes it, and puts the end of it where
// the first byte goes.
func (u *upload) openInPlace(ctx context.Context, old *smb2.FileStat) (*smb2.File, error) {
	flags := writeOnly
	if old == nil {
		if u.start > 0 {
			return nil, winerr.FileNotFound
		}
		flags, u.made = exclusive, true
	}
	opened, err := u.home.openFile(ctx, u.path, flags)
	if err != nil {
		return nil, err
	}
	err = u.home.call(ctx, func(*smb2.Share) error {
		// Not Stat: that asks for the right to read attributes, which writing
		// does not bring.
		size, err := opened.Seek(0, io.SeekEnd)
		switch {
		case err != nil:
			return err
		case u.d == storage.Append:
			u.start = size
			return nil
		case u.start > size:
			return winerr.HandleEOF
		}
		return opened.Truncate(u.start)
	})
	if err != nil {
		return nil, errors.Join(err, u.home.closeFile(opened))
	}
	return opened, nil
}
