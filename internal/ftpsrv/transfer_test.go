package ftpsrv_test

import (
	"bytes"
	"crypto/rand"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/w3clog"
)

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return b
}

// local makes the site's home a folder.
func (s *site) local(t testing.TB) (dir string) {
	t.Helper()
	dir = t.TempDir()
	s.wrap = func(storage.FS) storage.FS {
		root, err := openFolder(dir, storage.Options{})
		if err != nil {
			t.Error(err)
		}
		return root
	}
	return dir
}

func TestTransfer_roundTrip(t *testing.T) {
	for _, kind := range []string{"memfs", "localfs"} {
		for _, size := range []int{0, 1, 4096, 256<<10 - 1, 256 << 10, 4<<20 + 1, 9 << 20} {
			t.Run(kind, func(t *testing.T) {
				s := newSite(t, nil)
				if kind == "localfs" {
					s.local(t)
				}
				s.start(t)
				c := dial(t, s.addr)
				c.login()
				c.cmd("TYPE I", "200 ")
				want := random(size)
				if got := c.stor("f.bin", want); got != "226 Transfer complete." {
					t.Fatalf("%d octets: %q", size, got)
				}
				if got := c.retr("f.bin"); !bytes.Equal(got, want) {
					t.Errorf("%d octets came back as %d different ones", size, len(got))
				}
			})
		}
	}
}

// A client for which a chunk takes longer than its deadline loses nothing: the
// transfer goes on where the deadline left it.
func TestTransfer_slowReaderGetsEveryOctet(t *testing.T) {
	for _, kind := range []string{"memfs", "localfs"} {
		t.Run(kind, func(t *testing.T) {
			s := newSite(t, func(cfg *ftpsrv.Config) {
				cfg.Connections.DataChannelTimeout = time.Second
				cfg.Connections.MinBytesPerSecond = -1
			})
			want := random(6 << 20)
			if kind == "localfs" {
				dir := s.local(t)
				if err := os.WriteFile(filepath.Join(dir, "f.bin"), want, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			s.put(t, "/f.bin", want)
			s.start(t)
			c := dial(t, s.addr)
			c.login()
			c.cmd("TYPE I", "200 ")
			c.cmd("EPSV", "229 ")
			dc := c.connect()
			_ = dc.SetReadBuffer(64 << 10)
			c.cmd("RETR f.bin", "125 ")
			var got bytes.Buffer
			tick := time.NewTicker(20 * time.Millisecond)
			defer tick.Stop()
			for {
				<-tick.C
				if _, err := io.CopyN(&got, dc, 64<<10); err != nil {
					break
				}
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("got %d octets, want %d", got.Len(), len(want))
			}
			c.want("226 ")
		})
	}
}

// ABOR reaches a download whose client has stopped reading.
func TestTransfer_aborUnblocksADownload(t *testing.T) {
	for _, kind := range []string{"memfs", "localfs"} {
		t.Run(kind, func(t *testing.T) {
			s := newSite(t, nil)
			big := make([]byte, 32<<20)
			s.put(t, "/big", big)
			if kind == "localfs" {
				if err := os.WriteFile(filepath.Join(s.local(t), "big"), big, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			s.start(t)
			c := dial(t, s.addr)
			c.login()
			c.passive()
			c.cmd("RETR big", "125 ")
			start := time.Now()
			c.cmd("ABOR", "426 ")
			c.want("226 ")
			if took := time.Since(start); took > 3*time.Second {
				t.Errorf("ABOR took %v", took)
			}
			c.cmd("NOOP", "200 ")
		})
	}
}

// Row 1.7: PASV after a transfer waits until the client has closed its side.
func TestTransfer_pasvWaitsForTheEarlierConnection(t *testing.T) {
	s := startSite(t, nil)
	s.put(t, "/a.txt", []byte("hello"))
	c := dial(t, s.addr)
	c.login()
	dc := c.passive()
	c.cmd("RETR a.txt", "125 ")
	c.want("226 ")
	c.send("EPSV\r\n")
	_ = c.nc.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	if b, err := c.r.Peek(1); err == nil {
		t.Fatalf("an answer begins with %q while the connection is open", b)
	}
	_ = dc.Close()
	start := time.Now()
	c.want("229 ")
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("229 came %v after the close", took)
	}
}

// The queue holds sixteen lines, of which one may repeat; more wait in the network,
// none is lost and none is answered out of turn.
func TestTransfer_queueIsBounded(t *testing.T) {
	s := startSite(t, nil)
	c := dial(t, s.addr)
	c.login()
	dc := c.passive()
	c.cmd("STOR up.bin", "125 ")
	c.send(strings.Repeat("NOOP\r\nSYST\r\nSYST\r\n", 100))
	_, _ = dc.Write([]byte("x"))
	_ = dc.Close()
	c.want("226 ")
	for range 100 {
		c.want("200 ")
		c.want("215 ")
		c.want("215 ")
	}
	c.cmd("QUIT", "221 ")
}

// A client that keeps its connection alive during a transfer can still end it.
func TestTransfer_aborBehindKeepAlives(t *testing.T) {
	s := startSite(t, nil)
	c := dial(t, s.addr)
	c.login()
	c.passive()
	c.cmd("STOR up.bin", "125 ")
	c.send(strings.Repeat("NOOP\r\n", 40))
	start := time.Now()
	c.cmd("ABOR", "426 ")
	c.want("226 ")
	for range 40 {
		c.want("200 ")
	}
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("ABOR took %v", took)
	}
}

// ABOR overtakes the queue, and so it has a bound of its own.
func TestTransfer_aborsAreBounded(t *testing.T) {
	s := newSite(t, nil)
	root := &hung{closed: make(chan struct{})} // the transfer does not end
	s.wrap = func(storage.FS) storage.FS { return root }
	s.start(t)
	c := dial(t, s.addr)
	c.login()
	c.passive()
	c.cmd("RETR a.txt", "125 ")
	c.send(strings.Repeat("ABOR\r\n", 1000))
	taken := func() int { return strings.Count(s.diag.String(), "command.verb=ABOR") }
	eventually(t, "sixteen are taken", func() bool { return taken() >= 16 })
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range 20 {
		<-tick.C
	}
	if n := taken(); n != 16 {
		t.Errorf("%d ABORs are taken while the transfer goes on, want 16", n)
	}
	_ = root.Close()
	c.want("426 ")
	for i := range 1000 {
		c.want(map[bool]string{true: "226 ", false: "225 "}[i < 16])
	}
}

// Behaviour 11: what the byte and time columns count.
func TestTransfer_byteColumns(t *testing.T) {
	t.Parallel()
	log := &buffer{}
	s := newSite(t, func(cfg *ftpsrv.Config) {
		w, err := w3clog.NewWriter(log, "cs-method", "sc-bytes", "cs-bytes")
		if err != nil {
			t.Fatal(err)
		}
		cfg.AccessLog = w
	})
	s.put(t, "/a.txt", random(5000))
	s.start(t)
	c := dial(t, s.addr)
	c.want("220 ")
	c.cmd("USER alice", "331 ")
	c.cmd("PASS "+password, "230 ")
	c.cmd("TYPE I", "200 ")
	c.retr("a.txt")
	c.stor("b.txt", random(70000))
	c.cmd("QUIT", "221 ")
	s.stop(t)
	for _, want := range []string{
		"ControlChannelOpened 0 0", "USER 23 12", "PASS 21 18", "DataChannelOpened 0 0",
		"RETR 5000 12", "STOR 24 70000", "QUIT 14 6",
	} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("no row %q in\n%s", want, log.String())
		}
	}
}

