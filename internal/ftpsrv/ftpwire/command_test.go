package ftpwire_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

func TestCommand_masked(t *testing.T) {
	tests := []struct{ line, want string }{
		{"USER alice", "USER alice"},
		{"PASS hunter2", "PASS ***"},
		{"pass hunter2", "pass ***"},
		{"ACCT hunter2", "ACCT ***"},
		{"ADAT hunter2", "ADAT ***"},
		{"PASShunter2", "PASS ***"},
		{"pass\thunter2", "pass ***"},
		{" PASS hunter2", " ***"},
		{"   pass hunter2", " ***"},
		{" \t PASShunter2", " ***"},
		{"\tPASS hunter2", "\tPASS ***"},
		{"\tPasshunter2", "\tPass ***"},
		{"\t ACCT hunter2", "\t ***"},
		{"\x01 adat hunter2", "\x01 ***"},
		{"\xffPASS hunter2", "\xffPASS ***"},
		{"1 2 PASS hunter2", "1 ***"},
		{" STOR pass", " STOR pass"},
		{"\t42 0", "\t42 0"},
		{"PASV", "PASV"},
		{"STOR pass", "STOR pass"},
	}
	for _, tt := range tests {
		cmd := ftpwire.ParseCommand(tt.line)
		if got := cmd.String(); got != tt.want {
			t.Errorf("%q prints as %q, want %q", tt.line, got, tt.want)
		}
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("got", "command", cmd)
		all := log.String() + fmt.Sprintf("%v %s", cmd, cmd)
		if strings.Contains(tt.want, "***") && strings.Contains(all, "hunter2") {
			t.Errorf("%q leaks: %s", tt.line, all)
		}
	}
}

func TestParseCommand(t *testing.T) {
	got := ftpwire.ParseCommand("lIsT -la x")
	want := ftpwire.Command{Verb: "LIST", Typed: "lIsT", Arg: "-la x", Octets: 12}
	if got != want {
		t.Errorf("got %#v, want %#v", got, want)
	}
}
