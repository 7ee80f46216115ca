package plan_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/plan"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
)

const staffOU = "OU=Staff,DC=corp,DC=example,DC=com"

func entries(t *testing.T, sddl string) []secdesc.ACE {
	t.Helper()
	d, err := secdesc.ParseSDDL("D:"+sddl, "")
	if err != nil {
		t.Fatal(err)
	}
	return d.DACL.Entries
}

// list is what the permissions of the OU are now.
func list(t *testing.T, p *ldapattr.Permissions) string {
	t.Helper()
	found, err := p.Descriptor(t.Context(), staffOU)
	if err != nil {
		t.Fatal(err)
	}
	return secdesc.Descriptor{DACL: found.Descriptor.DACL}.SDDL()
}

// grant reads the OU again and makes a change in a run of its own.
func (w *world) grant(t *testing.T, p *ldapattr.Permissions, g plan.Grant) error {
	t.Helper()
	run, err := w.store.Begin(journal.Header{Domain: "corp.example.com", Kind: journal.Permissions})
	if err != nil {
		t.Fatal(err)
	}
	err = g.Apply(t.Context(), p, run)
	if ending := run.End(); ending != nil {
		t.Fatal(ending)
	}
	return err
}

func read(t *testing.T, p *ldapattr.Permissions, g plan.Grant) plan.Grant {
	t.Helper()
	found, err := p.Descriptor(t.Context(), staffOU)
	if err != nil {
		t.Fatal(err)
	}
	g.Object = found
	return g
}

func TestGrant_applyUndoRedo(t *testing.T) {
	w := newWorld(t, "")
	p := &ldapattr.Permissions{Forest: w.forest}
	if err := w.grant(t, p, read(t, p, plan.Grant{Add: entries(t, "(A;;RP;;;BG)(D;;WP;;;SU)")})); err != nil {
		t.Fatal(err)
	}
	before := list(t, p)
	g := plan.Grant{Add: entries(t, "(A;CI;WP;;;BU)(D;;WP;;;NU)"), Remove: entries(t, "(A;;RP;;;BG)")}
	if err := w.grant(t, p, read(t, p, g)); err != nil {
		t.Fatal(err)
	}
	after := list(t, p)
	for _, entry := range []string{"(A;CI;WP;;;BU)", "(D;;WP;;;SU)(D;;WP;;;NU)"} {
		if !strings.Contains(after, entry) {
			t.Errorf("%s lacks %s", after, entry)
		}
	}
	if strings.Contains(after, ";BG)") || strings.Contains(before, ";BU)") {
		t.Errorf("from %s to %s", before, after)
	}

	inverse, err := plan.UndoGrants(w.lastRun(t))
	if err != nil || len(inverse) != 1 {
		t.Fatalf("%+v, %v", inverse, err)
	}
	// Somebody else's entry stays, and what is gone already is no failure.
	if err := w.grant(t, p, read(t, p, plan.Grant{Add: entries(t, "(A;;RP;;;AU)"), Remove: entries(t, "(D;;WP;;;NU)")})); err != nil {
		t.Fatal(err)
	}
	left := read(t, p, inverse[0]).Left()
	if len(left.Remove) != 1 || len(left.Add) != 1 {
		t.Errorf("left to undo: %+v", left)
	}
	if err := w.grant(t, p, left); err != nil {
		t.Fatal(err)
	}
	now := list(t, p)
	if strings.Contains(now, ";BU)") || !strings.Contains(now, "(A;;RP;;;BG)") || !strings.Contains(now, "(A;;RP;;;AU)") {
		t.Errorf("taken back: %s", now)
	}
	if again := read(t, p, inverse[0]).Left(); !again.Empty() {
		t.Errorf("taken back twice: %+v", again)
	}
	if runs, err := w.store.Runs(); err != nil || len(runs) != 4 || runs[1].Kind != journal.Permissions || runs[1].Done != 1 {
		t.Errorf("%+v, %v", runs, err)
	}
}

