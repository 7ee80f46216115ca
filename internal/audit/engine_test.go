package audit_test

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

var errLost = errors.New("connection lost")

// logins yields accounts with a home of their own, and at last an error if there is one.
func logins(names []string, last error) iter.Seq2[ldapattr.Account, error] {
	return func(yield func(ldapattr.Account, error) bool) {
		for _, name := range names {
			a := ldapattr.Account{User: ldapattr.User{DN: "CN=" + name, SAMAccountName: name, Root: `\\fs01\ftp$`, Dir: name}}
			copy(a.GUID[:], name)
			if !yield(a, nil) {
				return
			}
		}
		if last != nil {
			yield(ldapattr.Account{}, last)
		}
	}
}

// starts finds logins that begin with a letter, and cannot tell about others.
func starts(id, letter, unknown string, severity audit.Severity) audit.Check {
	return audit.Check{Rule: audit.Rule{ID: id, Severity: severity, Remedy: "rename"}, Account: func(a *audit.Account, _ *audit.Settings) audit.Answer {
		switch login := a.SAMAccountName; {
		case strings.HasPrefix(login, letter):
			return audit.Answer{Status: audit.Found, Location: "sAMAccountName", Message: "begins with " + letter}
		case strings.HasPrefix(login, unknown):
			return audit.Answer{Status: audit.NotChecked, Reason: "begins with " + unknown}
		case login == "nobody":
			return audit.Answer{Skip: true}
		}
		return audit.Answer{}
	}}
}

func TestRun_countsEveryAnswer(t *testing.T) {
	steps := 0
	report, err := audit.Run(t.Context(), logins([]string{"bob", "al", "ada", "cy", "nobody"}, nil), audit.Options{
		Checks: []audit.Check{starts("Z01", "a", "b", audit.Low), starts("Z02", "c", "a", audit.High)}, Step: func() { steps++ },
	})
	if err != nil {
		t.Fatal(err)
	}
	const bob, al, ada = "00626f62-0000-0000-0000-000000000000", "00006c61-0000-0000-0000-000000000000", "00616461-0000-0000-0000-000000000000"
	want := []audit.Result{
		{Rule: "Z01", Found: 2, Passed: 1, NotChecked: 1, Reasons: []audit.Reason{{Text: "begins with b", Count: 1, Objects: []string{bob}}}},
		{Rule: "Z02", Found: 1, Passed: 1, NotChecked: 2, Reasons: []audit.Reason{{Text: "begins with a", Count: 2, Objects: []string{al, ada}}}},
	}
	if fmt.Sprint(report.Results) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", report.Results, want)
	}
	var order []string
	for _, f := range report.Findings {
		order = append(order, f.Rule+f.Login)
	}
	if !slices.Equal(order, []string{"Z02cy", "Z01ada", "Z01al"}) || steps != 5 || report.Accounts != 5 || report.Homes != 5 {
		t.Errorf("got %v, %d steps, %d accounts, %d homes", order, steps, report.Accounts, report.Homes)
	}
	if f := report.Findings[0]; f.Remedy != "rename" || f.Evidence == nil || len(f.Fingerprint) != 32 || f.DN != "CN=cy" {
		t.Errorf("got %+v", f)
	}
}

// Of many objects that were not checked the first are listed, and all are counted.
func TestRun_listsNoMoreThanNeeded(t *testing.T) {
	names := slices.Repeat([]string{"bob"}, 1500)
	report, err := audit.Run(t.Context(), logins(names, nil), audit.Options{Checks: []audit.Check{starts("Z01", "a", "b", audit.Low)}})
	if err != nil {
		t.Fatal(err)
	}
	if reason := report.Results[0].Reasons[0]; reason.Count != 1500 || len(reason.Objects) != 1000 {
		t.Errorf("%d counted, %d listed", reason.Count, len(reason.Objects))
	}
}

