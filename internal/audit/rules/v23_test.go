package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

func TestV23(t *testing.T) {
	try(t, "V23",
		example{name: "two pieces", account: user("al", home(`\\fs01\ftp$`, "cafe\u0301")), want: "more than one piece"},
		example{name: "Hangul", account: user("al", home(`\\fs01\ftp$`, "\u1112\u1161\u11ab")), want: "more than one piece"},
		example{name: "Kelvin", account: user("al", home(`\\fs01\ftp$`, "\u212a")), want: "look-alike"},
		example{name: "marks in the wrong order", account: user("al", home(`\\fs01\ftp$`, "\u1ea1\u0302")), want: "more than one piece"},
		example{name: "one piece", account: user("al", home(`\\fs01\ftp$`, "café 한")), want: "passed"},
		example{name: "a script that needs marks", account: user("al", home(`\\fs01\ftp$`, "\u0e01\u0e34")), want: "passed"},
		example{name: "no text", account: user("al", noText), want: "not checked: a value is not UTF-8"},
	)
}

// A plan writes the composed form, unless somebody else has that home: then both are
// found.
func TestV23_fixAndTwins(t *testing.T) {
	_, findings := judge(t, "V23", audit.Settings{}, of("al", "mu\u0308ller"), of("bob", "bob"))
	if len(findings) != 1 || findings[0].Fix == nil || findings[0].Fix.After.Dir != "m\u00fcller" {
		t.Errorf("got %+v", findings)
	}
	result, findings := judge(t, "V23", audit.Settings{}, of("al", "mu\u0308ller"), of("bob", "M\u00dcLLER"), of("cy", "cy"))
	if got := found(findings); len(got) != 2 || findings[0].Fix != nil || findings[1].Message != "the home looks like the one of al, and is another" || result.Passed != 2 {
		t.Errorf("got %+v, %+v", result, findings)
	}
}
