package cli

import (
	"io"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/plan"
)

// fixPlan makes a plan of what would make findings vanish. Of several fixes for one
// account the one of the worst finding is taken: the next audit finds the rest.
func fixPlan(report *audit.Report, netbios string) (plan.Plan, error) {
	p := plan.Plan{Tool: report.Tool, Time: report.Started, Source: "audit", Domain: report.Domain, Server: report.Server}
	planned := map[string]bool{}
	for i := range report.Findings {
		f := &report.Findings[i]
		if f.Status != audit.Found || f.Fix == nil || planned[f.GUID] {
			continue
		}
		guid, err := ldapattr.ParseGUID(f.GUID)
		if err != nil {
			return p, err
		}
		planned[f.GUID] = true
		user := ldapattr.User{DN: f.DN, SAMAccountName: f.Login, NetBIOSDomain: netbios, DNSDomain: f.Domain, GUID: guid, Root: f.Fix.Before.Root, Dir: f.Fix.Before.Dir}
		after := plan.Values{Root: f.Fix.After.Root, Dir: f.Fix.After.Dir}
		p.Entries = append(p.Entries, plan.NewEntry(user, after))
		if after == (plan.Values{}) {
			p.Totals.Clear++
		} else {
			p.Totals.Change++
		}
	}
	return p, nil
}

// writeFixes writes the plan where --fix-plan says.
func writeFixes(a *app, path string, report *audit.Report, netbios string) error {
	if path == "" {
		return nil
	}
	p, err := fixPlan(report, netbios)
	if err != nil {
		return err
	}
	if err := rewrite(path, func(out io.Writer) error { return p.Write(out) }); err != nil {
		return err
	}
	if !a.quiet {
		a.note("%s in %s; apply makes %s", changesText(len(p.Entries)), path, agree(len(p.Entries), "it", "them"))
	}
	return nil
}
