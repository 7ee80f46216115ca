package ftpsrv_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// Section G of the security checklist: listings.

// Patterns that make a recursive matcher take for ever are over at once, for every
// verb that takes one, and walk no tree.
func TestChecklist_G1_hostilePatterns(t *testing.T) {
	t.Parallel()
	dialog(t, "list_wildcards_bounded")
	s := startSite(t, nil)
	for i := range 50 {
		s.put(t, fmt.Sprintf("/%s%d", strings.Repeat("a", 200), i), nil)
	}
	c := dial(t, s.addr)
	c.login()
	for _, pattern := range []string{
		strings.Repeat("*/../", 500) + "*", strings.Repeat("{a,b}", 500), strings.Repeat("*a", 1000) + "b", strings.Repeat("*a", 40) + "b", strings.Repeat("[a-z]", 50),
		strings.Repeat("*", 3000), strings.Repeat("?*", 1000), "*" + strings.Repeat("a", 199) + "b",
	} {
		for _, verb := range []string{"LIST", "NLST", "STAT", "MLSD", "MLST", "LIST -R", "NLST -R"} {
			start := time.Now()
			c.passive()
			c.send(verb + " " + pattern + "\r\n")
			for reply := c.reply(); reply[0] == '1'; reply = c.reply() {
				_, _ = io.Copy(io.Discard, c.data)
				_ = c.data.Close()
			}
			if took := time.Since(start); took > 10*time.Second { // what grows with the pattern would take hours
				t.Errorf("%s %.40q took %v", verb, pattern, took)
			}
			_ = c.data.Close()
		}
	}
}

// A long argument is a long line, and -R is a letter that means nothing: a deep tree is
// listed one level deep.
func TestChecklist_G2_longArgumentsAndRecursion(t *testing.T) {
	t.Parallel()
	s := startSite(t, nil)
	s.put(t, "/"+strings.Repeat("d/", 100)+"deep.txt", nil)
	flood := dial(t, s.addr)
	flood.login()
	flood.cmd("NLST "+strings.Repeat("x", 64<<10), "500 ")
	c := dial(t, s.addr)
	c.login()
	for command, want := range map[string]string{"NLST -R": "d\r\n", "NLST -lR d": " d\r\n"} {
		c.passive()
		c.cmd(command, "125 ")
		got, err := io.ReadAll(c.data)
		_ = c.data.Close()
		if err != nil || !strings.HasSuffix(string(got), want) || bytes.Count(got, []byte("\n")) != 1 {
			t.Errorf("%s: got %q, %v", command, got, err)
		}
		c.want("226 ")
	}
}

// huge is a home whose directories have very many entries, made as they are read.
type huge struct {
	storage.FS
	entries int
	handed  *atomic.Int64
}

func (h *huge) List(context.Context, string) (iter.Seq2[fs.FileInfo, error], error) {
	return func(yield func(fs.FileInfo, error) bool) {
		for i := range h.entries {
			h.handed.Add(1)
			if !yield(hugeEntry(i), nil) {
				return
			}
		}
	}, nil
}

type hugeEntry int

func (e hugeEntry) Name() string     { return "entry-" + strconv.Itoa(10_000_000+int(e)) }
func (hugeEntry) Size() int64        { return 1234 }
func (hugeEntry) Mode() fs.FileMode  { return 0o644 }
func (hugeEntry) ModTime() time.Time { return time.Date(2024, 3, 9, 13, 5, 7, 0, time.UTC) }
func (hugeEntry) IsDir() bool        { return false }
func (hugeEntry) Sys() any           { return nil }

// listHuge lists and returns how long the first octet took, how long all of them took, and how many lines came.
func listHuge(c *client, command string) (first, all time.Duration, lines int) {
	c.t.Helper()
	c.passive()
	_ = c.data.SetDeadline(time.Now().Add(time.Minute))
	start := time.Now()
	c.cmd(command, "125 ")
	buf := make([]byte, 64<<10)
	for {
		n, err := c.data.Read(buf)
		if n > 0 && first == 0 {
			first = time.Since(start)
		}
		lines += bytes.Count(buf[:n], []byte("\n"))
		if err != nil {
			if err != io.EOF {
				c.t.Errorf("%s: %v", command, err)
			}
			break
		}
	}
	_ = c.data.Close()
	c.want("226 ")
	return first, time.Since(start), lines
}

