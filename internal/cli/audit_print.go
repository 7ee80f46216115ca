package cli

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
	"github.com/ftpisoctl/ftpisoctl/internal/report"
)

// findingList is what audit prints.
func findingList() recordList {
	detail := func(title string) output.Column { return output.Column{Title: title, Detail: true} }
	grave := func(cell string) bool { return cell == audit.Critical.String() || cell == audit.High.String() }
	return recordList{name: "findings", columns: []output.Column{
		{Title: "rule"}, {Title: "severity", Alarm: grave}, {Title: "status"}, {Title: "login"}, {Title: "location"}, {Title: "message"},
		detail("evidence"), detail("remedy"), detail("domain"), detail("dn"), detail("guid"), detail("sid"), detail("fingerprint"), detail("suppressed"),
	}}
}

// findingCells are a finding in the columns of findingList. They are for eyes in CSV,
// too: nobody reads them in again, and in JSON the values are exact.
func findingCells(f *audit.Finding) []string {
	var evidence []string
	for _, e := range f.Evidence {
		evidence = append(evidence, e.Name+"="+e.Value)
	}
	cells := []string{
		f.Rule, f.Severity.String(), f.Status.String(), f.Login, f.Location, f.Message,
		strings.Join(evidence, "; "), f.Remedy, f.Domain, f.DN, f.GUID, f.SID, f.Fingerprint, f.Suppressed,
	}
	for i := range cells {
		cells[i] = output.Printable(cells[i])
	}
	return cells
}

var behindSemicolon = regexp.MustCompile(`(;[ "]*)([=+\-@＝＋－＠])`)

// forSheet disarms in CSV what stands behind a semicolon, too: where the comma is the
// decimal point a spreadsheet ends a cell there, and would take the rest for a formula.
func forSheet(form *formFlags, cells []string) []string {
	if form.format == output.CSV {
		for i := range cells {
			cells[i] = behindSemicolon.ReplaceAllString(cells[i], "$1'$2")
		}
	}
	return cells
}

// printReport prints the findings, and for people a summary; in JSON and as a document
// the whole report.
func printReport(a *app, form *formFlags, r *audit.Report, complete bool) error {
	if form.document() {
		return report.Write(a.out, report.Form(form.format), r, complete)
	}
	if form.format == output.JSON {
		return writeReportJSON(a.out, r, complete)
	}
	printer := a.printer(form)
	for i := range r.Findings {
		f := &r.Findings[i]
		if err := printer.Row(f, forSheet(form, findingCells(f))...); err != nil {
			return err
		}
	}
	if err := printer.Close(complete); err != nil || !form.table(a) {
		return err
	}
	return summarize(a.out, r)
}

// writeReportJSON writes what audit render and --since read.
func writeReportJSON(out io.Writer, r *audit.Report, complete bool) error {
	whole := *r
	whole.Schema = 0 // output writes its own, which is the same contract
	return output.Object(out, struct {
		audit.Report
		Incomplete bool `json:"incomplete,omitempty"`
	}{whole, !complete})
}

// redacted is the report as it may be seen.
func redacted(r *audit.Report, redact bool) *audit.Report {
	if redact {
		return report.Redact(r)
	}
	return r
}

// writeReportPage writes the report as one page where --html says.
func writeReportPage(path string, r *audit.Report, complete bool) error {
	if path == "" {
		return nil
	}
	return rewrite(path, func(out io.Writer) error { return report.Write(out, report.HTML, r, complete) })
}

// summarize tells how many findings there are, and what was not checked.
func summarize(out io.Writer, r *audit.Report) error {
	var text strings.Builder
	if len(r.Findings) > 0 {
		text.WriteString("\n")
	}
	counts := map[audit.Severity]int{}
	suppressed := 0
	for _, f := range r.Findings {
		if f.Status == audit.Suppressed {
			suppressed++
			continue
		}
		counts[f.Severity]++
	}
	var parts []string
	for s := audit.Critical; s >= audit.Info; s-- {
		if counts[s] > 0 {
			parts = append(parts, strconv.Itoa(counts[s])+" "+s.String())
		}
	}
	if len(parts) == 0 {
		parts = append(parts, "none")
	}
	fmt.Fprintf(&text, "%s about %s, %d of them with a home. Findings: %s", plural(len(r.Rules), "rule"), plural(r.Accounts, "account"), r.Homes, strings.Join(parts, ", "))
	if suppressed > 0 {
		fmt.Fprintf(&text, "; %d suppressed", suppressed)
	}
	text.WriteString(".\n")
	switch r.Scope.Since {
	case "":
	case sinceNever:
		text.WriteString("There is no earlier report, so everything is new.\n")
	default:
		fmt.Fprintf(&text, "Shown is what is new since %s; %s known.\n", output.Printable(r.Scope.Since), plural(r.Known, "finding")+agree(r.Known, " was", " were"))
	}
	if r.Redacted {
		text.WriteString("Tokens of this report alone stand for names.\n")
	}
	for _, lost := range r.Unreachable {
		fmt.Fprintf(&text, "%s: %s. The homes of %s were not checked.\n", output.Printable(lost.Name), output.Printable(lost.Detail), plural(lost.Users, "user"))
	}
	notChecked(&text, r.Results)
	_, err := io.WriteString(out, text.String())
	return err
}

// notChecked tells what was not checked, and why: rules with the same reason for as
// many objects in one line.
func notChecked(text *strings.Builder, results []audit.Result) {
	type missed struct {
		text  string
		count int
	}
	var order []missed
	rules := map[missed][]string{}
	for _, said := range results {
		for _, why := range said.Reasons {
			reason := missed{why.Text, why.Count}
			if rules[reason] == nil {
				order = append(order, reason)
			}
			rules[reason] = append(rules[reason], said.Rule)
		}
	}
	for _, reason := range order {
		ids := rules[reason]
		each := agree(len(ids), "", " each")
		fmt.Fprintf(text, "%s %s not checked %s%s: %s\n", strings.Join(ids, ", "), agree(len(ids), "was", "were"), plural(reason.count, "time"), each, output.Printable(reason.text))
	}
}
