package rules_test

import (
	"testing"
)

func TestV05(t *testing.T) {
	try(t, "V05",
		example{name: "in the directory", account: user("al", home(`\\fs01\ftp$`, `..\bob`)), want: "critical msIIS-FTPDir"},
		example{name: "in the root", account: user("al", home(`\\fs01\ftp$/../x`, `al`)), want: "critical msIIS-FTPRoot"},
		example{name: "dots within a name", account: user("al", home(`\\fs01\ftp$`, "a..b")), want: "passed"},
		example{name: "no text", account: user("al", noText), want: "not checked: a value is not UTF-8"},
	)
}
