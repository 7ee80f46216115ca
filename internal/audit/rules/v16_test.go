package rules_test

import (
	"strings"
	"testing"
)

func TestV16(t *testing.T) {
	try(t, "V16",
		example{name: "close", account: user("al", home(`\\fs01\ftp$`, strings.Repeat("b", 231))), want: "231 of at most 256"},
		example{name: "counted in UTF-16", account: user("al", home(`\\fs01\ftp$`, strings.Repeat("😀", 116))), want: "232 of at most 256"},
		example{name: "nine tenths", account: user("al", home(`\\fs01\ftp$`, strings.Repeat("b", 230))), want: "passed"},
		example{name: "no text", account: user("al", noText), want: "not checked: a value is not UTF-8"},
	)
}
