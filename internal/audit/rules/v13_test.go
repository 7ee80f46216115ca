package rules_test

import (
	"testing"
)

func TestV13(t *testing.T) {
	try(t, "V13",
		example{name: "stream", account: user("al", home(`\\fs01\ftp$`, "al::$DATA")), want: "no Windows name can hold"},
		example{name: "wildcard", account: user("al", home(`\\fs01\ftp$\a*`, "al")), want: "msIIS-FTPRoot has the component a*"},
		example{name: "colon of a drive", account: user("al", home(`D:\x`, "al")), want: "passed"},
		example{name: "no text", account: user("al", noText), want: "not checked: a value is not UTF-8"},
	)
}
