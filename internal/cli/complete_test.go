package cli_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
)

// offered runs what a shell runs, and returns what it would offer.
func offered(t *testing.T, w *world, args ...string) string {
	t.Helper()
	code := w.run(t, append([]string{"__complete"}, args...)...)
	if told := w.err.String(); code != 0 || strings.Contains(told, "error:") || strings.Contains(told, "WARNING") {
		t.Errorf("%q: exit code %d: %s", args, code, told)
	}
	lines := strings.Split(strings.TrimSpace(w.out.String()), "\n")
	for i := range lines {
		lines[i], _, _ = strings.Cut(lines[i], "\t")
	}
	return strings.Join(lines, " ")
}

// noFiles is cobra's word for that. A shell picks out of fixed words by itself.
const noFiles = ":4"

func TestComplete(t *testing.T) {
	w, _ := domainWithPassword(t)
	w.variables["FTPISOCTL_CONFIG"] = file(t, "ftpisoctl.yaml", "directory: {profiles: [{name: lab}, {name: live}, {name: test}]}")
	for args, want := range map[string]string{
		"get al":                     "alice " + noFiles,
		"get AL":                     "ALice " + noFiles,
		`get CORP\b`:                 `CORP\bob ` + noFiles,
		"get alice b":                "bob " + noFiles,
		"set al":                     "alice " + noFiles,
		"set alice b":                noFiles,
		"shares check bo":            "bob " + noFiles,
		"get x":                      noFiles,
		"list --group domain\u00a0A": noFiles,
		"list --group enterprise":    "enterprise Admins " + noFiles,
		"list --ou OU=Dom":           "OU=Domain Controllers,DC=corp,DC=example,DC=com " + noFiles,
		"list --ou x":                noFiles,
		"get --profile l":            "lab live " + noFiles,
		"get --color a":              "auto always never " + noFiles,
		"get -o js":                  "table tsv csv json jsonl yaml ldif name template= " + noFiles,
		"shares check -o ld":         "table tsv csv json jsonl yaml name template= " + noFiles,
		"get --columns us":           "user root dir account problem home userPrincipalName sid objectGUID dn sAMAccountName " + noFiles,
		"list x":                     noFiles,
		"completion z":               "zsh " + noFiles,
		"import fi":                  ":0",
		"plan fi":                    ":0",
		"apply fi":                   ":0",
		"man x":                      ":16",
		"undo x":                     ":36",
	} {
		if got := offered(t, w, strings.Fields(args)...); got != want {
			t.Errorf("%s: got %q, want %q", args, got, want)
		}
	}
}

// Nobody is asked for a password and no command is run for the sake of a Tab, and
// what goes wrong is nobody's business.
func TestComplete_isSilent(t *testing.T) {
	w, server := domain(t)
	w.terminal = true
	for name, args := range map[string][]string{
		"would have to ask":     nil,
		"command":               {"--password-command", printing(t, adaPassword)},
		"no such file":          {"--password-file", "missing"},
		"wrong configuration":   {"--config", "missing"},
		"no such profile":       {"--profile", "missing"},
		"nobody there":          {"--server", "ldaps://127.0.0.1:1", "--password-file", file(t, "password", adaPassword)},
		"password in the clear": {"--server", "ldap://127.0.0.1:1", "--allow-plaintext", "--password-file", file(t, "password", adaPassword)},
		"diagnostics":           {"-vv", "--trace=ldap", "--password-file", file(t, "password", "wrong")},
	} {
		if got := offered(t, w, append(append([]string{"get"}, args...), "al")...); got != noFiles {
			t.Errorf("%s: offered %q", name, got)
		}
		if strings.Contains(w.err.String(), "level=") {
			t.Errorf("%s: %s", name, &w.err)
		}
	}
	if len(w.prompts) > 0 || server.Stats().Binds != 1 {
		t.Errorf("%d prompts, %d binds", len(w.prompts), server.Stats().Binds)
	}
}

// A Tab is not to be waited for.
func TestComplete_keepsItsBudget(t *testing.T) {
	w, server := domainWithPassword(t)
	server.SetFaults(adsim.Faults{Delay: time.Minute})
	started := time.Now()
	if got := offered(t, w, "get", "al"); got != noFiles {
		t.Errorf("offered %q", got)
	}
	if took := time.Since(started); took > 2*time.Second {
		t.Errorf("it took %v", took)
	}
}
