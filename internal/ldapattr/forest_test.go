package ldapattr_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

const (
	salesDN   = "DC=sales,DC=corp,DC=example,DC=com"
	salesSeed = `dn: OU=Staff,DC=sales,DC=corp,DC=example,DC=com
objectClass: organizationalUnit

dn: CN=Sam,OU=Staff,DC=sales,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: sam
userPrincipalName: sam@example.com
msIIS-FTPRoot: \\fs02\ftp$
msIIS-FTPDir: sam

dn: CN=Alice,OU=Staff,DC=sales,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: alice
msIIS-FTPDir: other

dn: CN=Twin C,OU=Staff,DC=sales,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: twinc
userPrincipalName: shared@example.com

dn: CN=Carla,OU=Staff,DC=sales,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: carla
userPrincipalName: carol@corp.example.com

dn: CN=Sellers,OU=Staff,DC=sales,DC=corp,DC=example,DC=com
objectClass: group
sAMAccountName: Sellers
member: CN=Sam,OU=Staff,DC=sales,DC=corp,DC=example,DC=com
`
	// The administrator of the first domain is everybody's; another user has the UPN of one in the other domain.
	corpSeed = seed + `dn: CN=Twin D,OU=Other,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: twind
userPrincipalName: shared@example.com

dn: CN=Enterprise Admins,CN=Users,DC=corp,DC=example,DC=com
objectClass: group
sAMAccountName: Enterprise Admins
member: CN=Admin,OU=Other,DC=corp,DC=example,DC=com

dn: CN=Auditors,CN=Users,DC=corp,DC=example,DC=com
objectClass: group
sAMAccountName: Auditors
`
)

// newForest runs corp.example.com and its child sales.corp.example.com, and returns
// the configuration that begins at the former.
func newForest(t testing.TB) (corp, sales *sim, cfg ldapattr.Config) {
	t.Helper()
	certificates, _ := certificate()
	make := func(cfg adsim.Config) *adsim.Server {
		cfg.TLS, cfg.RequireTLS, cfg.ForestRoot = certificates, true, "corp.example.com"
		server, err := adsim.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		return server
	}
	one := make(adsim.Config{Domain: "corp.example.com", NetBIOS: "CORP", Seed: strings.NewReader(corpSeed)})
	two := make(adsim.Config{Domain: "sales.corp.example.com", NetBIOS: "SALES", Seed: strings.NewReader(salesSeed)})
	if err := adsim.Join(one, two); err != nil {
		t.Fatal(err)
	}
	corp, sales = run(t, one), run(t, two)
	cfg = corp.asAdmin()
	cfg.Domains = []ldapattr.DomainServers{{Domain: "SALES", Servers: []string{sales.ldaps}}}
	return corp, sales, cfg
}

func TestForest_routesNamesToTheirDomain(t *testing.T) {
	corp, sales, cfg := newForest(t)
	f := openForest(t, cfg)
	direct := openForest(t, ldapattr.Config{Servers: []string{sales.ldaps}, RootCAs: cfg.RootCAs, Bind: cfg.Bind, Timeout: cfg.Timeout})
	sam := lookup(t, direct.Home(), "sam")
	if sam.DNSDomain != "sales.corp.example.com" || sam.NetBIOSDomain != "SALES" {
		t.Fatalf("sam is %+v", sam)
	}
	for _, test := range []struct{ name, dn string }{
		{"alice", "CN=Alice,OU=Staff," + baseDN},
		{`CORP\alice`, "CN=Alice,OU=Staff," + baseDN},
		{`sales\Alice`, "CN=Alice,OU=Staff," + salesDN},
		{`sales.corp.example.com\alice`, "CN=Alice,OU=Staff," + salesDN},
		{"alice@sales.corp.example.com", "CN=Alice,OU=Staff," + salesDN}, // nobody has it as UPN
		{"alice@corp.example.com", "CN=Alice,OU=Staff," + baseDN},
		{"sam@example.com", sam.DN},            // a suffix that is no domain
		{"SAM@sales.corp.example.com", sam.DN}, // his name, though not his UPN
		{"carol@corp.example.com", "CN=Carla,OU=Staff," + salesDN},
		{sam.DN, sam.DN}, {strings.ToLower(sam.DN), sam.DN}, {sam.SID, sam.DN}, {sam.GUID.String(), sam.DN},
	} {
		u, err := f.Lookup(t.Context(), accountName(t, test.name))
		if err != nil || u.DN != test.dn {
			t.Errorf("%s is %s, %v (%s), want %s", test.name, u.DN, err, hintOf(err), test.dn)
		}
	}
	if n := corp.Stats().ClearBinds + sales.Stats().ClearBinds; n > 0 {
		t.Errorf("%d binds in clear", n)
	}
	guid, err := ldapattr.ParseAccountName(sam.GUID.String(), "CORP")
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Lookup(t.Context(), guid)
	asError(t, err, ldapattr.ErrNotFound) // of another domain than the caller says
}

