package audit

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Changed is what has become of a finding between two reports.
type Changed string

// What can become of one.
const (
	ChangeNew        Changed = "new"         // open now, and was not
	ChangeNotChecked Changed = "not checked" // was open, and the later report cannot tell
	ChangeResolved   Changed = "resolved"    // was open, and is gone: its object was asked about
	ChangeAccepted   Changed = "accepted"    // was open, and is suppressed now
	ChangeNone       Changed = "unchanged"   // open in both
)

// Change is a finding, and what has become of it.
type Change struct {
	Change Changed `json:"change"`
	Reason string  `json:"reason,omitempty"` // ChangeNotChecked: why nobody can tell
	Finding
}

// Difference is what has changed between two reports.
type Difference struct {
	Changes  []Change // in the order of the constants; each as in its report
	Warnings []string // what differs between the audits themselves, so that findings may differ for that
}

// Diff compares two reports of the same domain, the earlier one first. A finding is
// resolved only if the later audit asked its rule about its object: what it did not
// check, or left out, is not checked. complete says that it was not cut short.
func Diff(before, after *Report, complete bool) Difference {
	found, gone := Compare(before.Findings, after.Findings)
	d := Difference{Warnings: warnings(before, after, complete)}
	add := func(change Changed, f *Finding, reason string) {
		d.Changes = append(d.Changes, Change{Change: change, Reason: reason, Finding: *f})
	}
	for i := range found {
		add(ChangeNew, &found[i], "")
	}
	missing := newDoubts(before, after, complete)
	for i := range gone {
		if why := missing.about(&gone[i]); why != "" {
			add(ChangeNotChecked, &gone[i], why)
		} else {
			add(ChangeResolved, &gone[i], "")
		}
	}
	was := map[string]bool{}
	for i := range before.Findings {
		was[before.Findings[i].Fingerprint] = was[before.Findings[i].Fingerprint] || before.Findings[i].Status == Found
	}
	for i := range after.Findings {
		switch f := &after.Findings[i]; {
		case !was[f.Fingerprint]:
			continue
		case f.Status == Suppressed:
			add(ChangeAccepted, f, "")
		default:
			add(ChangeNone, f, "")
		}
		was[after.Findings[i].Fingerprint] = false // a finding told twice counts once
	}
	order := []Changed{ChangeNew, ChangeNotChecked, ChangeResolved, ChangeAccepted, ChangeNone}
	slices.SortStableFunc(d.Changes, func(a, b Change) int {
		return cmp.Compare(slices.Index(order, a.Change), slices.Index(order, b.Change))
	})
	return d
}

// doubts knows what the later of two audits cannot tell.
type doubts struct {
	all     string // why it cannot tell about anything
	after   *Report
	rules   map[string]int // its level
	results map[string]*Result
	missed  map[string]missed // of the rules that were asked for
}

// missed is why a rule did not check objects.
type missed struct {
	of   map[string]string // by what objectKey returns
	rest string            // why nobody knows about any other one; "" it was checked
}

func newDoubts(before, after *Report, complete bool) *doubts {
	d := &doubts{after: after, rules: map[string]int{}, results: map[string]*Result{}, missed: map[string]missed{}}
	for i := range after.Rules {
		d.rules[after.Rules[i].ID] = after.Rules[i].Level
	}
	for i := range after.Results {
		d.results[after.Results[i].Rule] = &after.Results[i]
	}
	narrower := func(was, is string) bool { return is != "" && !strings.EqualFold(was, is) }
	switch {
	case !complete:
		d.all = "the later audit was cut short"
	case before.Redacted || after.Redacted:
		d.all = "a redacted report cannot be compared"
	case after.Scope.Since != "":
		d.all = "the later report lists only what was new (--since)"
	case !strings.EqualFold(before.Domain, after.Domain):
		d.all = "the later audit was of another domain"
	case narrower(before.Scope.OU, after.Scope.OU), narrower(before.Scope.Group, after.Scope.Group), narrower(before.Scope.Filter, after.Scope.Filter):
		d.all = "the later audit was limited to other accounts"
	}
	return d
}

