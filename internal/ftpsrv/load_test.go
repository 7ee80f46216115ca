package ftpsrv_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/dtp"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/w3clog"
)

// load is how many clients TestLoad has, and how long it keeps them busy: 200 for as
// long as FTPISOCTL_LOAD says, which scripts/test.sh sets, or a few for a moment.
func load(t *testing.T) (clients int, d time.Duration) {
	text := os.Getenv("FTPISOCTL_LOAD")
	if text == "" {
		return 20, time.Second
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return 200, d
}

// sharedFiles are what the clients of TestLoad download.
var sharedFiles = sync.OnceValue(func() [][]byte {
	files := make([][]byte, 8)
	for i := range files {
		files[i] = patterned(uint64(i)+1, 1000+i*40_000)
	}
	return files
})

// 200 clients of all kinds at once, in clear text and TLS, passive and active, some of
// which abort or hang up wherever they are. Each of them checks every octet. When all
// are gone, so is all that they made the server hold.
func TestLoad(t *testing.T) {
	clients, period := load(t)
	goroutines, files := runtime.NumGoroutine(), descriptors(t)
	ports, err := dtp.NewPorts(21_000, 21_999)
	if err != nil {
		t.Fatal(err)
	}
	log, err := w3clog.NewWriter(io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	var complaints buffer
	s := newSite(t, func(cfg *ftpsrv.Config) {
		withTLS(cfg)
		cfg.Ports, cfg.AccessLog = ports, log
		cfg.Log = slog.New(slog.NewTextHandler(&complaints, &slog.HandlerOptions{Level: slog.LevelError}))
		cfg.Connections.DataChannelTimeout = 30 * time.Second
	})
	dir := t.TempDir()
	open := storage.NewOpenFiles()
	s.wrap = func(storage.FS) storage.FS {
		root, err := openFolder(dir, storage.Options{OpenFiles: open})
		if err != nil {
			panic(err)
		}
		return root
	}
	for i, content := range sharedFiles() {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("shared%d", i)), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.start(t)
	all := &horde{clear: s.addr, implicit: s.startTLS(t), counts: map[string]int{}}

	ctx, cancel := context.WithTimeout(t.Context(), period)
	defer cancel()
	var wg sync.WaitGroup
	for i := range clients {
		if err := os.Mkdir(filepath.Join(dir, fmt.Sprintf("own%d", i)), 0o700); err != nil {
			t.Fatal(err)
		}
		wg.Go(func() { all.member(t, i).live(ctx) })
	}
	wg.Wait()
	t.Logf("%d clients for %v: %v", clients, period, all.counts)
	for _, job := range robotJobs {
		if all.counts[job.name] == 0 && period > 20*time.Second {
			t.Errorf("nobody did %s", job.name)
		}
	}

	eventually(t, "all data ports are free", func() bool { return ports.InUse() == 0 })
	s.stop(t)
	if text := complaints.String(); text != "" {
		t.Errorf("the server complains:\n%s", text)
	}
	eventually(t, fmt.Sprintf("%d goroutines as before", goroutines), func() bool { return runtime.NumGoroutine() <= goroutines })
	eventually(t, fmt.Sprintf("%d descriptors as before", files), func() bool { return descriptors(t) <= files })
	for _, name := range strays(t, dir) {
		t.Errorf("%s is left behind", name)
	}
}

// startTLS opens a second listener, where sessions begin with TLS.
func (s *site) startTLS(t testing.TB) (addr string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.srv.ServeTLS(context.Background(), ln) }()
	t.Cleanup(func() {
		s.stop(t)
		if err := <-ended; err != nil {
			t.Errorf("serve TLS: %v", err)
		}
	})
	return ln.Addr().String()
}

// strays are temporary files of uploads that have ended.
func strays(t *testing.T, dir string) []string {
	t.Helper()
	var found []string
	err := filepath.Walk(dir, func(name string, info os.FileInfo, err error) error {
		base := filepath.Base(name)
		if err == nil && !info.IsDir() && !strings.HasPrefix(base, "shared") && !strings.HasPrefix(base, "file") {
			found = append(found, name)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return found
}

// patterned is content that tells by itself where an octet is missing.
func patterned(seed uint64, size int) []byte {
	b := make([]byte, size)
	for i := range b {
		seed = seed*6364136223846793005 + 1442695040888963407
		b[i] = byte(seed >> 56)
	}
	return b
}

// horde is where clients go, and how often each did what.
type horde struct {
	clear, implicit string
	mu              sync.Mutex
	counts          map[string]int
}

func (c *horde) count(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts[what]++
}

func same(got, want []byte) string {
	if bytes.Equal(got, want) {
		return ""
	}
	at := 0
	for at < min(len(got), len(want)) && got[at] == want[at] {
		at++
	}
	return fmt.Sprintf("%d octets, want %d; they differ from octet %d on", len(got), len(want), at)
}
