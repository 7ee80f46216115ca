//go:build unix

package isolation_test

import (
	"crypto/tls"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/authz"
	"github.com/ftpisoctl/ftpisoctl/internal/isolation"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// group is a person as far as the seed goes: its extra part is another entry.
func group(name string, members ...string) person {
	extra := "\ndn: CN=" + name + ",CN=Users,DC=corp,DC=example,DC=com\nobjectClass: group\ncn: " + name + "\nsAMAccountName: " + name + "\n"
	for _, member := range members {
		extra += "member: CN=" + member + ",CN=Users,DC=corp,DC=example,DC=com\n"
	}
	return person{account: "clerk-of-" + name, extra: extra}
}

func (d *domain) obey(t *testing.T, refresh time.Duration, rules ...authz.Rule) {
	t.Helper()
	resolved, err := authz.Resolve(t.Context(), d.directory, rules, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	config := d.config(t, refresh)
	config.Rules = resolved
	d.resolver = isolation.New(config)
}

// rights logs in and returns what the login may do; 0 is a refusal by the rules.
func (d *domain) rights(t *testing.T, name string) authz.Right {
	t.Helper()
	session, err := d.resolver.Login(t.Context(), name, secret.New("pw-"+name))
	var refusal *isolation.Error
	switch {
	case err == nil:
		session.Root.Close()
		return session.Rights
	case !errors.As(err, &refusal) || refusal.Stage != isolation.StageRights || refusal.Win32 != winerr.AccessDenied || refusal.SubStatus != 1 || !refusal.Proven():
		t.Errorf("%s: refused with %#v", name, err)
	}
	return 0
}

func TestLogin_rulesByNestedGroups(t *testing.T) {
	d := start(t, 0, resident("alice"), resident("bob"), resident("carol"),
		group("inner", "alice"), group("outer", "inner"), group("barred", "bob"))
	d.homes(t, "alice", "bob", "carol")
	d.obey(t, 0,
		authz.Rule{Roles: []string{"outer"}, Rights: authz.Read},
		authz.Rule{Users: []string{"bob"}, Rights: authz.Read | authz.Write},
		authz.Rule{Deny: true, Roles: []string{`CORP\barred`}, Rights: authz.Write})
	for name, want := range map[string]authz.Right{"alice": authz.Read, "bob": authz.Read, "carol": 0} {
		if got := d.rights(t, name); got != want {
			t.Errorf("%s has the rights %d, want %d", name, got, want)
		}
	}
	// A wrong password learns nothing about rules.
	var refusal *isolation.Error
	if _, err := d.resolver.Login(t.Context(), "carol", secret.New("wrong")); !errors.As(err, &refusal) || refusal.Stage != isolation.StagePassword {
		t.Errorf("got %v, want a refusal of the password", err)
	}
}

// A14: a change of group shows within adCacheRefresh, and at once after a failed
// login.
func TestLogin_rightsAreKeptForTheRefreshTime(t *testing.T) {
	d := start(t, time.Minute, resident("alice"), group("staff"), group("writers", "alice"))
	d.homes(t, "alice")
	d.obey(t, time.Minute,
		authz.Rule{Users: []string{"*"}, Rights: authz.Read},
		authz.Rule{Roles: []string{"writers"}, Rights: authz.Write})
	at := time.Unix(1_700_000_000, 0)
	d.resolver.SetClock(func() time.Time { return at })
	both := authz.Read | authz.Write
	if got := d.rights(t, "alice"); got != both {
		t.Fatalf("at first: %d", got)
	}
	searches := d.server.Stats().Searches
	d.rights(t, "alice")
	if n := d.server.Stats().Searches - searches; n > 1 {
		t.Errorf("%d searches for a login within the refresh time, want the name's alone", n)
	}
	d.leave(t, "writers", "alice")
	if got := d.rights(t, "alice"); got != both {
		t.Errorf("within the refresh time: %d", got)
	}
	at = at.Add(time.Minute)
	if got := d.rights(t, "alice"); got != authz.Read {
		t.Errorf("after the refresh time: %d", got)
	}
}

// leave takes a member out of a group.
func (d *domain) leave(t *testing.T, group, member string) {
	t.Helper()
	dn := func(name string) string { return "CN=" + name + ",CN=Users,DC=corp,DC=example,DC=com" }
	conn, err := ldap.DialURL(d.url, ldap.DialWithTLSConfig(&tls.Config{RootCAs: d.roots}))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.Bind(adminName, adminPassword); err != nil {
		t.Fatal(err)
	}
	change := ldap.NewModifyRequest(dn(group), nil)
	change.Delete("member", []string{dn(member)})
	if err := conn.Modify(change); err != nil {
		t.Fatal(err)
	}
}
