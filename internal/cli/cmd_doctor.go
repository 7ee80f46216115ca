package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/output"
)

const doctorHelp = `Check what every command and the service stand on, in this order: the configuration
and how the directory is reached; each domain controller's port and TLS certificate;
the bind and what protects it; the clock, the site and the schema of the domain; what
the account in use may read and write of the two attributes; each file server: its
name, its port, what it demands, its shares; the account that the site reads the
directory with; the ports for passive data connections; the certificate for FTPS.

Each check says what was found and what to do next. Nothing is written, and what does
not answer is given up after --timeout. File servers are those that fileServers and dfs
name without a star, and those of the homes of the first thousand users.

The exit code is 0 if nothing is wrong, 5 if something cannot be reached, 6 if an
account is refused, 4 for anything else. A warning is not wrong.`

type doctorOptions struct {
	json bool
	form formFlags
}

func newDoctorCommand(a *app) *cobra.Command {
	var o doctorOptions
	cmd := &cobra.Command{
		Use:     "doctor",
		Short:   "Check the configuration, the directory and the file servers",
		Long:    doctorHelp,
		Example: "  ftpisoctl doctor\n  ftpisoctl doctor --config /etc/ftpisoctl/ftpisoctl.yaml --json > ticket.json",
		Args:    none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.json {
				if o.form.format != output.Auto && o.form.format != output.JSON {
					return usage("--json and --output %s exclude each other", o.form.format)
				}
				o.form.format = output.JSON
			}
			return runDoctor(cmd.Context(), a, &o)
		},
	}
	cmd.Flags().BoolVar(&o.json, "json", false, "the same as -o json")
	o.form.add(cmd, recordList{name: "checks", columns: []output.Column{
		{Title: "check"}, {Title: "object"}, {Title: "result", Alarm: func(cell string) bool { return cell == string(checkFailed) }}, {Title: "evidence"}, {Title: "next"},
		{Title: "took", Detail: true}, {Title: "error", Detail: true},
	}})
	return cmd
}

func runDoctor(ctx context.Context, a *app, o *doctorOptions) error {
	d := &doctor{app: a, watch: progress{doing: "checking: ", what: "check"}.show(a, &o.form)}
	d.examine(ctx)
	d.watch.end()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	printer := a.printer(&o.form)
	for _, c := range d.checks {
		if err := printer.Row(c, c.Check, c.Object, string(c.Result), c.Evidence, c.Next, c.Took, c.Error); err != nil {
			return err
		}
	}
	if err := printer.Close(true); err != nil {
		return err
	}
	return d.verdict()
}

// verdict is the gravest code of the checks that failed: without a connection nothing
// else can be judged, without an account little.
func (d *doctor) verdict() error {
	failed, code := 0, exitFindings
	for _, c := range d.checks {
		if c.Result != checkFailed {
			continue
		}
		failed++
		if c.code == exitUnreachable || c.code == exitRights && code == exitFindings {
			code = c.code
		}
	}
	if failed == 0 {
		return nil
	}
	return &exitError{code: code, err: errors.New(plural(failed, "check") + " failed")}
}
