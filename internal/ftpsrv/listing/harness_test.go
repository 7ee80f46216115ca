package listing_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite the goldens in testdata")

// entry is what a storage returns.
type entry struct {
	name string
	size int64
	mode fs.FileMode
	when time.Time
}

func (e entry) Name() string       { return e.name }
func (e entry) Size() int64        { return e.size }
func (e entry) Mode() fs.FileMode  { return e.mode }
func (e entry) ModTime() time.Time { return e.when }
func (e entry) IsDir() bool        { return e.mode.IsDir() }
func (e entry) Sys() any           { return nil }

// marked is an entry that the storage marks as hidden.
type marked struct{ entry }

func (marked) Hidden() bool { return true }

var (
	berlin = time.FixedZone("CEST", 2*60*60)
	now    = time.Date(2026, time.July, 1, 12, 0, 0, 0, berlin)
)

func file(name string, size int64) entry {
	return entry{name, size, 0o644, time.Date(2026, time.March, 9, 14, 5, 0, 0, time.UTC)}
}

func dir(name string) entry {
	return entry{name, 4096, fs.ModeDir | 0o755, time.Date(2025, time.December, 31, 22, 30, 0, 0, time.UTC)}
}

// seq streams entries as a storage does, then fails with err unless it is nil.
func seq(err error, infos ...fs.FileInfo) iter.Seq2[fs.FileInfo, error] {
	return func(yield func(fs.FileInfo, error) bool) {
		for _, info := range infos {
			if !yield(info, nil) {
				return
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

// many streams n files whose order is not that of their names.
func many(n int) iter.Seq2[fs.FileInfo, error] {
	return func(yield func(fs.FileInfo, error) bool) {
		for i := range n {
			if !yield(file(fmt.Sprintf("f%07d", n-i), int64(i)), nil) {
				return
			}
		}
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s:\ngot\n%s\nwant\n%s", name, got, want)
	}
}

var errBroken = errors.New("connection to the share lost")