func TestGrant_left(t *testing.T) {
	d, err := secdesc.ParseSDDL("D:(OA;CIIO;RPWP;8a5c99e9-2230-46eb-b8e8-e59d712eb9ee;;BU)(A;;RP;;;BG)", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		add  string
		want int
	}{
		{"(OA;CIIO;RPWP;8a5c99e9-2230-46eb-b8e8-e59d712eb9ee;;BU)", 0},
		{"(OA;CIIO;RP;8a5c99e9-2230-46eb-b8e8-e59d712eb9ee;;BU)", 0},
		{"(OA;CIIO;RPWPCR;8a5c99e9-2230-46eb-b8e8-e59d712eb9ee;;BU)", 1},
		{"(OA;CI;RP;8a5c99e9-2230-46eb-b8e8-e59d712eb9ee;;BU)", 1},
		{"(OD;CIIO;RP;8a5c99e9-2230-46eb-b8e8-e59d712eb9ee;;BU)", 1},
		{"(OA;CIIO;RP;;;BU)", 1},
		{"(A;;RP;;;BG)(A;;WP;;;BG)", 1},
	} {
		g := plan.Grant{Object: ldapattr.Secured{Descriptor: d}, Add: entries(t, tt.add)}
		if got := g.Left(); len(got.Add) != tt.want {
			t.Errorf("%s: %d left, want %d", tt.add, len(got.Add), tt.want)
		}
	}
	g := plan.Grant{Object: ldapattr.Secured{Descriptor: d}, Remove: entries(t, "(A;;RP;;;BG)(A;;WP;;;BG)")}
	if got := g.Left(); len(got.Remove) != 1 || g.Empty() || len(g.Remove) != 2 {
		t.Errorf("to take away: %+v", got)
	}
}

func TestGrant_refusals(t *testing.T) {
	w := newWorld(t, "")
	p := &ldapattr.Permissions{Forest: w.forest}
	add := plan.Grant{Add: entries(t, "(A;CI;WP;;;BU)")}
	stale := read(t, p, add)
	if err := w.grant(t, p, read(t, p, plan.Grant{Add: entries(t, "(A;;RP;;;BG)")})); err != nil {
		t.Fatal(err)
	}
	if err := w.grant(t, p, stale); !errors.Is(err, ldapattr.ErrConflict) {
		t.Errorf("permissions that somebody has changed: %v", err)
	}
	if h := w.lastRun(t); h.Counts.Conflict != 1 || !h.Ended || strings.Contains(list(t, p), ";BU)") {
		t.Errorf("the journal says %+v, the OU is %s", h.Counts, list(t, p))
	}
	open := read(t, p, add)
	open.Object.Descriptor.DACL = nil
	if err := w.grant(t, p, open); err == nil || w.lastRun(t).Counts.Intended != 0 {
		t.Errorf("no list at all: %v", err)
	}
	gone := read(t, p, add)
	gone.Object.GUID = ldapattr.GUID{1}
	if err := w.grant(t, p, gone); !errors.Is(err, ldapattr.ErrNotFound) || w.lastRun(t).Counts.Failed != 1 {
		t.Errorf("an object that is gone: %v", err)
	}
	strange := read(t, p, add)
	strange.Object.DNSDomain = "other.example.com"
	if err := w.grant(t, p, strange); !errors.Is(err, ldapattr.ErrUsage) || w.lastRun(t).Counts.Failed != 1 {
		t.Errorf("an object of another forest: %v, %+v", err, w.lastRun(t).Counts)
	}
	if _, err := plan.UndoGrants(w.lastRun(t)); !errors.Is(err, plan.ErrNothing) {
		t.Errorf("nothing to undo: %v", err)
	}
}

// A change in a domain that has left the forest can never be looked at again, and is no
// reason to say so at every start.
func TestSettleGrants_ofADomainThatIsGone(t *testing.T) {
	w := newWorld(t, "")
	run, err := w.store.Begin(journal.Header{Domain: "corp.example.com", Kind: journal.Permissions})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := run.Intend([]journal.Entry{{DN: staffOU, DNSDomain: "gone.example.com", GUID: ldapattr.GUID{1}.String(), Permissions: &journal.PermissionsChange{}}}); err != nil {
		t.Fatal(err)
	}
	if err := run.End(); err != nil {
		t.Fatal(err)
	}
	settled, err := plan.SettleGrants(t.Context(), &ldapattr.Permissions{Forest: w.forest}, w.store, "corp.example.com")
	if err != nil || len(settled) != 1 || settled[0].Counts.Failed != 1 || !w.lastRun(t).Ended {
		t.Errorf("%+v, %v", settled, err)
	}
}

