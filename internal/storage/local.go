package storage

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Wrap says what failed and the name that the client gave, in place of the one
// behind the home, which package os puts into its errors. Wrap of nil is nil.
func Wrap(op, name string, err error) error {
	if err == nil {
		return nil
	}
	var link *os.LinkError
	var file *fs.PathError
	switch {
	case errors.As(err, &link):
		err = link.Err
	case errors.As(err, &file):
		err = file.Err
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}

// Reading is a download that begins: of the file that Key stands for in the table
// of open files, and that the client calls Name.
type Reading struct {
	Key, Name string
	Offset    int64
}

// Download has the file opened and goes to the offset. Open gets the name under
// which the file's bytes arrive, if it is being uploaded and that is to be read.
func (r Reading) Download(opt Options, open func(temporary string) (*os.File, error)) (*Download, error) {
	temporary, release, err := opt.OpenFiles.Read(r.Key, opt.ReadUploads)
	if err != nil {
		return nil, err
	}
	opened, err := open(temporary)
	if err == nil {
		if err = SeekTo(opened, r.Offset); err != nil {
			_ = opened.Close()
		}
	}
	if err != nil {
		release()
		return nil, err
	}
	return &Download{opened, r.Name, release}, nil
}

// Download is what Open of a storage on this machine returns. It embeds
// *os.File, whose SyscallConn lets net use sendfile; only errors and the end are
// its own.
type Download struct {
	*os.File

	name    string
	release func()
}

// Read reads the next bytes; its errors do not name the place of the home.
func (d *Download) Read(p []byte) (int, error) {
	n, err := d.File.Read(p)
	if err == nil || err == io.EOF {
		return n, err
	}
	return n, Wrap("read", d.name, err)
}

// Close ends the download.
func (d *Download) Close() error {
	defer d.release()
	return Wrap("close", d.name, d.File.Close())
}

// SeekTo moves f to offset, which may not lie beyond the end (winerr.HandleEOF)
// or before the beginning (winerr.InvalidParameter).
func SeekTo(f *os.File, offset int64) error {
	if offset < 0 {
		return winerr.InvalidParameter
	}
	if offset == 0 {
		return nil
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if offset > info.Size() {
		return winerr.HandleEOF
	}
	_, err = f.Seek(offset, io.SeekStart)
	return err
}

// Renaming is a rename whose target may be there already.
type Renaming struct {
	From, To string
	Replace  bool
}

// Over reports whether the rename may take the target's place, or, with no error
// and false, whether it has to find the name free. Target is nil where there is
// none. A file replaces a file, if that is asked for; an entry whose name changes
// in letter case only is in nobody's way.
func (r Renaming) Over(source, target fs.FileInfo) (over bool, err error) {
	over = r.Replace && !source.IsDir()
	switch {
	case target == nil:
	case r.From != r.To && strings.EqualFold(r.From, r.To) && os.SameFile(source, target):
		over = true
	case !over || target.IsDir():
		err = winerr.AlreadyExists
	}
	return over, err
}
