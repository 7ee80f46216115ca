package ftpsrv_test

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// Section L of the security checklist: the lines of the control connection.

// A line without an end is refused, and costs next to nothing however long it is.
func TestChecklist_L1_endlessLines(t *testing.T) {
	s := startSite(t, nil)
	block := bytes.Repeat([]byte("A"), 64<<10)
	for _, loggedIn := range []bool{false, true} {
		for _, size := range []int{600, 9 << 10, 1 << 20, 64 << 20} {
			c := dial(t, s.addr)
			if loggedIn {
				c.login()
			} else {
				c.want("220 ")
			}
			before := heap()
			_ = c.nc.SetWriteDeadline(time.Now().Add(patience))
			for left := size; left > 0; left -= len(block) {
				if _, err := c.nc.Write(block[:min(left, len(block))]); err != nil {
					break // closed by the server
				}
			}
			if grown := heap() - before; grown > 1<<20 {
				t.Errorf("%d octets, logged in %v: the heap grew by %d", size, loggedIn, grown)
			}
			_, _ = c.nc.Write([]byte("\r\n"))
			if line, err := c.line(); err == nil && !strings.HasPrefix(line, "500 ") {
				t.Errorf("%d octets, logged in %v: got %q", size, loggedIn, line)
			}
			c.close()
		}
	}
	dialog(t, "long_line")
}

// heap is what is in use after a collection.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// One line is one command at most, whatever ends it.
func TestChecklist_L2_oneCommandALine(t *testing.T) {
	t.Parallel()
	dialog(t, "bare_lf")
	for sent, want := range map[string]string{
		"NOOP\r\r\n":      "500 Command not understood.", // the CR is part of the verb
		"NOOP\rSYST\r\n":  "500 Command not understood.",
		"NOOP \rSYST\r\n": "501 Invalid number of parameters.",
		"MKD a\rSYST\r\n": "553 The filename, directory name, or volume label syntax is incorrect. ",
	} {
		s := startSite(t, nil)
		c := dial(t, s.addr)
		c.login()
		c.send(sent)
		if got := c.reply(); got != want {
			t.Errorf("%q: got %q, want %q", sent, got, want)
		}
		c.cmd("PWD", "257 ") // and nothing before its reply
	}
}

