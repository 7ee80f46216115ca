package rules_test

import (
	"testing"
)

func TestV11(t *testing.T) {
	try(t, "V11",
		example{name: "blank before", account: user("al", home(` \\fs01\ftp$`, "al")), want: "msIIS-FTPRoot the value begins or ends with a blank"},
		example{name: "blank behind", account: user("al", home(`\\fs01\ftp$`, "al ")), want: "msIIS-FTPDir the value begins or ends with a blank"},
		example{name: "separator", account: user("al", home(`\\fs01\ftp$\`, "al")), want: "ends with a separator"},
		example{name: "two separators", account: user("al", home(`\\fs01\ftp$`, `a\/b`)), want: "two separators in a row"},
		example{name: "three separators before", account: user("al", home(`\\\fs01\ftp$`, "al")), want: "msIIS-FTPRoot the value begins with more than two separators"},
		example{name: "dot", account: user("al", home(`\\fs01\ftp$`, `a.\b`)), want: "ends with a dot"},
		example{name: "disk", account: user("al", home(`D:\`, `al`)), want: "passed"},
		example{name: "habit", account: user("al", home(`\\fs01\ftp$`, `\al`)), want: "passed"},
		example{name: "hidden folder", account: user("al", home(`\\fs01\ftp$`, `.al\.`)), want: "passed"},
		example{name: "no text", account: user("al", noText), want: "not checked: a value is not UTF-8"},
	)
}
