package ldapattr_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func TestSuggest(t *testing.T) {
	sim := newCorp(t)
	d := open(t, sim.asAdmin())
	for _, tt := range []struct{ what, begun, want string }{
		{"user", "al", "[alice]"},
		{"user", "AL", "[alice]"},
		{"user", "alice", "[]"}, // nothing is left to type
		{"user", `CORP\al`, `[CORP\alice]`},
		{"user", `corp.example.com\al`, `[corp.example.com\alice]`},
		{"user", `OTHER\al`, "[]"},
		{"user", "alice@", "[alice@corp.example.com]"},
		{"user", "bob@", "[bob@corp.example.com]"}, // which is mallory's
		{"user", "a*", "[]"},
		{"user", "*)(objectClass=*", "[]"},
		{"user", "no", "[]"},
		{"group", "Domain Adm", "[Domain Admins]"},
		{"ou", "", "[OU=Domain Controllers,DC=corp,DC=example,DC=com OU=Other,DC=corp,DC=example,DC=com OU=Staff,DC=corp,DC=example,DC=com]"},
		{"ou", "o", "[OU=Domain Controllers,DC=corp,DC=example,DC=com OU=Other,DC=corp,DC=example,DC=com OU=Staff,DC=corp,DC=example,DC=com]"},
		{"ou", "OU=St", "[OU=Staff,DC=corp,DC=example,DC=com]"},
		{"ou", "ou=staff,dc=corp", "[OU=Staff,DC=corp,DC=example,DC=com]"},
		{"ou", "CN=", "[]"},
	} {
		got, err := ldapattr.Suggest(t.Context(), d, tt.what, tt.begun)
		slices.Sort(got)
		if err != nil || fmt.Sprint(got) != tt.want {
			t.Errorf("%s %q: got %v, %v, want %s", tt.what, tt.begun, got, err, tt.want)
		}
	}
}

func TestSuggest_afew(t *testing.T) {
	var many strings.Builder
	many.WriteString(seed)
	for i := range 50 {
		fmt.Fprintf(&many, "\ndn: CN=u%d,OU=Staff,DC=corp,DC=example,DC=com\nobjectClass: user\nsAMAccountName: u%d\n", i, i)
	}
	sim := newSim(t, "corp.example.com", many.String())
	d := open(t, sim.asAdmin())
	if got, err := ldapattr.Suggest(t.Context(), d, "user", "u"); err != nil || len(got) != 20 {
		t.Errorf("%d names, %v", len(got), err)
	}
}
