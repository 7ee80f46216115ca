//go:build lab

package lab_test

import (
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

func TestSharesCheck_tellsWhereTheWayEnds(t *testing.T) {
	admit := []string{"--file-server", lab.FileServer}
	for _, test := range []struct {
		name, user string
		as         lab.Account
		admit      []string
		code       int
	}{
		{"own home", "alice", lab.Alice, admit, 0},
		{"as an administrator", "alice", lab.Administrator, admit, 0},
		{"home of another", "alice", lab.Bob, admit, 6},
		{"server not admitted", "alice", lab.Alice, nil, 2},
		{"no home", "dave", lab.Alice, admit, 8},
		{"unknown user", "nobody", lab.Alice, admit, 8},
		{"home without a folder", "grace", lab.Administrator, admit, 8},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.user == "grace" {
				write(t, lab.Grace, homes, "not-there")
			}
			got := ftpisoctl(t, ldaps(test.as), append([]string{"shares", "check", test.user}, test.admit...)...)
			if got.code != test.code {
				t.Errorf("got %v\nwant exit %d", got, test.code)
			}
		})
	}
}

func TestSharesCheck_serverDown(t *testing.T) {
	lab.StopFileServer(t)
	got := ftpisoctl(t, ldaps(lab.Alice), "shares", "check", "alice", "--file-server", lab.FileServer)
	if got.code != 5 || !strings.Contains(got.stdout+got.stderr, lab.FileServer) {
		t.Errorf("got %v\nwant exit 5 and the server's name", got)
	}
}
