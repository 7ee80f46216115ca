package smbfs_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs/smbtest"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/storagetest"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// share returns a server with alice's home, and the home.
func share(t *testing.T, more map[string]smbtest.Entry) (*smbtest.Server, *smbfs.FS) {
	t.Helper()
	s := &smbtest.Server{Entries: map[string]smbtest.Entry{"": {Attributes: directory}, "alice": {Attributes: directory}}}
	for path, have := range more {
		s.Entries[path] = have
	}
	home, err := homeOn(t, s, "alice")
	if err != nil {
		t.Fatal(err)
	}
	s.Took()
	return s, home
}

func names(t *testing.T, home storage.FS, dir string) (names, hidden []string) {
	t.Helper()
	entries, err := home.List(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	for entry, err := range entries {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, entry.Name())
		if h, ok := entry.(interface{ Hidden() bool }); ok && h.Hidden() {
			hidden = append(hidden, entry.Name())
		}
	}
	return names, hidden
}

// Windows lets users through directories that they may not look at.
func TestDial_throughAClosedDirectory(t *testing.T) {
	s := &smbtest.Server{Entries: map[string]smbtest.Entry{
		"": {Attributes: directory}, "homes": {Attributes: directory, Status: accessDenied},
		`homes\alice`: {Attributes: directory}, `homes\alice\sub`: {Attributes: directory, Status: accessDenied},
		`homes\alice\sub\file`: {}, `homes\bob`: {Attributes: directory, Status: accessDenied},
		"link": {Attributes: directory | reparse}, `link\alice`: {Attributes: directory}, `homes\alice\file`: {},
	}}
	home, err := homeOn(t, s, `homes\alice`)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := home.Stat(t.Context(), "/file"); err != nil {
		t.Errorf("a file of the home: %v", err)
	}
	if _, err := home.Stat(t.Context(), "/sub/file"); winerr.Of(err) != winerr.AccessDenied {
		t.Errorf("below a closed directory of the home: %v", err)
	}
	for dir, want := range map[string]winerr.Code{`homes\bob`: winerr.AccessDenied, `link\alice`: winerr.CantAccessFile} {
		if _, err := homeOn(t, s, dir); winerr.Of(err) != want {
			t.Errorf("%s: got %v, want code %d", dir, err, want)
		}
	}
}

// A folder of a namespace says so wherever it is met.
func TestDial_recognisesNamespaces(t *testing.T) {
	const pathNotCovered = 0xC0000257
	s := &smbtest.Server{Entries: map[string]smbtest.Entry{
		"": {Attributes: directory}, "link": {Attributes: directory, Status: pathNotCovered}, `link\alice`: {Attributes: directory, Status: pathNotCovered},
	}}
	for _, dir := range []string{"link", `link\alice`} {
		if _, err := homeOn(t, s, dir); !errors.Is(err, smbfs.ErrDFS) || winerr.Of(err) != winerr.BadNetPath {
			t.Errorf("%s: %v", dir, err)
		}
	}
	s.On(func(command smbtest.Command, _ string) (uint32, []byte) {
		if command == smbtest.Connect {
			return pathNotCovered, smbtest.ErrorAnswer()
		}
		return 0, nil
	})
	if _, err := homeOn(t, s, ""); !errors.Is(err, smbfs.ErrDFS) {
		t.Errorf("a share: %v", err)
	}
}

func TestDial_refusesShortNames(t *testing.T) {
	s := &smbtest.Server{Entries: map[string]smbtest.Entry{"": {Attributes: directory}, "ALICE~1": {Attributes: directory}}}
	if _, err := homeOn(t, s, "ALICE~1"); winerr.Of(err) != winerr.InvalidName {
		t.Errorf("got %v", err)
	}
}

func TestList_hiddenAndEmpty(t *testing.T) {
	_, home := share(t, map[string]smbtest.Entry{
		`alice\plain`: {}, `alice\hidden`: {Attributes: hiddenMark}, `alice\link`: {Attributes: reparse},
		`alice\dir`: {Attributes: directory},
	})
	if got, hidden := names(t, home, "/"); strings.Join(got, " ") != "dir hidden plain" || strings.Join(hidden, " ") != "hidden" {
		t.Errorf("got %q, hidden %q", got, hidden)
	}
	if got, _ := names(t, home, "/dir"); len(got) != 0 { // the server says that there is no such file
		t.Errorf("the empty directory has %q", got)
	}
}

