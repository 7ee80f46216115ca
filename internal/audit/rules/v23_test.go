package rules_test

import (
	"testing"
)

func TestV23(t *testing.T) {
	try(t, "V23",
		example{name: "two pieces", account: user("al", home(`\\fs01\ftp$`, "cafe\u0301")), want: "more than one piece"},
		example{name: "Hangul", account: user("al", home(`\\fs01\ftp$`, "\u1112\u1161\u11ab")), want: "more than one piece"},
		example{name: "Kelvin", account: user("al", home(`\\fs01\ftp$`, "\u212a")), want: "look-alike"},
		example{name: "one piece", account: user("al", home(`\\fs01\ftp$`, "café 한")), want: "passed"},
		example{name: "a script that needs marks", account: user("al", home(`\\fs01\ftp$`, "\u0e01\u0e34")), want: "passed"},
		example{name: "no text", account: user("al", noText), want: "not checked: a value is not UTF-8"},
	)
}
