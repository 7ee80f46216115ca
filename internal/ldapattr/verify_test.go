package ldapattr_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func TestChecklist_A1_emptyPasswordSendsNoPacket(t *testing.T) {
	s := newCorp(t)
	d := open(t, s.asAdmin())
	alice := lookup(t, d, "alice")
	nobody, nonsense := alice, alice
	nobody.DN, nonsense.DN = "", "alice"
	before := s.Stats()
	for name, tt := range map[string]struct {
		user     ldapattr.User
		password string
	}{
		"empty password":     {alice, ""},
		"NUL":                {alice, "Wonder1and!\x00"},
		"only NUL":           {alice, "\x00"},
		"too long":           {alice, strings.Repeat("x", 5000)},
		"empty DN":           {nobody, alicePass},
		"DN that is none":    {nonsense, alicePass},
		"zero user, nothing": {ldapattr.User{}, ""},
	} {
		err := d.VerifyPassword(t.Context(), tt.user, secret.New(tt.password))
		asError(t, err, ldapattr.ErrAuth)
		if winerr.Of(err) != winerr.LogonFailure {
			t.Errorf("%s: code %d", name, winerr.Of(err))
		}
	}
	after := s.Stats()
	if after.Binds != before.Binds || after.EmptyBinds != 0 || after.Connections != before.Connections {
		t.Errorf("something was sent: %+v, before %+v", after, before)
	}
}

// states are accounts that Active Directory refuses with a reason.
const states = seed + `dn: CN=Locked,OU=Other,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: locked
lockoutTime: 132000000000000000
userPassword: Right1!!

dn: CN=Expired,OU=Other,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: expired
accountExpires: 132000000000000000
userPassword: Right1!!

dn: CN=Disabled,OU=Other,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: disabled
userAccountControl: 514
userPassword: Right1!!

dn: CN=Change,OU=Other,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: change
pwdLastSet: 0
userPassword: Right1!!

`

func TestVerifyPassword_namesTheReason(t *testing.T) {
	s := newSim(t, "corp.example.com", states)
	d := open(t, s.asAdmin())
	for _, tt := range []struct {
		user, password, subCode string
		code                    winerr.Code
	}{
		{"alice", "wrong", "52e", winerr.LogonFailure},
		{"locked", "Right1!!", "775", winerr.AccountLockedOut},
		{"expired", "Right1!!", "701", winerr.AccountExpired},
		{"disabled", "Right1!!", "533", winerr.AccountDisabled},
		{"change", "Right1!!", "773", winerr.PasswordMustChange},
	} {
		u, binds := lookup(t, d, tt.user), s.Stats().Binds
		err := d.VerifyPassword(t.Context(), u, secret.New(tt.password))
		e := asError(t, err, ldapattr.ErrAuth)
		if e.SubCode != tt.subCode || winerr.Of(err) != tt.code || e.Hint == "" {
			t.Errorf("%s: sub-code %q, code %d, want %q, %d (%v)", tt.user, e.SubCode, winerr.Of(err), tt.subCode, tt.code, err)
		}
		if strings.Contains(err.Error()+e.Hint, tt.password) && tt.password != "wrong" {
			t.Errorf("the error shows the password: %v", err)
		}
		if n := s.Stats().Binds - binds; n != 1 {
			t.Errorf("%s: %d binds for one password", tt.user, n)
		}
	}
	state := map[string]ldapattr.AccountState{}
	for u, err := range d.Users(t.Context(), ldapattr.Scope{}) {
		if err != nil {
			t.Fatal(err)
		}
		state[u.SAMAccountName] = u.Account
	}
	if !state["locked"].Locked || !state["expired"].Expired || state["disabled"].Enabled || !state["change"].MustChange {
		t.Errorf("the account states say otherwise: %+v", state)
	}
}

