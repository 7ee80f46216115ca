package smbfs_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs/smbtest"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/storagetest"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

const offlineMark, recallMark = 0x1000, 0x400000

// admin returns a server and its share as an administrator sees it.
func admin(t *testing.T, entries map[string]smbtest.Entry) (*smbtest.Server, *smbfs.Folder) {
	t.Helper()
	s := &smbtest.Server{Entries: map[string]smbtest.Entry{"": {Attributes: directory}}}
	for path, have := range entries {
		s.Entries[path] = have
	}
	session := enter(t, s, login())
	folder, err := session.Folder(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	s.Took()
	return s, folder
}

// enter logs in to the server.
func enter(t *testing.T, s *smbtest.Server, as smbfs.Login) *smbfs.Session {
	t.Helper()
	session, err := smbfs.Connect(t.Context(), serve(t, s.Talk))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() })
	if err := session.Login(t.Context(), as); err != nil {
		t.Fatal(err)
	}
	return session
}

func TestFolder_Look(t *testing.T) {
	_, folder := admin(t, map[string]smbtest.Entry{
		"homes": {Attributes: directory}, `homes\alice`: {Attributes: directory}, `homes\file`: {Size: 7},
		`homes\link`: {Attributes: directory | reparse}, `homes\link\x`: {}, `homes\away`: {Attributes: offlineMark}, `homes\cloud`: {Attributes: recallMark},
		"closed": {Attributes: directory, Status: accessDenied}, `closed\bob`: {Attributes: directory}, `closed\bob\x`: {},
	})
	for path, want := range map[string]string{
		"": "dir", `\`: "dir", "homes": "homes dir", `homes\alice`: "alice dir", "/homes/alice/": "alice dir", `homes\file`: "file 7",
		`homes\link`: "link dir link", `homes\away`: "away offline 0", "homes/cloud": "cloud offline 0",
		// The right to go through is enough, as for a login.
		`closed\bob`: "bob dir", `closed\bob\x`: "x 0",
	} {
		e, err := folder.Look(t.Context(), path)
		if err != nil {
			t.Errorf("%q: %v", path, err)
			continue
		}
		got := e.Name
		for word, holds := range map[string]bool{" dir": e.Dir, " link": e.Link && !e.Dir, " offline": e.Offline} {
			if holds {
				got += word
			}
		}
		if e.Dir && e.Link {
			got += " link"
		}
		if !e.Dir {
			got += fmt.Sprintf(" %d", e.Size)
		}
		if got = strings.TrimSpace(got); got != want {
			t.Errorf("%q: got %q, want %q", path, got, want)
		}
	}
	for path, want := range map[string]winerr.Code{
		"absent": winerr.FileNotFound, `absent\x`: winerr.PathNotFound, `homes\file\x`: winerr.PathNotFound,
		`homes\link\x`: winerr.CantAccessFile, "closed": winerr.AccessDenied, "..": winerr.InvalidName,
	} {
		if e, err := folder.Look(t.Context(), path); winerr.Of(err) != want {
			t.Errorf("%q: got %+v, %v, want code %d", path, e, err, want)
		}
	}
}

// What no storage takes as a name reaches no server through this door either.
func TestFolder_refusesHostileNames(t *testing.T) {
	s, folder := admin(t, nil)
	for _, name := range storagetest.Hostile() {
		if strings.Trim(strings.ReplaceAll(name, `\`, "/"), "/") == "" || !strings.HasPrefix(name, "/") {
			continue // paths here begin where they like, and take both separators
		}
		if name = strings.TrimPrefix(name, "/"); strings.ContainsAny(name, `\`) || strings.HasPrefix(name, "/") || strings.HasSuffix(name, "/") {
			continue
		}
		_, err := folder.Look(t.Context(), name)
		for call, err := range map[string]error{"look": err, "mkdir": folder.Mkdir(t.Context(), name), "remove": folder.RemoveEmpty(t.Context(), name)} {
			if winerr.Of(err) != winerr.InvalidName {
				t.Errorf("%s %.60q: %v", call, name, err)
			}
		}
	}
	if did := s.Took(); len(did) > 0 {
		t.Errorf("the server did %q", did)
	}
}

func TestFolder_Entries(t *testing.T) {
	_, folder := admin(t, map[string]smbtest.Entry{
		"homes": {Attributes: directory}, `homes\alice`: {Attributes: directory}, `homes\link`: {Attributes: directory | reparse},
		`homes\file`: {Size: 7}, `homes\../bob`: {Attributes: directory}, "link": {Attributes: directory | reparse},
	})
	collect := func(path string) (names []string, err error) {
		for e, err := range folder.Entries(t.Context(), path) {
			if err != nil {
				return names, err
			}
			names = append(names, fmt.Sprint(e.Name, e.Dir, e.Link))
		}
		return names, nil
	}
	if got, err := collect("homes"); err != nil || strings.Join(got, " ") != "alicetrue false filefalse false linktrue true" {
		t.Errorf("got %q, %v", got, err)
	}
	for path, want := range map[string]winerr.Code{
		"absent": winerr.FileNotFound, `homes\file`: winerr.Directory, "link": winerr.CantAccessFile, `link\x`: winerr.CantAccessFile, "a:b": winerr.InvalidName,
	} {
		if got, err := collect(path); winerr.Of(err) != want || len(got) > 0 {
			t.Errorf("%q: got %q, %v, want code %d", path, got, err, want)
		}
	}
	for range folder.Entries(t.Context(), "") {
		break // leaves nothing open, and the session usable
	}
	if _, err := folder.Look(t.Context(), "homes"); err != nil {
		t.Errorf("after a broken loop: %v", err)
	}
}

// descriptor is a self-relative descriptor with as much as control and the two
// offsets say.
func descriptor(control uint16, owner, group uint32) []byte {
	raw := make([]byte, 36)
	raw[0] = 1
	binary.LittleEndian.PutUint16(raw[2:], control)
	binary.LittleEndian.PutUint32(raw[4:], owner)
	binary.LittleEndian.PutUint32(raw[8:], group)
	return raw
}

func TestFolder_Descriptor(t *testing.T) {
	s, folder := admin(t, map[string]smbtest.Entry{"homes": {Attributes: directory}, "link": {Attributes: directory | reparse}})
	raw := descriptor(0x8004, 20, 20)
	for _, tt := range []struct {
		data []byte
		want winerr.Code
	}{
		{raw, winerr.Success}, {raw[:20], winerr.Success}, {raw[:19], winerr.InvalidData}, {nil, winerr.InvalidData},
		{make([]byte, 1<<16+1), winerr.InvalidData},
	} {
		s.On(func(command smbtest.Command, _ string) (uint32, []byte) {
			if command == smbtest.Query {
				return 0, smbtest.Buffer(tt.data)
			}
			return 0, nil
		})
		got, err := folder.Descriptor(t.Context(), "homes")
		if winerr.Of(err) != tt.want || err == nil && !slices.Equal(got, tt.data) {
			t.Errorf("%d bytes: got %d, %v", len(tt.data), len(got), err)
		}
	}
	for path, want := range map[string]winerr.Code{"link": winerr.CantAccessFile, "absent": winerr.FileNotFound} {
		if _, err := folder.Descriptor(t.Context(), path); winerr.Of(err) != want {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// What a descriptor lacks stays as it is on the server.
func TestFolder_SetDescriptor(t *testing.T) {
	s, folder := admin(t, map[string]smbtest.Entry{"homes": {Attributes: directory}, "link": {Attributes: directory | reparse}})
	for _, tt := range []struct {
		raw   []byte
		parts string // owner 1, group 2, access list 4; "" = refused
	}{
		{descriptor(0x8004, 20, 20), "7"}, {descriptor(0x8004, 0, 0), "4"}, {descriptor(0x8000, 20, 0), "1"}, {descriptor(0x8014, 20, 28), "7"},
		{descriptor(0x8004, 0, 20), "4"}, // a group goes with its owner
		{descriptor(0x8000, 0, 0), ""}, {descriptor(0x0004, 20, 20), ""}, {nil, ""}, {make([]byte, 36), ""}, {descriptor(0x8004, 20, 20)[:19], ""},
		{append(descriptor(0x8004, 20, 20), make([]byte, 1<<16)...), ""},
	} {
		err := folder.SetDescriptor(t.Context(), "homes", tt.raw)
		did := slices.DeleteFunc(s.Took(), func(did string) bool { return !strings.HasPrefix(did, "secure") })
		if tt.parts == "" {
			if winerr.Of(err) != winerr.InvalidParameter || len(did) > 0 {
				t.Errorf("%x: %v, the server did %q", tt.raw[:min(len(tt.raw), 20)], err, did)
			}
			continue
		}
		if want := fmt.Sprintf("secure homes parts %s with 36 bytes", tt.parts); err != nil || len(did) != 1 || did[0] != want {
			t.Errorf("%v, the server did %q, want %q", err, did, want)
		}
	}
	if err := folder.SetDescriptor(t.Context(), "link", descriptor(0x8004, 20, 20)); winerr.Of(err) != winerr.CantAccessFile {
		t.Errorf("a link: %v", err)
	}
	if did := s.Took(); slices.ContainsFunc(did, func(did string) bool { return strings.HasPrefix(did, "secure") }) {
		t.Errorf("the server did %q", did)
	}
}

func TestFolder_changes(t *testing.T) {
	s, folder := admin(t, map[string]smbtest.Entry{
		"homes": {Attributes: directory}, `homes\file`: {}, `homes\fixed`: {Attributes: directory | readOnlyMark}, `homes\link`: {Attributes: directory | reparse},
		`homes\full`: {Attributes: directory},
	})
	s.On(func(command smbtest.Command, path string) (uint32, []byte) {
		if command == smbtest.Set && path == `homes\full` {
			return notEmpty, smbtest.ErrorAnswer()
		}
		return 0, nil
	})
	mkdir := func(path string) error { return folder.Mkdir(t.Context(), path) }
	remove := func(path string) error { return folder.RemoveEmpty(t.Context(), path) }
	for _, tt := range []struct {
		what string
		do   func(string) error
		path string
		want winerr.Code
	}{
		{"mkdir", mkdir, `homes\new`, winerr.Success}, {"mkdir", mkdir, `homes\new\deep`, winerr.Success},
		{"mkdir", mkdir, `homes\new`, winerr.AlreadyExists}, {"mkdir", mkdir, `homes\file`, winerr.AlreadyExists},
		{"mkdir", mkdir, `homes\link`, winerr.AlreadyExists}, {"mkdir", mkdir, `homes\link\x`, winerr.CantAccessFile},
		{"mkdir", mkdir, `absent\x`, winerr.PathNotFound}, {"mkdir", mkdir, "", winerr.AlreadyExists},
		{"remove", remove, `homes\new\deep`, winerr.Success}, {"remove", remove, `homes\new\deep`, winerr.FileNotFound},
		{"remove", remove, `homes\full`, winerr.DirNotEmpty}, {"remove", remove, `homes\file`, winerr.Directory},
		{"remove", remove, `homes\fixed`, winerr.AccessDenied}, {"remove", remove, `homes\link`, winerr.CantAccessFile},
		{"remove", remove, "", winerr.AccessDenied},
	} {
		if err := tt.do(tt.path); winerr.Of(err) != tt.want {
			t.Errorf("%s %q: got %v, want code %d", tt.what, tt.path, err, tt.want)
		}
	}
	did := slices.DeleteFunc(s.Took(), func(did string) bool { return strings.HasPrefix(did, "open") })
	if want := []string{`make homes\new`, `make homes\new\deep`, `delete homes\new\deep`}; !slices.Equal(did, want) {
		t.Errorf("the server did %q, want %q", did, want)
	}
}

// A quota shows as less room for the caller than there is.
func TestFolder_Space(t *testing.T) {
	s, folder := admin(t, map[string]smbtest.Entry{"homes": {Attributes: directory}})
	for _, tt := range []struct {
		total, caller, free uint64
		want                smbfs.Space
	}{
		{100, 10, 40, smbfs.Space{Total: 100 << 12, Free: 40 << 12, Available: 10 << 12}},
		{1 << 62, 1 << 62, 1 << 62, smbfs.Space{Total: math.MaxInt64, Free: math.MaxInt64, Available: math.MaxInt64}},
	} {
		s.On(func(command smbtest.Command, _ string) (uint32, []byte) {
			if command != smbtest.Query {
				return 0, nil
			}
			data := binary.LittleEndian.AppendUint64(nil, tt.total)
			data = binary.LittleEndian.AppendUint64(data, tt.caller)
			data = binary.LittleEndian.AppendUint64(data, tt.free)
			data = binary.LittleEndian.AppendUint32(data, 8) // sectors
			return 0, smbtest.Buffer(binary.LittleEndian.AppendUint32(data, 512))
		})
		if got, err := folder.Space(t.Context(), "homes"); err != nil || got != tt.want {
			t.Errorf("got %+v, %v, want %+v", got, err, tt.want)
		}
	}
	if _, err := folder.Space(t.Context(), "absent"); winerr.Of(err) != winerr.FileNotFound {
		t.Errorf("nothing there: %v", err)
	}
}

func TestFolder_beforeAndAfter(t *testing.T) {
	s := &smbtest.Server{Entries: map[string]smbtest.Entry{"": {Attributes: directory}}}
	session, err := smbfs.Connect(t.Context(), serve(t, s.Talk))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := session.Folder(t.Context(), "s"); winerr.Of(err) != winerr.InvalidParameter {
		t.Errorf("a share before the login: %v", err)
	}
	if _, err := session.Shares(t.Context()); winerr.Of(err) != winerr.InvalidParameter {
		t.Errorf("shares before the login: %v", err)
	}
	if err := session.Login(t.Context(), login()); err != nil {
		t.Fatal(err)
	}
	folder, err := session.Folder(t.Context(), "other")
	if err != nil {
		t.Fatal(err)
	}
	if err := folder.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	_ = session.Close()
	if _, err := folder.Look(t.Context(), ""); winerr.Of(err) != winerr.NetNameDeleted {
		t.Errorf("after the session: %v", err)
	}
}