// Two uploads to one name: the second is refused before it begins, the first is
// whole, and then it is the other's turn.
func TestTransfer_twoUploadsToOneName(t *testing.T) {
	for kind, home := range map[string]func(testing.TB) (storage.FS, func() storage.FS){"memfs": nil, "localfs": localHome} {
		t.Run(kind, func(t *testing.T) {
			s := newSite(t, nil)
			if home != nil {
				s.root, s.session = home(t)
			}
			s.start(t)
			first, second := dial(t, s.addr), dial(t, s.addr)
			first.login()
			second.login()
			first.passive()
			first.cmd("STOR a.txt", "125 ")
			_, _ = io.WriteString(first.data, "first ")
			second.passive()
			for _, verb := range []string{"STOR", "APPE"} {
				second.cmd(verb+" a.txt", "550 The process cannot access the file because it is being used by another process. ")
			}
			_, _ = io.WriteString(first.data, "one")
			_ = first.data.Close()
			first.want("226 ")
			if got, err := s.get("/a.txt"); err != nil || got != "first one" {
				t.Errorf("the file holds %q, %v", got, err)
			}
			second.cmd("APPE a.txt", "125 ")
			_, _ = io.WriteString(second.data, ", second one")
			_ = second.data.Close()
			second.want("226 ")
			if got, err := s.get("/a.txt"); err != nil || got != "first one, second one" {
				t.Errorf("the file holds %q, %v", got, err)
			}
		})
	}
}