func TestVerifyPassword_keepsItsConnections(t *testing.T) {
	s := newCorp(t)
	d := open(t, s.asAdmin())
	alice := lookup(t, d, "alice")
	verify := func(password string) error { return d.VerifyPassword(t.Context(), alice, secret.New(password)) }
	if err := verify(alicePass); err != nil {
		t.Fatal(err)
	}
	kept := s.Stats().Connections
	for range 5 {
		if err := verify(alicePass); err != nil {
			t.Fatal(err)
		}
	}
	if n := s.Stats().Connections; n != kept {
		t.Errorf("%d new connections for five good passwords", n-kept)
	}
	_ = verify("wrong")
	if err := verify(alicePass); err != nil {
		t.Fatal(err)
	}
	if n := s.Stats().Connections; n != kept+1 {
		t.Errorf("%d new connections after a wrong password, want one: the old one must not be used again", n-kept)
	}
	if n := s.Stats().ClearBinds; n != 0 {
		t.Errorf("%d passwords crossed in clear", n)
	}
}

// The domain controller closes an idle connection; the next password is sent
// over a new one, once.
func TestVerifyPassword_noticesAClosedConnection(t *testing.T) {
	s := newCorp(t)
	var mu sync.Mutex
	var conns []net.Conn
	cfg := s.asAdmin()
	cfg.Servers = []string{"ldaps://" + accept(t, func(conn net.Conn) {
		mu.Lock()
		conns = append(conns, conn)
		mu.Unlock()
		relay(conn, strings.TrimPrefix(s.ldaps, "ldaps://"), func(conn, behind net.Conn) { _, _ = io.Copy(conn, behind) })
	})}
	d := open(t, cfg)
	alice := lookup(t, d, "alice")
	for range 2 {
		if err := d.VerifyPassword(t.Context(), alice, secret.New(alicePass)); err != nil {
			t.Fatal(err)
		}
		mu.Lock()
		for _, conn := range conns {
			_ = conn.Close()
		}
		mu.Unlock()
		until(t, "all connections are closed", func() bool { return s.Stats().Open == 0 })
	}
	if n := s.Stats().Binds; n != 3 {
		t.Errorf("%d binds, want one for the service and two for the user", n)
	}
}

func TestVerifyPassword_manyAtOnce(t *testing.T) {
	s := newCorp(t)
	d := open(t, s.asAdmin())
	alice, bob := lookup(t, d, "alice"), lookup(t, d, "bob")
	var wrong atomic.Int32
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() {
			for _, tt := range []struct {
				user     ldapattr.User
				password string
				right    bool
			}{{alice, alicePass, true}, {bob, alicePass, false}, {bob, bobPass, true}, {alice, bobPass, false}} {
				if err := d.VerifyPassword(t.Context(), tt.user, secret.New(tt.password)); (err == nil) != tt.right {
					wrong.Add(1)
				}
			}
		})
	}
	all.Wait()
	if n := wrong.Load(); n != 0 {
		t.Errorf("%d of 160 answers were wrong", n)
	}
	if n := s.Stats().Open; n > 16 {
		t.Errorf("%d connections are open", n)
	}
}

