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

// replyLine is a line of a reply: the first and the last have the code, those between
// a blank, but for STAT's lines in UNIX style.
var replyLine = regexp.MustCompile(`^([1-5][0-5][0-9][ -]| |[-d][-rwx]{9} |$)`)

// FuzzOPTS: whatever the options are, there is one reply of one line, and MLST and FEAT
// still have their form.
func FuzzOPTS(f *testing.F) {
	for _, seed := range []string{"UTF8 ON", "utf8 off", "MLST", "MLST type;size;", "MLST ;", "HASH SHA-256", "MODE Z LEVEL 5", "", " ", "\xff", "NLST -x"} {
		f.Add(seed)
	}
	s := startSite(f, func(cfg *ftpsrv.Config) { cfg.AccessLog = nil })
	s.put(f, "/f.txt", []byte("hello"))
	f.Fuzz(func(t *testing.T, arg string) {
		if strings.ContainsAny(arg, "\r\n") || strings.Contains(arg, "\xff") || len(arg) > 4000 { // of the line reader, which has its own target
			return
		}
		c := dial(t, s.addr)
		defer c.close()
		c.login()
		c.send("OPTS " + arg + "\r\nMLST f.txt\r\n")
		if line, err := c.line(); err != nil || !regexp.MustCompile(`^(200|501|504) `).MatchString(line) {
			t.Fatalf("OPTS %q: %q, %v", arg, line, err)
		}
		for _, want := range []string{`^250-Listing /f\.txt$`, `^ ([A-Za-z.]+=[^ ;]*;)* /f\.txt$`, `^250 End$`} {
			if line, err := c.line(); err != nil || !regexp.MustCompile(want).MatchString(line) {
				t.Fatalf("MLST after OPTS %q: %q, %v", arg, line, err)
			}
		}
	})
}

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
		"OPTS UTF8 OFF\r\nSIZE caf\xe9\r\nNLST\r\nOPTS MLST size;type;\r\nMLST f.txt\r\nMLSD\r\n", "SITE DIRSTYLE\r\nSTAT /\r\nSTAT\r\n",
		"HOST [::1]\r\nUSER a|alice\r\nREIN\r\nLANG en\r\nCLNT x\r\nCSID a=b;\r\n", "MFMT 20240101000000 f.txt\r\nMDTM 20240101000000 f.txt\r\nAVBL\r\n",
		"SITE UTIME 20240101000000 f.txt\r\nSITE UTIME f.txt 20240101000000 20240101000000 20240101000000 UTC\r\nSITE HELP x\r\n",
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
