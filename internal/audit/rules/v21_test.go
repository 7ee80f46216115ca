package rules_test

import (
	"testing"
)

func TestV21(t *testing.T) {
	try(t, "V21",
		example{name: "dot", account: user("al", home(`\\fs01\al$`, ".")), want: "the home is all"},
		example{name: "separator", account: user("al", home(`\\fs01\al$`, `\`)), want: "the home is all"},
		example{name: "directory", account: user("al", home(`\\fs01\ftp$`, ".al")), want: "passed"},
		example{name: "above", account: user("al", home(`\\fs01\ftp$`, "..")), want: "passed"},
		example{name: "no text", account: user("al", noText), want: "not checked: a value is not UTF-8"},
	)
}
