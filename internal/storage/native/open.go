//go:build windows

package native

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"

	"golang.org/x/sys/windows"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// Open opens a regular file for reading from offset. The result embeds an
// *os.File. What another process has open for writing, or does not let others
// read, is winerr.SharingViolation; until the download ends nobody can open the
// file for writing.
func (f *FS) Open(ctx context.Context, name string, offset int64) (io.ReadCloser, error) {
	at, err := f.enter(ctx, name)
	if err != nil {
		return nil, storage.Wrap("open", name, err)
	}
	defer at.close()
	reading := storage.Reading{Key: at.key, Name: name, Offset: offset}
	download, err := reading.Download(f.opt, func(temporary string) (*os.File, error) { return f.openToRead(at, temporary) })
	if err != nil {
		return nil, storage.Wrap("open", name, err)
	}
	return download, nil
}

// openToRead opens the file or, where it is not there yet, what arrives under the
// temporary name, or, where that has just ended, the file after all.
func (h *home) openToRead(at spot, temporary string) (opened *os.File, err error) {
	reading := request{
		access: windows.FILE_READ_DATA, share: windows.FILE_SHARE_READ | windows.FILE_SHARE_DELETE,
		disposition: windows.FILE_OPEN, options: windows.FILE_NON_DIRECTORY_FILE | windows.FILE_SEQUENTIAL_ONLY,
	}
	if h.opt.ReadUploads {
		reading.share |= windows.FILE_SHARE_WRITE
	}
	for _, name := range []string{at.base, temporary, at.base} {
		opened, err = at.dir.openChecked(name, reading, usable)
		if temporary == "" || !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return opened, err
}
