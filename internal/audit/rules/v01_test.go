package rules_test

import (
	"testing"
)

func TestV01(t *testing.T) {
	try(t, "V01",
		example{name: "half", account: user("al", home(`\\fs01\ftp$`, "")), want: "msIIS-FTPDir is absent"},
		example{name: "whole", account: user("al"), want: "passed"},
		example{name: "the other half", account: user("al", home("", "al")), want: "passed"},
		example{name: "none", account: user("al", home("", "")), want: "nothing"},
		example{name: "unread", account: user("al", hidden), want: "not checked: objectClass"},
	)
}
