package audit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

// saying is the report of an audit that asked V01 and X01 and found these.
func saying(findings ...audit.Finding) *audit.Report {
	return &audit.Report{
		Domain: "corp.example.com", Started: time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC),
		Rules:   []audit.Rule{{ID: "V01"}, {ID: "X01"}, {ID: "H01", Level: 2}},
		Results: []audit.Result{{Rule: "V01", Passed: 1}, {Rule: "X01"}, {Rule: "H01"}}, Findings: findings, Level: 2,
	}
}

func at(rule, login string, s audit.Severity, status audit.Status) audit.Finding {
	return audit.Finding{Rule: rule, Severity: s, Status: status, Object: audit.Object{GUID: "guid-" + login, Login: login}, Fingerprint: rule + login}
}

// changes are the changes in words.
func changes(d audit.Difference) []string {
	var all []string
	for _, c := range d.Changes {
		text := string(c.Change) + " " + c.Rule + " " + c.Login
		if c.Reason != "" {
			text += ": " + c.Reason
		}
		all = append(all, text)
	}
	return all
}

func TestDiff(t *testing.T) {
	before := saying(at("V01", "gone", audit.High, audit.Found), at("V01", "stays", audit.High, audit.Found), at("X01", "accepted", audit.High, audit.Found), at("X01", "known", audit.High, audit.Suppressed))
	after := saying(at("X01", "new", audit.Low, audit.Found), at("V01", "stays", audit.High, audit.Found), at("X01", "accepted", audit.High, audit.Suppressed), at("X01", "known", audit.High, audit.Found))
	d := audit.Diff(before, after, true)
	want := []string{"new X01 new", "new X01 known", "resolved V01 gone", "accepted X01 accepted", "unchanged V01 stays"}
	if got := changes(d); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if len(d.Warnings) > 0 {
		t.Errorf("got %v", d.Warnings)
	}
	want = []string{"unchanged V01 gone", "unchanged V01 stays", "unchanged X01 accepted"}
	if got := changes(audit.Diff(before, before, true)); !slices.Equal(got, want) {
		t.Errorf("a report differs from itself: %q", got)
	}
}

// What the later audit did not look at is never resolved, and a warning tells what
// differs between the two.
func TestDiff_notCheckedIsNotResolved(t *testing.T) {
	reason := func(count int, objects ...string) func(*audit.Report) {
		return func(r *audit.Report) {
			r.Results[2].NotChecked, r.Results[2].Reasons = count, []audit.Reason{{Text: "no answer", Count: count, Objects: objects}}
		}
	}
	tests := []struct {
		name          string
		change        func(later *audit.Report)
		cut           bool
		want, warning string
	}{
		{name: "asked, and gone", change: func(*audit.Report) {}},
		{name: "cut short", change: func(*audit.Report) {}, cut: true, want: "the later audit was cut short", warning: "cut short"},
		{name: "domain", change: func(r *audit.Report) { r.Domain = "other.example.com" }, want: "the later audit was of another domain", warning: "different domains: corp.example.com and other.example.com"},
		{name: "redacted", change: func(r *audit.Report) { r.Redacted = true }, want: "a redacted report cannot be compared", warning: "fingerprints of its own"},
		{name: "letter case", change: func(r *audit.Report) { r.Domain = "CORP.example.com" }},
		{name: "narrower", change: func(r *audit.Report) { r.Scope.Group = "FTP" }, want: "the later audit was limited to other accounts", warning: "all accounts, and --group FTP"},
		{name: "heavier", change: func(r *audit.Report) { r.Scope.Severity = audit.Critical }, want: "the later audit left out what weighs less than critical", warning: "--severity critical"},
		{name: "what was new", change: func(r *audit.Report) { r.Scope.Since = "2026-05-01 03:02:01 UTC" }, want: "the later report lists only what was new (--since)"},
		{name: "rule", change: func(r *audit.Report) { r.Rules = r.Rules[:2] }, want: "the later audit did not ask H01", warning: "rules of the first audit alone: H01"},
		{name: "more rules", change: func(r *audit.Report) { r.Rules = append(r.Rules, audit.Rule{ID: "S01"}) }, warning: "rules of the second audit alone: S01"},
		{name: "level", change: func(r *audit.Report) { r.Level = 1 }, want: "the later audit was of level 1, and H01 needs 2", warning: "level 2, and level 1"},
		{name: "no result", change: func(r *audit.Report) { r.Results = nil }, want: "the later audit does not say what H01 found"},
		{name: "this object", change: reason(2, "guid-dave", "guid-erin"), want: "no answer"},
		{name: "another object", change: reason(1, "guid-dave")},
		{name: "nobody knows which", change: reason(1), want: "no answer"},
		{name: "more than are listed", change: reason(2, "guid-dave"), want: "no answer"},
		{name: "the second reason", change: func(r *audit.Report) {
			r.Results[2].Reasons = []audit.Reason{{Text: "no answer", Count: 1, Objects: []string{"guid-dave"}}, {Text: "no right", Count: 2, Objects: []string{"guid-erin", "guid-dave"}}, {Text: "late", Count: 1}}
		}, want: "no right"},
		{name: "of no reason", change: func(r *audit.Report) { r.Results[2].NotChecked = 1 }, want: "the later audit does not say what H01 could not check"},
		{name: "the wrong way round", change: func(r *audit.Report) { r.Started = r.Started.Add(-time.Hour) }, warning: "the first report is the later one"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			after := saying()
			test.change(after)
			d := audit.Diff(saying(at("H01", "erin", audit.High, audit.Found)), after, !test.cut)
			want := "resolved H01 erin"
			if test.want != "" {
				want = "not checked H01 erin: " + test.want
			}
			if got := changes(d); !slices.Equal(got, []string{want}) {
				t.Errorf("got %q, want %q", got, want)
			}
			if said := strings.Join(d.Warnings, "; "); !strings.Contains(said, test.warning) || (said == "") != (test.warning == "") {
				t.Errorf("the warnings are %q, want %q", said, test.warning)
			}
		})
	}
}

