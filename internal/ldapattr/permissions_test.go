package ldapattr_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
)

func descriptor(t *testing.T, p *ldapattr.Permissions, dn string) ldapattr.Secured {
	t.Helper()
	found, err := p.Descriptor(t.Context(), dn)
	if err != nil {
		t.Fatalf("Descriptor(%s): %v (%s)", dn, err, hintOf(err))
	}
	return found
}

// delegated are entries that let a group write the attribute msIIS-FTPDir of users.
func delegated(t *testing.T, group string) []secdesc.ACE {
	t.Helper()
	d, err := secdesc.ParseSDDL("D:(OA;CIIO;RPWP;8a5c99e9-2230-46eb-b8e8-e59d712eb9ee;bf967aba-0de6-11d0-a285-00aa003049e2;"+group+")", "")
	if err != nil {
		t.Fatal(err)
	}
	return d.DACL.Entries
}

// testSetDACL adds entries to an OU, finds them on a user below it, and takes them
// away again; with values of before it does not write.
func testSetDACL(t *testing.T, p *ldapattr.Permissions, ou, user, group string) {
	t.Helper()
	entries := delegated(t, group)
	before := descriptor(t, p, ou)
	if before.Descriptor.Owner == "" || before.Descriptor.DACL == nil || before.Descriptor.DACL.Has(entries[0]) || before.DN != ou {
		t.Fatalf("before: %s %s", before.DN, before.Descriptor.SDDL())
	}
	with, err := p.SetDACL(t.Context(), before, before.Descriptor.DACL.With(entries...))
	if err != nil {
		t.Fatalf("SetDACL: %v (%s)", err, hintOf(err))
	}
	now, err := p.Again(t.Context(), before)
	if err != nil || !now.Descriptor.DACL.Has(entries[0]) || now.Descriptor.Owner != before.Descriptor.Owner ||
		now.Descriptor.SDDL() != with.Descriptor.SDDL() || len(now.Descriptor.DACL.Entries) != len(before.Descriptor.DACL.Entries)+1 {
		t.Errorf("afterwards it is %s", now.Descriptor.SDDL())
	}
	heir := entries[0]
	heir.Flags = heir.Flags&^secdesc.InheritOnly | secdesc.Inherited
	if now := descriptor(t, p, user); !now.Descriptor.DACL.Has(heir) {
		t.Errorf("the user below it does not inherit: %s", now.Descriptor.SDDL())
	}

	_, err = p.SetDACL(t.Context(), before, before.Descriptor.DACL.With(entries...))
	asError(t, err, ldapattr.ErrConflict)

	without, n := with.Descriptor.DACL.Without(entries...)
	if n != 1 {
		t.Fatalf("%d entries to take away", n)
	}
	if now, err := p.SetDACL(t.Context(), with, without); err != nil || now.Descriptor.SDDL() != before.Descriptor.SDDL() {
		t.Errorf("taken away: %v, %s, want %s", err, now.Descriptor.SDDL(), before.Descriptor.SDDL())
	}
	if now := descriptor(t, p, user); now.Descriptor.DACL.Has(heir) {
		t.Errorf("the user below it keeps it: %s", now.Descriptor.SDDL())
	}
}

func TestPermissions_setDACL(t *testing.T) {
	d := open(t, newSim(t, "corp.example.com", seed+groups).asAdmin())
	p := &ldapattr.Permissions{Directory: d}
	testSetDACL(t, p, "OU=Staff,"+baseDN, "CN=Alice,OU=Staff,"+baseDN, groupSID(t, d, "inner"))
}

func TestPermissions_refusals(t *testing.T) {
	sim := newSim(t, "corp.example.com", seed+groups)
	d := open(t, sim.asAdmin())
	p := &ldapattr.Permissions{Directory: d}
	for dn, want := range map[string]error{
		"OU=Nowhere," + baseDN:                ldapattr.ErrNotFound,
		"OU=Staff,DC=other,DC=example,DC=com": ldapattr.ErrUsage,
		"Staff":                               ldapattr.ErrUsage,
		"<GUID=Staff>":                        ldapattr.ErrUsage,
		"<GUID=2a7827a4-1483-49a5-9d84-52e3812156b4>": ldapattr.ErrUsage,
	} {
		if found, err := p.Descriptor(t.Context(), dn); !errors.Is(err, want) {
			t.Errorf("%s: got %+v, %v, want %v", dn, found, err, want)
		}
	}
	ou := descriptor(t, p, "OU=Staff,"+baseDN)
	list := ou.Descriptor.DACL.With(delegated(t, groupSID(t, d, "inner"))...)

	bob := &ldapattr.Permissions{Directory: open(t, sim.as(`CORP\bob`, bobPass))}
	_, err := bob.SetDACL(t.Context(), ou, list)
	if e := asError(t, err, ldapattr.ErrRights); !strings.Contains(e.Hint, "WRITE_DAC") {
		t.Errorf("hint %q", e.Hint)
	}

	large := secdesc.ACL{Entries: slices.Repeat(list.Entries, 1000)}
	_, err = p.SetDACL(t.Context(), ou, large)
	asError(t, err, ldapattr.ErrValue)

	if err := sim.dial(t).Del(ldap.NewDelRequest("CN=Smith\\, John,OU=Other,"+baseDN, nil)); err != nil {
		t.Fatal(err)
	}
	gone := ldapattr.Secured{DN: "OU=Gone," + baseDN, GUID: ldapattr.GUID{1}, Descriptor: ou.Descriptor}
	_, err = p.SetDACL(t.Context(), gone, list)
	asError(t, err, ldapattr.ErrNotFound)
	if now := descriptor(t, p, ou.DN); now.Descriptor.SDDL() != ou.Descriptor.SDDL() {
		t.Errorf("it is %s by now", now.Descriptor.SDDL())
	}
}