// What was read before the end is in the report; it never passes for the whole.
func TestRun_cutShort(t *testing.T) {
	report, err := audit.Run(t.Context(), logins([]string{"al"}, errLost), audit.Options{Checks: []audit.Check{starts("Z01", "a", "b", audit.Low)}})
	if !errors.Is(err, errLost) || len(report.Findings) != 1 {
		t.Errorf("got %v, %+v", err, report.Findings)
	}
	full := errors.New("disk is full")
	emitted := 0
	_, err = audit.Run(t.Context(), logins([]string{"al", "ada", "ann"}, nil), audit.Options{
		Checks: []audit.Check{starts("Z01", "a", "b", audit.Low)}, Emit: func(audit.Finding) error { emitted++; return full },
	})
	if !errors.Is(err, full) || emitted != 1 {
		t.Errorf("got %v after %d findings", err, emitted)
	}
}

func TestRun_leavesOutWhatIsBelowTheSeverity(t *testing.T) {
	report, err := audit.Run(t.Context(), logins([]string{"al", "cy"}, nil), audit.Options{
		Checks: []audit.Check{starts("Z01", "a", "b", audit.Low), starts("Z02", "c", "b", audit.High)}, Scope: audit.Scope{Severity: audit.Medium},
	})
	if err != nil || len(report.Findings) != 1 || report.Findings[0].Rule != "Z02" || report.Results[0].Found != 1 {
		t.Errorf("got %+v, %v", report, err)
	}
}

func TestRun_acceptedFindings(t *testing.T) {
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	checks := []audit.Check{starts("Z01", "a", "b", audit.Low)}
	first, _ := audit.Run(t.Context(), logins([]string{"al"}, nil), audit.Options{Checks: checks})
	accepted := audit.Accepted{
		Baseline: map[string]bool{first.Findings[0].Fingerprint: true},
		Suppressions: []audit.Suppression{
			{Rule: "z01", Object: "A*a", Reason: "agreed"}, {Rule: "Z01", Object: "an?", Reason: "once", Until: now.Add(-time.Hour)}, {Rule: "Z02", Object: "*", Reason: "other"},
		},
	}
	report, err := audit.Run(t.Context(), logins([]string{"al", "ada", "ann"}, nil), audit.Options{Checks: checks, Accepted: accepted, Settings: audit.Settings{Now: now}})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range report.Findings {
		got[f.Rule+" "+f.Login] = f.Status.String() + " " + f.Suppressed
	}
	want := map[string]string{"Z01 al": "suppressed baseline", "Z01 ada": "suppressed agreed", "Z01 ann": "found ", "C90 an?": "found "}
	if fmt.Sprint(got) != fmt.Sprint(want) || report.Results[0].Suppressed != 2 || report.Results[1].Rule != "C90" || report.Results[1].Passed != 2 {
		t.Errorf("got  %v\nwant %v\n%+v", got, want, report.Results)
	}
}

// Brackets are letters of names, and a pattern with one is no set of letters.
func TestRun_acceptsNamesWithBrackets(t *testing.T) {
	checks := []audit.Check{starts("Z01", "a", "b", audit.Low)}
	for pattern, want := range map[string]int{"cn=ann [[]ext]": 0, "CN=ann [ext]": 1, "*[E*": 1, "cn=ann [*": 1, "CN=ann ?ext]": 1, "cn=an[n]*": 0} {
		accepted := audit.Accepted{Suppressions: []audit.Suppression{{Rule: "Z01", Object: pattern, Reason: "agreed"}}}
		report, err := audit.Run(t.Context(), logins([]string{"ann [ext]"}, nil), audit.Options{Checks: checks, Accepted: accepted})
		if err != nil || report.Results[0].Suppressed != want {
			t.Errorf("%s: got %+v, %v, want %d", pattern, report.Results[0], err, want)
		}
	}
}

