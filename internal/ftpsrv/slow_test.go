package ftpsrv_test

import (
	"context"
	"io"
	"io/fs"
	"iter"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// gate keeps calls of homes waiting until it is opened. Obedient calls end with their
// context, deaf ones are carried out however late it is.
type gate struct {
	deaf  bool
	open  chan struct{}
	once  sync.Once
	calls atomic.Int32
	held  atomic.Int32 // files that are open
}

// tarry puts a gate in front of all homes.
func (s *site) tarry(deaf bool) *gate {
	g := &gate{deaf: deaf, open: make(chan struct{})}
	s.wrap = func(root storage.FS) storage.FS { return &tarrying{root, g} }
	return g
}

func (g *gate) release() { g.once.Do(func() { close(g.open) }) }

func (g *gate) pass(ctx context.Context) error {
	g.calls.Add(1)
	if g.deaf {
		ctx = context.Background()
	}
	select {
	case <-g.open:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// tarrying is a home behind a gate.
type tarrying struct {
	storage.FS
	gate *gate
}

func (h *tarrying) Stat(ctx context.Context, name string) (fs.FileInfo, error) {
	if err := h.gate.pass(ctx); err != nil {
		return nil, err
	}
	return h.FS.Stat(ctx, name)
}

func (h *tarrying) Statfs(ctx context.Context) (storage.Space, error) {
	if err := h.gate.pass(ctx); err != nil {
		return storage.Space{}, err
	}
	return h.FS.Statfs(ctx)
}

func (h *tarrying) Mkdir(ctx context.Context, name string) error {
	if err := h.gate.pass(ctx); err != nil {
		return err
	}
	return h.FS.Mkdir(ctx, name)
}

func (h *tarrying) Remove(ctx context.Context, name string) error {
	if err := h.gate.pass(ctx); err != nil {
		return err
	}
	return h.FS.Remove(ctx, name)
}

func (h *tarrying) RemoveDir(ctx context.Context, name string) error {
	if err := h.gate.pass(ctx); err != nil {
		return err
	}
	return h.FS.RemoveDir(ctx, name)
}

func (h *tarrying) List(ctx context.Context, name string) (iter.Seq2[fs.FileInfo, error], error) {
	if err := h.gate.pass(ctx); err != nil {
		return nil, err
	}
	return h.FS.List(ctx, name)
}

func (h *tarrying) Open(ctx context.Context, name string, offset int64) (io.ReadCloser, error) {
	if err := h.gate.pass(ctx); err != nil {
		return nil, err
	}
	f, err := h.FS.Open(context.WithoutCancel(ctx), name, offset)
	if err == nil {
		h.gate.held.Add(1)
	}
	return &heldFile{f, h.gate}, err
}

func (h *tarrying) Create(ctx context.Context, name string, d storage.Disposition, offset int64) (storage.Upload, error) {
	if err := h.gate.pass(ctx); err != nil {
		return nil, err
	}
	up, err := h.FS.Create(context.WithoutCancel(ctx), name, d, offset)
	if err == nil {
		h.gate.held.Add(1)
	}
	return &heldUpload{up, h.gate}, err
}

type heldFile struct {
	io.ReadCloser
	gate *gate
}

func (f *heldFile) Close() error {
	f.gate.held.Add(-1)
	return f.ReadCloser.Close()
}

type heldUpload struct {
	storage.Upload
	gate *gate
}

func (u *heldUpload) Commit() error {
	u.gate.held.Add(-1)
	return u.Upload.Commit()
}

func (u *heldUpload) Abort(keep bool) error {
	u.gate.held.Add(-1)
	return u.Upload.Abort(keep)
}

// opens are the commands that open something to transfer it.
var opens = []string{"RETR a.txt", "STOR new.txt", "APPE new.txt", "STOU new.txt", "LIST", "NLST", "MLSD"}

// slowly runs with each command, on its way to a home of either kind.
func slowly(t *testing.T, test func(t *testing.T, s *site, g *gate, c *client, command string)) {
	for kind, deaf := range map[string]bool{"obedient": false, "deaf": true} {
		for _, command := range opens {
			t.Run(kind+"/"+command, func(t *testing.T) {
				t.Parallel()
				s := newSite(t, nil)
				s.put(t, "/a.txt", []byte("text"))
				s.put(t, "/dir/", nil)
				g := s.tarry(deaf)
				s.start(t)
				c := dial(t, s.addr)
				c.login()
				c.passive()
				c.send(command + "\r\n")
				eventually(t, "the storage is asked", func() bool { return g.calls.Load() > 0 })
				test(t, s, g, c, command)
				c.close()
				s.stop(t)
				if _, err := s.get("/new.txt"); err == nil {
					t.Error("new.txt has come into being")
				}
				if n := g.held.Load(); n != 0 {
					t.Errorf("%d files are still open", n)
				}
			})
		}
	}
}

// STAT and ABOR reach a transfer whose file is still being opened: 426 without a 125,
// then ABOR's 226. The data connection is closed, as by any ABOR.
func TestSlow_abortWhileOpening(t *testing.T) {
	slowly(t, func(t *testing.T, s *site, g *gate, c *client, command string) {
		c.send("STAT\r\n")
		var status strings.Builder
		for line := ""; !strings.HasPrefix(line, "211 "); {
			var err error
			if line, err = c.line(); err != nil {
				t.Fatal(err)
			}
			status.WriteString(line + "\n")
		}
		if want := " Command in progress: " + command; !strings.Contains(status.String(), want) {
			t.Errorf("no line %q in\n%s", want, status.String())
		}
		c.send("ABOR\r\n")
		if g.deaf {
			eventually(t, "ABOR is taken", func() bool { return strings.Contains(s.diag.String(), "command.verb=ABOR") })
			g.release()
		}
		for _, want := range []string{"426 Connection closed; transfer aborted.", "226 ABOR command successful."} {
			if got := c.reply(); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		}
		if n, err := c.data.Read(make([]byte, 1)); n > 0 || err == nil {
			t.Errorf("got %d octets, %v on the data connection", n, err)
		}
		g.release()
		c.cmd("CWD dir", "250 ")
		for _, row := range []string{"DataChannelClosed - - 1236 20", " 426 1236 0", "ABOR - 226 0 0"} {
			if rows := s.access.String(); !strings.Contains(rows, row) {
				t.Errorf("no row %q in\n%s", row, rows)
			}
		}
	})
}

// A client that hangs up is not waited for, nor does what is opened afterwards stay
// open.
func TestSlow_hangUpWhileOpening(t *testing.T) {
	slowly(t, func(t *testing.T, s *site, g *gate, c *client, _ string) {
		start := time.Now()
		c.close()
		if g.deaf {
			time.AfterFunc(100*time.Millisecond, g.release)
		}
		eventually(t, "the session ends", func() bool { return strings.Contains(s.access.String(), "ControlChannelClosed") })
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("the session ended after %v", took)
		}
	})
}

// A home that does not answer keeps no session, whatever was asked of it: not when
// its client aborts or hangs up, nor when the server is stopped.
func TestSlow_hungStorage(t *testing.T) {
	commands := append([]string{
		"CWD dir", "CDUP", "SIZE a.txt", "MDTM a.txt", "DELE a.txt", "MKD new", "RMD dir", "RNFR a.txt", "MLST a.txt", "STAT a.txt",
		"MFMT 20200101000000 a.txt", "SITE UTIME 20200101000000 a.txt", "ALLO 1", "AVBL", "HASH a.txt", "XCRC a.txt", "MD5 a.txt",
	}, opens...)
	before := runtime.NumGoroutine()
	t.Run("all", func(t *testing.T) {
		for _, command := range commands {
			t.Run(command, func(t *testing.T) {
				t.Parallel()
				s := newSite(t, nil)
				s.put(t, "/a.txt", []byte("text"))
				s.put(t, "/dir/", nil)
				g := s.tarry(false)
				s.start(t)
				s.hangs(t, g, command)
			})
		}
	})
	eventually(t, "goroutines as before", func() bool { return runtime.NumGoroutine() <= before })
}

// hangs gives a command to a home that hangs, and ends it in the ways there are.
func (s *site) hangs(t *testing.T, g *gate, command string) {
	send := func() *client {
		c := dial(t, s.addr)
		c.login()
		c.passive()
		asked := g.calls.Load()
		c.send(command + "\r\n")
		eventually(t, "the storage is asked", func() bool { return g.calls.Load() > asked })
		return c
	}
	c := send()
	c.cmd("ABOR", "4")
	c.want("226 ")
	_ = c.data.Close()
	c.close()
	send().close()
	eventually(t, "end of the sessions", func() bool { return strings.Count(s.access.String(), "ControlChannelClosed") == 2 })
	c = send()
	_ = c.data.Close()
	go func() { // who has read the last word does not keep the server waiting
		_, _ = io.Copy(io.Discard, c.nc)
		_ = c.nc.Close()
	}()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	start := time.Now()
	_ = s.srv.Shutdown(ctx)
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("the server stopped after %v", took)
	}
}

// Commands sent together are answered in their order, each from where the ones before
// it have left the session. What is urgent in a transfer does not overtake them.
func TestSlow_order(t *testing.T) {
	s := newSite(t, nil)
	s.put(t, "/dir/a.txt", []byte("text\n"))
	s.wrap = func(root storage.FS) storage.FS { return &broken{FS: root, late: 20 * time.Millisecond} }
	s.start(t)
	c := dial(t, s.addr)
	c.login()
	c.send("CWD dir\r\nABOR\r\nPWD\r\nSTAT\r\nRNFR a.txt\r\nRNTO b.txt\r\nRNFR b.txt\r\nSTAT\r\nRNTO c.txt\r\nSIZE b.txt\r\nCDUP\r\nPWD\r\n")
	for _, want := range []string{
		"250 CWD ", "225 ABOR ", `257 "/dir" `, "211 ", "350 ", "250 RNTO ", "350 ", "211 ", "503 ", "213 6", "250 CDUP ", `257 "/" `,
	} {
		if got := c.reply(); !strings.HasPrefix(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	c.passive()
	c.send("RETR dir/b.txt\r\nABOR\r\nNOOP\r\n")
	c.want("125 ") // the file was opened before ABOR had its turn
	c.reply()
	c.want("22") // 226, or 225 where the transfer has ended before
	c.want("200 ")
}