func TestRemove_keepsWhatIsReadOnly(t *testing.T) {
	s, home := share(t, map[string]smbtest.Entry{`alice\file`: {Attributes: readOnlyMark}, `alice\dir`: {Attributes: directory | readOnlyMark}})
	for name, err := range map[string]error{"file": home.Remove(t.Context(), "/file"), "dir": home.RemoveDir(t.Context(), "/dir")} {
		if winerr.Of(err) != winerr.AccessDenied {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if got := slices.DeleteFunc(s.Took(), func(did string) bool { return strings.HasPrefix(did, "open") }); len(got) != 0 {
		t.Errorf("the server did %q", got)
	}
}

// A hostile name is refused before the server hears of it, by whichever call.
func TestFS_hostileNamesReachNoServer(t *testing.T) {
	s, home := share(t, map[string]smbtest.Entry{`alice\bait`: {}, `alice\dir`: {Attributes: directory}})
	ctx := t.Context()
	for _, name := range storagetest.Hostile() {
		_, stat := home.Stat(ctx, name)
		_, lstat := home.Lstat(ctx, name)
		_, list := home.List(ctx, name)
		_, open := home.Open(ctx, name, 0)
		_, create := home.Create(ctx, name, storage.Replace, 0)
		for call, err := range map[string]error{
			"stat": stat, "lstat": lstat, "list": list, "open": open, "create": create, "mkdir": home.Mkdir(ctx, name), "remove": home.Remove(ctx, name),
			"rmdir": home.RemoveDir(ctx, name), "rename from": home.Rename(ctx, name, "/x", true), "rename to": home.Rename(ctx, "/bait", name, true),
			"time": home.SetModTime(ctx, name, time.Unix(1e9, 0)),
		} {
			if winerr.Of(err) != winerr.InvalidName {
				t.Errorf("%s %.60q: %v", call, name, err)
			}
		}
	}
	if did := s.Took(); len(did) > 0 {
		t.Errorf("the server did %q", did)
	}
}

// The content of an offline file comes when the server has fetched it, and where
// that takes too long the cause is told.
func TestOpen_offlineFiles(t *testing.T) {
	for attributes, want := range map[uint32]winerr.Code{offlineMark: winerr.FileOffline, recallMark: winerr.FileOffline, 0: winerr.SemTimeout} {
		s := &smbtest.Server{Entries: map[string]smbtest.Entry{"": {Attributes: directory}, "alice": {Attributes: directory}, `alice\file`: {Attributes: attributes, Size: 1}}}
		to := serve(t, s.Talk)
		to.Timeout = time.Second
		home, err := smbfs.Dial(t.Context(), to, login(), "alice", storage.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer home.Close()
		r, err := home.Open(t.Context(), "/file", 0)
		if err != nil {
			t.Fatal(err)
		}
		fetched := make(chan struct{})
		s.On(func(command smbtest.Command, _ string) (uint32, []byte) {
			if command == smbtest.Read {
				<-fetched
			}
			return 0, nil
		})
		if _, err := io.ReadAll(r); winerr.Of(err) != want {
			t.Errorf("attributes %x: got %v, want code %d", attributes, err, want)
		}
		close(fetched)
		_ = r.Close()
	}
}

// After an answer that makes no sense nothing that comes can be trusted.
func TestCall_rubbishEndsTheLink(t *testing.T) {
	s, home := share(t, map[string]smbtest.Entry{`alice\file`: {}, `alice\bad`: {}})
	s.On(func(_ smbtest.Command, path string) (uint32, []byte) {
		if path == `alice\bad` {
			return 0, []byte("rubbish")
		}
		return 0, nil
	})
	if _, err := home.Stat(t.Context(), "/bad"); err == nil {
		t.Error("rubbish was understood")
	}
	if _, err := home.Stat(t.Context(), "/file"); winerr.Of(err) != winerr.NetNameDeleted {
		t.Errorf("afterwards: got %v", err)
	}
}

// A commit that fails leaves what was there, as Abort(false) does.
func TestCommit_afterALostByte(t *testing.T) {
	for d, want := range map[storage.Disposition]string{
		storage.Append: `cut alice\file at 10`, storage.Resume: `cut alice\file at 4`, storage.Replace: "",
	} {
		s, home := share(t, map[string]smbtest.Entry{`alice\file`: {Size: 10}})
		s.On(func(command smbtest.Command, _ string) (uint32, []byte) {
			if command == smbtest.Write {
				return diskFull, smbtest.ErrorAnswer()
			}
			return 0, nil
		})
		offset := map[storage.Disposition]int64{storage.Resume: 4}[d]
		u, err := home.Create(t.Context(), "/file", d, offset)
		if err != nil {
			t.Fatal(err)
		}
		s.Took()
		if _, err := io.WriteString(u, "lost"); err != nil {
			t.Errorf("%d: write: got %v", d, err)
		}
		if err := u.Commit(); winerr.Of(err) != winerr.DiskFull {
			t.Errorf("%d: commit: got %v", d, err)
		}
		did := strings.Join(slices.DeleteFunc(s.Took(), func(did string) bool { return strings.HasPrefix(did, "open") }), ", ")
		if want != "" && did != want || want == "" && !strings.HasPrefix(did, `delete alice\.~ftpiso-`) {
			t.Errorf("%d: the server did %q, want %q", d, did, want)
		}
	}
}

type zeros struct{}

// Read gives zeros, or what was there.
func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// keep has four chunks uploaded, of which the server has room for two and a bit, and
// keeps what has arrived.
func keep(t *testing.T, s *smbtest.Server, home *smbfs.FS, d storage.Disposition, offset int64) []string {
	t.Helper()
	u, err := home.Create(t.Context(), "/file", d, offset)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.CopyN(u, zeros{}, 4<<20)
	if err := storage.Flush(u); winerr.Of(err) != winerr.DiskFull {
		t.Errorf("flush: got %v", err)
	}
	s.Took()
	if err := u.Abort(true); err != nil {
		t.Errorf("abort: %v", err)
	}
	return slices.DeleteFunc(s.Took(), func(did string) bool { return strings.HasPrefix(did, "open") })
}

// What is kept of an upload ends where the first octet is missing, whatever the
// server has taken behind it.
func TestAbort_keepsNoHole(t *testing.T) {
	s, home := share(t, map[string]smbtest.Entry{`alice\file`: {Size: 10}})
	s.Fill(2<<20 + 100<<10)
	did := keep(t, s, home, storage.Replace, 0)
	if len(did) != 2 || !strings.HasSuffix(did[0], " at 2097152") || !strings.HasPrefix(did[0], `cut alice\.~ftpiso-`) || !strings.HasSuffix(did[1], ` to alice\file`) {
		t.Errorf("a new file: the server did %q", did)
	}
	for d, want := range map[storage.Disposition]string{
		storage.Append: `cut alice\file at 2097162`, storage.Resume: `cut alice\file at 2097156`,
	} {
		s, home := share(t, map[string]smbtest.Entry{`alice\file`: {Size: 10}})
		s.Fill(2<<20 + 100<<10)
		if did := keep(t, s, home, d, map[storage.Disposition]int64{storage.Resume: 4}[d]); !slices.Equal(did, []string{want}) {
			t.Errorf("%d: the server did %q, want %q", d, did, want)
		}
	}
}

// A download of a short file asks once, and for no more than there can be.
func TestOpen_asksOnceForAShortFile(t *testing.T) {
	s, home := share(t, map[string]smbtest.Entry{`alice\file`: {Size: 1}})
	r, err := home.Open(t.Context(), "/file", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	s.Took()
	if got, err := io.ReadAll(r); string(got) != "x" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if did := s.Took(); !slices.Equal(did, []string{`read alice\file, 2 at 0`}) {
		t.Errorf("the server did %q", did)
	}
}

// The round trips of an upload are what its small files cost.
func TestUpload_asksNoMoreThanItMust(t *testing.T) {
	s, home := share(t, nil)
	u, err := home.Create(t.Context(), "/file", storage.Replace, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(u, strings.NewReader("content")); err != nil {
		t.Fatal(err)
	}
	s.Took()
	if err := u.Commit(); err != nil {
		t.Fatal(err)
	}
	did := s.Took()
	if len(did) != 3 || !strings.HasSuffix(did[0], ", 7 at 0") || !strings.HasPrefix(did[1], `open alice\.~ftpiso-`) || !strings.HasSuffix(did[2], ` to alice\file`) {
		t.Errorf("to commit the server did %q, want it to write, open and rename", did)
	}
}
