//go:build unix

package cli_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// ends says at which step the logins of the bad domain end, and with which exit code
// of explain; those that are not in it succeed.
func ends() map[string]string {
	list := map[string]string{}
	for cause, logins := range map[string]string{
		"8 attributes": "v01 v02 v03",
		"8 path":       "v04 v05 v06 v08-variable v09-no-share v11-blank v12 v12-bidi v13 v14 v17",
		"6 policy":     "v07 v08 v18 v20 v20-netlogon",
		"6 account":    "a01 a02 a03 a04 a07-hours a07-host svc-bad",
	} {
		for login := range strings.FieldsSeq(logins) {
			list[login] = cause
		}
	}
	return list
}

// shareFolders makes a folder for each share of the file server and each home, and
// returns what maps them.
func shareFolders(t *testing.T, homes []homedir.Location) string {
	t.Helper()
	folder := t.TempDir()
	mapped := map[string]string{}
	for _, home := range homes {
		if home.Kind() != homedir.KindUNC || home.Share() == "C$" || home.Share() == "NETLOGON" || strings.HasPrefix(home.Server(), "192.") {
			continue
		}
		share := strings.ToLower(home.Share())
		mapped[strings.ToLower(home.Base().String())] = filepath.Join(folder, share)
		if err := os.MkdirAll(filepath.Join(folder, share, filepath.FromSlash(home.Path())), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	var list []string
	for _, share := range slices.Sorted(maps.Keys(mapped)) {
		list = append(list, fmt.Sprintf("{from: '%s', to: %q}", share, mapped[share]))
	}
	return strings.Join(list, ", ")
}

// people are the accounts of a prepared domain: by login, the home if there is one.
func people(t *testing.T, a audited) (logins []string, homes []homedir.Location) {
	t.Helper()
	if code := a.run(t, "list", "-o", "jsonl"); code != 0 {
		t.Fatalf("exit code %d: %s", code, &a.err)
	}
	for line := range strings.Lines(a.out.String()) {
		var one struct{ SAMAccountName, Root, Dir string }
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			t.Fatal(err)
		}
		if one.SAMAccountName != "ada" {
			logins = append(logins, one.SAMAccountName)
		}
		if home, err := homedir.New(one.Root, one.Dir); err == nil {
			homes = append(homes, home.Location())
		}
	}
	return logins, homes
}

// What explain says of each user of the bad domain is what a login then gets, byte for
// byte, with the row of the access log; with the password and without.
func TestExplain_agreesOnTheBadDomain(t *testing.T) {
	logins, homes := people(t, preparedBad(t))
	a := agreeOn(t, administrator+fixture(t, "bad.ldif")+"\n"+fixture(t, "bad-sim.ldif"), shareFolders(t, homes))
	expected := ends()
	for _, login := range logins {
		t.Run(login, func(t *testing.T) {
			a.agrees(t, trial{login: login, password: "Bad-D0main!", ends: expected[login]})
		})
		delete(expected, login)
	}
	if len(expected) > 0 {
		t.Errorf("not in the domain: %q", expected)
	}
}
