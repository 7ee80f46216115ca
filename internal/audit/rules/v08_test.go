package rules_test

import (
	"testing"
)

func TestV08(t *testing.T) {
	try(t, "V08",
		example{name: "mapped", account: user("al", home(`H:`, "al")), want: "mapped in a session"},
		example{name: "late letter", account: user("al", home(`z:\ftp`, "al")), want: "mapped in a session"},
		example{name: "variable", account: user("al", home(`%HOMESHARE%\x`, "al")), want: "variable"},
		example{name: "disk", account: user("al", home(`D:\ftp`, "al")), want: "passed"},
		example{name: "one per cent", account: user("al", home(`\\fs01\100%`, "al")), want: "passed"},
		example{name: "no text", account: user("al", noText), want: "not checked: a value is not UTF-8"},
	)
}