func TestPermissions_names(t *testing.T) {
	sim := newSim(t, "corp.example.com", seed+groups)
	d := open(t, sim.asAdmin())
	p := &ldapattr.Permissions{Directory: d}
	sid := func(text string) secdesc.SID {
		sid, err := secdesc.ParseSID(text)
		if err != nil {
			t.Fatal(err)
		}
		return sid
	}
	alice, inner := sid(lookup(t, d, "alice").SID), sid(groupSID(t, d, "inner"))
	want := map[secdesc.SID]string{
		alice: `CORP\alice`, inner: `CORP\inner`, secdesc.Everyone: "Everyone", secdesc.Administrators: `BUILTIN\Administrators`,
		alice.Domain().WithRID(424242): alice.Domain().WithRID(424242).String(), sid("S-1-5-21-7-7-7-1001"): "S-1-5-21-7-7-7-1001",
		sid("S-1-22-1-1000"): "S-1-22-1-1000", sid("S-1-5"): "S-1-5",
	}
	var asked []secdesc.SID
	for sid := range want {
		asked = append(asked, sid, sid)
	}
	for _, round := range []struct {
		name     string
		searches int
	}{{"first", 1}, {"again", 0}} {
		before := sim.Stats().Searches
		got, err := p.Names(t.Context(), asked)
		if err != nil || len(got) != len(want) {
			t.Fatalf("%s: %v, %v", round.name, got, err)
		}
		for sid, name := range want {
			if got[sid] != name {
				t.Errorf("%s: %s is %q, want %q", round.name, sid, got[sid], name)
			}
		}
		// A connection in use may be asked for a sign of life first, which costs a search, too.
		filter := sim.Stats().LastFilter()
		if n := sim.Stats().Searches - before; n > round.searches+1 || (round.searches > 0 && !strings.Contains(filter, "objectSid")) {
			t.Errorf("%s: %d searches, the last for %s", round.name, n, filter)
		}
	}

	var many []secdesc.SID
	for rid := range uint32(1000) {
		many = append(many, alice.Domain().WithRID(500000+rid))
	}
	before := sim.Stats().Searches
	if got, err := p.Names(t.Context(), append(many, alice)); err != nil || len(got) != 1001 || got[alice] != `CORP\alice` {
		t.Errorf("many: %d names, %v", len(got), err)
	}
	if n := sim.Stats().Searches - before; n < 5 || n > 10 {
		t.Errorf("many: %d searches, want five", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := p.Names(ctx, []secdesc.SID{alice, sid("S-1-5-21-7-7-7-1002")}); !errors.Is(err, context.Canceled) || got[alice] != `CORP\alice` {
		t.Errorf("canceled: %v, %v", got, err)
	}
}

func TestPermissions_forest(t *testing.T) {
	_, _, cfg := newForest(t)
	forest := openForest(t, cfg)
	p := &ldapattr.Permissions{Forest: forest}
	sam, err := forest.Lookup(t.Context(), accountName(t, `SALES\sam`))
	if err != nil {
		t.Fatal(err)
	}
	sids, err := p.TokenGroups(t.Context(), sam)
	if err != nil || len(sids) < 2 {
		t.Fatalf("groups of %s: %v, %v", sam.DN, sids, err)
	}
	own, err := secdesc.ParseSID(sam.SID)
	if err != nil {
		t.Fatal(err)
	}
	alice, err := secdesc.ParseSID(lookup(t, forest.Home(), "alice").SID)
	if err != nil {
		t.Fatal(err)
	}
	names, err := p.Names(t.Context(), append(sids, own, alice))
	if err != nil || names[own] != `SALES\sam` || names[alice] != `CORP\alice` || !slices.Contains(slices.Collect(maps.Values(names)), `SALES\Sellers`) {
		t.Errorf("got %v, %v", names, err)
	}
	if found := descriptor(t, p, "OU=Staff,"+baseDN); found.Descriptor.DACL == nil {
		t.Error("the home domain is not the one that is asked")
	}
	stranger := sam
	stranger.DNSDomain = "other.example.com"
	if _, err := p.TokenGroups(t.Context(), stranger); !errors.Is(err, ldapattr.ErrUsage) {
		t.Errorf("a user of another forest: %v", err)
	}
}
