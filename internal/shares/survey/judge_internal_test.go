package survey

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

const aliceSID, guestSID, bobSID = "S-1-5-21-1-2-3-1104", "S-1-5-21-1-2-3-1105", "S-1-5-21-1-2-3-1106"

func said(findings []Finding) string {
	var all []string
	for _, f := range findings {
		all = append(all, string(f.ID))
	}
	return strings.Join(all, " ")
}

// What a descriptor says is wrong with alice's home, with an account for anonymous
// users and with groups that cannot be read.
func TestJudge(t *testing.T) {
	const modify = "(A;OICI;0x1301bf;;;" + aliceSID + ")"
	guest := ldapattr.User{NetBIOSDomain: "CORP", SAMAccountName: "ftpguest", SID: guestSID}
	token := func(_ context.Context, u ldapattr.User) (secdesc.Token, error) {
		sid, err := secdesc.ParseSID(u.SID)
		return secdesc.Token{SIDs: []secdesc.SID{sid, secdesc.Everyone}}, err
	}
	forest := func(_ context.Context, sid secdesc.SID) string {
		if strings.HasPrefix(sid.String(), "S-1-5-21-4-5-6-") {
			return `ROOT\somebody`
		}
		return sid.String()
	}
	for name, tt := range map[string]struct {
		sddl  string
		cfg   Config
		want  string
		state State
	}{
		"as it should be":       {"O:BAD:P" + modify, Config{Need: AllRights}, "", Passed},
		"hers":                  {"O:" + aliceSID + "D:P" + modify, Config{Need: AllRights}, "", Passed},
		"null list":             {"O:BA", Config{Need: AllRights}, "H10", Found},
		"empty list":            {"O:BAD:P", Config{Need: AllRights}, "H10 H05", Found},
		"bob's":                 {"O:" + bobSID + "D:P" + modify, Config{Need: AllRights}, "H07", Found},
		"her administrators'":   {"O:S-1-5-21-1-2-3-512D:P" + modify, Config{Need: AllRights}, "", Passed},
		"the root's":            {"O:S-1-5-21-4-5-6-519D:P" + modify, Config{Need: AllRights, Names: forest}, "", Passed},
		"a strange forest's":    {"O:S-1-5-21-7-8-9-519D:P" + modify, Config{Need: AllRights, Names: forest}, "H07", Found},
		"strangers'":            {"O:S-1-5-21-7-8-9-512D:P" + modify, Config{Need: AllRights}, "H07", Found},
		"of the root, but bob":  {"O:S-1-5-21-4-5-6-1104D:P" + modify, Config{Need: AllRights, Names: forest}, "H07", Found},
		"read only":             {"O:BAD:P(A;OICI;0x1200a9;;;" + aliceSID + ")", Config{Need: AllRights}, "H06", Found},
		"read only is enough":   {"O:BAD:P(A;OICI;0x1200a9;;;" + aliceSID + ")", Config{Need: List | Read}, "", Passed},
		"denied before allowed": {"O:BAD:P(D;OICI;0x1;;;WD)" + modify, Config{Need: AllRights}, "H05", Found},
		"open to guests":        {"O:BAD:P" + modify + "(A;OICI;0x1200a9;;;" + guestSID + ")", Config{Need: AllRights, Anonymous: &guest}, "H04", Found},
		"closed to guests":      {"O:BAD:P" + modify, Config{Need: AllRights, Anonymous: &guest}, "", Passed},
		"nobody says who": {"O:BAD:P" + modify, Config{Need: AllRights, Token: func(context.Context, ldapattr.User) (secdesc.Token, error) {
			return secdesc.Token{}, errors.New("no answer")
		}}, "", NotChecked},
	} {
		d, err := secdesc.ParseSDDL(tt.sddl, "")
		if err != nil {
			t.Fatal(err)
		}
		if tt.cfg.Token == nil {
			tt.cfg.Token = token
		}
		home := &Home{State: Passed, Users: []ldapattr.User{{NetBIOSDomain: "CORP", SAMAccountName: "alice", SID: aliceSID}}}
		New(nil, tt.cfg).judge(t.Context(), home, d)
		if said(home.Findings) != tt.want || home.State != tt.state || (home.Reason != "") != (tt.state == NotChecked) || len(home.Access) != 1 {
			t.Errorf("%s: got %q, %s (%s), want %q, %s", name, said(home.Findings), home.State, home.Reason, tt.want, tt.state)
		}
	}
}

