package rules_test

import (
	"testing"
)

func TestV09(t *testing.T) {
	try(t, "V09",
		example{name: "server alone", account: user("al", home(`\\fs01`, "al")), want: "high msIIS-FTPRoot the value names no share"},
		example{name: "folder", account: user("al", home(`\\fs01\ftp$\homes`, "al")), want: "medium msIIS-FTPRoot the value is a folder"},
		example{name: "share", account: user("al", home(`\\fs01\ftp$`, "al")), want: "passed"},
		example{name: "drive", account: user("al", home(`D:\a\b`, "al")), want: "passed"},
		example{name: "no text", account: user("al", noText), want: "not checked: a value is not UTF-8"},
	)
}
