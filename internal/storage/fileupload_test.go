package storage_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// ledger is a Place that notes what is asked of it.
type ledger struct {
	calls  []string
	refuse error
}

func (l *ledger) Promote(f *os.File, kept bool) error {
	call := "promote"
	if kept {
		call = "keep"
	}
	l.calls = append(l.calls, call)
	if l.refuse != nil {
		return l.refuse
	}
	return f.Close()
}

func (l *ledger) Undo(f *os.File) error {
	l.calls = append(l.calls, "undo")
	return f.Close()
}

func (l *ledger) Release() { l.calls = append(l.calls, "release") }

func upload(t *testing.T, l *ledger) *storage.FileUpload {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "temporary"))
	must(t, "create", err)
	t.Cleanup(func() { _ = f.Close() })
	return &storage.FileUpload{Name: "/file", File: f, Sync: true, Place: l, Life: &storage.Lifetime{}}
}

func TestFileUpload_ends(t *testing.T) {
	broken := errors.New("broken")
	lost := io.MultiReader(strings.NewReader("lost"), iotest.ErrReader(broken))
	late := io.MultiReader(strings.NewReader("late"), iotest.ErrReader(os.ErrDeadlineExceeded))
	for name, tt := range map[string]struct {
		from   io.Reader
		end    func(*storage.FileUpload) error
		refuse error
		want   error
		calls  string
	}{
		"commit":                    {strings.NewReader("whole"), (*storage.FileUpload).Commit, nil, nil, "promote release"},
		"commit after a failure":    {lost, (*storage.FileUpload).Commit, nil, broken, "undo release"},
		"commit after a time-out":   {late, (*storage.FileUpload).Commit, nil, nil, "promote release"},
		"commit without a name":     {strings.NewReader("whole"), (*storage.FileUpload).Commit, broken, broken, "promote undo release"},
		"abort":                     {lost, func(u *storage.FileUpload) error { return u.Abort(false) }, nil, nil, "undo release"},
		"abort that keeps":          {lost, func(u *storage.FileUpload) error { return u.Abort(true) }, nil, nil, "keep release"},
		"abort that keeps, refused": {lost, func(u *storage.FileUpload) error { return u.Abort(true) }, broken, broken, "keep undo release"},
		"end of the home":           {lost, (*storage.FileUpload).Close, nil, nil, "undo release"},
	} {
		t.Run(name, func(t *testing.T) {
			l := &ledger{refuse: tt.refuse}
			u := upload(t, l)
			must(t, "track", u.Life.Track(u))
			_, _ = io.Copy(u, tt.from)
			if err := tt.end(u); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			u.Life.End() // would abort it once more, had the upload not been forgotten
			if got := strings.Join(l.calls, " "); got != tt.calls {
				t.Errorf("the place was asked to %s, want %s", got, tt.calls)
			}
		})
	}
}

func TestStart(t *testing.T) {
	for _, tt := range []struct {
		d      storage.Disposition
		offset int64
		check  winerr.Code
		seek   winerr.Code
		at     int64
		left   string
	}{
		{storage.Append, 0, winerr.Success, winerr.Success, 10, "0123456789"},
		{storage.Append, 1, winerr.InvalidParameter, winerr.Success, 10, "0123456789"},
		{storage.Resume, 4, winerr.Success, winerr.Success, 4, "0123"},
		{storage.Resume, 10, winerr.Success, winerr.Success, 10, "0123456789"},
		{storage.Resume, 11, winerr.Success, winerr.HandleEOF, 0, "0123456789"},
		{storage.Resume, -1, winerr.InvalidParameter, winerr.InvalidParameter, 0, "0123456789"},
		{storage.Replace, 1, winerr.InvalidParameter, winerr.Success, 1, "0"},
		{storage.New, 1, winerr.InvalidParameter, winerr.Success, 1, "0"},
	} {
		path := filepath.Join(t.TempDir(), "file")
		must(t, "write", os.WriteFile(path, []byte("0123456789"), 0o600))
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		must(t, "open", err)
		start := storage.Start{Disposition: tt.d, Offset: tt.offset}
		if got := winerr.Of(start.Check()); got != tt.check {
			t.Errorf("%+v: check gives code %d, want %d", start, got, tt.check)
		}
		at, err := start.Seek(f)
		must(t, "close", f.Close())
		left, _ := os.ReadFile(path)
		if at != tt.at || winerr.Of(err) != tt.seek || string(left) != tt.left {
			t.Errorf("%+v: got %d, %v and %q, want %d, code %d and %q", start, at, err, left, tt.at, tt.seek, tt.left)
		}
	}
}
