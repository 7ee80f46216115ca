package rules_test

import (
	"testing"
)

func TestV02(t *testing.T) {
	try(t, "V02",
		example{name: "half", account: user("al", home("", "al")), want: "msIIS-FTPRoot is absent"},
		example{name: "whole", account: user("al"), want: "passed"},
		example{name: "the other half", account: user("al", home(`\\fs01\ftp$`, "")), want: "passed"},
		example{name: "unread", account: user("al", hidden), want: "not checked: objectClass"},
	)
}
