//go:build windows

package native

import (
	"context"
	"errors"
	"os"
	"time"

	"golang.org/x/sys/windows"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Mkdir makes one directory.
func (f *FS) Mkdir(ctx context.Context, name string) error {
	at, err := f.enter(ctx, name)
	if err != nil {
		return storage.Wrap("mkdir", name, err)
	}
	defer at.close()
	if at.isHome() {
		return storage.Wrap("mkdir", name, winerr.AlreadyExists)
	}
	made, err := at.dir.open(at.base, request{0, shareAll, windows.FILE_CREATE, windows.FILE_DIRECTORY_FILE})
	if err == nil {
		err = made.Close()
	}
	return storage.Wrap("mkdir", name, err)
}

// Remove deletes a regular file.
func (f *FS) Remove(ctx context.Context, name string) error {
	return storage.Wrap("remove", name, f.remove(ctx, name, windows.FILE_NON_DIRECTORY_FILE))
}

// RemoveDir deletes an empty directory.
func (f *FS) RemoveDir(ctx context.Context, name string) error {
	return storage.Wrap("remove", name, f.remove(ctx, name, windows.FILE_DIRECTORY_FILE))
}

// remove deletes what is of the kind that options name.
func (f *FS) remove(ctx context.Context, name string, options uint32) error {
	at, err := f.enter(ctx, name)
	if err != nil {
		return err
	}
	defer at.close()
	if at.isHome() {
		return winerr.AccessDenied
	}
	if err := f.idle(at); err != nil {
		return err
	}
	return at.dir.remove(at.base, options)
}

func (f folder) remove(name string, options uint32) error {
	opened, err := f.openChecked(name, request{windows.DELETE, shareAll, windows.FILE_OPEN, options}, changeable)
	if err != nil {
		return err
	}
	return errors.Join(remove(opened), opened.Close())
}

// remove has an open file or directory deleted: at once, or, where the file
// system does not know how, when the last handle is closed.
func remove(f *os.File) error {
	const now = windows.FILE_DISPOSITION_DELETE | windows.FILE_DISPOSITION_POSIX_SEMANTICS
	err := set(f, windows.FileDispositionInformationEx, []byte{now, 0, 0, 0})
	if isUnknown(err) {
		err = set(f, windows.FileDispositionInformation, []byte{1})
	}
	return codeOf(err)
}

// SetModTime sets the time of last change; the time of access stays.
func (f *FS) SetModTime(ctx context.Context, name string, t time.Time) error {
	at, err := f.enter(ctx, name)
	if err != nil {
		return storage.Wrap("set time of", name, err)
	}
	defer at.close()
	opened, err := at.dir.openChecked(at.base, request{windows.FILE_WRITE_ATTRIBUTES, shareAll, windows.FILE_OPEN, 0}, usable)
	if err != nil {
		return storage.Wrap("set time of", name, err)
	}
	changed := windows.NsecToFiletime(t.UnixNano())
	err = use(opened, func(handle windows.Handle) error { return windows.SetFileTime(handle, nil, nil, &changed) })
	return storage.Wrap("set time of", name, errors.Join(err, opened.Close()))
}
