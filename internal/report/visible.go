package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
)

// visible returns text on one line, in which control characters, direction marks and
// other characters that nobody sees stand as their numbers: what a rule found in a
// value is to be seen in the report, and to do nothing there.
func visible(text string) string {
	if output.Printable(text) == text {
		return text
	}
	var shown strings.Builder
	for _, r := range text {
		if one := string(r); output.Printable(one) == one {
			shown.WriteString(one)
		} else {
			fmt.Fprintf(&shown, "‹U+%04X›", r)
		}
	}
	return shown.String()
}

// visibleReport returns a copy with visible texts. The fingerprints stay what they are,
// since they are hexadecimal.
func visibleReport(r *audit.Report) audit.Report {
	c := *r
	for _, text := range []*string{&c.Tool, &c.Domain, &c.Server, &c.Cost, &c.Scope.OU, &c.Scope.Group, &c.Scope.Filter, &c.Scope.Since} {
		*text = visible(*text)
	}
	c.Scope.Rules, c.Scope.Skip = visibleAll(c.Scope.Rules), visibleAll(c.Scope.Skip)
	c.Rules = each(c.Rules, func(rule *audit.Rule) {
		for _, text := range []*string{&rule.ID, &rule.Title, &rule.Explanation, &rule.Remedy} {
			*text = visible(*text)
		}
		rule.References = visibleAll(rule.References)
	})
	c.Results = each(c.Results, func(result *audit.Result) {
		result.Rule = visible(result.Rule)
		result.Reasons = each(result.Reasons, func(reason *audit.Reason) {
			reason.Text, reason.Objects = visible(reason.Text), visibleAll(reason.Objects)
		})
	})
	c.Findings = each(c.Findings, visibleFinding)
	c.Unreachable = each(c.Unreachable, func(u *audit.Unreachable) { u.Name, u.Detail = visible(u.Name), visible(u.Detail) })
	c.Servers = each(c.Servers, visibleServer)
	return c
}

func visibleFinding(f *audit.Finding) {
	texts := []*string{
		&f.Rule, &f.GUID, &f.SID, &f.DN, &f.Login, &f.Domain, &f.Location, &f.Message, &f.Remedy, &f.Fingerprint, &f.Suppressed,
	}
	for _, text := range texts {
		*text = visible(*text)
	}
	f.Evidence = each(f.Evidence, func(e *audit.Evidence) { e.Name, e.Value = visible(e.Name), visible(e.Value) })
}

func visibleServer(s *audit.Server) {
	s.Name, s.State, s.Detail = visible(s.Name), visible(s.State), visible(s.Detail)
	s.Shares = each(s.Shares, func(share *audit.Share) {
		share.Name, share.State, share.Detail = visible(share.Name), visible(share.State), visible(share.Detail)
		share.Homes = each(share.Homes, func(home *audit.Home) {
			home.Path, home.State, home.Logins = visible(home.Path), visible(home.State), visibleAll(home.Logins)
		})
	})
}

func visibleAll(texts []string) []string {
	return each(texts, func(text *string) { *text = visible(*text) })
}

// each returns a copy of list in which every element has been changed.
func each[T any](list []T, change func(*T)) []T {
	list = slices.Clone(list)
	for i := range list {
		change(&list[i])
	}
	return list
}
