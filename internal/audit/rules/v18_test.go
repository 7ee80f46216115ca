package rules_test

import (
	"testing"
)

func TestV18(t *testing.T) {
	try(t, "V18",
		example{name: "address", account: user("al", home(`\\192.0.2.7\ftp$`, "al")), want: "is an address"},
		example{name: "long address", account: user("al", home(`\\fe80--1.ipv6-literal.net\ftp$`, "al")), want: "is an address"},
		example{name: "here", account: user("al", home(`\\LocalHost\ftp$`, "al")), want: "whichever machine"},
		example{name: "name", account: user("al"), want: "passed"},
		example{name: "disk", account: user("al", home(`D:\x`, "al")), want: "passed"},
		example{name: "no text", account: user("al", noText), want: "not checked: a value is not UTF-8"},
	)
}
