package cli_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/audit/rules"
)

// audited is a domain of internal/audit/rules/testdata with the configuration for it.
type audited struct {
	*world
	config string
}

// fixture reads a file that the rules are tried on.
func fixture(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "audit", "rules", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}

// prepared starts a prepared domain: bad or clean.
func prepared(t *testing.T, config string, ldif ...string) audited {
	t.Helper()
	text := strings.SplitAfter(seed, "\n\n")[0] // Ada alone
	for _, name := range ldif {
		text += fixture(t, name) + "\n"
	}
	w, _ := domainOf(t, text)
	w.variables["FTPISOCTL_PASSWORD_FILE"] = file(t, "ada.password", adaPassword)
	a := audited{w, file(t, "ftpisoctl.yaml", fixture(t, config))}
	if err := os.WriteFile(filepath.Join(filepath.Dir(a.config), "svc.password"), []byte("Bad-D0main!"), 0o600); err != nil {
		t.Fatal(err)
	}
	return a
}

// act runs a command of a table, which must succeed.
func (a audited) act(t *testing.T, args ...string) string {
	t.Helper()
	args = append([]string{args[0], "--config", a.config}, args[1:]...)
	if args[0] == "audit" {
		if !slices.Contains(args, "--level") {
			args = append(args, "--level", "0")
		}
		args = append(args, "-q", "--fail-on", "none", "-o", "tsv", "--no-headers", "--columns", "rule,severity,login,location")
	}
	if code := a.run(t, args...); code != 0 {
		t.Fatalf("%q: exit code %d: %s", args, code, &a.err)
	}
	return regexp.MustCompile(`S-1-5-21-[0-9-]+`).ReplaceAllString(a.out.String(), "SID")
}

// tried is one command of a table, and what it prints.
type tried struct {
	args []string
	want string
}

// table reads commands, each on a line that begins with a dollar, and the findings below
// each audit.
func table(t *testing.T, name string) []tried {
	t.Helper()
	var all []tried
	for line := range strings.Lines(fixture(t, name)) {
		switch command, is := strings.CutPrefix(line, "$\t"); {
		case is:
			all = append(all, tried{args: strings.Split(strings.TrimSuffix(command, "\n"), "\t")})
		case len(all) > 0:
			all[len(all)-1].want += line
		}
	}
	return all
}

// The bad domain has the findings of its table, and no other.
func TestAudit_badDomain(t *testing.T) {
	a := prepared(t, "bad.yaml", "bad.ldif", "bad-sim.ldif")
	for _, c := range table(t, "bad.tsv") {
		if got := a.act(t, c.args...); c.args[0] == "audit" && got != c.want {
			t.Errorf("%q: got\n%s\nwant\n%s", c.args, got, c.want)
		}
	}
}

func TestAudit_cleanDomain(t *testing.T) {
	a := prepared(t, "clean.yaml", "clean.ldif")
	for _, c := range table(t, "clean.tsv") {
		if got := a.act(t, c.args...); got != "" {
			t.Errorf("%q: got\n%s", c.args, got)
		}
	}
}

// Every rule is violated in the bad domain, or stands here with the reason why it is not.
func TestAudit_badDomainViolatesEveryRule(t *testing.T) {
	elsewhere := map[string]string{
		"C01": "a domain with homes has the attributes in its schema",
		"C08": "needs a second domain controller",
		"V24": "users alone may hold the attributes, and what was deleted comes from no LDIF",
		"X05": "needs a second domain",
	}
	text := fixture(t, "bad.tsv")
	for _, rule := range rules.All() {
		if rule.ID[0] == 'S' || rule.ID[0] == 'H' {
			continue // there are no file servers here; scripts and the lab violate those
		}
		violated := strings.Contains(text, "\n"+rule.ID+"\t")
		if _, exempt := elsewhere[rule.ID]; violated == exempt {
			t.Errorf("%s: violated %v, exempt %v", rule.ID, violated, exempt)
		}
	}
}

// fixable returns the findings as the table has them, in order, and which of them a plan
// repairs.
func (a audited) fixable(t *testing.T, args ...string) (all []string, fixed map[string]bool) {
	t.Helper()
	fixed = map[string]bool{}
	if code := a.run(t, append([]string{"audit", "--config", a.config, "-q", "--fail-on", "none", "-o", "jsonl"}, args...)...); code != 0 {
		t.Fatalf("exit code %d: %s", code, &a.err)
	}
	for line := range strings.Lines(a.out.String()) {
		var f audit.Finding
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatal(err)
		}
		all = append(all, f.Rule+" "+f.Login)
		if f.Fix != nil {
			fixed[f.Rule+" "+f.Login] = true
		}
	}
	return all, fixed
}

// A plan out of the findings makes exactly those vanish that it can repair, and no new
// ones; undo brings them back.
func TestAudit_badDomainIsRepaired(t *testing.T) {
	a := prepared(t, "bad.yaml", "bad.ldif", "bad-sim.ldif")
	flags := []string{"--groups", "3", "--shared", `\\fs01.corp.example.com\ftp$\x07`}
	before, fixed := a.fixable(t, flags...)
	plan := filepath.Join(t.TempDir(), "fix.json")
	a.fixable(t, append(flags, "--fix-plan", plan)...)
	a.act(t, "apply", plan, "--yes")
	after, _ := a.fixable(t, flags...)
	want := slices.DeleteFunc(slices.Clone(before), func(f string) bool { return fixed[f] })
	if !slices.Equal(after, want) {
		t.Errorf("repaired: got\n%q\nwant\n%q", after, want)
	}
	repaired := slices.Sorted(maps.Keys(fixed))
	if want := []string{"A01 a01", "A02 a02", "V04 v04", "V06 v06", "V10 v10", "V11 v11", "V11 v11-blank", "V12 v12", "V12 v12-bidi", "V19 v19", "V23 v23"}; !slices.Equal(repaired, want) {
		t.Errorf("a plan repairs %q\nwant %q", repaired, want)
	}
	a.act(t, "undo", "--yes")
	if again, _ := a.fixable(t, flags...); !slices.Equal(again, before) {
		t.Errorf("after undo: got\n%q\nwant\n%q", again, before)
	}
}
