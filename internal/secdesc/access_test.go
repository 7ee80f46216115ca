package secdesc_test

import (
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
)

const (
	alice   = domain + "-1001"
	staff   = domain + "-2001"
	ftpRoot = "2a7827a4-1483-49a5-9d84-52e3812156b4"
)

// token is alice's, in the group staff.
func token(t *testing.T, kind secdesc.Kind) secdesc.Token {
	t.Helper()
	return secdesc.Token{Kind: kind, SIDs: []secdesc.SID{mustSID(t, alice), mustSID(t, staff), secdesc.Everyone, secdesc.AuthenticatedUsers}}
}

func TestEffective_files(t *testing.T) {
	const all, none = secdesc.FileFull, secdesc.Rights(0)
	ownerMay := secdesc.ReadControl | secdesc.WriteDACL
	tests := []struct {
		name, sddl string
		granted    secdesc.Rights
		possible   secdesc.Rights
		unchecked  string
	}{
		{"no list at all", "O:BA", all, all, ""},
		{"null list", "D:NO_ACCESS_CONTROL", all, all, ""},
		{"empty list", "O:BAD:", none, none, ""},
		{"own entry", "D:(A;;0x1301bf;;;" + alice + ")", secdesc.FileModify, secdesc.FileModify, ""},
		{"by group", "D:(A;;FR;;;" + staff + ")", secdesc.FileRead, secdesc.FileRead, ""},
		{"somebody else's", "D:(A;;FA;;;" + domain + "-1002)", none, none, ""},
		{"entries add up", "D:(A;;FR;;;WD)(A;;FW;;;" + alice + ")", secdesc.FileRead | secdesc.FileWrite, secdesc.FileRead | secdesc.FileWrite, ""},
		{"refused before", "D:(D;;0x2;;;WD)(A;;FA;;;" + alice + ")", all &^ secdesc.AddFile, all &^ secdesc.AddFile, ""},
		{"refused too late", "D:(A;;FA;;;" + alice + ")(D;;FA;;;WD)", all, all, ""},
		{"inherited permission before own refusal", "D:(A;ID;FR;;;WD)(D;;FA;;;WD)", secdesc.FileRead, secdesc.FileRead, ""},
		{"for heirs alone", "D:(A;OICIIO;FA;;;WD)", none, none, ""},
		{"generic", "D:(A;;GR;;;WD)", secdesc.FileRead, secdesc.FileRead, ""},
		{"owner", "O:" + alice + "D:", ownerMay, ownerMay, ""},
		{"owner by group", "O:" + staff + "D:", ownerMay, ownerMay, ""},
		{"owner, whatever is refused", "O:" + alice + "D:(D;;FA;;;WD)", ownerMay, ownerMay, ""},
		{"rights of owners instead", "O:" + alice + "D:(A;;RC;;;OW)", secdesc.ReadControl, secdesc.ReadControl, ""},
		{"rights of owners for heirs alone", "O:" + alice + "D:(A;OIIO;RC;;;OW)", ownerMay, ownerMay, ""},
		{"rights of owners do not concern others", "O:BAD:(A;;FA;;;OW)", none, none, ""},
		{"audit and label do nothing", "D:(AU;SA;FA;;;WD)(ML;;NW;;;WD)(RA;;;;;WD;0x01)(A;;FR;;;WD)", secdesc.FileRead, secdesc.FileRead, ""},
		{"conditional permission", "D:(XA;;FR;;;WD;0x61727478)", none, secdesc.FileRead, "1 entries depend on conditions"},
		{"conditional permission of somebody else", "D:(XA;;FR;;;BA;0x61727478)", none, none, ""},
		{"conditional refusal", "D:(XD;;0x2;;;WD;0x61727478)(A;;FA;;;WD)", all &^ secdesc.AddFile, all, "conditions"},
		{"conditional refusal that comes too late", "D:(A;;FR;;;WD)(XD;;FR;;;WD;0x61727478)", secdesc.FileRead, secdesc.FileRead, "conditions"},
		{"unknown type", "D:(A;;FR;;;WD)(0x77;;;;;;0x00)(A;;FW;;;WD)", secdesc.FileRead, all, "types that are not known"},
		{"access filter", "D:(FL;;FA;;;WD;0x61)(A;;FR;;;WD)", none, secdesc.FileRead, "conditions"},
		{"narrowed to something that files do not have", "D:(OA;;0x1;" + ftpRoot + ";;WD)", none, none, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := secdesc.Effective(mustSDDL(t, test.sddl), token(t, secdesc.File))
			if a.Granted != test.granted || a.Possible != test.possible {
				t.Errorf("got %#x, at most %#x, want %#x, at most %#x", uint32(a.Granted), uint32(a.Possible), uint32(test.granted), uint32(test.possible))
			}
			if (a.NotChecked == "") != (test.unchecked == "") || !strings.Contains(a.NotChecked, test.unchecked) {
				t.Errorf("not checked: got %q, want %q", a.NotChecked, test.unchecked)
			}
			var seen secdesc.Rights
			for _, d := range a.Decisions {
				if d.Rights&seen != 0 || d.Granted != (d.Rights&a.Granted != 0) || (d.Entry < 0) != (d.Reason != "") {
					t.Errorf("decision %+v", d)
				}
				seen |= d.Rights
			}
			if seen != all {
				t.Errorf("decided are %#x", uint32(seen))
			}
		})
	}
}

