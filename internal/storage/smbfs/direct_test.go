package smbfs_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs/smbtest"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// unsignedHome is one on a server that demands no signatures, of a login that asks for none.
func unsignedHome(t *testing.T, s *smbtest.Server) *smbfs.FS {
	t.Helper()
	return unsignedHomeFor(t, s, 20*time.Second)
}

// unsignedHomeFor is one that waits so long for an answer.
func unsignedHomeFor(t *testing.T, s *smbtest.Server, patience time.Duration) *smbfs.FS {
	t.Helper()
	s.Entries = map[string]smbtest.Entry{"": {Attributes: directory}, "alice": {Attributes: directory}}
	s.Lax = true
	as := login()
	as.Unsigned = true
	to := smbfs.Target{Address: net.JoinHostPort("127.0.0.1", s.Start(t)), Host: "fs.example.com", Share: "s", Timeout: patience}
	home, err := smbfs.Dial(t.Context(), to, as, "alice", storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = home.Close() })
	return home
}

// put uploads so many octets, and returns what the server was asked to read and write.
func put(t *testing.T, s *smbtest.Server, home *smbfs.FS, size int) (asked []string, err error) {
	t.Helper()
	s.Took()
	upload, err := home.Create(t.Context(), "/new", storage.Replace, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = upload.Write(make([]byte, size))
	if err == nil {
		err = upload.Commit()
	} else {
		_ = upload.Abort(false)
	}
	for _, line := range s.Took() {
		if verb, rest, _ := strings.Cut(line, " "); verb == "read" || verb == "write" {
			asked = append(asked, verb+rest[strings.LastIndex(rest, ","):])
		}
	}
	return asked, err
}

// pieces are the requests of an upload: the server grants 64 KiB each.
func pieces(size int) (asked []string) {
	const most = 64 << 10
	for at := 0; at < size; at += most {
		asked = append(asked, fmt.Sprintf("write, %d at %d", min(most, size-at), at))
	}
	return asked
}

// Without protection an upload's octets go around the library, in requests that are the
// same to the server, whether or not it signs what nobody asked it to sign.
func TestUpload_unsigned(t *testing.T) {
	for _, mute := range []bool{false, true} {
		for _, size := range []int{1, 64 << 10, 1 << 20, 1<<21 + 5} {
			s := &smbtest.Server{Mute: mute}
			home := unsignedHome(t, s)
			got, err := put(t, s, home, size)
			slices.Sort(got)
			want := pieces(size)
			slices.Sort(want)
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%d octets, mute %v: %q, %v; want %q", size, mute, got, err, want)
			}
		}
	}
}

// noise are octets of which no part is like another.
func noise(size int, seed byte) []byte {
	octets := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{seed}).Read(octets)
	return octets
}

// What reaches the server is what was uploaded, octet for octet, while uploads share a
// connection, and where the server has stored a part alone.
func TestUpload_unsignedArrivesAsItIs(t *testing.T) {
	disk := map[string][]byte{}
	s := &smbtest.Server{Stored: func(path string, at int64, octets []byte) {
		if more := int(at) + len(octets) - len(disk[path]); more > 0 {
			disk[path] = append(disk[path], make([]byte, more)...)
		}
		copy(disk[path][at:], octets)
	}}
	home := unsignedHome(t, s)
	var tell sync.Mutex
	part := true
	s.On(func(command smbtest.Command, _ string) (uint32, []byte) {
		tell.Lock()
		defer tell.Unlock()
		if command == smbtest.Write && part { // says so of some octets that it has not stored
			part = false
			return 0, stores(7)
		}
		return 0, nil
	})
	sizes := []int{100, 64<<10 + 1, 3<<20 + 5, 5 << 20}
	var all sync.WaitGroup
	for i, size := range sizes {
		all.Go(func() {
			upload, err := home.Create(t.Context(), fmt.Sprintf("/%d", i), storage.New, 0)
			if err != nil {
				t.Error(err)
				return
			}
			for left := noise(size, byte(i)); len(left) > 0; {
				n, err := upload.Write(left[:min(len(left), 70_001)])
				if left = left[n:]; err != nil {
					t.Error(err)
					return
				}
			}
			if err := upload.Commit(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	s.Took() // nobody writes to the disk any more
	missing := 0
	for i, size := range sizes {
		want := noise(size, byte(i))
		for path, got := range disk {
			if len(got) != size || !bytes.Equal(got[7:], want[7:]) {
				continue
			}
			if want = nil; !bytes.HasPrefix(got, noise(7, byte(i))) {
				missing++
			}
			delete(disk, path)
			break
		}
		if want != nil {
			t.Errorf("what arrived of %d octets is something else", size)
		}
	}
	if missing != 1 || len(disk) > 0 {
		t.Errorf("%d uploads without their beginning, want one; %d are too many", missing, len(disk))
	}
}

// stores answers a WRITE with how much of it is stored.
func stores(count uint32) []byte {
	body := make([]byte, 17)
	body[0] = 17
	binary.LittleEndian.PutUint32(body[4:], count)
	return body
}

// A server that stores a part is asked for the rest, and one that stores nothing, or
// refuses, ends the upload.
func TestUpload_unsignedIsStoredInPart(t *testing.T) {
	const diskFull, quotaExceeded, endOfFile = 0xC000007F, 0xC0000044, 0xC0000011
	for _, tt := range []struct {
		name   string
		status uint32
		body   []byte
		want   error
		writes int // that reach the disk, behind the one that is answered so
	}{
		{"half", 0, stores(50), nil, 1},
		{"more than there was", 0, stores(1 << 31), nil, 0},
		{"nothing", 0, stores(0), io.ErrShortWrite, 0},
		{"full", diskFull, smbtest.ErrorAnswer(), winerr.DiskFull, 0},
		{"quota", quotaExceeded, smbtest.ErrorAnswer(), winerr.QuotaExceeded, 0},
		{"the end of the file", endOfFile, smbtest.ErrorAnswer(), io.ErrShortWrite, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &smbtest.Server{}
			home := unsignedHome(t, s)
			first := true
			s.On(func(command smbtest.Command, _ string) (uint32, []byte) {
				if command != smbtest.Write || !first {
					return 0, nil
				}
				first = false
				return tt.status, tt.body
			})
			asked, err := put(t, s, home, 100)
			if !errors.Is(err, tt.want) || len(asked) != tt.writes {
				t.Errorf("%q, %v; want %v", asked, err, tt.want)
			}
			if tt.writes == 1 && asked[0] != fmt.Sprintf("write, %d at %d", 50, 50) {
				t.Errorf("the rest: %q", asked)
			}
			s.On(nil)
			if _, err := put(t, s, home, 100); err != nil {
				t.Errorf("the next upload: %v", err)
			}
		})
	}
}

// An answer that never comes takes its upload along, and does not hold its octets.
func TestUpload_unsignedIsNotAnswered(t *testing.T) {
	s := &smbtest.Server{}
	home := unsignedHomeFor(t, s, time.Second)
	hang := make(chan struct{})
	t.Cleanup(func() { close(hang) })
	s.On(func(command smbtest.Command, _ string) (uint32, []byte) {
		if command == smbtest.Write {
			<-hang
		}
		return 0, nil
	})
	if _, err := put(t, s, home, 4<<20); winerr.Of(err) != winerr.SemTimeout && winerr.Of(err) != winerr.NetNameDeleted {
		t.Errorf("got %v", err)
	}
}
