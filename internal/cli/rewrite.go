package cli

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// rewrite gives a file new content, all of it or none: a program that is killed
// leaves the old one. Who has which home is for its owner alone to read.
func rewrite(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".ftpisoctl-*")
	if err != nil {
		return usage("write %s: %w", path, err)
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return usage("write %s: %w", path, err)
	}
	return nil
}
