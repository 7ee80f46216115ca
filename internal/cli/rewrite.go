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
	return usage("write %s: %w", path, err)
}
