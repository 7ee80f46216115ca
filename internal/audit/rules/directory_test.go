package rules_test

import (
	"context"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/audit/rules"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// domain is a small domain in which al has a home.
const domain = `dn: OU=Staff,DC=corp,DC=example,DC=com
objectClass: organizationalUnit

dn: CN=ada,CN=Users,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: ada
userPassword: Adm1n!!!
memberOf: CN=Domain Admins,CN=Users,DC=corp,DC=example,DC=com

dn: CN=desk,CN=Users,DC=corp,DC=example,DC=com
objectClass: group
sAMAccountName: desk
objectSid: S-1-5-21-105341501-1697454131-850948267-7777

dn: CN=al,OU=Staff,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: al
msIIS-FTPRoot: \\fs01.corp.example.com\ftp$
msIIS-FTPDir: al
`

// directory starts a domain and asks it as its administrator.
func directory(t *testing.T, ldif string) *ldapattr.Permissions {
	t.Helper()
	server, err := adsim.New(adsim.Config{Domain: "corp.example.com", NetBIOS: "CORP", Seed: strings.NewReader(ldif)})
	if err != nil {
		t.Fatal(err)
	}
	return opened(t, ldapattr.Config{Servers: []string{serving(t, server)}})
}

// serving runs a directory until the test ends, and returns where it answers.
func serving(t *testing.T, server *adsim.Server) (url string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
	return "ldap://" + listener.Addr().String()
}

// opened asks directories as the administrator of the first.
func opened(t *testing.T, cfg ldapattr.Config) *ldapattr.Permissions {
	t.Helper()
	cfg.AllowPlaintext, cfg.Bind = true, ldapattr.Bind{User: `CORP\ada`, Password: secret.New("Adm1n!!!")}
	forest, err := ldapattr.OpenForest(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = forest.Close() })
	return &ldapattr.Permissions{Forest: forest}
}

// ask asks one rule about a whole domain; without permissions, about al alone.
func ask(t *testing.T, id string, p *ldapattr.Permissions, settings audit.Settings) (audit.Result, []audit.Finding) {
	t.Helper()
	checks, err := audit.Select(rules.All(), audit.Scope{Rules: []string{id}}, 0)
	if err != nil {
		t.Fatal(err)
	}
	settings.Permissions = p
	accounts := each([]ldapattr.Account{user("al")})
	if p != nil {
		accounts = p.Accounts(t.Context(), ldapattr.Scope{})
	}
	report, err := audit.Run(t.Context(), accounts, audit.Options{Checks: checks, Settings: settings})
	if err != nil {
		t.Fatal(err)
	}
	return report.Results[0], report.Findings
}

// All rules together, on a domain without fault.
func TestAll_onADomain(t *testing.T) {
	p := directory(t, domain)
	report, err := audit.Run(t.Context(), p.Accounts(t.Context(), ldapattr.Scope{}), audit.Options{Checks: rules.All(), Settings: audit.Settings{Permissions: p}})
	if err != nil || len(report.Findings) != 0 || report.Homes != 1 {
		t.Errorf("got %+v, %v", report.Findings, err)
	}
	if n := slices.IndexFunc(report.Results, func(r audit.Result) bool { return r.Found+r.Passed+r.NotChecked == 0 && r.Rule != "X07" }); n >= 0 {
		t.Errorf("%s says nothing at all", report.Results[n].Rule)
	}
}
