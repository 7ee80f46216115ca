package ftpsrv_test

import (
	"io"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
)

var replyLine = regexp.MustCompile(`^([1-5][0-5][0-9][ -]| |    |$)`)

// FuzzDialog sends any octets to a server, logged in or not, with a data port
// armed or not. Whatever they are: no panic, every line of the answer is part of
// a reply and ends with CRLF, nothing appears outside the home's own name, and
// the session ends.
func FuzzDialog(f *testing.F) {
	for _, seed := range []string{
		"USER a\r\nPASS b\r\nSYST\r\n", "CWD a\r\nPWD\r\nCDUP\r\nLIST\r\n", "REST 5\r\nRETR f.txt\r\n",
		"STOR x\r\nABOR\r\nQUIT\r\n", "RNFR f.txt\r\nRNTO ../g\r\nDELE g\r\n", "MKD \xff\xffa\"b\r\n",
		"PORT 127,0,0,1,3,4\r\nNLST -CFl *\r\n", "EPRT |1|127.0.0.1|9|\r\nAPPE y\r\n", "NOOP\nSYST\r\n",
		"\xff\xf4\xff\xf2ABOR\r\n", "OPTS UTF8 ON\r\nFEAT\r\nHELP RETR\r\n", "EPSV\r\nPASV\r\nEPSV ALL\r\n",
		"USER alice\r\nLIST ../../etc\r\nSIZE %n\r\nMDTM f.txt\r\nXRMD d\r\nTYPE L 8\r\nMODE S\r\nSTRU F\r\n",
	} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	var diag buffer
	s := startSite(f, func(cfg *ftpsrv.Config) {
		cfg.AccessLog = nil
		cfg.Log = slog.New(slog.NewTextHandler(&diag, &slog.HandlerOptions{Level: slog.LevelError}))
		cfg.Connections.DataChannelTimeout = 20 * time.Millisecond
		cfg.Connections.MaxLoginFailures = 100
	})
	f.Fuzz(func(t *testing.T, sent string, loggedIn bool) {
		s.put(t, "/f.txt", []byte("hello"))
		c := dial(t, s.addr)
		defer c.close()
		if loggedIn {
			c.login()
			c.cmd("EPSV", "229 ")
		}
		go func() {
			_, _ = io.WriteString(c.nc, sent+"\r\nQUIT\r\n")
			_ = c.nc.CloseWrite()
		}()
		_ = c.nc.SetReadDeadline(time.Now().Add(patience))
		answer, err := io.ReadAll(c.r)
		if err != nil && strings.Contains(err.Error(), "timeout") {
			t.Fatalf("the session does not end: %q", answer)
		}
		lines := strings.Split(string(answer), "\r\n")
		for _, line := range lines[:len(lines)-1] {
			if !replyLine.MatchString(line) || strings.ContainsAny(line, "\r\n\x00\x1b") {
				t.Fatalf("line %q in the answer to %q", line, sent)
			}
		}
		if log := diag.String(); log != "" {
			t.Fatalf("after %q:\n%s", sent, log)
		}
	})
}