func TestEffective_objects(t *testing.T) {
	const propertySet, other = "e48d0154-bcf8-11d1-8702-00c04fb96050", "bf9679e4-0de6-11d0-a285-00aa003049e2"
	tests := []struct {
		name, sddl string
		want       secdesc.Rights
	}{
		{"every attribute", "D:(A;;WP;;;WD)", secdesc.WriteProperty},
		{"this attribute", "D:(OA;;RPWP;" + ftpRoot + ";;WD)", secdesc.ReadProperty | secdesc.WriteProperty},
		{"its set", "D:(OA;;WP;" + propertySet + ";;WD)", secdesc.WriteProperty},
		{"another attribute", "D:(OA;;WP;" + other + ";;WD)", 0},
		{"no attribute is all of them", "D:(OA;;WP;;;WD)", secdesc.WriteProperty},
		{"this attribute refused", "D:(OD;;WP;" + ftpRoot + ";;WD)(A;;RPWP;;;WD)", secdesc.ReadProperty},
		{"another refused", "D:(OD;;WP;" + other + ";;WD)(A;;WP;;;WD)", secdesc.WriteProperty},
		{"for heirs of a class alone", "D:(OA;CIIO;WP;" + ftpRoot + ";bf967aba-0de6-11d0-a285-00aa003049e2;WD)", 0},
		{"inherited by this class", "D:(OA;CIID;WP;" + ftpRoot + ";bf967aba-0de6-11d0-a285-00aa003049e2;WD)", secdesc.WriteProperty},
		{"oneself", "D:(A;;WP;;;PS)", secdesc.WriteProperty},
		{"generic", "D:(A;;GW;;;WD)", secdesc.WriteProperty | secdesc.ValidatedSelf | secdesc.ReadControl},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			who := token(t, secdesc.Object)
			who.Self = mustSID(t, alice)
			for _, text := range []string{ftpRoot, propertySet} {
				g, err := secdesc.ParseGUID(text)
				if err != nil {
					t.Fatal(err)
				}
				who.Targets = append(who.Targets, g)
			}
			if a := secdesc.Effective(mustSDDL(t, test.sddl), who); a.Granted != test.want || a.Possible != test.want {
				t.Errorf("got %#x, want %#x", uint32(a.Granted), uint32(test.want))
			}
		})
	}
	who := token(t, secdesc.Object)
	who.Self = mustSID(t, domain+"-1002")
	if a := secdesc.Effective(mustSDDL(t, "D:(A;;WP;;;PS)"), who); a.Granted != 0 {
		t.Errorf("somebody else's object: got %#x", uint32(a.Granted))
	}
}

func TestAccess_Why(t *testing.T) {
	d := mustSDDL(t, "O:"+alice+"D:(D;;0x2;;;"+staff+")(A;;FR;;;WD)(A;;FA;;;BA)")
	a := secdesc.Effective(d, token(t, secdesc.File))
	tests := []struct {
		rights  secdesc.Rights
		granted bool
		entry   int
		reason  string
	}{
		{secdesc.ListFolder, true, 1, ""},
		{secdesc.AddFile, false, 0, ""},
		{secdesc.ListFolder | secdesc.AddFile, false, 0, ""},
		{secdesc.Delete, false, -1, "no entry"},
		{secdesc.WriteDACL, true, -1, "owner"},
		{0x200, false, -1, "no such right"},
	}
	for _, test := range tests {
		got := a.Why(test.rights)
		if got.Granted != test.granted || got.Entry != test.entry || !strings.Contains(got.Reason, test.reason) || (got.Reason == "") != (test.reason == "") {
			t.Errorf("%#x: got %+v, want %+v", uint32(test.rights), got, test)
		}
	}
}
