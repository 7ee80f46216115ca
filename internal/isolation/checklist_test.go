//go:build unix

package isolation_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/isolation"
)

// What a client types reaches the directory as a value and never as a part of the
// filter, and finds its own object or nothing.
func TestChecklist_A2_namesAreEscaped(t *testing.T) {
	d := start(t, 0, resident("alice"), resident("a-star"))
	d.homes(t, "alice", "a-star")
	for _, name := range []string{
		"*", "a*", "alice)(cn=*", "*)(sAMAccountName=alice", `a\2a`, "alice)(|(cn=*", "(alice)", strings.Repeat("a", 300), "al\x1b[2Jice", "ali\x00ce",
	} {
		if account, home, err := d.login(t, name, "pw-alice"); err == nil {
			t.Errorf("%q is %s in %q", name, account, home)
		}
		filter := strings.NewReplacer(`\2a`, "", `\28`, "", `\29`, "", `\5c`, "").Replace(strings.ToLower(d.server.Stats().LastFilter()))
		if strings.Contains(filter, "*") || strings.Count(filter, "(") != strings.Count(filter, ")") || strings.Contains(filter, "cn=*") {
			t.Errorf("%q became the filter %s", name, d.server.Stats().LastFilter())
		}
	}
	if _, home, err := d.login(t, "alice", "pw-alice"); err != nil || home != "alice" {
		t.Errorf("alice herself: %q, %v", home, err)
	}
}

// Missing, half and overlong attributes: no home, and never a default one.
func TestChecklist_A5_noAttributesNoHome(t *testing.T) {
	none, half, other := resident("none"), resident("half"), resident("other")
	none.root, none.dir = "", ""
	half.dir = ""
	other.root = ""
	d := start(t, 0, resident("alice"), none, half, other)
	d.homes(t, "alice", "none", "half", "other")
	for _, name := range []string{"none", "half", "other"} {
		_, home, err := d.login(t, name, "pw-"+name)
		var refusal *isolation.Error
		if !errors.As(err, &refusal) || refusal.Stage != isolation.StageAttribute || !refusal.Proven() || refusal.SubStatus != 33 {
			t.Errorf("%s: home %q, %v", name, home, err)
		}
	}
}

// Accounts that may not log in look to the client like a wrong password: nothing of
// the refusal is told but to the log.
func TestChecklist_A6_stateOfTheAccountStaysSecret(t *testing.T) {
	states := map[string]string{
		"disabled": "userAccountControl: 514\n", "locked": "lockoutTime: 132000000000000000\n",
		"expired": "accountExpires: 132000000000000000\n", "change": "pwdLastSet: 0\n",
	}
	people := []person{resident("alice")}
	for name, extra := range states {
		p := resident(name)
		p.extra = extra
		people = append(people, p)
	}
	d := start(t, 0, people...)
	codes := make(map[uint32]bool)
	for name := range states {
		_, _, err := d.login(t, name, "pw-"+name)
		var refusal *isolation.Error
		if !errors.As(err, &refusal) || refusal.Proven() || refusal.SubStatus != 41 {
			t.Errorf("%s: %v", name, err)
			continue
		}
		codes[uint32(refusal.Win32)] = true
	}
	if len(codes) != len(states) {
		t.Errorf("the log tells %d causes apart, want %d", len(codes), len(states))
	}
}

// An unknown user and a wrong password take the same time, as far as a client can
// tell.
func TestChecklist_A7_unknownUserTakesAsLong(t *testing.T) {
	d := start(t, 0, resident("alice"))
	d.homes(t, "alice")
	const times = 20
	median := func(user string) time.Duration {
		took := make([]time.Duration, times)
		for i := range took {
			began := time.Now()
			if _, _, err := d.login(t, user, "wrong"); err == nil {
				t.Fatalf("%s logged in", user)
			}
			took[i] = time.Since(began)
		}
		slices.Sort(took)
		return took[times/2]
	}
	median("alice") // connections are made
	unknown, wrong := median("nobody"), median("alice")
	if apart := (unknown - wrong).Abs(); apart > 100*time.Millisecond {
		t.Errorf("unknown %v, wrong password %v", unknown, wrong)
	}
}
