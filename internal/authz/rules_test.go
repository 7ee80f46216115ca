package authz_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/adsim/adsimtest"
	"github.com/ftpisoctl/ftpisoctl/internal/authz"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// alice is in Inner, which is in Outer; bob is in neither.
const seed = `dn: CN=Alice,CN=Users,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: alice

dn: CN=Bob,CN=Users,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: bob

dn: CN=Admin,CN=Users,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: admin
userPrincipalName: admin@corp.example.com
userPassword: Adm1n!!!

dn: CN=Inner,CN=Users,DC=corp,DC=example,DC=com
objectClass: group
sAMAccountName: Inner
member: CN=Alice,CN=Users,DC=corp,DC=example,DC=com

dn: CN=Outer,CN=Users,DC=corp,DC=example,DC=com
objectClass: group
sAMAccountName: Outer
member: CN=Inner,CN=Users,DC=corp,DC=example,DC=com
`

func open(t *testing.T) (*ldapattr.Directory, *adsim.Server) {
	t.Helper()
	served := adsimtest.StartTLS(t, adsim.Config{Domain: "corp.example.com", NetBIOS: "CORP", Seed: strings.NewReader(seed)})
	d, err := ldapattr.Open(t.Context(), ldapattr.Config{
		Servers: []string{served.URL}, RootCAs: served.Roots, Timeout: 2 * time.Second,
		Bind: ldapattr.Bind{User: "admin@corp.example.com", Password: secret.New("Adm1n!!!")},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d, served.Server
}

func lookup(t *testing.T, d *ldapattr.Directory, name string) ldapattr.User {
	t.Helper()
	n, err := ldapattr.ParseAccountName(name, "")
	if err != nil {
		t.Fatal(err)
	}
	u, err := d.Lookup(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestRights(t *testing.T) {
	const both = authz.Read | authz.Write
	d, _ := open(t)
	alice, bob := lookup(t, d, "alice"), lookup(t, d, "bob")
	allow := func(rights authz.Right, users ...string) authz.Rule { return authz.Rule{Users: users, Rights: rights} }
	deny := func(rights authz.Right, roles ...string) authz.Rule {
		return authz.Rule{Deny: true, Roles: roles, Rights: rights}
	}
	for _, tt := range []struct {
		name       string
		rules      []authz.Rule
		alice, bob authz.Right
	}{
		{"no rule", nil, 0, 0},
		{"everybody", []authz.Rule{allow(both, "*")}, both, both},
		{"nobody but anonymous", []authz.Rule{allow(both, "?")}, 0, 0},
		{"one user", []authz.Rule{allow(authz.Read, `CORP\ALICE`)}, authz.Read, 0},
		{"by SID", []authz.Rule{allow(authz.Read, bob.SID)}, 0, authz.Read},
		{"rights add up", []authz.Rule{allow(authz.Read, "*"), allow(authz.Write, "alice")}, both, authz.Read},
		{"nested group", []authz.Rule{{Roles: []string{"outer"}, Rights: both}}, both, 0},
		{"group by DN", []authz.Rule{{Roles: []string{"cn=outer,cn=users,dc=corp,dc=example,dc=com"}, Rights: both}}, both, 0},
		{"primary group", []authz.Rule{{Roles: []string{"Domain Users"}, Rights: authz.Read}}, authz.Read, authz.Read},
		{"denied wins behind", []authz.Rule{allow(both, "*"), deny(authz.Write, "Outer")}, authz.Read, both},
		{"denied wins before", []authz.Rule{deny(authz.Write, "Outer"), allow(both, "alice", "bob")}, authz.Read, both},
		{"denied alone", []authz.Rule{deny(authz.Write, "Outer")}, 0, 0},
	} {
		rules, err := authz.Resolve(t.Context(), d, tt.rules, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		for _, who := range []struct {
			user ldapattr.User
			want authz.Right
		}{{alice, tt.alice}, {bob, tt.bob}} {
			if got, err := rules.Rights(t.Context(), who.user); err != nil || got != who.want {
				t.Errorf("%s: %s has %d, %v, want %d", tt.name, who.user.SAMAccountName, got, err, who.want)
			}
		}
	}
}

// Somebody relies on a rule that denies; one that allows a group of yesterday must
// not keep a service from starting.
func TestResolve_unknownGroup(t *testing.T) {
	d, _ := open(t)
	var told bytes.Buffer
	log := slog.New(slog.NewTextHandler(&told, nil))
	rules := []authz.Rule{{Roles: []string{"ghosts"}, Rights: authz.Read}}
	if _, err := authz.Resolve(t.Context(), d, rules, log); err != nil || !strings.Contains(told.String(), "role=ghosts") {
		t.Errorf("allowed: %v, told %s", err, &told)
	}
	rules[0].Deny = true
	if _, err := authz.Resolve(t.Context(), d, rules, log); !errors.Is(err, ldapattr.ErrNotFound) || !strings.Contains(err.Error(), "ghosts") {
		t.Errorf("denied: %v", err)
	}
}

func TestRights_withoutAnAnswerThereAreNone(t *testing.T) {
	d, server := open(t)
	alice := lookup(t, d, "alice")
	rules, err := authz.Resolve(t.Context(), d, []authz.Rule{
		{Users: []string{"*"}, Rights: authz.Read}, {Deny: true, Roles: []string{"outer"}, Rights: authz.Read},
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	server.SetFaults(adsim.Faults{Drop: true, Refuse: true})
	if got, err := rules.Rights(t.Context(), alice); err == nil || got != 0 {
		t.Errorf("got %d, %v", got, err)
	}
}

func TestCheck(t *testing.T) {
	good := []authz.Rule{
		{Users: []string{"*", "?", "alice", `CORP\bob`, "S-1-5-21-1-2-3-500"}},
		{Roles: []string{"Domain Users", "S-1-5-32-544", "CN=Staff,DC=corp,DC=example,DC=com"}},
	}
	if err := authz.Check(good); err != nil {
		t.Error(err)
	}
	for _, bad := range []authz.Rule{
		{Users: []string{"alice@corp.example.com"}}, {Users: []string{"CN=Alice,DC=corp,DC=example,DC=com"}}, {Users: []string{""}},
		{Users: []string{"*x\n"}}, {Roles: []string{`\x`}}, {Roles: []string{"staff@corp.example.com"}}, {Roles: []string{"S-1-1-0"}}, {Roles: []string{"S-1-5-11"}},
	} {
		if err := authz.Check([]authz.Rule{bad}); err == nil {
			t.Errorf("%v is taken", bad)
		}
		if _, err := authz.Resolve(t.Context(), nil, []authz.Rule{bad}, nil); err == nil {
			t.Errorf("%v is resolved", bad)
		}
	}
}
