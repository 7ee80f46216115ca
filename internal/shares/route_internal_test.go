package shares

import (
	"slices"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

func located(t *testing.T, s string) homedir.Location {
	t.Helper()
	location, err := homedir.ParseLocation(s)
	if err != nil {
		t.Fatal(err)
	}
	return location
}

// bothOrders runs a check with a list as it is and the other way round.
func bothOrders[T any](list []T, check func(list []T, order string)) {
	check(list, "as written")
	reversed := slices.Clone(list)
	slices.Reverse(reversed)
	check(reversed, "reversed")
}

func TestRoute_theClosestFileServerDecides(t *testing.T) {
	entries := []FileServer{
		{Pattern: "*.example.com", NTLM: true, Unsigned: true}, {Pattern: "*.corp.example.com", NTLM: false, Unsigned: false}, {Pattern: "fs01.corp.example.com", NTLM: true, Unsigned: true},
		{Pattern: "twice.example.com", NTLM: true, Unsigned: false}, {Pattern: "TWICE.example.com", NTLM: false, Unsigned: true}, {Pattern: "*.net", NTLM: false, Unsigned: false}, {Pattern: "old.example.net", NTLM: true, Unsigned: true},
	}
	bothOrders(entries, func(entries []FileServer, order string) {
		policy := Policy{FileServers: entries}
		for host, want := range map[string]bool{
			"fs01.corp.example.com": true, "FS01.CORP.EXAMPLE.COM": true, "fs02.corp.example.com": false,
			"x.fs01.corp.example.com": false, "fs.example.com": true, "twice.example.com": false,
			"old.example.net": true, "new.example.net": false,
		} {
			to, err := policy.route(located(t, `\\`+host+`\s`))
			if err != nil || to.login(Credentials{}).AllowNTLM != want || to.login(Credentials{}).Unsigned != want {
				t.Errorf("%s, %s: by %q, NTLM %v, %v, want %v", order, host, to.server.Pattern, to.server.NTLM, err, want)
			}
		}
	})
}

// Kerberos is the rule and NTLM the listed exception: without a realm and without
// the exception there is no way to prove who we are, so none is offered.
func TestRoute_login(t *testing.T) {
	password := secret.New("Wonder1and!")
	for _, tt := range []struct {
		ntlm  bool
		dns   string
		realm string // "" = no Kerberos
	}{{false, "corp.example.com", "CORP.EXAMPLE.COM"}, {true, "corp.example.com", "CORP.EXAMPLE.COM"}, {false, "", ""}, {true, "", ""}} {
		got := route{server: FileServer{Pattern: "fs01", NTLM: tt.ntlm}}.login(NewCredentials("CORP", "alice", tt.dns, password))
		if got.Domain != "CORP" || got.User != "alice" || got.Password.Reveal() != password.Reveal() {
			t.Errorf("the account is %s\\%s, password kept %v", got.Domain, got.User, got.Password.Reveal() == password.Reveal())
		}
		if got.AllowNTLM != tt.ntlm || (got.Kerberos == nil) != (tt.realm == "") || got.Kerberos != nil && got.Kerberos.Realm != tt.realm {
			t.Errorf("NTLM %v, realm %q: got NTLM %v, Kerberos %+v", tt.ntlm, tt.realm, got.AllowNTLM, got.Kerberos)
		}
	}
}

func TestRoute_theDeepestLocalRootAndTheLongestMappingHold(t *testing.T) {
	roots := []homedir.Location{
		located(t, "/srv"), located(t, "/srv/ftp/alice"), located(t, "/srv/ftp"), located(t, `D:\`), located(t, `D:\ftp`),
	}
	bothOrders(roots, func(roots []homedir.Location, order string) {
		policy := Policy{LocalRoots: roots}
		for location, want := range map[string][2]string{
			"/srv/ftp/alice":    {"/srv/ftp/alice", ""},
			"/srv/ftp/alice/in": {"/srv/ftp/alice", "in"},
			"/srv/ftp/bob":      {"/srv/ftp", "bob"},
			"/srv/www":          {"/srv", "www"},
			`d:\FTP\bob`:        {`D:\ftp`, "bob"},
		} {
			to, err := policy.route(located(t, location))
			if got := [2]string{to.root.String(), to.below}; err != nil || got != want {
				t.Errorf("%s, %s: got %q, %v, want %q", order, location, got, err, want)
			}
		}
	})
	mappings := []Mapping{
		{located(t, `\\fs01\ftp$`), located(t, "/srv/all")},
		{located(t, `\\fs01\ftp$\staff\old`), located(t, "/srv/old")},
		{located(t, `\\fs01\ftp$\staff`), located(t, "/srv/staff")},
	}
	bothOrders(mappings, func(mappings []Mapping, order string) {
		policy := Policy{PathMap: mappings}
		for location, want := range map[string][2]string{
			`\\fs01\ftp$\bob`:            {"/srv/all", "bob"},
			`\\fs01\ftp$\staff\alice`:    {"/srv/staff", "alice"},
			`\\FS01\FTP$\Staff\Old\carl`: {"/srv/old", "carl"},
			`\\fs01\ftp$\staffing`:       {"/srv/all", "staffing"},
		} {
			to, err := policy.route(located(t, location))
			if got := [2]string{to.root.String(), to.below}; err != nil || got != want {
				t.Errorf("%s, %s: got %q, %v, want %q", order, location, got, err, want)
			}
		}
	})
}