// A quota that leaves little is told of the home that has it, and of a share that has
// one for whoever checks.
func TestSpace_quota(t *testing.T) {
	const gib = 1 << 30
	threshold, err := ParseThreshold("10%")
	if err != nil {
		t.Fatal(err)
	}
	shared := Space{Total: 100 * gib, Free: 50 * gib, Left: 50 * gib}
	for name, tt := range map[string]struct {
		own   Space
		want  string
		limit bool
	}{
		"none":              {shared, "", false},
		"enough is left":    {Space{Total: 20 * gib, Free: 50 * gib, Left: 10 * gib}, "", true},
		"little is left":    {Space{Total: 20 * gib, Free: 50 * gib, Left: gib}, "a quota leaves 1.0 GiB of 20.0 GiB, less than 10%", true},
		"a disk of its own": {Space{Total: 10 * gib, Free: gib / 2, Left: gib / 2}, "512.0 MiB of 10.0 GiB are free, less than 10%", true},
	} {
		s, home := New(nil, Config{MinFree: threshold}), &Home{State: Passed}
		s.limit(home, &volume{space: &shared}, tt.own)
		got := ""
		for _, f := range home.Findings {
			got = f.Text
		}
		if got != tt.want || (home.Space != nil) != tt.limit {
			t.Errorf("%s: got %q, %+v, want %q", name, got, home.Space, tt.want)
		}
	}
	v := &volume{space: &Space{Total: 100 * gib, Free: 50 * gib, Left: 30 * gib}}
	share := v.record("fs01", Counts{Homes: 20, Users: 20, Passed: 20}, Config{MinFree: threshold, PerUser: 2 * gib})
	if said(share.Findings) != "S15" || share.Expected != 40*gib || !strings.Contains(share.Findings[0].Text, "which is 10.0 GiB more") {
		t.Errorf("more is expected than a quota leaves: %+v", share)
	}
}

// What a file server answers has one meaning each, and the text says what to do.
func TestFindings_ofAnswers(t *testing.T) {
	location, err := homedir.ParseLocation(`\\fs01\ftp$`)
	if err != nil {
		t.Fatal(err)
	}
	namespace := fmt.Errorf("%w: %w", smbfs.ErrDFS, winerr.BadNetPath)
	for _, tt := range []struct {
		what string
		got  Finding
		id   ID
		text string
	}{
		{"share", shareFinding(&volume{location: location}, winerr.BadNetName), NoShare, "the server has no share ftp$"},
		{"share", shareFinding(&volume{location: location}, winerr.AccessDenied), Refused, "cannot be entered"},
		{"share", shareFinding(&volume{location: location}, namespace), Namespace, "under dfs:"},
		{"directory", directoryFinding(winerr.FileNotFound), Missing, "is missing"},
		{"directory", directoryFinding(winerr.PathNotFound), Missing, "a folder above it"},
		{"directory", directoryFinding(winerr.CantAccessFile), NoDirectory, "reparse point"},
		{"directory", directoryFinding(winerr.Directory), NoDirectory, "a file is in its place"},
		{"directory", directoryFinding(winerr.AccessDenied), NotToBeSeen, "may not look"},
		{"directory", directoryFinding(namespace), Namespace, "under dfs:"},
		{"directory", directoryFinding(winerr.GenFailure), NotToBeSeen, "cannot be looked at"},
		{"session", loginFinding("fs01", winerr.LogonFailure), Refused, "does not take the account"},
		{"session", loginFinding("fs01", winerr.NetNameDeleted), NoAnswer, ""},
	} {
		if tt.got.ID != tt.id || tt.got.Step != tt.what || !strings.Contains(tt.got.Text, tt.text) || tt.got.Win32() == winerr.Success {
			t.Errorf("got %+v, want %s about the %s with %q", tt.got, tt.id, tt.what, tt.text)
		}
	}
}
