package ftpsrv_test

import (
	"bytes"
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

// shaped runs in the ways in which octets are not what they are in the file: TYPE A at
// homes of both kinds, TLS, and MODE Z.
func shaped(b *testing.B, run func(b *testing.B, c *client, data []byte, protect bool)) {
	const size = 16 << 20
	text := bytes.Repeat([]byte("a line of some seventy characters, as they are in many a file of text\n"), size/71)
	for _, kind := range []string{"memfs", "localfs"} {
		for name, setting := range map[string]string{"image": "TYPE I", "ascii": "TYPE A", "deflate": "MODE Z"} {
			for _, protect := range []bool{false, true} {
				b.Run(fmt.Sprintf("%s/%s/TLS=%v", kind, name, protect), func(b *testing.B) {
					s := newSite(b, func(cfg *ftpsrv.Config) {
						cfg.AccessLog, cfg.Log, cfg.ModeZ = nil, slog.New(slog.DiscardHandler), &ftpsrv.ModeZ{Level: 1}
						withTLS(cfg)
					})
					dir := ""
					if kind == "localfs" {
						dir = s.local(b)
					}
					s.fill(b, dir, "f.txt", text)
					s.start(b)
					c := dial(b, s.addr)
					if protect {
						c.want("220 ")
						c.authTLS()
						c.cmd("USER alice", "331 ")
						c.cmd("PASS "+password, "230 ")
					} else {
						c.login()
					}
					if setting != "TYPE A" {
						c.cmd("TYPE I", "200 ")
					}
					c.cmd(setting, "200 ")
					sent := text
					if setting == "MODE Z" {
						sent = deflated(string(text))
					}
					b.SetBytes(int64(len(text)))
					b.ReportAllocs()
					run(b, c, sent, protect)
				})
			}
		}
	}
}

// BenchmarkRETR_shaped downloads in each shape; the client only counts.
func BenchmarkRETR_shaped(b *testing.B) {
	shaped(b, func(b *testing.B, c *client, _ []byte, protect bool) {
		buf := make([]byte, 1<<20)
		for b.Loop() {
			c.passive()
			c.send("RETR f.txt\r\n")
			c.handshaken(protect)
			c.want("1")
			for {
				if _, err := c.stream().Read(buf); err != nil {
					break
				}
			}
			_ = c.stream().Close()
			c.want("226 ")
		}
	})
}

// BenchmarkSTOR_shaped uploads in each shape.
func BenchmarkSTOR_shaped(b *testing.B) {
	shaped(b, func(b *testing.B, c *client, data []byte, protect bool) {
		for b.Loop() {
			c.passive()
			c.send("STOR g.txt\r\n")
			c.handshaken(protect)
			c.want("1")
			if _, err := c.stream().Write(data); err != nil {
				b.Fatal(err)
			}
			_ = c.stream().Close()
			c.want("226 ")
		}
	})
}

// handshaken protects the data connection, if it is to be.
func (c *client) handshaken(protect bool) {
	c.t.Helper()
	if !protect {
		return
	}
	if err := c.secure(c.tls.tickets); err != nil {
		c.t.Fatal(err)
	}
}
