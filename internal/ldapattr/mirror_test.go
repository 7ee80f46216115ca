package ldapattr_test

import (
	"errors"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// mirrored is a mirror under test, refreshed once.
type mirrored struct {
	t *testing.T
	*ldapattr.Mirror
}

func mirror(t *testing.T, cfg ldapattr.Config, scope ldapattr.Scope) mirrored {
	t.Helper()
	forest, err := ldapattr.OpenForest(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = forest.Close() })
	p := &ldapattr.Permissions{Forest: forest}
	m := mirrored{t, p.Mirror(scope)}
	t.Cleanup(m.Close)
	if got, err := m.Refresh(t.Context(), false, nil); err != nil || !got.Everything || got.Changed != len(m.names()) {
		t.Fatalf("the first time: got %+v, %v", got, err)
	}
	return m
}

// names are those held, sorted.
func (m mirrored) names() []string {
	m.t.Helper()
	var all []string
	for a, err := range m.Accounts {
		if err != nil {
			m.t.Fatal(err)
		}
		all = append(all, a.SAMAccountName)
	}
	slices.Sort(all)
	return all
}

func (m mirrored) account(name string) ldapattr.Account {
	m.t.Helper()
	for a := range m.Accounts {
		if a.SAMAccountName == name {
			return a
		}
	}
	return ldapattr.Account{}
}

// news refreshes, and wants so many changes that were told one by one.
func (m mirrored) news(want int, suspects ...ldapattr.GUID) {
	m.t.Helper()
	if got, err := m.Refresh(m.t.Context(), false, suspects); err != nil || got != (ldapattr.Refreshed{Changed: want}) {
		m.t.Errorf("got %+v, %v, want %d changes", got, err, want)
	}
}

// everything refreshes, and wants all to be read again.
func (m mirrored) everything() {
	m.t.Helper()
	if got, err := m.Refresh(m.t.Context(), false, nil); err != nil || !got.Everything {
		m.t.Errorf("got %+v, %v, want everything", got, err)
	}
}

const (
	aliceDN = "CN=Alice,OU=Staff," + baseDN
	bobDN   = "CN=Bob,OU=Staff," + baseDN
)

func replace(t *testing.T, c *ldap.Conn, dn, attribute string, values ...string) {
	t.Helper()
	request := ldap.NewModifyRequest(dn, nil)
	request.Replace(attribute, values)
	if err := c.Modify(request); err != nil {
		t.Fatal(err)
	}
}

func create(t *testing.T, c *ldap.Conn, dn, class, name string) {
	t.Helper()
	request := ldap.NewAddRequest(dn, nil)
	request.Attribute("objectClass", []string{class})
	request.Attribute("sAMAccountName", []string{name})
	if err := c.Add(request); err != nil {
		t.Fatal(err)
	}
}

func TestMirror_followsAsAPlainUser(t *testing.T) {
	s := newCorp(t)
	m := mirror(t, s.as("alice@corp.example.com", alicePass), ldapattr.Scope{})
	other := s.dial(t)
	if got := m.names(); !slices.Contains(got, "alice") || slices.Contains(got, "pc7$") {
		t.Errorf("holds %q", got)
	}
	m.news(0)

	replace(t, other, bobDN, "msIIS-FTPDir", `alice\deep`)
	m.news(1)
	if got := m.account("bob").Dir; got != `alice\deep` {
		t.Errorf("bob's folder: %q", got)
	}
	replace(t, other, bobDN, "title", "Mr.")
	m.news(0)

	replace(t, other, "CN=Domain Users,CN=Users,"+baseDN, "member", bobDN)
	m.news(1)
	if got := m.account("bob").Groups; !slices.Equal(got, []string{"CN=Domain Users,CN=Users," + baseDN}) {
		t.Errorf("bob's groups: %q", got)
	}
	replace(t, other, "CN=Domain Users,CN=Users,"+baseDN, "member")
	m.news(1)

	if err := other.Del(ldap.NewDelRequest(bobDN, nil)); err != nil {
		t.Fatal(err)
	}
	m.news(1)
	if slices.Contains(m.names(), "bob") {
		t.Error("bob is still there")
	}

	create(t, other, "CN=Eve,OU=Other,"+baseDN, "user", "eve")
	m.news(1)
	if !slices.Contains(m.names(), "eve") {
		t.Error("eve is not there")
	}
}

