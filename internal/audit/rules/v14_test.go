package rules_test

import (
	"testing"
)

func TestV14(t *testing.T) {
	try(t, "V14",
		example{name: "device", account: user("al", home(`\\fs01\ftp$`, "con")), want: "takes for a device"},
		example{name: "with an extension", account: user("al", home(`\\fs01\ftp$`, `x\Nul.txt\y`)), want: "takes for a device"},
		example{name: "superscript", account: user("al", home(`\\fs01\ftp$\COM¹`, `x`)), want: "takes for a device"},
		example{name: "share", account: user("al", home(`\\fs01\con`, `console`)), want: "passed"},
		example{name: "no text", account: user("al", noText), want: "not checked: a value is not UTF-8"},
	)
}
