package ftpsrv_test

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
)

// benchSite is a site without the logs that tests want.
func benchSite(b *testing.B, kind string) (s *site, dir string) {
	b.Helper()
	s = newSite(b, func(cfg *ftpsrv.Config) {
		cfg.AccessLog, cfg.Log = nil, slog.New(slog.DiscardHandler)
	})
	if kind == "localfs" {
		dir = s.local(b)
	}
	return s, dir
}

func (s *site) fill(b *testing.B, dir, name string, data []byte) {
	b.Helper()
	if dir == "" {
		s.put(b, "/"+name, data)
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
		b.Fatal(err)
	}
}

func sized(b *testing.B, run func(b *testing.B, kind string, size int)) {
	for _, kind := range []string{"memfs", "localfs"} {
		for _, size := range []int{4 << 10, 1 << 20, 64 << 20} {
			b.Run(fmt.Sprintf("%s/%dKiB", kind, size>>10), func(b *testing.B) { run(b, kind, size) })
		}
	}
}

func BenchmarkRETR(b *testing.B) {
	sized(b, func(b *testing.B, kind string, size int) {
		s, dir := benchSite(b, kind)
		s.fill(b, dir, "f.bin", make([]byte, size))
		s.start(b)
		c := dial(b, s.addr)
		c.login()
		c.cmd("TYPE I", "200 ")
		b.SetBytes(int64(size))
		buf := make([]byte, 1<<20) // io.Copy would read by 8 KiB
		for b.Loop() {
			dc := c.passive()
			c.cmd("RETR f.bin", "1")
			total := 0
			for {
				n, err := dc.Read(buf)
				if total += n; err != nil {
					break
				}
			}
			if total != size {
				b.Fatalf("got %d octets, want %d", total, size)
			}
			_ = dc.Close()
			c.want("226 ")
		}
	})
}

func BenchmarkSTOR(b *testing.B) {
	sized(b, func(b *testing.B, kind string, size int) {
		s, _ := benchSite(b, kind)
		s.start(b)
		c := dial(b, s.addr)
		c.login()
		c.cmd("TYPE I", "200 ")
		data := make([]byte, size)
		b.SetBytes(int64(size))
		for b.Loop() {
			if got := c.stor("f.bin", data); got != "226 Transfer complete." {
				b.Fatal(got)
			}
		}
	})
}

func BenchmarkLIST(b *testing.B) {
	for _, entries := range []int{10, 1000, 10000} {
		b.Run(fmt.Sprint(entries), func(b *testing.B) {
			s, dir := benchSite(b, "localfs")
			for i := range entries {
				s.fill(b, dir, fmt.Sprintf("file%05d.txt", i), nil)
			}
			s.start(b)
			c := dial(b, s.addr)
			c.login()
			for b.Loop() {
				dc := c.passive()
				c.cmd("LIST", "1")
				if _, err := io.Copy(io.Discard, dc); err != nil {
					b.Fatal(err)
				}
				_ = dc.Close()
				c.want("226 ")
			}
		})
	}
}

func BenchmarkNOOP(b *testing.B) {
	s, _ := benchSite(b, "memfs")
	s.start(b)
	c := dial(b, s.addr)
	c.login()
	b.ReportAllocs()
	for b.Loop() {
		c.cmd("NOOP", "200 ")
	}
}
