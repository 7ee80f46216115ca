package report

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"reflect"
	"strings"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

// writeSARIF writes SARIF 2.1.0 (OASIS standard of 2020-03-27). Rules that found nothing
// are declared, too, so that "found nothing" is not "did not run". What was not checked
// is a notification of the run. Places are logical locations and never file: addresses,
// which a viewer would open, and log on to the file server for. GitHub refuses a file in
// which a result has no physical one, so each has the name of its object as a relative
// address, where no file is.
func writeSARIF(out io.Writer, d *document) error {
	run := sarifRun{
		Tool:        sarifTool{sarifDriver{Name: "ftpisoctl", FullName: d.Tool, Rules: []sarifRule{}}},
		Automation:  sarifAutomation{"ftpisoctl audit/" + d.Domain + "/"},
		Invocations: []sarifInvocation{sarifRunOf(d)},
		Results:     []sarifResult{},
		Properties:  sarifRunFacts{Domain: d.Domain, Server: d.Server, Level: d.Level, Accounts: d.Accounts, Homes: d.Homes},
	}
	if !reflect.ValueOf(d.Scope).IsZero() {
		run.Properties.Scope = &d.Scope
	}
	for i := range d.Rules {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRuleOf(d, &d.Rules[i]))
	}
	for i := range d.Findings {
		run.Results = append(run.Results, sarifResultOf(d, &d.Findings[i]))
	}
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}})
}

func sarifRuleOf(d *document, r *audit.Rule) sarifRule {
	help := r.Remedy
	if len(r.References) > 0 {
		help += " See: " + strings.Join(r.References, "; ")
	}
	said := d.result(r.ID)
	return sarifRule{
		ID: r.ID, Short: sarifSay(r.Title), Full: sarifSay(r.Explanation), Help: sarifSay(help), Configuration: sarifSetting{sarifLevel(r.Severity)},
		Properties: sarifRuleFacts{
			Tags: []string{"security", "ftp", "active-directory"}, Security: securitySeverity(r.Severity), Severity: r.Severity, Level: r.Level,
			Found: said.Found, Passed: said.Passed, NotChecked: said.NotChecked, Suppressed: said.Suppressed,
		},
	}
}

// sarifRunOf says when the audit ran, and what it could not check.
func sarifRunOf(d *document) sarifInvocation {
	run := sarifInvocation{Successful: d.Complete, Notifications: []sarifNotification{}}
	if !d.Started.IsZero() {
		run.Start = d.Started.UTC().Format(time.RFC3339)
		run.End = d.Started.Add(time.Duration(d.Took * float64(time.Second))).UTC().Format(time.RFC3339)
	}
	tell := func(level, rule, text string) {
		n := sarifNotification{Level: level, Message: sarifSay(text)}
		if rule != "" {
			n.Rule = &sarifRuleLink{ID: rule, Index: d.indexOf(rule)}
		}
		run.Notifications = append(run.Notifications, n)
	}
	if !d.Complete {
		tell("error", "", "the audit was cut short: findings are missing")
	}
	for _, u := range d.Unreachable {
		tell("warning", "", fmt.Sprintf("%s could not be asked, about the homes of %s: %s", u.Name, count(u.Users, "user"), u.Detail))
	}
	for _, r := range d.Results {
		for _, reason := range r.Reasons {
			tell("warning", r.Rule, fmt.Sprintf("%s was not checked %d times: %s", r.Rule, reason.Count, reason.Text))
		}
	}
	return run
}

func sarifResultOf(d *document, f *audit.Finding) sarifResult {
	result := sarifResult{
		RuleID: f.Rule, RuleIndex: d.indexOf(f.Rule), Level: sarifLevel(f.Severity), Message: sarifSay(f.Login + ": " + f.Message),
		Suppressions: []sarifSuppression{}, // an empty list says: looked at, and not suppressed (3.27.23)
		Properties: sarifFacts{
			Severity: f.Severity, Domain: f.Domain, Login: f.Login, DN: f.DN, GUID: f.GUID, SID: f.SID,
			Location: f.Location, Evidence: f.Evidence, Remedy: f.Remedy,
		},
	}
	full := f.Login
	if f.Domain != "" {
		full = f.Domain + `\` + f.Login
	}
	places := []sarifLogical{{Name: f.Login, Full: full, Kind: "object"}}
	if f.Location != "" {
		places = append(places, sarifLogical{Name: f.Location, Full: full + ": " + f.Location, Kind: "resource"})
	}
	place := sarifArtifact{"ftpisoctl-audit/" + segment(f.Domain) + "/" + segment(f.Login)}
	result.Locations = []sarifLocation{{sarifPhysical{place, sarifRegion{1}}, places}}
	if f.Fingerprint != "" {
		// The second name is the only one by which GitHub knows a result again.
		result.Fingerprints = map[string]string{"ftpisoctl/v1": f.Fingerprint, "primaryLocationLineHash": f.Fingerprint}
	}
	if f.Status == audit.Suppressed {
		result.Suppressions = append(result.Suppressions, sarifSuppression{"external", "accepted", f.Suppressed})
	}
	return result
}

// segment is a name as one segment of a relative address (RFC 3986, section 3.3), which
// leads neither up nor elsewhere.
func segment(name string) string {
	if strings.Trim(name, ".") == "" {
		name += "_"
	}
	return url.PathEscape(name)
}

// indexOf returns the place of a rule, nil for one that the report does not declare.
func (d *document) indexOf(rule string) *int {
	if i, ok := d.ruleAt[rule]; ok {
		return &i
	}
	return nil
}

// sarifSay makes a message in which nothing is a link or a placeholder: brackets are
// escaped with what stands before them (SARIF 3.11.6), braces doubled (3.11.5).
func sarifSay(text string) sarifText {
	var said strings.Builder
	slashes := 0
	for _, r := range text {
		switch r {
		case '[', ']':
			said.WriteString(strings.Repeat(`\`, slashes+1))
		case '{', '}':
			said.WriteRune(r)
		}
		said.WriteRune(r)
		slashes++
		if r != '\\' {
			slashes = 0
		}
	}
	return sarifText{said.String()}
}

func sarifLevel(s audit.Severity) string {
	switch {
	case s >= audit.High:
		return "error"
	case s == audit.Medium:
		return "warning"
	case s >= audit.Info:
		return "note"
	}
	return "none"
}

// securitySeverity is a number as CVSS has it, by which GitHub sorts into critical (over
// 9), high (7), medium (4) and low.
func securitySeverity(s audit.Severity) string {
	numbers := []string{"0.0", "0.1", "3.0", "5.5", "8.0", "9.5"}
	if int(s) < len(numbers) {
		return numbers[s]
	}
	return numbers[0]
}