// Changes are told of the whole domain; what does not belong to the scope is left out.
func TestMirror_scope(t *testing.T) {
	s := newCorp(t)
	staff := mirror(t, s.asAdmin(), ldapattr.Scope{OU: "OU=Staff," + baseDN})
	other := s.dial(t)
	group := mirror(t, s.asAdmin(), ldapattr.Scope{Group: accountName(t, "Domain Admins")})
	if got := group.names(); !slices.Equal(got, []string{"admin"}) {
		t.Errorf("the group holds %q", got)
	}
	replace(t, other, "CN=Twin B,OU=Other,"+baseDN, "msIIS-FTPDir", "x")
	staff.news(0)

	move := func(dn, leaf, to string) {
		t.Helper()
		if err := other.ModifyDN(ldap.NewModifyDNRequest(dn, leaf, true, to)); err != nil {
			t.Fatal(err)
		}
	}
	move("CN=Twin B,OU=Other,"+baseDN, "CN=Twin B", "OU=Staff,"+baseDN)
	staff.news(1)
	move(bobDN, "CN=Bob", "OU=Other,"+baseDN)
	staff.news(1)
	if got := staff.names(); slices.Contains(got, "bob") || !slices.Contains(got, "twinb") {
		t.Errorf("the OU holds %q", got)
	}

	replace(t, other, "CN=Domain Admins,CN=Users,"+baseDN, "member", aliceDN)
	group.everything()
	if got := group.names(); !slices.Equal(got, []string{"admin", "alice"}) {
		t.Errorf("the group holds %q", got)
	}

	move("OU=Staff,"+baseDN, "OU=People", "")
	all := mirror(t, s.asAdmin(), ldapattr.Scope{})
	move("OU=People,"+baseDN, "OU=Staff", "")
	all.everything()
	if got := all.account("alice").DN; got != aliceDN {
		t.Errorf("alice is %s", got)
	}
}

// A group that gets another DN has the members that it had. New accounts alone are no
// reason to read them again.
func TestMirror_groupIsRenamed(t *testing.T) {
	s := newCorp(t)
	other := s.dial(t)
	const dn = "CN=Partners,CN=Users," + baseDN
	create(t, other, dn, "group", "partners")
	replace(t, other, dn, "member", aliceDN)
	m := mirror(t, s.asAdmin(), ldapattr.Scope{Group: accountName(t, "partners")})
	create(t, other, "CN=Fay,OU=Other,"+baseDN, "user", "fay")
	m.news(0, m.account("alice").GUID)
	if err := other.ModifyDN(ldap.NewModifyDNRequest(dn, "CN=Customers", true, "OU=Other,"+baseDN)); err != nil {
		t.Fatal(err)
	}
	if got, err := m.Refresh(t.Context(), false, []ldapattr.GUID{m.account("alice").GUID}); err != nil || !got.Everything {
		t.Errorf("got %+v, %v, want everything", got, err)
	}
	if got := m.names(); !slices.Equal(got, []string{"alice"}) {
		t.Errorf("the group holds %q", got)
	}
}

// Nobody is told that a lockout ended or that a password expired: who asks sees it.
func TestMirror_suspects(t *testing.T) {
	s := newCorp(t)
	m := mirror(t, s.asAdmin(), ldapattr.Scope{})
	other := s.dial(t)
	alice, bob := m.account("alice").GUID, m.account("bob").GUID
	m.news(0, alice, bob)
	// The policy of the domain makes all passwords expire, and changes no account.
	replace(t, other, baseDN, "maxPwdAge", "-1")
	m.news(0)
	m.news(1, alice)
	soon := time.Now().Add(time.Hour)
	if m.account("alice").PasswordExpires.After(soon) || m.account("bob").PasswordExpires.Before(soon) {
		t.Error("the suspect was not looked at, or somebody else was")
	}
	m.news(0, ldapattr.GUID{1, 2, 3})
	if got, err := m.Refresh(t.Context(), true, nil); err != nil || !got.Everything || m.account("bob").PasswordExpires.After(soon) {
		t.Errorf("everything: got %+v, %v", got, err)
	}
}

