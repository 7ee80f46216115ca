package smbfs_test

import (
	"context"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs/smbtest"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// points are reparse points, which Samba never shows, and what lies behind them for a server that follows.
func points() map[string]smbtest.Entry {
	return map[string]smbtest.Entry{
		`alice\dir`: {Attributes: directory}, `alice\file`: {},
		`alice\junction`: {Attributes: directory | reparse}, `alice\junction\file`: {}, `alice\junction\sub`: {Attributes: directory},
		`alice\link`:         {Attributes: reparse},
		`alice\dir\junction`: {Attributes: directory | reparse}, `alice\dir\junction\file`: {},
	}
}

// beyond picks the lines of the server's log that are more than a look at what is in front of a reparse point.
func beyond(log []string) []string {
	var found []string
	for _, line := range log {
		name, look := strings.CutPrefix(line, "open ")
		if !look || strings.Contains(name, `junction\`) || strings.Contains(name, `link\`) {
			found = append(found, line)
		}
	}
	return found
}

func TestDial_neverThroughAReparsePoint(t *testing.T) {
	for _, dir := range []string{`alice\junction`, `alice\link`, `alice\dir\junction`, `alice\junction\sub`} {
		s := &smbtest.Server{Entries: points()}
		s.Entries[""], s.Entries["alice"] = smbtest.Entry{Attributes: directory}, smbtest.Entry{Attributes: directory}
		if _, err := homeOn(t, s, dir); winerr.Of(err) != winerr.CantAccessFile {
			t.Errorf("home %s: got %v (code %d), want code %d", dir, err, winerr.Of(err), winerr.CantAccessFile)
		}
		if through := beyond(s.Took()); len(through) > 0 {
			t.Errorf("home %s: the server got %q", dir, through)
		}
	}
}

func TestChecklist_P2_neverThroughAReparsePoint(t *testing.T) {
	create := func(d storage.Disposition) func(context.Context, *smbfs.FS, string) error {
		return func(ctx context.Context, home *smbfs.FS, name string) error {
			_, err := home.Create(ctx, name, d, 0)
			return err
		}
	}
	for name, call := range map[string]func(ctx context.Context, home *smbfs.FS, name string) error{
		"stat": func(ctx context.Context, home *smbfs.FS, name string) error {
			_, err := home.Stat(ctx, name)
			return err
		},
		"list": func(ctx context.Context, home *smbfs.FS, name string) error {
			_, err := home.List(ctx, name)
			return err
		},
		"open": func(ctx context.Context, home *smbfs.FS, name string) error {
			_, err := home.Open(ctx, name, 0)
			return err
		},
		"replace": create(storage.Replace),
		"append":  create(storage.Append),
		"resume":  create(storage.Resume),
		"new below": func(ctx context.Context, home *smbfs.FS, name string) error {
			return create(storage.New)(ctx, home, name+"/new")
		},
		"mkdir below": func(ctx context.Context, home *smbfs.FS, name string) error { return home.Mkdir(ctx, name+"/new") },
		"lstat below": func(ctx context.Context, home *smbfs.FS, name string) error {
			_, err := home.Lstat(ctx, name+"/x")
			return err
		},
		"remove": func(ctx context.Context, home *smbfs.FS, name string) error { return home.Remove(ctx, name) },
		"rmdir":  func(ctx context.Context, home *smbfs.FS, name string) error { return home.RemoveDir(ctx, name) },
		"rename": func(ctx context.Context, home *smbfs.FS, name string) error {
			return home.Rename(ctx, name, "/new", false)
		},
		"rename to": func(ctx context.Context, home *smbfs.FS, name string) error {
			return home.Rename(ctx, "/file", name+"/new", false)
		},
		"set time": func(ctx context.Context, home *smbfs.FS, name string) error {
			return home.SetModTime(ctx, name, time.Now())
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, home := share(t, points())
			for _, path := range []string{"/junction", "/link", "/junction/file", "/dir/junction", "/dir/junction/file", "/link/x"} {
				if err := call(t.Context(), home, path); winerr.Of(err) != winerr.CantAccessFile {
					t.Errorf("%s: got %v (code %d), want code %d", path, err, winerr.Of(err), winerr.CantAccessFile)
				}
			}
			if through := beyond(s.Took()); len(through) > 0 {
				t.Errorf("the server got %q", through)
			}
		})
	}
}

// A reparse point shows as a link: one can see that it is there, but it is in no listing.
func TestLstat_showsAReparsePointAsALink(t *testing.T) {
	_, home := share(t, points())
	for path, link := range map[string]bool{"/junction": true, "/link": true, "/dir/junction": true, "/dir": false, "/file": false} {
		info, err := home.Lstat(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode()&fs.ModeSymlink != 0; got != link || storage.Visible(info.Name(), info.Mode()) == link {
			t.Errorf("%s: mode %v, visible %v", path, info.Mode(), storage.Visible(info.Name(), info.Mode()))
		}
	}
	if names, _ := names(t, home, "/"); len(names) != 2 {
		t.Errorf("the home lists %q, want dir and file", names)
	}
}
