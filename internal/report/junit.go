package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

// The elements of JUnit's XML, as Jenkins, GitLab and Azure DevOps read them.

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Stamp    string      `xml:"timestamp,attr,omitempty"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Time    string        `xml:"time,attr"`
	Failure *junitProblem `xml:"failure"`
	Error   *junitProblem `xml:"error"`
	Skipped *junitProblem `xml:"skipped"`
}

type junitProblem struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// writeJUnit writes a suite for each rule. A finding is a failure; what is suppressed
// and what was not checked is skipped, with the reason; all that passed is one test.
func writeJUnit(out io.Writer, d *document) error {
	all := junitSuites{Name: "ftpisoctl audit", Time: strconv.FormatFloat(d.Took, 'f', 3, 64)}
	findings := map[string][]*audit.Finding{}
	order := []string{}
	for _, r := range d.Rules {
		order = append(order, r.ID)
		findings[r.ID] = []*audit.Finding{}
	}
	for i := range d.Findings {
		f := &d.Findings[i]
		if _, known := findings[f.Rule]; !known {
			order = append(order, f.Rule)
		}
		findings[f.Rule] = append(findings[f.Rule], f)
	}
	all.add(d, junitRun(d))
	for _, id := range order {
		all.add(d, junitRule(d, id, findings[id]))
		delete(findings, id) // a report that names a rule twice does not get its findings twice
	}
	if _, err := io.WriteString(out, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(out)
	encoder.Indent("", "  ")
	if err := encoder.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(out, "\n")
	return err
}

// junitRun is about the audit itself: whether it came to its end, and what it could not
// reach.
func junitRun(d *document) junitSuite {
	end := junitCase{Class: "audit", Name: "came to its end"}
	if !d.Complete {
		end.Error = &junitProblem{Message: "the audit was cut short: findings are missing"}
	}
	suite := junitSuite{Name: "audit", Cases: []junitCase{end}}
	for _, u := range d.Unreachable {
		text := fmt.Sprintf("%s could not be asked, about the homes of %s: %s", u.Name, count(u.Users, "user"), u.Detail)
		suite.Cases = append(suite.Cases, junitCase{Class: "audit", Name: "reach " + u.Name, Error: &junitProblem{Message: text}})
	}
	return suite
}

func junitRule(d *document, id string, findings []*audit.Finding) junitSuite {
	suite := junitSuite{Name: id}
	if i, ok := d.ruleAt[id]; ok {
		suite.Name += " " + d.Rules[i].Title
	}
	for _, f := range findings {
		c := junitCase{Class: id, Name: strings.TrimSuffix(f.Login+": "+f.Location, ": ")}
		if f.Status == audit.Suppressed {
			c.Skipped = &junitProblem{Message: "suppressed: " + f.Suppressed, Text: junitText(f)}
		} else {
			c.Failure = &junitProblem{Message: f.Message, Type: f.Severity.String(), Text: junitText(f)}
		}
		suite.Cases = append(suite.Cases, c)
	}
	said := d.result(id)
	for _, reason := range said.Reasons {
		suite.Cases = append(suite.Cases, junitCase{Class: id, Name: "not checked: " + reason.Text, Skipped: &junitProblem{
			Message: fmt.Sprintf("not checked %d times: %s", reason.Count, reason.Text),
		}})
	}
	if said.Passed > 0 {
		suite.Cases = append(suite.Cases, junitCase{Class: id, Name: count(said.Passed, "object") + " passed"})
	}
	return suite
}

// junitText is all that is known of a finding, a line each.
func junitText(f *audit.Finding) string {
	var text strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&text, "%s: %s\n", name, value)
		}
	}
	text.WriteString("\n")
	line("finding", f.Message)
	line("login", f.Login)
	line("domain", f.Domain)
	line("dn", f.DN)
	line("location", f.Location)
	for _, e := range f.Evidence {
		line(e.Name, e.Value)
	}
	line("remedy", f.Remedy)
	line("fingerprint", f.Fingerprint)
	return text.String()
}

// add counts a suite and its tests.
func (s *junitSuites) add(d *document, suite junitSuite) {
	suite.Time = "0"
	if !d.Started.IsZero() {
		suite.Stamp = d.Started.UTC().Format("2006-01-02T15:04:05") // the form that the format's schema demands
	}
	for i := range suite.Cases {
		c := &suite.Cases[i]
		c.Time = "0"
		switch {
		case c.Failure != nil:
			suite.Failures++
		case c.Error != nil:
			suite.Errors++
		case c.Skipped != nil:
			suite.Skipped++
		}
	}
	suite.Tests = len(suite.Cases)
	s.Tests += suite.Tests
	s.Failures += suite.Failures
	s.Errors += suite.Errors
	s.Skipped += suite.Skipped
	s.Suites = append(s.Suites, suite)
}
