package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

func TestV07(t *testing.T) {
	try(t, "V07",
		example{name: "drive", account: user("al", home(`D:\ftp`, "al")), want: "medium msIIS-FTPRoot the home is on a disk"},
		example{name: "several servers", account: user("al", home("/srv/ftp", "al")), settings: audit.Settings{Servers: 2}, want: "high"},
		example{name: "share", account: user("al"), want: "passed"},
		example{name: "no text", account: user("al", noText), want: "not checked: a value is not UTF-8"},
	)
}