func TestRun_mapsServers(t *testing.T) {
	report, err := audit.Run(t.Context(), logins([]string{"bob", `x\al`}, nil), audit.Options{Checks: []audit.Check{starts("Z01", "q", "r", audit.Low)}})
	if err != nil || len(report.Servers) != 1 || report.Servers[0].Name != "fs01" || len(report.Servers[0].Shares) != 1 {
		t.Fatalf("got %+v, %v", report.Servers, err)
	}
	if homes := report.Servers[0].Shares[0].Homes; len(homes) != 2 || homes[1].Path != "x/al" || homes[0].Logins[0] != "bob" {
		t.Errorf("got %+v", homes)
	}
}

func TestReadBaseline(t *testing.T) {
	const one, two = "00112233445566778899aabbccddeeff", "ffeeddccbbaa99887766554433221100"
	for name, text := range map[string]string{
		"report": `{"schema":1,"findings":[{"fingerprint":"` + one + `"},{"fingerprint":"` + two + `"}]}`,
		"lines":  `{"rule":"V01","fingerprint":"` + one + `"}` + "\n" + `{"fingerprint":"` + two + `"}`,
		"text":   one + "\n" + two + "\n",
	} {
		if known, err := audit.ReadBaseline(strings.NewReader(text)); err != nil || !known[one] || !known[two] {
			t.Errorf("%s: got %v, %v", name, known, err)
		}
	}
	if known, err := audit.ReadBaseline(strings.NewReader("")); err != nil || len(known) > 0 { // JSON lines of an audit that found nothing
		t.Errorf("nothing: got %v, %v", known, err)
	}
	for bad, want := range map[string]string{
		"hello":                      `is no report, and "hello" is no fingerprint`,
		`{"findings":`:               "is no report: unexpected EOF",
		one + "0":                    "is no fingerprint",
		strings.Repeat(one, 1<<12):   "lines that are too long for fingerprints",
		`{"schema":2,"findings":{}}`: "has schema 2, and this program knows 1",
		`{"schema":1,"redacted":true,"findings":[]}`:                       "is a redacted report",
		`{"schema":1,"guid":"guid-1f3a","fingerprint":"` + one + `"}`:      "is a redacted report",
		`{"version":"2.1.0","runs":[]}`:                                    "it has neither findings nor a fingerprint",
		`{"findings":[{"severity":"` + strings.Repeat("x", 1<<20) + `"}]}`: "is no report: ",
		`{"findings":` + strings.Repeat("[", 1<<20):                        "is no report: ",
	} {
		if _, err := audit.ReadBaseline(strings.NewReader(bad)); err == nil || !strings.Contains(err.Error(), want) || len(err.Error()) > 300 {
			t.Errorf("%.100q: got %.400v, want %q", bad, err, want)
		}
	}
}

func TestSelect(t *testing.T) {
	deep := starts("S01", "a", "b", audit.High)
	deep.Level = 2
	all := []audit.Check{starts("V01", "a", "b", audit.Low), starts("V02", "a", "b", audit.Low), starts("X01", "a", "b", audit.High), deep}
	for _, tt := range []struct {
		scope audit.Scope
		level int
		want  string
	}{
		{audit.Scope{}, 0, "V01 V02 X01"}, {audit.Scope{}, 2, "V01 V02 X01 S01"}, {audit.Scope{Rules: []string{"v*", "X01"}}, 0, "V01 V02 X01"},
		{audit.Scope{Rules: []string{"V*"}, Skip: []string{"V02"}}, 0, "V01"}, {audit.Scope{Rules: []string{"S01"}}, 0, ""}, {audit.Scope{Skip: []string{"Q01"}}, 0, ""},
	} {
		checks, err := audit.Select(all, tt.scope, tt.level)
		var ids []string
		for _, c := range checks {
			ids = append(ids, c.ID)
		}
		if got := strings.Join(ids, " "); got != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("%+v: got %q, %v", tt.scope, got, err)
		}
	}
}
