package cli

import (
	"errors"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Whether a user may list the home is yes, no, or not known where it depends on conditions.
func TestMayInHome(t *testing.T) {
	al := ldapattr.User{SAMAccountName: "al", NetBIOSDomain: "CORP"}
	for sddl, want := range map[string]struct {
		err  error
		text string
	}{
		"O:BAD:P(A;OICI;FA;;;WD)":             {nil, `CORP\al may list, read, write, delete (computed;`},
		"O:BAD:P(A;OICI;FA;;;BA)":             {winerr.AccessDenied, `CORP\al may not list the home`},
		"O:BAD:P(XA;OICI;FA;;;WD;0x61727478)": {shares.ErrNotKnown, `not known: CORP\al may nothing, and perhaps more: 1 `},
	} {
		d, err := secdesc.ParseSDDL(sddl, "")
		if err != nil {
			t.Fatal(err)
		}
		text, err := mayInHome(al, d, secdesc.Token{SIDs: []secdesc.SID{secdesc.Everyone}})
		if err != nil {
			text = err.Error()
		}
		if !errors.Is(err, want.err) || !strings.HasPrefix(text, want.text) {
			t.Errorf("%s: got %q, %v", sddl, text, err)
		}
	}
}