// Directories of a million entries for one client and a fifth of that for eight more,
// while a tenth reads nothing: the first octet comes at once, and memory stays under a
// bound that does not depend on the number of entries. A session holds 10,000 entries
// to sort at most.
func TestChecklist_G3_hugeDirectory(t *testing.T) {
	const entries, clients, bound = 1_000_000, 10, 10 << 20 // octets a listing
	const fewer = entries / 5
	var handed atomic.Int64
	s := newSite(t, func(cfg *ftpsrv.Config) { cfg.AccessLog = nil })
	size := entries
	s.wrap = func(root storage.FS) storage.FS { return &huge{root, size, &handed} }
	s.start(t)
	before := heap()
	slow := dial(t, s.addr)
	slow.login()
	slow.passive()
	slow.cmd("LIST", "125 ")
	done := make(chan struct{})
	var peak atomic.Int64
	var watch sync.WaitGroup
	watch.Go(func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				peak.Store(max(peak.Load(), int64(m.HeapAlloc)))
			case <-done:
				return
			}
		}
	})
	var all sync.WaitGroup
	for i := range clients - 1 {
		c := dial(t, s.addr)
		c.login()
		want := size
		size = fewer
		all.Go(func() {
			command := []string{"LIST", "NLST", "MLSD"}[i%3]
			first, whole, lines := listHuge(c, command)
			if lines != want {
				t.Errorf("%s: %d lines, want %d", command, lines, want)
			}
			// Where nine listings and more wait for two processors, what comes at once is what does not wait for the rest.
			if first > time.Second && first > whole/4 {
				t.Errorf("%s: the first octet took %v, the whole listing %v", command, first, whole)
			}
			t.Logf("%s: the first octet after %v, the last after %v", command, first, whole)
		})
	}
	all.Wait()
	close(done)
	watch.Wait()
	if n := handed.Load() - entries - (clients-2)*fewer; n >= entries {
		t.Errorf("a client that reads nothing was handed %d entries", n)
	}
	if grown := peak.Load() - before; grown > clients*bound {
		t.Errorf("the heap grew by %d octets, want %d a listing at most", grown, bound)
	}
	t.Logf("heap: %d MiB before, %d MiB at the peak of %d listings", before>>20, peak.Load()>>20, clients)
}

// Names cannot forge a line of a listing or of a reply.
func TestChecklist_G4_hostileEntries(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	s.wrap = func(root storage.FS) storage.FS { return &hostile{root} }
	s.start(t)
	c := dial(t, s.addr)
	c.login()
	for _, command := range []string{"LIST", "NLST -a", "MLSD", "NLST -aC", "NLST -al"} {
		c.passive()
		c.cmd(command, "125 ")
		got, err := io.ReadAll(c.data)
		_ = c.data.Close()
		c.want("226 ")
		lines := strings.Split(strings.TrimSuffix(string(got), "\r\n"), "\r\n")
		if want := map[bool]int{true: 1, false: len(hostileNames)}[command == "NLST -aC"]; err != nil || len(lines) != want {
			t.Errorf("%s: %d lines, %v, want %d:\n%q", command, len(lines), err, want, got)
		}
		if strings.ContainsAny(strings.Join(lines, ""), "\r\n\x1b\x00/\\") && command != "NLST -aC" {
			t.Errorf("%s: %q", command, got)
		}
	}
	c.send("STAT /\r\n")
	for range len(hostileNames) + 2 {
		if line, err := c.line(); err != nil || !oneReply.MatchString(line) {
			t.Errorf("STAT: %q, %v", line, err)
		}
	}
	c.cmd("NOOP", "200 ")
}

var hostileNames = []string{"a\r\n226 Transfer complete.", "\x1b[2J", " leading", "x\x00y", "..\\..\\up", "212 End of status."}

// hostile is a home with names that a file server should not have.
type hostile struct{ storage.FS }

func (h *hostile) List(context.Context, string) (iter.Seq2[fs.FileInfo, error], error) {
	return func(yield func(fs.FileInfo, error) bool) {
		for _, name := range hostileNames {
			if !yield(hostileEntry{0, name}, nil) {
				return
			}
		}
	}, nil
}

type hostileEntry struct {
	hugeEntry
	name string
}

func (e hostileEntry) Name() string { return e.name }
