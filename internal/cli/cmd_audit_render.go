package cli

import (
	"errors"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/intake"
	"github.com/ftpisoctl/ftpisoctl/internal/report"
)

const auditRenderHelp = `Make any form of a report out of its JSON, which audit -o json has written. Nobody is
asked for that: the report says what it said then. "-" reads standard input. The forms
are those of audit, and --html FILE writes the page beside them.

A report ends with 0 whatever is in it: audit is what judges.`

// auditRenderOptions are the flags of audit render.
type auditRenderOptions struct {
	form   formFlags
	page   string
	redact bool
}

func newAuditRenderCommand(a *app) *cobra.Command {
	var o auditRenderOptions
	cmd := &cobra.Command{
		Use:   "render REPORT",
		Short: "Make a report again from its JSON",
		Long:  auditRenderHelp,
		Example: `  ftpisoctl audit render report.json -o html > report.html
  ftpisoctl audit render report.json -o sarif > report.sarif
  ftpisoctl audit render report.json --redact -o html > for-others.html
  ftpisoctl audit render report.json -o table`,
		Args: exactly(1, "report"),
		RunE: func(_ *cobra.Command, args []string) error { return renderReport(a, &o, args[0]) },
	}
	cmd.Flags().BoolVar(&o.redact, "redact", false, "put tokens such as user-1f3a in the place of all names")
	cmd.Flags().StringVar(&o.page, "html", "", "write the report as one page to this `FILE`, too")
	o.form.documents = report.Forms()
	o.form.add(cmd, findingList())
	return cmd
}

func renderReport(a *app, o *auditRenderOptions, path string) error {
	r, complete, err := readReport(a, path)
	if err != nil {
		return err
	}
	if !complete { // a table or a list has no place that says so
		tell(a, output.Yellow, "warning:", "the audit was cut short: findings are missing")
	}
	r = redacted(r, o.redact)
	if err := printReport(a, &o.form, r, complete); err != nil {
		return err
	}
	return writeReportPage(o.page, r, complete)
}

// readReport reads a report from a file, or from standard input.
func readReport(a *app, path string) (*audit.Report, bool, error) {
	in := a.env.Stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, false, usage("read the report: %w", err)
		}
		defer f.Close()
		in = f
	}
	text, err := intake.Decoded(in)
	if file := new(fs.PathError); errors.As(err, &file) { // a folder, say
		return nil, false, usage("read the report: %w", err)
	}
	if err != nil {
		return nil, false, usage("%s %w", path, err)
	}
	r, complete, err := report.Read(text)
	if err != nil {
		return nil, false, usage("%s %w", path, err)
	}
	return r, complete, nil
}

// readOriginal reads a report that findings of others are compared with.
func readOriginal(a *app, path string) (*audit.Report, bool, error) {
	r, complete, err := readReport(a, path)
	if err == nil && r.Redacted {
		err = hint(usage("%s is a redacted report: its fingerprints are those of no other report, so nothing can be compared with it", path), originals)
	}
	return r, complete, err
}

// originals is what to do about a redacted report.
const originals = "take the original, which audit writes without --redact"