func TestForest_whatIsFoundTwiceIsNobody(t *testing.T) {
	_, _, cfg := newForest(t)
	narrow := openForest(t, cfg)
	cfg.Forest = true
	wide := openForest(t, cfg)
	for _, test := range []struct {
		f          *ldapattr.Forest
		name       string
		candidates []string
	}{
		{narrow, "shared@example.com", []string{"CN=Twin D,OU=Other," + baseDN, "CN=Twin C,OU=Staff," + salesDN}},
		{narrow, "twin@elsewhere.example", []string{"CN=Twin A,OU=Staff," + baseDN, "CN=Twin B,OU=Other," + baseDN}},
		{wide, "alice", []string{"CN=Alice,OU=Staff," + baseDN, "CN=Alice,OU=Staff," + salesDN}},
	} {
		_, err := test.f.Lookup(t.Context(), accountName(t, test.name))
		e := asError(t, err, ldapattr.ErrAmbiguous)
		for _, dn := range test.candidates {
			if !strings.Contains(e.Hint, dn) {
				t.Errorf("%s: the hint %q does not name %s", test.name, e.Hint, dn)
			}
		}
	}
	if u, err := wide.Lookup(t.Context(), accountName(t, "sam")); err != nil || u.NetBIOSDomain != "SALES" {
		t.Errorf("sam in the whole forest: %+v, %v", u, err)
	}
	for _, name := range []string{"sam", "nobody", "nobody@example.com", `OTHER\sam`, "CN=Sam,DC=other,DC=com", "S-1-5-21-1-2-3-4", "{00000000-0000-0000-0000-000000000001}"} {
		_, err := narrow.Lookup(t.Context(), accountName(t, name))
		if e := asError(t, err, ldapattr.ErrNotFound); e.Hint == "" {
			t.Errorf("%s: no hint", name)
		}
	}
}

