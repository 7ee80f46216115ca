package survey_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

// corp is the domain of the accounts in these tests.
const corp = "S-1-5-21-1-2-3"

func sid(t *testing.T, text string) secdesc.SID {
	t.Helper()
	s, err := secdesc.ParseSID(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestParseRights(t *testing.T) {
	for text, want := range map[string]survey.Rights{
		"": 0, "list": survey.List, "Read, list": survey.List | survey.Read, "list,read,write,delete": survey.AllRights,
	} {
		got, err := survey.ParseRights(text)
		if err != nil || got != want {
			t.Errorf("%q: got %v, %v, want %v", text, got, err, want)
		}
		if again, err := survey.ParseRights(got.String()); err != nil || again != got {
			t.Errorf("%v reads as %v, %v", got, again, err)
		}
	}
	if _, err := survey.ParseRights("list,fly"); err == nil {
		t.Error("fly is a right")
	}
}

// What a user may do in a home, from descriptors as administrators make them.
func TestWeigh(t *testing.T) {
	// An entry for conditional is made one for the user that holds under a condition.
	const user, other, group, conditional = corp + "-1104", corp + "-1105", corp + "-1200", corp + "-1300"
	for _, tt := range []struct {
		name, sddl string
		want       survey.Rights
		uncertain  bool
	}{
		{"modify", "O:BAD:P(A;OICI;0x1301bf;;;" + user + ")", survey.AllRights, false},
		{"full through a group", "O:BAD:P(A;OICI;FA;;;" + group + ")", survey.AllRights, false},
		{"somebody else's", "O:BAD:P(A;OICI;FA;;;" + other + ")", 0, false},
		{"download only", "O:BAD:P(A;OICI;0x1200a9;;;" + user + ")", survey.List | survey.Read, false},
		{"folder alone, nothing handed down", "O:BAD:P(A;;0x1301bf;;;" + user + ")(A;OICI;FA;;;BA)", survey.List | survey.Write, false},
		{"for the folder alone", "O:BAD:P(A;;FA;;;" + user + ")", survey.List | survey.Write | survey.Delete, false},
		{"for the folder alone, as Windows means modify", "O:BAD:P(A;;0x1301bf;;;" + user + ")", survey.List | survey.Write, false},
		{"a drop box", "O:BAD:P(A;;0x100026;;;" + user + ")(A;OICI;FA;;;BA)", survey.Write, false},
		{"delete through the folder", "O:BAD:P(A;OICI;0x1200a9;;;" + user + ")(A;;DCLCRPDTSDRC;;;" + user + ")", survey.List | survey.Read | survey.Write | survey.Delete, false},
		{"denied first", "O:BAD:P(D;OICI;0x2;;;" + group + ")(A;OICI;FA;;;" + user + ")", survey.List | survey.Read | survey.Delete, false},
		{"denied too late", "O:BAD:P(A;OICI;FA;;;" + user + ")(D;OICI;0x2;;;" + group + ")", survey.AllRights, false},
		{"everybody", "O:BAD:P(A;OICI;FA;;;WD)", survey.AllRights, false},
		{"generic rights", "O:BAD:P(A;OICI;GA;;;" + user + ")", survey.AllRights, false},
		{"for heirs alone", "O:BAD:P(A;OICIIO;FA;;;" + user + ")", survey.Read | survey.Delete, false},
		{"of the owner", "O:BAD:P(A;OICIIO;FA;;;CO)(A;;0x1200a9;;;" + user + ")", survey.List, false},
		{"on a condition", "O:BAD:P(A;OICI;FA;;;" + user + ")(A;OICI;FA;;;" + conditional + ")", survey.AllRights, false},
		{"on a condition alone", "O:BAD:P(A;OICI;FA;;;" + conditional + ")", 0, true},
		{"nobody", "O:BAD:P", 0, false},
	} {
		d, err := secdesc.ParseSDDL(tt.sddl, sid(t, corp))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		for i := range d.DACL.Entries {
			if e := &d.DACL.Entries[i]; e.SID == sid(t, conditional) {
				e.Type, e.SID, e.Data = secdesc.AllowedCallback, sid(t, user), []byte("artx")
			}
		}
		token := secdesc.Token{SIDs: []secdesc.SID{sid(t, user), sid(t, group), secdesc.Everyone, secdesc.AuthenticatedUsers}}
		got, reason := survey.Weigh(d, token)
		if got != tt.want || (reason != "") != tt.uncertain {
			t.Errorf("%s: got %v (%s), want %v, uncertain %v", tt.name, got, reason, tt.want, tt.uncertain)
		}
	}
	if got, _ := survey.Weigh(secdesc.Descriptor{}, secdesc.Token{}); got != survey.AllRights {
		t.Errorf("a null DACL: got %v", got)
	}
}
