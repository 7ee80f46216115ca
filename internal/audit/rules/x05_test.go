package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// twoDomains are corp.example.com, of domain, and its child with one user; the latter
// does not answer unless it is to.
func twoDomains(t *testing.T, root, dir string, answers bool) *ldapattr.Permissions {
	t.Helper()
	sales := "dn: CN=al2,CN=Users,DC=sales,DC=corp,DC=example,DC=com\nobjectClass: user\nsAMAccountName: al2\nmsIIS-FTPRoot: %s\nmsIIS-FTPDir: %s\n"
	var servers [2]*adsim.Server
	for i, cfg := range []adsim.Config{
		{Domain: "corp.example.com", NetBIOS: "CORP", Seed: strings.NewReader(domain)},
		{Domain: "sales.corp.example.com", NetBIOS: "SALES", Seed: strings.NewReader(fmt.Sprintf(sales, root, dir))},
	} {
		cfg.ForestRoot = "corp.example.com"
		server, err := adsim.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		servers[i] = server
	}
	if err := adsim.Join(servers[:]...); err != nil {
		t.Fatal(err)
	}
	servers[1].SetFaults(adsim.Faults{Refuse: !answers})
	return opened(t, ldapattr.Config{
		Servers: []string{serving(t, servers[0])}, Domains: []ldapattr.DomainServers{{Domain: "SALES", Servers: []string{serving(t, servers[1])}}},
	})
}

func TestX05_sameHomeInTwoDomains(t *testing.T) {
	for name, tt := range map[string]struct {
		dir     string
		answers bool
		want    string
	}{
		"same home":     {`AL`, true, "medium " + share + `\al the home belongs to al2 of sales.corp.example.com, too`},
		"another home":  {"al2", true, "passed"},
		"no answer":     {"al", false, "not checked: the domain sales.corp.example.com cannot be read: "},
		"no valid home": {`..\al`, true, "passed"},
	} {
		t.Run(name, func(t *testing.T) {
			result, findings := ask(t, "X05", twoDomains(t, share, tt.dir, tt.answers), audit.Settings{})
			if got := said(result, findings); !strings.HasPrefix(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	shared := audit.Settings{Shared: []audit.Shared{{Place: share + `\al`, Reason: "one person"}}}
	if result, findings := ask(t, "X05", twoDomains(t, share, "al", true), shared); len(findings) != 0 || result.Passed != 1 {
		t.Errorf("a home that several may have: got %+v, %+v", result, findings)
	}
}

// In a forest of one domain there is no other; without a directory nobody knows.
func TestX05_oneDomain(t *testing.T) {
	if result, findings := ask(t, "X05", directory(t, domain), audit.Settings{}); len(findings) != 0 || result.Passed != 1 {
		t.Errorf("got %+v, %+v", result, findings)
	}
	if result, findings := ask(t, "X05", nil, audit.Settings{}); len(findings) != 0 || result.NotChecked != 1 {
		t.Errorf("got %+v, %+v", result, findings)
	}
}