// A domain that does not answer is no proof that a user does not exist.
func TestForest_silenceIsNotAbsence(t *testing.T) {
	_, sales, cfg := newForest(t)
	cfg.Timeout = time.Second
	sales.stop()
	f := openForest(t, cfg)
	for _, name := range []string{`SALES\sam`, "sam@example.com", "alice@corp.example.com", "CN=Sam,OU=Staff," + salesDN, "S-1-5-21-1-2-3-4"} {
		_, err := f.Lookup(t.Context(), accountName(t, name))
		if e := asError(t, err, ldapattr.ErrUnreachable); !strings.Contains(e.Error(), "sales.corp.example.com") || !strings.Contains(e.Hint, `DOMAIN\user`) {
			t.Errorf("%s: %v, hint %q", name, e, e.Hint)
		}
	}
	for _, name := range []string{"alice", `CORP\alice`, "CN=Alice,OU=Staff," + baseDN} { // nobody else needs to be asked
		if _, err := f.Lookup(t.Context(), accountName(t, name)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestForest_changesEachAtItsOwnDomain(t *testing.T) {
	corp, sales, cfg := newForest(t)
	f := openForest(t, cfg)
	users, errs := everybody(t, f, "alice", `SALES\sam`, "bob", `SALES\alice`)
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, o := range f.UpdateAll(t.Context(), newDirs(users, "new")) {
		if o.State != ldapattr.Done || o.Now.Dir != "new" {
			t.Errorf("%s: %+v", users[i].DN, o)
		}
	}
	if a, b := corp.Stats().Modifies, sales.Stats().Modifies; a != 2 || b != 2 {
		t.Errorf("%d and %d modifies, want 2 and 2", a, b)
	}
	for i, o := range f.UpdateAll(t.Context(), newDirs(users, "again")) {
		if e := asError(t, o.Err, ldapattr.ErrConflict); o.Now.Dir != "new" || e.Hint == "" {
			t.Errorf("%s: %+v", users[i].DN, o)
		}
	}
	sales.stop()
	_ = f.UpdateAll(t.Context(), newDirs(users[1:2], "x"))
	outcomes := f.UpdateAll(t.Context(), newDirs(users, "x"))
	for i, want := range []ldapattr.State{ldapattr.Refused, ldapattr.NotSent, ldapattr.Refused, ldapattr.NotSent} {
		if outcomes[i].State != want {
			t.Errorf("one domain gone, %s: %+v", users[i].DN, outcomes[i])
		}
	}
}

func TestForest_listsWhereTheScopeIs(t *testing.T) {
	_, _, cfg := newForest(t)
	f := openForest(t, cfg)
	list := func(scope ldapattr.Scope) (found []string, err error) {
		for u, err := range f.Users(t.Context(), scope) {
			if err != nil {
				return nil, err
			}
			found = append(found, u.DownLevelName())
		}
		slices.Sort(found)
		return found, nil
	}
	for _, test := range []struct {
		scope ldapattr.Scope
		want  []string
	}{
		{ldapattr.Scope{OU: "OU=Staff," + salesDN}, []string{`SALES\alice`, `SALES\carla`, `SALES\sam`, `SALES\twinc`}},
		{ldapattr.Scope{Group: accountName(t, `SALES\Sellers`)}, []string{`SALES\sam`}},
		{ldapattr.Scope{Group: accountName(t, "CN=Sellers,OU=Staff,"+salesDN), OU: "OU=Staff," + salesDN}, []string{`SALES\sam`}},
		{ldapattr.Scope{Filter: "(msIIS-FTPDir=*)"}, []string{`CORP\alice`, `CORP\bob`, `CORP\mallory`}},
	} {
		if got, err := list(test.scope); err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%+v yields %v, %v, want %v", test.scope, got, err, test.want)
		}
	}
	_, err := list(ldapattr.Scope{Group: accountName(t, `SALES\Sellers`), OU: "OU=Staff," + baseDN})
	asError(t, err, ldapattr.ErrUsage)
	_, err = list(ldapattr.Scope{OU: "OU=Staff,DC=other,DC=com"})
	asError(t, err, ldapattr.ErrUsage)
	_, err = list(ldapattr.Scope{Group: accountName(t, `OTHER\Sellers`)})
	asError(t, err, ldapattr.ErrNotFound)
}

// The account has to be named in a way that the other domain understands, and the
// server has to be of the domain that it is listed for.
func TestForest_opensNothingElse(t *testing.T) {
	corp, _, cfg := newForest(t)
	byDN := cfg
	byDN.Bind.User = "CN=Admin,OU=Other," + baseDN
	_, err := openForest(t, byDN).Lookup(t.Context(), accountName(t, `SALES\sam`))
	if e := asError(t, err, ldapattr.ErrUsage); !strings.Contains(e.Hint, `DOMAIN\user`) {
		t.Errorf("hint %q", e.Hint)
	}
	swapped := cfg
	swapped.Domains = []ldapattr.DomainServers{{Domain: "sales.corp.example.com", Servers: []string{corp.ldaps}}}
	_, err = openForest(t, swapped).Lookup(t.Context(), accountName(t, `SALES\sam`))
	asError(t, err, ldapattr.ErrUsage)
	catalog := cfg
	catalog.Domains = []ldapattr.DomainServers{{Domain: "SALES", Servers: []string{"ldaps://localhost:3269"}}}
	_, err = ldapattr.OpenForest(t.Context(), catalog)
	asError(t, err, ldapattr.ErrUsage)
}

// Without a list of servers the other domain is found by its own SRV records, never by
// asking a host that somebody refers to.
func TestForest_findsOtherDomainsByDNS(t *testing.T) {
	_, sales, cfg := newForest(t)
	const record = "_ldap._tcp.dc._msdcs.sales.corp.example.com"
	names := useNameServer(t, map[string][]srv{record: {{0, sales.port, "dc1.sales.corp.example.com"}}})
	cfg.Domains, cfg.StartTLS = nil, true
	if u, err := openForest(t, cfg).Lookup(t.Context(), accountName(t, `SALES\sam`)); err != nil || u.SAMAccountName != "sam" {
		t.Errorf("%+v, %v (%s)", u, err, hintOf(err))
	}
	if asked := names.questions(); !slices.Equal(asked, []string{record}) {
		t.Errorf("DNS was asked for %q", asked)
	}
}

func TestForest_closes(t *testing.T) {
	_, sales, cfg := newForest(t)
	f := openForest(t, cfg)
	if _, err := f.Lookup(t.Context(), accountName(t, `SALES\sam`)); err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
	until(t, "the other domain's connections are closed", func() bool { return sales.Stats().Open == 0 })
	_, err := f.Lookup(t.Context(), accountName(t, `SALES\sam`))
	asError(t, err, ldapattr.ErrUnreachable)
	g := openForest(t, cfg)
	_ = g.Close()
	_, err = g.Lookup(t.Context(), accountName(t, `SALES\sam`))
	asError(t, err, ldapattr.ErrUnreachable)
}