// Only exactly "success" to exactly this bind is a yes.
func TestChecklist_A4_nothingElseIsAYes(t *testing.T) {
	s := newLax(t)
	for name, answer := range map[string][]byte{
		"another message's success":     {0x30, 0x0c, 2, 1, 99, 0x61, 7, 10, 1, 0, 4, 0, 4, 0},
		"message zero":                  {0x30, 0x0c, 2, 1, 0, 0x61, 7, 10, 1, 0, 4, 0, 4, 0},
		"success of a search":           {0x30, 0x0c, 2, 1, 1, 0x65, 7, 10, 1, 0, 4, 0, 4, 0},
		"success of an extended call":   {0x30, 0x0c, 2, 1, 1, 0x78, 7, 10, 1, 0, 4, 0, 4, 0},
		"bind in progress":              {0x30, 0x0c, 2, 1, 1, 0x61, 7, 10, 1, 14, 4, 0, 4, 0},
		"referral":                      {0x30, 0x0c, 2, 1, 1, 0x61, 7, 10, 1, 10, 4, 0, 4, 0},
		"result as an integer":          {0x30, 0x0c, 2, 1, 1, 0x61, 7, 2, 1, 0, 4, 0, 4, 0},
		"an empty bind response":        {0x30, 0x05, 2, 1, 1, 0x61, 0},
		"a bind response cut short":     {0x30, 0x08, 2, 1, 1, 0x61, 3, 10, 1, 0},
		"no answer, connection closed":  nil,
		"not LDAP":                      []byte("HTTP/1.1 200 OK\r\n\r\n"),
		"not ASN.1":                     {0xff, 0xff, 0xff, 0xff},
		"half a success":                {0x30, 0x0c, 2, 1, 1, 0x61, 7, 10, 1, 0},
		"a primitive that looks like 0": {0x30, 0x05, 2, 1, 1, 0x41, 0},
		"nested too deep":               nested(990, 1<<20),
		"nested, and long":              nested(60, 1<<20),
	} {
		t.Run(name, func(t *testing.T) {
			cfg := s.asAdmin()
			cfg.Servers, cfg.AllowPlaintext, cfg.Timeout = []string{"ldap://" + answering(t, s.ldap, answer)}, true, 2*time.Second
			d := open(t, cfg)
			alice := lookup(t, d, "alice")
			allocates(t, 32<<20, func() {
				asError(t, d.VerifyPassword(t.Context(), alice, secret.New(alicePass)), ldapattr.ErrUnreachable)
			})
		})
	}
}

// answering passes connections to a real server, except for those that begin
// with a bind as CN=Alice: they get the answer and end.
func answering(t *testing.T, server string, answer []byte) string {
	t.Helper()
	return accept(t, func(conn net.Conn) {
		begun := bufio.NewReader(conn)
		if first, _ := begun.Peek(40); bytes.Contains(first, []byte("CN=Alice,")) {
			_, _ = conn.Write(answer)
			_ = conn.Close()
			return
		}
		relay(oneWay{conn, begun}, server, func(conn, behind net.Conn) { _, _ = io.Copy(conn, behind) })
	})
}

// oneWay is a connection that is read through something else.
type oneWay struct {
	net.Conn
	reader io.Reader
}

func (o oneWay) Read(p []byte) (int, error) { return o.reader.Read(p) }

func TestVerifyPassword_leaksNoSecret(t *testing.T) {
	s := newCorp(t)
	var log bytes.Buffer
	cfg := s.asAdmin()
	cfg.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	cfg.Servers = append([]string{"ldaps://127.0.0.1:1"}, cfg.Servers...)
	d := open(t, cfg)
	alice := lookup(t, d, "alice")
	errs := []error{d.VerifyPassword(t.Context(), alice, secret.New("Gehe1m!!"))}
	s.SetFaults(adsim.Faults{Drop: true})
	errs = append(errs, d.VerifyPassword(t.Context(), alice, secret.New("Gehe1m!!")))
	text := log.String()
	for _, err := range errs {
		var e *ldapattr.Error
		if !errors.As(err, &e) {
			t.Fatalf("got %v", err)
		}
		text += err.Error() + e.Hint
	}
	if log.Len() == 0 {
		t.Error("nothing was logged: the test proves nothing")
	}
	for _, password := range []string{"Gehe1m", adminPass} {
		if strings.Contains(text, password) {
			t.Errorf("a password shows up: %s", text)
		}
	}
}

func BenchmarkVerifyPassword(b *testing.B) {
	d := open(b, newCorp(b).asAdmin())
	alice := lookup(b, d, "alice")
	b.ReportAllocs()
	for b.Loop() {
		if err := d.VerifyPassword(b.Context(), alice, secret.New(alicePass)); err != nil {
			b.Fatal(err)
		}
	}
}
