package prepare_test

import (
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/shares/prepare"
)

func TestParseTemplate_refuses(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"a word":                      {"open", "is no template"},
		"no text":                     {"", "is no template"},
		"no SDDL":                     {"D:P(A;OICI;FA;;;{{.SID}}", "template"},
		"no user":                     {"D:P(A;OICI;FA;;;BA)", "names the user by {{.SID}}"},
		"another word for the user":   {"D:P(A;OICI;FA;;;{{.SID}})(A;;FA;;;{{.Name}})", "and by nothing else"},
		"a user who may read":         {"D:P(A;OICI;FR;;;{{.SID}})", "does not let the user modify"},
		"a user who is kept out":      {"D:P(D;;0x2;;;{{.SID}})(A;OICI;FA;;;{{.SID}})", "does not let the user modify"},
		"everybody is kept out":       {"D:P(D;;0x1;;;WD)(A;OICI;FA;;;{{.SID}})", "does not let the user modify"},
		"the user inside alone":       {"D:P(A;OICIIO;FA;;;{{.SID}})", "does not let the user modify"},
		"no list":                     {"O:{{.SID}}", "no access list"},
		"a null list":                 {"O:{{.SID}}D:NO_ACCESS_CONTROL", "no access list"},
		"everybody may list":          {"D:P(A;OICI;FA;;;{{.SID}})(A;OICI;FR;;;WD)", "lets everybody in"},
		"everybody may write":         {"D:P(A;OICI;FA;;;{{.SID}})(A;OICI;0x2;;;AU)", "lets everybody in"},
		"the domain's users may list": {"D:P(A;OICI;FA;;;{{.SID}})(A;OICI;GR;;;DU)", "lets everybody in"},
	} {
		if _, err := prepare.ParseTemplate(test.text); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %s", name, err, test.want)
		}
	}
}

func TestParseTemplate_takes(t *testing.T) {
	for _, text := range []string{
		prepare.Private, prepare.Inherit,
		"D:P(A;OICI;GA;;;{{.SID}})",
		"O:BAD:PAI(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;{{.SID}})(A;OICI;0x1200a9;;;S-1-5-21-9-9-9-2000)",
		"D:(A;OICI;0x1301bf;;;{{.SID}})(A;;0x20;;;WD)", // going through is not getting in
	} {
		got, err := prepare.ParseTemplate(text)
		if err != nil || got.String() != text {
			t.Errorf("%s: got %v, %v", text, got, err)
		}
	}
}