// Telnet's own octets are taken out of lines, cost nothing, and are doubled in replies.
func TestChecklist_L3_telnet(t *testing.T) {
	t.Parallel()
	dialog(t, "abor_telnet")
	s := startSite(t, nil)
	c := dial(t, s.addr)
	c.login()
	c.send("NO" + strings.Repeat("\xff\xf4", 1000) + "OP\r\n")
	c.want("200 ")
	c.send("N" + strings.Repeat("\xff\xfb\x01", 600) + "OOP\r\n")
	c.want("200 ")
	c.cmd("OPTS UTF8 OFF", "200 ")
	c.send("MKD a\xff\xffb\r\n") // a doubled IAC is the letter ÿ of the code page
	if got, want := c.reply(), "257 \"a\xff\xffb\" directory created."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

var oneReply = regexp.MustCompile(`^([1-5][0-5][0-9][ -]| )[^\r\n\x00-\x1f\x7f]*$`)

// Format verbs, control characters and quotes in the argument of every verb: one reply,
// each line of it whole, no crash.
func TestChecklist_L4_hostileArguments(t *testing.T) {
	t.Parallel()
	for _, iis := range []bool{false, true} {
		s := startSite(t, func(cfg *ftpsrv.Config) {
			cfg.IIS = iis
			cfg.Connections.MaxLoginFailures = 1000
			cfg.Connections.MaxUnknownCommands = 1000
		})
		for verb := range ftpsrv.Verbs() {
			if verb == "QUIT" {
				continue
			}
			c := dial(t, s.addr)
			c.login()
			for _, arg := range []string{
				"%n%s%x%d", "a\x1b[2Jb", "\x00", "a\x07\x08b", `a"b"c`, "a\tb", "\"; DROP", strings.Repeat("%s", 500), "..\\..\\%00", "\u202e\u0085",
			} {
				c.send(verb + " " + arg + "\r\nNOOP\r\n")
				for {
					line, err := c.line()
					if err != nil {
						t.Fatalf("%s %q: %q, %v", verb, arg, line, err)
					}
					if !oneReply.MatchString(line) {
						t.Fatalf("%s %q: line %q", verb, arg, line)
					}
					if line == "200 NOOP command successful." {
						break
					}
				}
			}
			c.close()
		}
		if log := s.diag.String(); strings.Contains(log, "panic") {
			t.Error(log)
		}
	}
	s := startSite(t, func(cfg *ftpsrv.Config) { // a name that the directory should not hold
		cfg.Messages.Greeting, cfg.Messages.ExpandVariables = "Hello %UserName%", true
		known := cfg.Login
		cfg.Login = func(ctx context.Context, user string, pw secret.Text) (ftpsrv.Grant, error) {
			grant, err := known(ctx, user, pw)
			grant.Name = "ali\r\n230 User logged in.\r\n\x1b[2Jce"
			return grant, err
		}
	})
	c := dial(t, s.addr)
	c.want("220 ")
	c.cmd("USER alice", "331 ")
	c.send("PASS " + password + "\r\n")
	for _, want := range []string{"230-Hello ali??230 User logged in.???[2Jce", "230 User logged in."} {
		if line, err := c.line(); line != want {
			t.Errorf("got %q, %v, want %q", line, err, want)
		}
	}
	s.put(t, "/it's/", nil)
	c.cmd("CWD it's", "250 ")
	if got := c.cmd("PWD", "257 "); got != `257 "/it's" is current directory.` {
		t.Errorf("got %q", got)
	}
}

// Two hundred commands in one packet: an answer each, in order, none behind QUIT.
func TestChecklist_L5_pipelined(t *testing.T) {
	t.Parallel()
	dialog(t, "pipelined")
	s := startSite(t, nil)
	c := dial(t, s.addr)
	c.login()
	var sent strings.Builder
	for i := range 200 {
		fmt.Fprintf(&sent, "SIZE missing-%d\r\nREST %d\r\n", i, i)
	}
	c.send(sent.String() + "QUIT\r\nMKD late\r\nNOOP\r\n")
	for i := range 200 {
		c.want("550 ")
		if got, want := c.reply(), fmt.Sprintf("350 Restarting at %d.", i); got != want {
			t.Fatalf("got %q, want %q", got, want)
		}
	}
	c.want("221 ")
	if line, err := c.line(); err == nil {
		t.Errorf("behind QUIT came %q", line)
	}
	if _, err := s.root.Stat(t.Context(), "/late"); err == nil {
		t.Error("a command behind QUIT was executed")
	}
}

func TestChecklist_L6_otherProtocols(t *testing.T) {
	t.Parallel()
	dialog(t, "http")
	s := startSite(t, nil)
	for _, text := range []string{
		"GET / HTTP/1.1\r\nHost: ftp.example.com\r\nUser-Agent: x\r\nAccept: */*\r\n\r\nUSER alice\r\nPASS " + password + "\r\nMKD owned\r\n",
		"EHLO mail\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nUSER alice\r\nPASS " + password + "\r\nMKD owned\r\n",
	} {
		c := dial(t, s.addr)
		c.want("220 ")
		c.send(text)
		for range 4 {
			c.want("500 ")
		}
		if line, err := c.line(); err == nil {
			t.Errorf("after four unknown commands came %q", line)
		}
		c.close()
	}
	if n := s.logins.Load(); n != 0 {
		t.Errorf("%d logins", n)
	}
}

// A TLS client of another protocol or another host is refused.
func TestChecklist_L7_otherNames(t *testing.T) {
	t.Parallel()
	dialog(t, "host_sni") // other protocols: TestChecklist_L7_otherProtocols, in ftptls
}

// Numbers beyond their range are refused and do no harm.
func TestChecklist_L8_numbers(t *testing.T) {
	t.Parallel()
	s := startSite(t, nil)
	s.put(t, "/a.txt", []byte("hello"))
	c := dial(t, s.addr)
	c.login()
	c.cmd("TYPE I", "200 ")
	for _, command := range []string{
		"PORT 256,0,0,1,4,5", "PORT 127,0,0,1,256,1", "PORT 127,0,0,1,-1,1", "PORT 127,0,0,1,4", "PORT 127,0,0,1,99999999999999999999,1",
		"EPRT |1|127.0.0.1|65536|", "EPRT |1|127.0.0.1|-1|", "EPRT |99999999999999999999|127.0.0.1|2000|", "EPSV 99999", "EPSV -1",
		"REST -1", "REST 18446744073709551616", "REST 9223372036854775808", "REST 1e3", "ALLO -1", "ALLO 99999999999999999999999", "ALLO 1 R -1",
		"MFMT 99999999999999 a.txt", "MFMT 00000101000000 a.txt", "MFMT -0010101000000 a.txt", "SITE UTIME 99999999999999 a.txt",
		"OPTS MLST " + strings.Repeat("fact", 10), "MODE 99", "TYPE L 99999999999999999999", "PBSZ -1", "PBSZ 4294967296",
	} {
		if got := c.cmd(command, "5"); !regexp.MustCompile(`^5(0[0134]|22) `).MatchString(got) {
			t.Errorf("%.60s: got %q", command, got)
		}
	}
	c.cmd("MDTM 99999999999999 a.txt", "550 ") // a name like any other
	c.cmd("OPTS MLST "+strings.Repeat("size;", 10_000), "500 ")
	c.cmd("OPTS MLST "+strings.Repeat("size;", 800), "200 MLST OPTS size;")
	c.cmd("SIZE a.txt", "213 5")
}
