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
