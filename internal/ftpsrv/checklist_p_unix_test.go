//go:build unix

package ftpsrv_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Links and mount points lead nowhere, whatever they are made of and wherever they
// point, be it back into the home. A hard link is a file like any other: its other
// names cannot be seen.
func TestChecklist_P2_links(t *testing.T) {
	base := t.TempDir()
	home, beside := filepath.Join(base, "home"), filepath.Join(base, "beside")
	secret := filepath.Join(beside, "outside.txt")
	err := errors.Join(os.Mkdir(home, 0o755), os.Mkdir(beside, 0o755), os.WriteFile(secret, []byte(treasure), 0o644))
	for name, target := range map[string]string{
		"file": secret, "relative": "../beside/outside.txt", "dir": beside, "reldir": "../beside", "chain": "dir", "root": "/", "proc": "/proc/self/root",
		"cwd": "/proc/self/cwd", "fd": "/proc/self/fd/0", "dangling": "/nowhere/at/all", "self": "self", "up": "..", "inside": "here",
	} {
		err = errors.Join(err, os.Symlink(target, filepath.Join(home, name)))
	}
	err = errors.Join(err, os.Mkdir(filepath.Join(home, "here"), 0o755))
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t, nil)
	s.root, s.session = folder(t, home)
	s.start(t)
	c := dial(t, s.addr)
	c.login()
	was := outside(t, base)
	for _, link := range []string{"file", "relative", "dir", "reldir", "chain", "root", "proc", "cwd", "fd", "dangling", "self", "up", "inside"} {
		for _, behind := range []string{"", "/outside.txt", "/beside/outside.txt", "/new.txt", secret} {
			for _, verb := range []string{"RETR", "STOR", "APPE", "LIST", "NLST", "SIZE", "MDTM", "HASH", "MLST", "MLSD", "MFMT 20200101000000", "CWD", "RMD", "DELE", "RNFR", "MKD"} {
				name := link + behind
				if behind == "" && (verb == "DELE" || verb == "STOR" || verb == "MKD" || verb == "RNFR") {
					continue // about the link itself
				}
				reply, data := c.exchange(verb + " " + name)
				// A listing of nothing is all right.
				if reply[0] == '2' && reply[:3] != "226" || data != "" || strings.Contains(reply, treasure) {
					t.Errorf("%s %s: got %q and %q", verb, name, reply, data)
				}
				if reply[0] == '3' {
					c.cmd("RNTO stolen", "")
				}
			}
		}
	}
	if reply, data := c.exchange("NLST"); data != "here\r\n" {
		t.Errorf("the home lists %q (%s)", data, reply)
	}
	if now := outside(t, base); now != was {
		t.Errorf("outside is\n%s\nand was\n%s", now, was)
	}
}

// swapTime is how long names change under the server's hands.
const swapTime = 3 * time.Second

// A directory becomes a link and a directory again, as fast as the system can do it,
// while clients use what is in it. The link leads out of the home, or to another place
// in it, where a link must not lead either. In memory it is two directories that change
// places: there are no links, and each file read is one of the two, and whole.
func TestChecklist_P3_swaps(t *testing.T) {
	for name, place := range map[string]string{"localfs": "beside", "localfs, inside": "home/elsewhere"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base := t.TempDir()
			home, aim := filepath.Join(base, "home"), filepath.Join(base, place)
			if err := errors.Join(
				os.MkdirAll(filepath.Join(home, "dir"), 0o755), os.Mkdir(aim, 0o755), os.Symlink(aim, filepath.Join(home, "link")),
				os.WriteFile(filepath.Join(home, "dir", "a.txt"), []byte("inside"), 0o644), os.WriteFile(filepath.Join(aim, "a.txt"), []byte(treasure), 0o644),
			); err != nil {
				t.Fatal(err)
			}
			if place != "beside" { // links to absolute names lead nowhere in any case
				if err := errors.Join(os.Remove(filepath.Join(home, "link")), os.Symlink("elsewhere", filepath.Join(home, "link"))); err != nil {
					t.Fatal(err)
				}
			}
			s := newSite(t, nil)
			s.root, s.session = folder(t, home)
			s.start(t)
			was := census(t, aim)
			at := func(name string) string { return filepath.Join(home, name) }
			swap(t, s, []string{"inside"}, func() {
				_ = os.Rename(at("dir"), at("kept"))
				_ = os.Rename(at("link"), at("dir"))
				_ = os.Rename(at("dir"), at("link"))
				_ = os.Rename(at("kept"), at("dir"))
			})
			if now := census(t, aim); now != was {
				t.Errorf("the link's place is\n%s\nand was\n%s", now, was)
			}
		})
	}
	t.Run("memfs", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, nil)
		s.put(t, "/dir/a.txt", []byte("one"))
		s.put(t, "/link/a.txt", []byte("the other"))
		s.start(t)
		other := s.session()
		swap(t, s, []string{"one", "the other"}, func() {
			for _, pair := range [][2]string{{"/dir", "/kept"}, {"/link", "/dir"}, {"/dir", "/link"}, {"/kept", "/dir"}} {
				_ = other.Rename(t.Context(), pair[0], pair[1], false)
			}
		})
	})
}

// swap uses dir while change goes on. What is read is one of want or nothing.
func swap(t *testing.T, s *site, want []string, change func()) {
	t.Helper()
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
				change()
			}
		}
	}()
	var lookers sync.WaitGroup
	end := sync.OnceFunc(func() {
		close(stop)
		<-stopped
		lookers.Wait()
	})
	defer end()
	for range 3 {
		c := dial(t, s.addr)
		c.login()
		lookers.Go(func() { look(t, c, stop) })
	}
	c := dial(t, s.addr)
	c.login()
	read := 0
	// On a machine with much to do the file may be in its place only rarely.
	for begun := time.Now(); time.Since(begun) < swapTime || read == 0 && time.Since(begun) < patience; {
		dc := c.passive()
		c.send("RETR dir/a.txt\r\n")
		if reply := c.reply(); reply[0] == '1' {
			got, _ := io.ReadAll(dc)
			if c.reply(); !slices.Contains(want, string(got)) && len(got) > 0 {
				t.Fatalf("read %q", got)
			}
			read++
		}
		_ = dc.Close()
		if reply, data := c.exchange("NLST dir"); strings.Contains(reply+data, treasure) {
			t.Fatalf("listed %q", data)
		}
		_, _ = c.exchange("STOR dir/planted.txt")
		for _, command := range []string{"DELE dir/planted.txt", "MKD dir/made", "RMD dir/made"} {
			c.send(command + "\r\n")
			c.reply()
		}
	}
	end()
	if read == 0 {
		t.Error("nothing was ever read")
	}
}

// look asks for the size of the file in dir, many times in one packet: the moment in
// which a directory that was looked at can become a link is short.
func look(t *testing.T, c *client, stop chan struct{}) {
	const times = 200
	for {
		select {
		case <-stop:
			return
		default:
		}
		_, _ = io.WriteString(c.nc, strings.Repeat("SIZE dir/a.txt\r\n", times))
		for range times {
			if reply, err := c.line(); err != nil || reply == sizeOfTreasure {
				t.Errorf("SIZE: got %q, %v", reply, err)
				return
			}
		}
	}
}
