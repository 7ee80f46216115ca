package secdesc_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
)

func listSDDL(list *secdesc.ACL) string {
	if list == nil {
		return "none"
	}
	return secdesc.Descriptor{DACL: list}.SDDL()
}

func TestInherit(t *testing.T) {
	const users = "bf967aba-0de6-11d0-a285-00aa003049e2"
	tests := []struct{ name, parent, folder, file string }{
		{"no list", "O:BA", "none", "none"},
		{"nothing to hand down", "D:(A;;FA;;;BA)", "none", "none"},
		{"to all", "D:(A;OICI;FA;;;BA)", "D:(A;OICIID;FA;;;BA)", "D:(A;ID;FA;;;BA)"},
		{"to folders", "D:(A;CI;FA;;;BA)", "D:(A;CIID;FA;;;BA)", "none"},
		{"to files", "D:(A;OI;FA;;;BA)", "D:(A;OIIOID;FA;;;BA)", "D:(A;ID;FA;;;BA)"},
		{"to files, once", "D:(A;OINP;FA;;;BA)", "none", "D:(A;ID;FA;;;BA)"},
		{"to all, once", "D:(A;OICINP;FA;;;BA)", "D:(A;ID;FA;;;BA)", "D:(A;ID;FA;;;BA)"},
		{"heirs alone", "D:(A;OICIIO;FA;;;BA)", "D:(A;OICIID;FA;;;BA)", "D:(A;ID;FA;;;BA)"},
		{"inherited already", "D:(A;OICIID;FA;;;BA)", "D:(A;OICIID;FA;;;BA)", "D:(A;ID;FA;;;BA)"},
		{"creator", "D:(A;OICIIO;FA;;;CO)", "D:(A;ID;FA;;;" + alice + ")(A;OICIIOID;FA;;;CO)", "D:(A;ID;FA;;;" + alice + ")"},
		{"creator's group", "D:(A;CI;FA;;;CG)", "D:(A;ID;FA;;;" + staff + ")(A;CIIOID;FA;;;CG)", "none"},
		{"generic", "D:(A;OICI;GR;;;BA)", "D:(A;ID;FR;;;BA)(A;OICIIOID;GR;;;BA)", "D:(A;ID;FR;;;BA)"},
		{"generic, once", "D:(A;OICINP;GR;;;BA)", "D:(A;ID;FR;;;BA)", "D:(A;ID;FR;;;BA)"},
		{"refusals", "D:(D;OICI;FW;;;BA)(A;OICI;FA;;;BA)", "D:(D;OICIID;FW;;;BA)(A;OICIID;FA;;;BA)", "D:(D;ID;FW;;;BA)(A;ID;FA;;;BA)"},
		{"for objects of a class", "D:(OA;OICI;RP;;" + users + ";BA)", "D:(OA;OICIIOID;RP;;" + users + ";BA)", "none"},
		{"conditions are kept", "D:(XA;CI;FA;;;BA;0x61)", "D:(XA;CIID;FA;;;BA;0x61)", "none"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			parent, owner, group := mustSDDL(t, test.parent), mustSID(t, alice), mustSID(t, staff)
			if got := listSDDL(secdesc.Inherit(parent, owner, group, true)); got != test.folder {
				t.Errorf("folder: got %s, want %s", got, test.folder)
			}
			if got := listSDDL(secdesc.Inherit(parent, owner, group, false)); got != test.file {
				t.Errorf("file: got %s, want %s", got, test.file)
			}
		})
	}
	if got := listSDDL(secdesc.Inherit(mustSDDL(t, "D:(A;OICI;FA;;;CG)"), secdesc.System, "", false)); got != "none" {
		t.Errorf("nobody in the place of the creator's group: got %s", got)
	}
}

func TestHome(t *testing.T) {
	user := mustSID(t, alice)
	d := secdesc.Home(user)
	if got, want := d.SDDL(), "O:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;"+alice+")"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	own := secdesc.Effective(d, token(t, secdesc.File))
	if own.Granted != secdesc.FileModify || own.Possible != secdesc.FileModify {
		t.Errorf("the user may %s", own.Granted.Text(secdesc.File))
	}
	stranger := secdesc.Effective(d, secdesc.Token{SIDs: []secdesc.SID{mustSID(t, domain+"-1002"), secdesc.Everyone, secdesc.AuthenticatedUsers, secdesc.Users}})
	if stranger.Possible != 0 {
		t.Errorf("a stranger may %s", stranger.Possible.Text(secdesc.File))
	}
	parent := mustSDDL(t, "O:BAD:(D;CI;SD;;;"+staff+")(A;OICI;FA;;;BA)(A;;FR;;;WD)(A;OICIIO;GA;;;CO)")
	d = secdesc.HomeInherited(parent, user, secdesc.Users)
	want := "O:BAD:AI(A;OICI;0x1301bf;;;" + alice + ")(D;CIID;SD;;;" + staff + ")(A;OICIID;FA;;;BA)(A;ID;FA;;;BA)(A;OICIIOID;GA;;;CO)"
	if got := d.SDDL(); got != want || !d.DACL.Canonical() {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestACL_order(t *testing.T) {
	entries := func(text string) []secdesc.ACE { return mustSDDL(t, "D:"+text).DACL.Entries }
	list := *mustSDDL(t, "D:(D;;SD;;;WD)(A;;FR;;;WD)(D;ID;FW;;;WD)(A;ID;FA;;;BA)(D;ID;FW;;;BA)").DACL
	if !list.Canonical() {
		t.Error("a canonical list is not")
	}
	more := list.With(entries("(A;;FW;;;SY)(D;;FX;;;SY)(A;;FR;;;WD)(OA;CIIO;RP;;;AU)(A;ID;FA;;;AU)")...)
	want := "D:(D;;SD;;;WD)(D;;FX;;;SY)(A;;FR;;;WD)(A;;FW;;;SY)(OA;CIIO;RP;;;AU)(D;ID;FW;;;WD)(A;ID;FA;;;BA)(D;ID;FW;;;BA)(A;ID;FA;;;AU)"
	if got := listSDDL(&more); got != want || !more.Canonical() || more.Revision != 4 {
		t.Errorf("got %s, revision %d, want %s", got, more.Revision, want)
	}
	if len(list.Entries) != 5 {
		t.Error("the list itself has been changed")
	}
	less, n := more.Without(entries("(A;;FW;;;SY)(OA;CIIO;RP;;;AU)(D;;FX;;;SY)(A;ID;FA;;;AU)(A;;FR;;;BU)")...)
	if n != 4 || listSDDL(&less) != listSDDL(&list) {
		t.Errorf("got %d fewer: %s", n, listSDDL(&less))
	}
	for _, text := range []string{"(A;;FR;;;WD)(D;;FR;;;WD)", "(A;ID;FR;;;WD)(A;;FR;;;WD)", "(A;ID;FR;;;WD)(D;;FR;;;WD)"} {
		if (secdesc.ACL{Entries: entries(text)}).Canonical() {
			t.Errorf("%s is canonical", text)
		}
	}
}