// about returns why the later audit cannot tell about a finding of the earlier one, ""
// if it can.
func (d *doubts) about(f *Finding) string {
	if d.all != "" {
		return d.all
	}
	level, asked := d.rules[f.Rule]
	switch {
	case !asked:
		return "the later audit did not ask " + f.Rule
	case level > d.after.Level:
		return fmt.Sprintf("the later audit was of level %d, and %s needs %d", d.after.Level, f.Rule, level)
	case f.Severity < d.after.Scope.Severity:
		return "the later audit left out what weighs less than " + d.after.Scope.Severity.String()
	}
	result := d.results[f.Rule]
	if result == nil {
		return "the later audit does not say what " + f.Rule + " found"
	}
	all, known := d.missed[f.Rule]
	if !known {
		all = missedBy(result)
		d.missed[f.Rule] = all
	}
	if why, ok := all.of[objectKey(&f.Object)]; ok {
		return why
	}
	return all.rest
}

// missedBy gathers what a rule could not check. A reason with fewer objects than it
// counts may be that of any other one.
func missedBy(result *Result) missed {
	m := missed{of: map[string]string{}}
	told := 0
	for _, reason := range result.Reasons {
		if len(reason.Objects) < reason.Count {
			m.rest = reason.Text
			return m
		}
		told += reason.Count
		for _, object := range reason.Objects {
			if _, twice := m.of[object]; !twice {
				m.of[object] = reason.Text
			}
		}
	}
	if told < result.NotChecked {
		m.rest = "the later audit does not say what " + result.Rule + " could not check"
	}
	return m
}

// StillOpen returns the open findings of an earlier report that a later one does not have,
// since it could not look at the places that they are about: a server that is down at
// night makes nothing new in the morning.
func StillOpen(before, after *Report) []Finding {
	_, gone := Compare(before.Findings, after.Findings)
	d := newDoubts(before, after, true)
	return slices.DeleteFunc(gone, func(f Finding) bool { return !d.unseen(&f) })
}

// unseen reports whether the place of a finding is among those that were not looked at.
// Rules about the directory see all of it, or their audit fails.
func (d *doubts) unseen(f *Finding) bool {
	result := d.results[f.Rule]
	if d.rules[f.Rule] == 0 || result == nil {
		return false
	}
	return slices.ContainsFunc(result.Reasons, func(r Reason) bool {
		return slices.Contains(r.Objects, objectKey(&f.Object)) || r.Count > len(r.Objects) && len(r.Objects) == maxListed
	})
}

// warnings tells what differs between two audits beside their findings.
func warnings(before, after *Report, complete bool) []string {
	var said []string
	say := func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }
	if !strings.EqualFold(before.Domain, after.Domain) {
		say("the reports are of different domains: %s and %s", before.Domain, after.Domain)
	}
	if before.Redacted || after.Redacted {
		say("a redacted report has fingerprints of its own, so everything in it seems to be new, or gone")
	}
	if before.Started.After(after.Started) {
		say("the first report is the later one: %s and %s", before.Started.Format("2006-01-02 15:04"), after.Started.Format("2006-01-02 15:04"))
	}
	if a, b := scopeText(before.Scope), scopeText(after.Scope); a != b {
		say("the audits were limited differently: %s, and %s", a, b)
	}
	if before.Scope.Since != "" {
		say("the first report lists only what was new (--since), so what is new here may have been known")
	}
	if before.Level != after.Level {
		say("the audits looked differently far: level %d, and level %d", before.Level, after.Level)
	}
	if only := onlyIn(before.Rules, after.Rules); only != "" {
		say("rules of the first audit alone: %s", only)
	}
	if only := onlyIn(after.Rules, before.Rules); only != "" {
		say("rules of the second audit alone: %s", only)
	}
	if !complete {
		say("the second audit was cut short, so nothing counts as resolved")
	}
	return said
}

func scopeText(s Scope) string {
	var parts []string
	add := func(name, value string) {
		if value != "" {
			parts = append(parts, name+" "+value)
		}
	}
	add("--ou", s.OU)
	add("--group", s.Group)
	add("--filter", s.Filter)
	add("--severity", s.Severity.String())
	if len(parts) == 0 {
		return "all accounts"
	}
	return strings.Join(parts, " ")
}

// onlyIn lists the rules of a that are not in b, as many as fit on a screen.
func onlyIn(a, b []Rule) string {
	there := map[string]bool{}
	for i := range b {
		there[b[i].ID] = true
	}
	var ids []string
	for i := range a {
		if !there[a[i].ID] {
			ids = append(ids, a[i].ID)
		}
	}
	const most = 200
	if more := len(ids) - most; more > 0 {
		ids = append(ids[:most], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(ids, ", ")
}
