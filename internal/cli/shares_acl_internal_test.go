package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
)

// The records of shares acl are a contract.
func TestShowACL_isPinned(t *testing.T) {
	place, err := homedir.ParseLocation(`\\fs01\ftp$\alice`)
	if err != nil {
		t.Fatal(err)
	}
	d, err := secdesc.ParseSDDL("O:BAG:SYD:P(D;OICIIO;0x2;;;WD)(A;CINPID;0x1301bf;;;AU)", "")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	list := aclList()
	printer := output.New(output.Config{Out: &out, Format: output.JSONL, Name: list.name, Columns: list.columns})
	if err := showACL(t.Context(), printer, &visitor{permissions: &ldapattr.Permissions{}}, place, d); err != nil {
		t.Fatal(err)
	}
	want := []string{
		`"kind":"owner","entry":null,"effect":null,"who":"BUILTIN\\Administrators","sid":"S-1-5-32-544","rights":null,"mask":null,"inherited":null,"appliesTo":null,"sddl":"O:S-1-5-32-544"}`,
		`"kind":"group","entry":null,"effect":null,"who":"NT AUTHORITY\\SYSTEM","sid":"S-1-5-18","rights":null,"mask":null,"inherited":null,"appliesTo":null,"sddl":"G:S-1-5-18"}`,
		`"kind":"entry","entry":1,"effect":"deny","who":"Everyone","sid":"S-1-1-0","rights":["add files"],"mask":"0x2","inherited":false,"appliesTo":"subfolders, files","sddl":"(D;OICIIO;DC;;;WD)"}`,
		`"kind":"entry","entry":2,"effect":"allow","who":"NT AUTHORITY\\Authenticated Users","sid":"S-1-5-11","rights":["modify"],"mask":"0x1301bf","inherited":true,"appliesTo":"this folder, subfolders, one level deep","sddl":"(A;CINPID;0x1301bf;;;AU)"}`,
		`"kind":"sddl","entry":null,"effect":null,"who":null,"sid":null,"rights":null,"mask":null,"inherited":null,"appliesTo":null,"sddl":"O:BAG:SYD:P(D;OICIIO;DC;;;WD)(A;CINPID;0x1301bf;;;AU)"}`,
	}
	got := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(got) != len(want) {
		t.Fatalf("got\n%s", &out)
	}
	for i := range want {
		if !strings.HasSuffix(got[i], want[i]) || !strings.Contains(got[i], `"path":"\\\\fs01\\ftp$\\alice"`) {
			t.Errorf("got  %s\nwant %s", got[i], want[i])
		}
	}
}

// The reasons of shares acl --effective are for people, its keys a contract. Nobody may
// read "no" where there is only nothing known.
func TestRight_saysWhy(t *testing.T) {
	d, err := secdesc.ParseSDDL("O:BAD:P(D;;0x2;;;BG)(A;;0x1200af;;;BU)(A;;WD;;;BG)", "")
	if err != nil {
		t.Fatal(err)
	}
	conditional := d.DACL.Entries[2]
	conditional.Type, conditional.Data = secdesc.AllowedCallback, []byte("artx")
	d.DACL.Entries[2] = conditional
	place, err := homedir.ParseLocation(`\\fs01\ftp$\alice`)
	if err != nil {
		t.Fatal(err)
	}
	s := aclSubject{place, ldapattr.User{NetBIOSDomain: "CORP", SAMAccountName: "alice"}, d}
	access := secdesc.Effective(d, secdesc.Token{SIDs: []secdesc.SID{secdesc.Users, secdesc.Guests}})
	for bit, want := range map[secdesc.Rights]string{
		secdesc.ListFolder: "yes|2|entry 2: allow N: read",
		secdesc.AddFile:    "no|1|entry 1: deny N: add files",
		secdesc.WriteOwner: "no||no entry of the list gives it",
		secdesc.WriteDACL:  "perhaps||an entry with a condition, or of a type that is not known, may give it",
		secdesc.Delete:     "no||no entry of the list gives it; the right to delete what is in the folder above would do as well",
	} {
		r := s.right(access, bit, func(secdesc.SID) string { return "N" })
		if got := r.Granted + "|" + number(r.Entry) + "|" + r.Because; !strings.HasPrefix(got, want) || (r.SDDL == nil) != (r.Entry == nil) {
			t.Errorf("%s: got %s, want %s", r.Right, got, want)
		}
	}
	if r := s.right(access, secdesc.Delete, nil); r.User != `CORP\alice` || r.Path != place.String() || r.Right != "delete" {
		t.Errorf("got %+v", r)
	}
}

func TestEffectOf(t *testing.T) {
	for kind, want := range map[secdesc.ACEType]string{
		secdesc.Allowed: "allow", secdesc.AllowedObject: "allow", secdesc.Denied: "deny", secdesc.DeniedObject: "deny",
		secdesc.AllowedCallback: "allow, if a condition holds", secdesc.DeniedCallbackObject: "deny, if a condition holds",
		secdesc.MandatoryLabel: "other",
	} {
		if got := effectOf(secdesc.ACE{Type: kind}); got != want {
			t.Errorf("type %d: got %s, want %s", kind, got, want)
		}
	}
}

func TestAppliesTo(t *testing.T) {
	for flags, want := range map[secdesc.ACEFlags]string{
		0:                 "this object only",
		secdesc.Inherited: "this object only",
		secdesc.ObjectInherit | secdesc.ContainerInherit: "this folder, subfolders, files",
		secdesc.ObjectInherit | secdesc.InheritOnly:      "files",
		secdesc.ContainerInherit | secdesc.NoPropagate:   "this folder, subfolders, one level deep",
		secdesc.InheritOnly:                              "nothing",
	} {
		if got := appliesTo(secdesc.ACE{Flags: flags}); got != want {
			t.Errorf("%x: got %s, want %s", flags, got, want)
		}
	}
}