func TestMirror_survivesOutages(t *testing.T) {
	first, second := newCorp(t), newCorp(t)
	cfg := first.asAdmin()
	cfg.Servers, cfg.Timeout = []string{first.ldaps, second.ldaps}, 2*time.Second
	m := mirror(t, cfg, ldapattr.Scope{})
	other := first.dial(t)

	first.SetFaults(adsim.Faults{Only: adsim.OpSearch, Drop: true})
	second.SetFaults(adsim.Faults{Refuse: true})
	if _, err := m.Refresh(t.Context(), false, nil); !errors.Is(err, ldapattr.ErrUnreachable) {
		t.Fatalf("while searches are dropped: %v", err)
	}
	first.SetFaults(adsim.Faults{})
	replace(t, other, aliceDN, "msIIS-FTPDir", "meanwhile")
	until(t, "the first one is asked again", func() bool {
		got, err := m.Refresh(t.Context(), false, nil)
		if err == nil && got != (ldapattr.Refreshed{Changed: 1}) {
			t.Errorf("afterwards: got %+v, want what has changed alone", got)
		}
		return err == nil
	})

	second.SetFaults(adsim.Faults{})
	first.stop()
	m.everything() // the other one does not know the cookie
	if got := m.account("alice").Dir; got != "alice" {
		t.Errorf("alice's folder on the other one: %q", got)
	}
	m.news(0)
}

// Whatever a directory answers, the call ends, and little is kept.
func TestMirror_hostileAnswers(t *testing.T) {
	for name, tt := range map[string]struct {
		cookie string
		flags  int64
		value  []byte
	}{
		"a huge cookie":       {cookie: strings.Repeat("x", 100_000)},
		"no cookie":           {},
		"more without end":    {cookie: "same", flags: 1},
		"a value that is odd": {value: []byte("\x30\x03\x02\x01")},
		"another value":       {value: sequence(number(1)).Bytes()},
	} {
		t.Run(name, func(t *testing.T) {
			s := newLax(t)
			cfg := s.asAdmin()
			cfg.AllowPlaintext, cfg.Timeout = true, 3*time.Second
			cfg.Servers = []string{scripted(t, s, func(conn net.Conn, request *ber.Packet) bool {
				if !isPaged(request) {
					return false
				}
				value := tt.value
				if value == nil {
					value = sequence(number(tt.flags), number(0), octetString([]byte(tt.cookie))).Bytes()
				}
				_, _ = conn.Write(endWith(idOf(request), "1.2.840.113556.1.4.841", value))
				return true
			})}
			forest, err := ldapattr.OpenForest(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer forest.Close()
			m := (&ldapattr.Permissions{Forest: forest}).Mirror(ldapattr.Scope{})
			defer m.Close()
			begin := time.Now()
			if got, err := m.Refresh(t.Context(), false, nil); err == nil {
				t.Errorf("got %+v, want an error", got)
			}
			if took := time.Since(begin); took > 2*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

func TestMirror_ofNoDomainIsAnError(t *testing.T) {
	forest, err := ldapattr.OpenForest(t.Context(), newCorp(t).asAdmin())
	if err != nil {
		t.Fatal(err)
	}
	defer forest.Close()
	p := &ldapattr.Permissions{Forest: forest}
	for _, scope := range []ldapattr.Scope{{OU: "nonsense"}, {Filter: "("}, {Group: accountName(t, `NOWHERE\x`)}} {
		m := p.Mirror(scope)
		if got, err := m.Refresh(t.Context(), false, nil); err == nil {
			t.Errorf("%+v: got %+v", scope, got)
		}
		m.Close()
	}
}