// What was sent and not answered is looked at; what was not sent is not done.
func TestSettleGrants(t *testing.T) {
	w := newWorld(t, "")
	p := &ldapattr.Permissions{Forest: w.forest}
	for _, tt := range []struct {
		name  string
		fault adsim.Faults
		entry string
		want  journal.Counts
	}{
		{"done, not answered", adsim.Faults{Only: adsim.OpModify, Lose: true}, "(A;CI;WP;;;BU)", journal.Counts{Intended: 1, Done: 1}},
		{"not done", adsim.Faults{Only: adsim.OpModify, Drop: true}, "(A;CI;WP;;;BG)", journal.Counts{Intended: 1, NotDone: 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := read(t, p, plan.Grant{Add: entries(t, tt.entry)})
			w.server.SetFaults(tt.fault)
			err := w.grant(t, p, g)
			if h := w.lastRun(t); !errors.Is(err, ldapattr.ErrUnreachable) || h.Counts.Open != 1 || h.Ended {
				t.Fatalf("%v, the journal says %+v", err, h.Counts)
			}
			if settled, err := plan.SettleGrants(t.Context(), p, w.store, "other.example.com"); err != nil || len(settled) != 0 {
				t.Errorf("of another domain: %+v, %v", settled, err)
			}
			w.server.SetFaults(adsim.Faults{Only: adsim.OpSearch, Drop: true})
			if settled, err := plan.SettleGrants(t.Context(), p, w.store, "corp.example.com"); err == nil || len(settled) != 0 {
				t.Errorf("without a directory: %+v, %v", settled, err)
			}
			w.server.SetFaults(adsim.Faults{})
			if settled, err := plan.Settle(t.Context(), w.forest, w.store); err != nil || len(settled) != 0 {
				t.Errorf("taken for a run about homes: %+v, %v", settled, err)
			}
			settled, err := plan.SettleGrants(t.Context(), p, w.store, "CORP.example.com")
			if err != nil || len(settled) != 1 || settled[0].Counts != tt.want || settled[0].Looked != 1 {
				t.Fatalf("%+v, %v, want %+v", settled, err, tt.want)
			}
			if there := strings.Contains(list(t, p), tt.entry); there != (tt.want.Done == 1) || !w.lastRun(t).Ended {
				t.Errorf("it is there: %v", there)
			}
		})
	}
}

// A journal that somebody has edited gives no other rights than its entries say, and one that is damaged gives none.
func TestSettleGrants_hostileJournal(t *testing.T) {
	w := newWorld(t, "")
	p := &ldapattr.Permissions{Forest: w.forest}
	object := read(t, p, plan.Grant{}).Object
	change := func(add ...string) *journal.PermissionsChange { return &journal.PermissionsChange{Add: add} }
	for name, e := range map[string]journal.Entry{
		"no change":         {GUID: object.GUID.String()},
		"no GUID":           {GUID: "x", Permissions: change("(A;;WP;;;BU)")},
		"no SDDL":           {GUID: object.GUID.String(), Permissions: change("(A;;WP;;;XX)")},
		"two in one":        {GUID: object.GUID.String(), Permissions: change("(A;;WP;;;BU)(A;;RP;;;BU)")},
		"another list":      {GUID: object.GUID.String(), Permissions: change("(A;;WP;;;BU)S:(AU;SA;FA;;;WD)", "")},
		"an object that is": {GUID: "11111111-2222-3333-4444-555555555555", Permissions: change("(A;;WP;;;BU)")},
	} {
		t.Run(name, func(t *testing.T) {
			w.store = journal.At(filepath.Join(t.TempDir(), "journal"))
			run, err := w.store.Begin(journal.Header{Domain: "corp.example.com", Kind: journal.Permissions})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := run.Intend([]journal.Entry{e}); err != nil {
				t.Fatal(err)
			}
			if err := run.End(); err != nil {
				t.Fatal(err)
			}
			settled, err := plan.SettleGrants(t.Context(), p, w.store, "corp.example.com")
			if err != nil || len(settled) != 1 || settled[0].Counts.Failed != 1 {
				t.Errorf("%+v, %v", settled, err)
			}
		})
	}
	h := journal.History{Entries: []journal.Recorded{{
		Entry:   journal.Entry{GUID: object.GUID.String(), Permissions: change("(A;;WP;;;BU)(A;;RP;;;BU)")},
		Outcome: journal.Outcome{State: journal.Done},
	}}}
	if g, err := plan.UndoGrants(h); err == nil {
		t.Errorf("two entries in one: %+v", g)
	}
	if _, err := plan.SettleGrants(t.Context(), p, journal.At("no\x00folder"), "corp.example.com"); err == nil {
		t.Error("a journal in a folder that cannot be is taken")
	}
}
