package rules_test

import (
	"testing"
)

func TestV12(t *testing.T) {
	try(t, "V12",
		example{name: "quotes", account: user("al", home(`"\\fs01\ftp$"`, "al")), want: "msIIS-FTPRoot the value holds quotation marks"},
		example{name: "odd blank", account: user("al", home(`\\fs01\ftp$`, "a\u00a0l")), want: "msIIS-FTPDir the value holds quotation marks or a blank"},
		example{name: "direction", account: user("al", home(`\\fs01\ftp$`, "a\u202el")), want: "an invisible character"},
		example{name: "byte order mark", account: user("al", home("\ufeff"+`\\fs01\ftp$`, "al")), want: "an invisible character"},
		example{name: "line end", account: user("al", home(`\\fs01\ftp$`, "al\n")), want: "a control"},
		example{name: "no text", account: user("al", noText), want: "not UTF-8"},
		example{name: "plain", account: user("al", home(`\\fs01\ftp$`, "al o'x")), want: "passed"},
		example{name: "unread", account: user("al", hidden), want: "not checked: objectClass"},
	)
}
