package report_test

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/report"
)

type suite struct {
	Name     string  `xml:"name,attr"`
	Tests    int     `xml:"tests,attr"`
	Failures int     `xml:"failures,attr"`
	Errors   int     `xml:"errors,attr"`
	Skipped  int     `xml:"skipped,attr"`
	Suites   []suite `xml:"testsuite"`
	Cases    []struct {
		Class   string `xml:"classname,attr"`
		Name    string `xml:"name,attr"`
		Failure *struct {
			Message string `xml:"message,attr"`
			Type    string `xml:"type,attr"`
			Text    string `xml:",chardata"`
		} `xml:"failure"`
		Error   *struct{} `xml:"error"`
		Skipped *struct{} `xml:"skipped"`
	} `xml:"testcase"`
}

// The numbers of a suite are those of its tests, and what was not checked did not pass.
func TestJUnit_numbers(t *testing.T) {
	var all suite
	if err := xml.Unmarshal([]byte(write(t, report.JUnit, sample(), false)), &all); err != nil {
		t.Fatal(err)
	}
	var sum suite
	for _, s := range all.Suites {
		var own suite
		for _, c := range s.Cases {
			own.Tests++
			switch {
			case c.Failure != nil:
				own.Failures++
			case c.Error != nil:
				own.Errors++
			case c.Skipped != nil:
				own.Skipped++
			case strings.Contains(c.Name, "not checked"):
				t.Errorf("%s passed", c.Name)
			}
		}
		if own.Tests != s.Tests || own.Failures != s.Failures || own.Errors != s.Errors || own.Skipped != s.Skipped {
			t.Errorf("%s says %+v", s.Name, s)
		}
		sum.Tests, sum.Failures, sum.Errors, sum.Skipped = sum.Tests+s.Tests, sum.Failures+s.Failures, sum.Errors+s.Errors, sum.Skipped+s.Skipped
	}
	if all.Tests != sum.Tests || all.Failures != 3 || all.Errors != 2 || all.Skipped != 2 || sum.Failures != 3 || sum.Errors != 2 || sum.Skipped != 2 {
		t.Errorf("got %+v, want 3 failures, 2 errors and 2 skipped, and the sum of all suites", all)
	}
	first := all.Suites[1]
	if first.Name != "V05 directory leaves its root" || first.Cases[0].Failure.Type != "critical" || !strings.Contains(first.Cases[0].Failure.Text, `msIIS-FTPRoot: \\fs01\ftp$`) {
		t.Errorf("got %+v", first)
	}
}

// A value stands in Markdown as it is, in code, however many backticks are in it.
func TestMarkdown_values(t *testing.T) {
	tests := []struct{ value, want string }{
		{`\\fs01\ftp$`, "`\\\\fs01\\ftp$`"},
		{"a`b", "``a`b``"},
		{"`a", "`` `a ``"},
		{"a|b", "`a‹U+007C›b`"},
		{"", ""},
	}
	for _, test := range tests {
		r := &audit.Report{Findings: []audit.Finding{{Rule: "V01", Severity: audit.High, Status: audit.Found, Location: test.value, Message: "m"}}}
		text := write(t, report.Markdown, r, true)
		want := "| high |  | " + test.want + " | `m` |"
		if !strings.Contains(text, want) {
			t.Errorf("%q: %q is not in %s", test.value, want, text)
		}
	}
}

// Rules that found nothing have no section, and those that did have one.
func TestMarkdown_sections(t *testing.T) {
	text := write(t, report.Markdown, sample(), true)
	for _, want := range []string{"\n## Rule `V05`: directory leaves its root\n", "\n## Rule `X01`", "| medium | `svc` ", "suppressed: `one server only`", "\n## Not checked\n", "| `H01` | 3 |", "| `fs01` | `ftp$` | 3 | 3.0 MiB | 1.0 GiB of 4.0 GiB | `ok` |"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %s", want, text)
		}
	}
	if strings.Contains(text, "A11") {
		t.Errorf("a rule that found nothing has a section: %s", text)
	}
}
