package cli_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

// namesIn gathers the parts of all names in a report: of logins, DNs, hosts and paths.
func namesIn(r *audit.Report) map[string]bool {
	parts := map[string]bool{}
	add := func(texts ...string) {
		for _, text := range texts {
			for _, part := range regexp.MustCompile(`[\\/,=;:"()* ]+`).Split(strings.ToLower(text), -1) {
				if len(part) > 2 {
					parts[part] = true
				}
			}
		}
	}
	add(r.Domain, r.Server)
	for _, f := range r.Findings {
		add(f.Login, f.DN, f.Domain, f.GUID, f.SID)
		for _, e := range f.Evidence {
			if strings.HasPrefix(e.Name, "msIIS-FTP") || e.Name == "others" || e.Name == "home" {
				add(e.Value)
			}
		}
	}
	for _, s := range r.Servers {
		add(s.Name)
		for _, share := range s.Shares {
			add(share.Name)
			for _, home := range share.Homes {
				add(home.Path)
				add(home.Logins...)
			}
		}
	}
	return parts
}

// Of the bad domain, in which every rule finds something, no part of any name is left,
// but for words that stand in the texts of the rules as well.
func TestAudit_redact(t *testing.T) {
	a := preparedBad(t)
	report := func(more ...string) *audit.Report {
		t.Helper()
		args := append([]string{"audit", "--config", a.config, "--level", "0", "-q", "--fail-on", "none", "-o", "json"}, more...)
		if code := a.run(t, args...); code != 0 {
			t.Fatalf("%q: exit code %d: %s", args, code, &a.err)
		}
		var r audit.Report
		if err := json.Unmarshal(a.out.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		return &r
	}
	original, redacted := report(), report("--redact")
	ours, err := json.Marshal(original.Rules)
	if err != nil {
		t.Fatal(err)
	}
	rules := strings.ToLower(string(ours))
	redacted.Rules = nil
	for i := range redacted.Findings { // the messages and remedies are the rules' own, which the room's tests hold
		redacted.Findings[i].Message, redacted.Findings[i].Remedy = "", ""
	}
	text, err := json.Marshal(redacted)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, word := range regexp.MustCompile(`[\\/,=;:"()*{}\[\] ]+`).Split(strings.ToLower(string(text)), -1) {
		seen[word] = true
	}
	names := namesIn(original)
	for name := range names {
		if seen[name] && !strings.Contains(rules, name) {
			t.Errorf("%q is left", name)
		}
	}
	if len(names) < 100 || len(redacted.Findings) != len(original.Findings) || len(original.Findings) < 50 {
		t.Errorf("%d parts of names, %d and %d findings", len(names), len(original.Findings), len(redacted.Findings))
	}
	for i := range original.Findings {
		if o, r := &original.Findings[i], &redacted.Findings[i]; o.Rule != r.Rule || o.Severity != r.Severity {
			t.Errorf("finding %d of %s is %s", i, o.Rule, r.Rule)
		}
	}
}
