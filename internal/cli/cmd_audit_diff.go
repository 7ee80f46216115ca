package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
)

const auditDiffHelp = `Tell what has changed between two reports in JSON, the earlier one first: which findings
are new, which are resolved, which have been accepted (suppressed) meanwhile, and how
many are unchanged; --all lists these, too. "-" reads one of them from standard input.

A finding that is not in the second report is resolved only if that audit asked its rule
about its object. If the rule was not asked, the object not checked or outside of the
scope, or the audit cut short, it is "not checked", with the reason. Whatever differs
between the two audits themselves (domain, scope, level, rules) is a warning. A redacted
report has tokens that no other one has, so it is refused.

It ends with 0 if nothing is new that weighs as much as --fail-on says, and with 4 if
something is.`

// auditDiffOptions are the flags of audit diff.
type auditDiffOptions struct {
	form   formFlags
	failOn threshold
	all    bool
}

func newAuditDiffCommand(a *app) *cobra.Command {
	o := auditDiffOptions{failOn: threshold{audit.High}}
	cmd := &cobra.Command{
		Use:   "diff EARLIER LATER",
		Short: "Tell what has changed between two reports",
		Long:  auditDiffHelp,
		Example: `  ftpisoctl audit diff monday.json tuesday.json
  ftpisoctl audit -q --fail-on none -o json | ftpisoctl audit diff monday.json - --fail-on medium`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 || args[0] == "-" && args[1] == "-" {
				return usage("audit diff needs two reports, of which one may be - for standard input")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return diffReports(a, &o, args[0], args[1]) },
	}
	cmd.Flags().Var(&o.failOn, "fail-on", "end with 4 if a new finding is of this `SEVERITY` or above; none: never")
	cmd.Flags().BoolVar(&o.all, "all", false, "list what is unchanged, too")
	o.form.add(cmd, differenceList())
	return cmd
}

// differenceList is what audit diff prints.
func differenceList() recordList {
	list := findingList()
	list.name = "changes"
	list.columns = append([]output.Column{{Title: "change"}}, list.columns...)
	for i := range list.columns {
		if list.columns[i].Title == "status" {
			list.columns[i].Detail = true // the change says it
		}
	}
	list.columns = append(list.columns, output.Column{Title: "reason", Detail: true})
	return list
}

func diffReports(a *app, o *auditDiffOptions, earlier, later string) error {
	before, wholeBefore, err := readOriginal(a, earlier)
	if err != nil {
		return err
	}
	after, whole, err := readOriginal(a, later)
	if err != nil {
		return err
	}
	d := audit.Diff(before, after, whole)
	if !wholeBefore {
		d.Warnings = append(d.Warnings, "the first audit was cut short, so what is new may have been there before")
	}
	for _, text := range d.Warnings {
		tell(a, output.Yellow, "warning:", text)
	}
	if err := printDifference(a, o, [2]*audit.Report{before, after}, &d); err != nil {
		return err
	}
	return o.verdict(&d)
}

// verdict is 4 if a new finding weighs enough.
func (o *auditDiffOptions) verdict(d *audit.Difference) error {
	n := 0
	for _, c := range d.Changes {
		if c.Change == audit.ChangeNew && c.Severity >= o.failOn.Severity && o.failOn.Severity > 0 {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return &exitError{exitFindings, fmt.Errorf("%d new %s of severity %s or above", n, several(n, "finding"), o.failOn.Severity), "ftpisoctl audit rule ID explains a rule, and says what to do"}
}

// differenceCounts are the changes as numbers.
type differenceCounts struct {
	New        int `json:"new"`
	NotChecked int `json:"notChecked"`
	Resolved   int `json:"resolved"`
	Accepted   int `json:"accepted"`
	Unchanged  int `json:"unchanged"`
}

// comparedReport says which report it was.
type comparedReport struct {
	Started string      `json:"started"`
	Tool    string      `json:"tool"`
	Domain  string      `json:"domain"`
	Scope   audit.Scope `json:"scope"`
	Level   int         `json:"level"`
}

func printDifference(a *app, o *auditDiffOptions, of [2]*audit.Report, d *audit.Difference) error {
	n := map[audit.Changed]int{}
	for _, c := range d.Changes {
		n[c.Change]++
	}
	counts := differenceCounts{n[audit.ChangeNew], n[audit.ChangeNotChecked], n[audit.ChangeResolved], n[audit.ChangeAccepted], n[audit.ChangeNone]}
	listed := []audit.Change{}
	for _, c := range d.Changes {
		if o.all || c.Change != audit.ChangeNone {
			listed = append(listed, c)
		}
	}
	if o.form.format == output.JSON {
		about := func(r *audit.Report) comparedReport {
			return comparedReport{r.Started.UTC().Format("2006-01-02T15:04:05Z"), r.Tool, r.Domain, r.Scope, r.Level}
		}
		return output.Object(a.out, struct {
			Before   comparedReport   `json:"before"`
			After    comparedReport   `json:"after"`
			Warnings []string         `json:"warnings"`
			Counts   differenceCounts `json:"counts"`
			Changes  []audit.Change   `json:"changes"`
		}{about(of[0]), about(of[1]), append([]string{}, d.Warnings...), counts, listed})
	}
	printer := a.printer(&o.form)
	for i := range listed {
		c := &listed[i]
		cells := append([]string{string(c.Change)}, forSheet(&o.form, findingCells(&c.Finding))...)
		if err := printer.Row(c, append(cells, output.Printable(c.Reason))...); err != nil {
			return err
		}
	}
	if err := printer.Close(true); err != nil || !o.form.table(a) {
		return err
	}
	return summarizeDifference(a.out, counts, listed)
}

// summarizeDifference tells the numbers, and why something could not be told.
func summarizeDifference(out io.Writer, n differenceCounts, listed []audit.Change) error {
	var text strings.Builder
	if len(listed) > 0 {
		text.WriteString("\n")
	}
	fmt.Fprintf(&text, "%d new, %d resolved, %d accepted, %d unchanged, %d not checked.\n", n.New, n.Resolved, n.Accepted, n.Unchanged, n.NotChecked)
	var reasons []string
	count := map[string]int{}
	for _, c := range listed {
		if c.Reason != "" && count[c.Reason] == 0 {
			reasons = append(reasons, c.Reason)
		}
		count[c.Reason]++
	}
	for _, reason := range reasons {
		fmt.Fprintf(&text, "%s not checked: %s\n", plural(count[reason], "finding"), output.Printable(reason))
	}
	_, err := io.WriteString(out, text.String())
	return err
}
