package ftpsrv_test

import (
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
)

// Section A of the security checklist, as far as it is the engine's: who is asked
// about a login, and what happens without one. What the directory says is held in the
// rooms isolation and ldapattr, guessing in admission.

// dialog plays an archive.
func dialog(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		t.Run(name, func(t *testing.T) { play(t, "testdata/dialog/"+name+".txtar") })
	}
}

func TestChecklist_A1_emptyPasswordAsksNobody(t *testing.T) {
	t.Parallel()
	dialog(t, "login_empty_password")
}

// Names that no directory can hold reach nobody; others arrive as they are, and that
// they are nobody's is one reply.
func TestChecklist_A2_hostileNames(t *testing.T) {
	t.Parallel()
	dialog(t, "login_hostile_names")
	s := startSite(t, func(cfg *ftpsrv.Config) {
		cfg.Connections.MaxLoginFailures = 100
		cfg.Connections.LoginFailureDelay = -1
	})
	c := dial(t, s.addr)
	c.want("220 ")
	refused := func(name string, asked int32) {
		t.Helper()
		before := s.logins.Load()
		c.cmd("USER "+name, "331 Password required")
		if got := c.cmd("PASS "+password, "530 "); got != "530 User cannot log in." {
			t.Errorf("%q: got %q", name, got)
		}
		if n := s.logins.Load() - before; n != asked {
			t.Errorf("%q: %d questions, want %d", name, n, asked)
		}
	}
	for _, name := range []string{
		"*", "*)(sAMAccountName=U", `U\2a`, " alice", "alice ", "CN=alice,CN=Users,DC=corp,DC=example,DC=com", strings.Repeat("a", 300),
	} {
		refused(name, 1)
	}
	c.cmd("USER U)(|(cn=*", "530 Valid hostname is expected.") // what stands before a bar names a host
	for _, name := range []string{"al\x00ice", "\x1b[2Jalice", "alice\x07", "al\x80ice", "alice\u0085"} {
		refused(name, 0)
	}
}

// Whatever is wrong with an account, the client reads what a wrong password gives.
func TestChecklist_A6_oneTextForEveryRefusal(t *testing.T) {
	t.Parallel()
	dialog(t, "login_refused", "detailed_login")
}

// Nothing but the login is served before the login.
func TestChecklist_A10_nothingBeforeTheLogin(t *testing.T) {
	nothingBeforeLogin(t, false)
	nothingBeforeLogin(t, true)
}

func nothingBeforeLogin(t *testing.T, iis bool) {
	t.Helper()
	s := startSite(t, func(cfg *ftpsrv.Config) { cfg.IIS = iis })
	s.put(t, "/a.txt", []byte("a"))
	for _, verb := range append(ftpsrv.ClosedVerbs(iis), "STAT a.txt", "SITE", "SITE UTIME", "SITE CPFR") {
		c := dial(t, s.addr)
		c.want("220 ")
		for _, command := range []string{verb, verb + " a.txt", strings.ToLower(verb) + " 127,0,0,1,200,200"} {
			if got := c.cmd(command, "530 "); got != "530 Please login with USER and PASS." {
				t.Errorf("%s: got %q", command, got)
			}
		}
		c.cmd("USER alice", "331 ")
		c.cmd(verb+" a.txt", "530 ")
		c.cmd("QUIT", "221 ")
		c.close()
	}
	if n := s.logins.Load(); n != 0 {
		t.Errorf("%d logins", n)
	}
	if _, err := s.get("/a.txt"); err != nil {
		t.Error(err)
	}
}

func TestChecklist_A11_userEndsTheLogin(t *testing.T) {
	t.Parallel()
	dialog(t, "user_again", "rein", "auth_relogin")
}

// USER (D9) during a transfer waits for its end.
func TestChecklist_A11_userDuringATransfer(t *testing.T) {
	s := startSite(t, nil)
	c := dial(t, s.addr)
	c.login()
	dc := c.passive()
	c.cmd("STOR up.bin", "125 ")
	c.send("USER bob\r\n")
	_, _ = dc.Write([]byte("mine"))
	_ = dc.Close()
	c.want("226 ")
	c.want("331 ")
	c.cmd("SIZE up.bin", "530 ")
	if got, err := s.get("/up.bin"); err != nil || got != "mine" {
		t.Errorf("upload holds %q, %v", got, err)
	}
}

// The password is in no log, even at the most talkative level.
func TestChecklist_A12_passwordStaysSecret(t *testing.T) {
	t.Parallel()
	s := startSite(t, nil)
	c := dial(t, s.addr)
	c.login()
	c.cmd("PASS "+password, "503 ")
	c.cmd("PASS"+password, "500 ")
	c.cmd("ACCT "+password, "202 ")
	c.cmd(" PASS "+password, "500 ")
	c.cmd("\tPASS "+password, "500 ")
	c.cmd("USER carol", "331 ")
	c.cmd("PASS "+password, "530 ")
	c.cmd("QUIT", "221 ")
	s.stop(t)
	for name, log := range map[string]string{"access": s.access.String(), "diagnostic": s.diag.String()} {
		if !strings.Contains(log, "PASS") {
			t.Errorf("%s log does not show the commands:\n%s", name, log)
		}
		if strings.Contains(log, password) {
			t.Errorf("%s log holds the password:\n%s", name, log)
		}
	}
}

func TestChecklist_A13_anonymousIsNobody(t *testing.T) {
	t.Parallel()
	s := startSite(t, nil)
	c := dial(t, s.addr)
	c.want("220 ")
	for _, name := range []string{"anonymous", "ftp"} {
		c.cmd("USER "+name, "331 Password required")
		c.cmd("PASS me@example.com", "530 User cannot log in.")
	}
}

// In clear text the refusal comes before the password is said.
func TestChecklist_A15_noPasswordInClearText(t *testing.T) {
	t.Parallel()
	dialog(t, "policy_control", "policy_credentials")
}
