package rules_test

import (
	"testing"
)

func TestV04(t *testing.T) {
	try(t, "V04",
		example{name: "script", account: user("al", home(`\`, `\\fs01\ftp$\al`)), want: "stand in each other's place"},
		example{name: "drive", account: user("al", home("al", `D:\ftp`)), want: "stand in each other's place"},
		example{name: "right", account: user("al"), want: "passed"},
		example{name: "both absolute", account: user("al", home(`\\fs01\ftp$`, `\\fs01\ftp$\al`)), want: "passed"},
		example{name: "on Linux", account: user("al", home("/srv", `D:\x`)), want: "passed"},
		example{name: "no text", account: user("al", noText), want: "not checked: a value is not UTF-8"},
	)
}
