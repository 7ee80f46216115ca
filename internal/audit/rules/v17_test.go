package rules_test

import (
	"testing"
)

func TestV17(t *testing.T) {
	try(t, "V17",
		example{name: "short", account: user("al", home(`\\fs01\ftp$`, `ALICIA~1`)), want: "form of a short name"},
		example{name: "in the root", account: user("al", home(`D:\PROGRA~1\x`, `al`)), want: "msIIS-FTPRoot"},
		example{name: "tilde", account: user("al", home(`\\fs01\ftp$`, `al~backup`)), want: "passed"},
		example{name: "no text", account: user("al", noText), want: "not checked: a value is not UTF-8"},
	)
}
