package cli_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

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
		"V24": "no class but that of users may hold the attributes",
		"X05": "needs a second domain",
	}
	text := fixture(t, "bad.tsv")
	for _, rule := range rules.All() {
		violated := strings.Contains(text, "\n"+rule.ID+"\t")
		if _, exempt := elsewhere[rule.ID]; violated == exempt {
			t.Errorf("%s: violated %v, exempt %v", rule.ID, violated, exempt)
		}
	}
}
