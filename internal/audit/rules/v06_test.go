package rules_test

import (
	"testing"
)

func TestV06(t *testing.T) {
	try(t, "V06",
		example{name: "share", account: user("al", home(`\\fs01\ftp$`, `\\fs01\ftp$\al`)), want: "the value is absolute"},
		example{name: "drive", account: user("al", home(`\\fs01\ftp$`, "C:al")), want: "the value is absolute"},
		example{name: "device", account: user("al", home(`\\fs01\ftp$`, `\??\C:\x`)), want: "the value is absolute"},
		example{name: "one separator is a habit", account: user("al", home(`\\fs01\ftp$`, `\al`)), want: "passed"},
		example{name: "no text", account: user("al", noText), want: "not checked: a value is not UTF-8"},
	)
}
