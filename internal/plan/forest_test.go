package plan_test

import (
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/adsim/adsimtest"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/plan"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
)

// newForestWorld is two domains, one below the other, seen from the upper one.
func newForestWorld(t *testing.T) *world {
	t.Helper()
	const sales = `dn: CN=Sam,CN=Users,DC=sales,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: sam

dn: CN=Alice,CN=Users,DC=sales,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: alice
msIIS-FTPDir: theirs
`
	const group = `
dn: CN=Enterprise Admins,CN=Users,DC=corp,DC=example,DC=com
objectClass: group
sAMAccountName: Enterprise Admins
member: CN=Ada,CN=Users,DC=corp,DC=example,DC=com
`
	simulate := func(domain, netbios, seed string) (*adsim.Server, string) {
		served := adsimtest.Start(t, adsim.Config{Domain: domain, NetBIOS: netbios, Seed: strings.NewReader(seed), ForestRoot: "corp.example.com"})
		return served.Server, served.URL
	}
	one, here := simulate("corp.example.com", "CORP", seed+group)
	two, there := simulate("sales.corp.example.com", "SALES", sales)
	if err := adsim.Join(one, two); err != nil {
		t.Fatal(err)
	}
	w := &world{server: two, store: journal.At(t.TempDir())}
	w.cfg = configOf(here)
	w.cfg.Domains = []ldapattr.DomainServers{{Domain: "SALES", Servers: []string{there}}}
	var err error
	if w.forest, err = ldapattr.OpenForest(t.Context(), w.cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.forest.Close() })
	return w
}

// Users of two domains are planned, changed, found again and undone each in their
// own.
func TestEngine_twoDomains(t *testing.T) {
	w := newForestWorld(t)
	all := func() string {
		return w.values(t, `CORP\alice`) + " " + w.values(t, `SALES\alice`) + " " + w.values(t, `SALES\sam`)
	}
	before := all()
	d := w.draft(t, "user,root,dir\nCORP\\alice,,here\nSALES\\alice,,there\n\"CN=Sam,CN=Users,DC=sales,DC=corp,DC=example,DC=com\",\\\\fs02\\ftp$,sam\n")
	if len(d.Plan.Entries) != 3 || d.Plan.Entries[2].DNSDomain != "sales.corp.example.com" || d.Plan.Entries[2].User != `SALES\sam` {
		t.Fatalf("the plan is\n%s", text(d))
	}
	if told, err := w.apply(t.Context(), t, d.Plan, nil); err != nil || count(told, journal.Done) != 3 {
		t.Fatalf("%v, %s", err, told)
	}
	if got, want := all(), `\\fs01\ftp$|here |there \\fs02\ftp$|sam`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if told, err := w.apply(t.Context(), t, undo(t, w.lastRun(t)), nil); err != nil || all() != before {
		t.Fatalf("%v, %s, got %s, want %s", err, told, all(), before)
	}
	w.server.SetFaults(adsim.Faults{Only: adsim.OpModify, Lose: true}) // the other domain takes it and says nothing
	if _, err := w.apply(t.Context(), t, d.Plan, func(e *plan.Engine) { e.GoOn = true }); err == nil {
		t.Fatal("no error")
	}
	w.server.SetFaults(adsim.Faults{})
	settled, err := plan.Settle(t.Context(), w.forest, w.store)
	if err != nil || len(settled) != 1 || settled[0].Counts.Failed > 0 || settled[0].Counts.Open > 0 {
		t.Fatalf("%+v, %v", settled, err)
	}
	for _, e := range w.lastRun(t).Entries {
		want := e.Before
		if e.State == journal.Done {
			want = e.After
		}
		if got := w.values(t, e.User); got != want.Root+"|"+want.Dir {
			t.Errorf("%s is %s in the journal, and %s in the directory", e.User, e.State, got)
		}
	}
}
