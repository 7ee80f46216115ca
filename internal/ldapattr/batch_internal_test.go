package ldapattr

import (
	"testing"

	"github.com/go-ldap/ldap/v3"
)

func TestKeyOf(t *testing.T) {
	same := func(attribute, a, b string) bool { return keyOf(attribute, a) == keyOf(attribute, b) }
	for _, tt := range []struct {
		attribute, a, b string
		want            bool
	}{
		{attrSAM, "Alice", "aLICE", true}, {attrSAM, "ÉLÉ", "élé", true}, {attrSAM, "Жанна", "жАННА", true},
		{attrSAM, "alice", "alice ", false}, {attrSAM, "jose", "josé", false},
		{attrSAM, "\u212aelvin", "kelvin", false}, {attrSAM, "ſam", "sam", false}, {attrSAM, "İx", "ix", false}, {attrSAM, "ıx", "Ix", false},
		{attrSID, "\x01\x41", "\x01\x61", false}, {attrGUID, "A", "a", false},
		{attrDN, `CN=Smith\, John,DC=x`, `cn=smith\2c john,dc=X`, true}, {attrDN, "CN=a+OU=b,DC=x", "CN=a,OU=b,DC=x", false},
		{attrDN, "CN=a,DC=x", "CN=a,DC=x,DC=y", false}, {attrDN, `CN=a\,DC\=x,DC=y`, "CN=a,DC=x,DC=y", false},
	} {
		if got := same(tt.attribute, tt.a, tt.b); got != tt.want {
			t.Errorf("%s: %q and %q: %v, want %v", tt.attribute, tt.a, tt.b, got, tt.want)
		}
	}
	if keyOf(attrDN, "no name") != "" || keyOf(attrUPN, "") != "" {
		t.Error("what is no value has a key")
	}
}

// An entry without a UPN fits no UPN, and an entry that fits nobody is noticed.
func TestClaims(t *testing.T) {
	alice := ldap.NewEntry("CN=Alice,DC=x", map[string][]string{attrSAM: {"alice"}})
	jose := ldap.NewEntry("CN=J,DC=x", map[string][]string{attrSAM: {"josé"}, attrUPN: {"j@x"}})
	readings := []reading{{attrSAM, "ALICE"}, {attrUPN, "alice"}, {attrDN, "cn=alice, dc=x"}, {attrSAM, "jose"}, {attrSAM, "alice"}}
	found, told, plain := claims(readings, []*ldap.Entry{alice})
	for i, want := range []int{1, 0, 1, 0, 1} {
		if len(found[i]) != want {
			t.Errorf("reading %d has %d entries, want %d", i, len(found[i]), want)
		}
	}
	if !told || !plain {
		t.Errorf("told %v, plain %v", told, plain)
	}
	if _, told, plain = claims(readings, []*ldap.Entry{alice, jose}); told || plain {
		t.Errorf("with josé: told %v, plain %v", told, plain)
	}
}

// Whatever somebody types is one value in one comparison, among however many others.
func FuzzBatch(f *testing.F) {
	for _, name := range []string{"alice", "a*)(|(cn=*", `x\2a`, "smith (x)*", "\u202ealice", "a@b", "CN=a,DC=b", `CN=a\)\2a,DC=b`, "S-1-5-21-1-2-3-4", "{01234567-89AB-cdef-0123-456789abcdef}", "&", "!(x=y)"} {
		f.Add(name, "bob")
	}
	f.Fuzz(func(t *testing.T, one, other string) {
		forest := &Forest{}
		base, _ := ldap.ParseDN("DC=b")
		forest.home = newMember(partition{"B", "b", base})
		forest.members = members{forest.home}
		var readings []reading
		for _, s := range []string{one, other} {
			name, err := ParseAccountName(s, "")
			if err != nil {
				continue
			}
			stages, err := forest.stagesOf(name)
			if err != nil {
				continue
			}
			for _, stage := range stages {
				for _, q := range stage {
					readings = append(readings, q.reading)
				}
			}
		}
		if len(readings) == 0 {
			return
		}
		packet, err := ldap.CompileFilter(anyOf(readings))
		if err != nil {
			t.Fatalf("%q: %v", anyOf(readings), err)
		}
		terms := packet.Children[len(packet.Children)-1].Children
		if len(packet.Children) != 3 || len(terms) != len(readings) {
			t.Fatalf("%d readings are %q", len(readings), anyOf(readings))
		}
		for i, term := range terms {
			if term.Tag != ldap.FilterEqualityMatch || term.Children[0].Value != readings[i].attribute || term.Children[1].Data.String() != readings[i].value {
				t.Errorf("%q is %q", readings[i], anyOf(readings[i:i+1]))
			}
		}
	})
}
