package rules_test

import (
	"testing"
)

func TestV20(t *testing.T) {
	try(t, "V20",
		example{name: "drive", account: user("al", home(`\\fs01\c$\homes`, "al")), want: "critical msIIS-FTPRoot the share C$"},
		example{name: "system", account: user("al", home(`\\dc1\SysVol`, "al")), want: "medium msIIS-FTPRoot the share SYSVOL"},
		example{name: "hidden share", account: user("al", home(`\\fs01\ftp$`, "al")), want: "passed"},
		example{name: "no text", account: user("al", noText), want: "not checked: a value is not UTF-8"},
	)
}
