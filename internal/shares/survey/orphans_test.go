//go:build unix

package survey_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

// orphans surveys users, and returns the orphans of the one share below its root.
func orphans(t *testing.T, policy shares.Policy, cfg survey.Config, list ...ldapattr.User) ([]string, survey.Share) {
	t.Helper()
	var got told
	cfg.Orphans = true
	if err := survey.New(shares.NewOpener(policy), cfg).Run(t.Context(), users(list...), &got); err != nil || len(got.share) != 1 {
		t.Fatalf("%v, shares %+v", err, got.share)
	}
	var names []string
	for _, o := range got.share[0].Orphans {
		if o.Changed.IsZero() {
			t.Errorf("nobody knows how old %s is", o.Location)
		}
		below, _ := got.share[0].Volume.Rel(o.Location)
		names = append(names, below)
	}
	slices.Sort(names)
	return names, got.share[0]
}

// Directories beside homes lead to somebody's home or are orphans; what is in a home,
// above the roots of all users, or a file, is not looked at.
func TestRun_orphans(t *testing.T) {
	policy, root := site(t, "alice/inner", "teams/bob", "teams/gone", "old", "lost+found", "other/x", "deep/er/carol", "deep/er/left", "deep/beside")
	if err := os.WriteFile(filepath.Join(root, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	names, share := orphans(t, policy, survey.Config{},
		user("alice", root, "alice"), user("ann", root, `alice\inner`), user("bob", root, `teams\bob`), user("absent", root, `nowhere\at\all`),
		user("carol", root+"/deep/er", "carol"),
	)
	if want := "deep/er/left old other teams/gone"; strings.Join(names, " ") != want || share.Unlisted != "" {
		t.Errorf("got %q (%s), want %q", names, share.Unlisted, want)
	}
	if names, _ := orphans(t, policy, survey.Config{}, user("carol", root+"/deep/er", "carol")); strings.Join(names, " ") != "deep/er/left" {
		t.Errorf("above the root: %q", names)
	}
	if names, _ := orphans(t, policy, survey.Config{}, user("all", root, "."), user("alice", root, "alice")); len(names) > 0 {
		t.Errorf("the root is a home, and in it: %q", names)
	}
}

// A folder that a share is mapped to is listed, though nothing else admits it.
func TestRun_orphansBehindAMap(t *testing.T) {
	policy, _ := site(t, "alice", "old")
	policy.LocalRoots = nil
	if names, share := orphans(t, policy, survey.Config{}, user("alice", `\\fs01\ftp$`, "alice")); strings.Join(names, " ") != "old" || share.Unlisted != "" {
		t.Errorf("got %q, %+v", names, share)
	}
}

// Where nobody looked, nothing is said about orphans.
func TestRun_orphansThatAreNotKnown(t *testing.T) {
	policy, root := site(t, "alice", "old")
	if names, share := orphans(t, policy, survey.Config{Level: survey.Answers}, user("alice", root, "alice")); len(names) > 0 || share.Unlisted == "" || share.NotChecked != 1 {
		t.Errorf("the server alone: %q, %+v", names, share)
	}
	if os.Geteuid() == 0 {
		return // whom no mode stops
	}
	if err := os.Chmod(root, 0o100); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(root, 0o700) })
	if names, share := orphans(t, policy, survey.Config{}, user("alice", root, "alice")); len(names) > 0 || share.Unlisted == "" {
		t.Errorf("a folder that is closed: %q, %+v", names, share)
	}
}
