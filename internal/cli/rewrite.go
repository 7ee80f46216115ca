package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// canRewrite says before the work whether its outcome can be put at paths; "" is
// nowhere. A file that cannot be written is bad news after ten thousand changes.
func canRewrite(paths ...string) error {
	for _, path := range paths {
		if path == "" {
			continue
		}
		f, err := beside(path)
		if err != nil {
			return err
		}
		_ = f.Close()
		_ = os.Remove(f.Name())
	}
	return nil
}

// beside makes the file that is to be renamed to path. Nothing but a file gives way:
// a rename would put one in the place of a device such as /dev/null, too.
func beside(path string) (*os.File, error) {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return nil, usage("write %s: it is a folder, and not a file", path)
	case err == nil && !info.Mode().IsRegular():
		return nil, usage("write %s: it is a device or a pipe, and not a file", path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".ftpisoctl-*")
	if err != nil {
		return nil, hint(cannotWrite(path, err), "is the folder there, and may this account write into it?")
	}
	return f, nil
}

// cannotWrite leaves the name out that the file has until it is whole.
func cannotWrite(path string, err error) error {
	var opening *fs.PathError
	var renaming *os.LinkError
	switch {
	case errors.As(err, &opening):
		err = opening.Err
	case errors.As(err, &renaming):
		err = renaming.Err
	}
	return usage("write %s: %w", path, err)
}

// rewrite gives a file new content, all of it or none: a program that is killed
// leaves the old one. Who has which home is for its owner alone to read.
func rewrite(path string, write func(io.Writer) error) error {
	f, err := beside(path)
	if err != nil {
		return err
	}
	writing := write(f)
	if writing == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil && writing == nil {
		err = os.Rename(f.Name(), path)
	}
	if writing == nil && err == nil {
		return nil
	}
	_ = os.Remove(f.Name())
	if writing != nil { // for reasons of its own, or because the disk is full
		return writing
	}
	return cannotWrite(path, err)
}