// However many rules a report names, a warning fits on a screen.
func TestDiff_manyRules(t *testing.T) {
	before, after := saying(), saying()
	for i := range 300 {
		before.Rules = append(before.Rules, audit.Rule{ID: fmt.Sprintf("Z%d", i)})
	}
	d := audit.Diff(before, after, true)
	if len(d.Warnings) != 1 || !strings.HasPrefix(d.Warnings[0], "rules of the first audit alone: Z0, Z1, ") || !strings.HasSuffix(d.Warnings[0], ", Z199, and 100 more") {
		t.Errorf("got %q", d.Warnings)
	}
}

// A wider scope has all that the narrower one had.
func TestDiff_widerScope(t *testing.T) {
	before := saying(at("V01", "erin", audit.High, audit.Found))
	before.Scope = audit.Scope{OU: "OU=Staff", Group: "FTP", Filter: "(a=b)", Since: "never"}
	d := audit.Diff(before, saying(), true)
	if got := changes(d); !slices.Equal(got, []string{"resolved V01 erin"}) {
		t.Errorf("got %q", got)
	}
	if said := strings.Join(d.Warnings, "; "); !strings.Contains(said, "what is new here may have been known") || !strings.Contains(said, "--ou OU=Staff --group FTP --filter (a=b), and all accounts") {
		t.Errorf("the warnings are %q", said)
	}
}

// What a server that was down hides stays known; what was looked at does not.
func TestStillOpen(t *testing.T) {
	before := saying(at("H01", "erin", audit.High, audit.Found), at("H01", "dave", audit.High, audit.Found), at("V01", "erin", audit.High, audit.Found), at("H01", "fay", audit.High, audit.Suppressed))
	listed := func(count int, objects ...string) *audit.Report {
		later := saying(at("H01", "new", audit.High, audit.Found))
		for i := range later.Results {
			later.Results[i].NotChecked, later.Results[i].Reasons = count, []audit.Reason{{Text: "no answer", Count: count, Objects: objects}}
		}
		return later
	}
	thousand := slices.Repeat([]string{"guid-other"}, 1000)
	for name, tt := range map[string]struct {
		later *audit.Report
		want  string
	}{
		"looked at":        {saying(), ""},
		"not looked at":    {listed(2, "guid-erin", "guid-fay"), "H01 erin"},
		"nobody is listed": {listed(3), ""}, // homes that are not valid
		"more than listed": {listed(1001, thousand...), "H01 erin H01 dave"},
		"all are others":   {listed(1000, thousand...), ""},
		"still found":      {saying(at("H01", "erin", audit.High, audit.Found)), ""},
	} {
		var got []string
		for _, f := range audit.StillOpen(before, tt.later) {
			got = append(got, f.Rule+" "+f.Login)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}
