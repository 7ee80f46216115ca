package rules_test

import (
	"testing"
)

func TestV10(t *testing.T) {
	try(t, "V10",
		example{name: "in the root", account: user("al", home("//fs01/ftp$", "al")), want: "msIIS-FTPRoot the value holds forward slashes"},
		example{name: "in the directory", account: user("al", home(`\\fs01\ftp$`, "a/b")), want: "msIIS-FTPDir the value holds forward slashes"},
		example{name: "on Linux", account: user("al", home("/srv/ftp", "a/b")), want: "passed"},
		example{name: "backslashes", account: user("al", home(`\\fs01\ftp$`, `a\b`)), want: "passed"},
		example{name: "no text", account: user("al", noText), want: "not checked: a value is not UTF-8"},
	)
}
