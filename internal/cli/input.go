package cli

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/plan"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/intake"
)

// withInput opens a file, or standard input for "-", for as long as use takes.
func (e Env) withInput(path string, use func(io.Reader) error) error {
	if path == "-" {
		return use(e.Stdin)
	}
	f, err := os.Open(path)
	if err != nil {
		return usage("read %s: %w", path, err)
	}
	defer f.Close()
	return use(f)
}

// readTable reads a list of homes and refuses, before anybody is asked anything,
// what makes no sense in it.
func readTable(a *app, path string, format intake.Format, o *bulkFlags) (intake.Table, error) {
	var table intake.Table
	reading := a.env.withInput(path, func(in io.Reader) error {
		var err error
		table, err = intake.Read(in, path, format)
		return err
	})
	var own *exitError
	if errors.As(reading, &own) {
		return table, reading
	}
	refused, certain := plan.Check(table)
	r := refusals{refused: refused}
	if reading != nil { // how it ends is the last problem of many
		r.report(a)
		return table, usage("read %s: %w", path, reading)
	}
	if certain && !o.onError.goOn() {
		r.report(a)
		return table, r.end(len(table.Rows))
	}
	return table, nil
}

func addFormatFlag(cmd *cobra.Command, format *intake.Format) {
	cmd.Flags().Var(format, "format", "`FORMAT` of the file: csv, tsv, json, jsonl or ldif (default: as its name or its content says)")
	offer := cobra.FixedCompletions(intake.Formats(), cobra.ShellCompDirectiveNoFileComp)
	_ = cmd.RegisterFlagCompletionFunc("format", offer) // fails only where the flag is missing
}

// optionsOf are what the configuration in use says about plans.
func optionsOf(b *bulk, source string, watch *progress) plan.Options {
	return plan.Options{
		Tool: tool(), Source: source, Watch: func(int, int) { watch.step() },
		Allowed: func(l homedir.Location) error { return allowedHome(b.file, l) },
	}
}

// planRows plans what a file asks for.
func (b *bulk) planRows(ctx context.Context, table intake.Table, source string) (plan.Plan, error) {
	watch := progress{doing: "planning: ", total: len(table.Rows)}.show(b.app, nil)
	defer watch.end()
	draft, err := plan.FromRows(ctx, b.forest, table, optionsOf(b, source, watch))
	b.refuse.format, b.refuse.head = table.Format, table.Head
	return take(b, draft, err)
}

// planScope plans what a rule says about the users in scope.
func (b *bulk) planScope(ctx context.Context, scope ldapattr.Scope, rule plan.Rule, source string) (plan.Plan, error) {
	watch := progress{doing: "planning: "}.show(b.app, nil)
	defer watch.end()
	draft, err := plan.FromScope(ctx, b.forest, scope, rule, optionsOf(b, source, watch))
	return take(b, draft, err)
}

// take tells what a plan could not take, and stops there unless it is to go on.
func take(b *bulk, draft plan.Draft, err error) (plan.Plan, error) {
	b.app.watch.end()
	if err != nil {
		return plan.Plan{}, err
	}
	b.refuse.refused = draft.Refused
	b.refuse.report(b.app)
	t := draft.Plan.Totals
	if len(draft.Refused) > 0 && !b.flags.onError.goOn() {
		return plan.Plan{}, b.refuse.end(t.Changes() + t.Unchanged + t.Refused)
	}
	return draft.Plan, nil
}

// scopeFlags choose users.
type scopeFlags struct{ ou, group, filter string }

func (s *scopeFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&s.ou, "ou", "", "only users below this `DN`")
	flags.StringVar(&s.group, "group", "", "only members of this `GROUP`, by way of other groups too")
	flags.StringVar(&s.filter, "filter", "", "only users that match this LDAP `FILTER`")
}

func (s *scopeFlags) given() bool { return s.ou != "" || s.group != "" || s.filter != "" }

func (s *scopeFlags) scope() (ldapattr.Scope, error) {
	scope := ldapattr.Scope{OU: s.ou, Filter: s.filter}
	if s.group != "" {
		group, err := parseName(s.group)
		if err != nil {
			return scope, err
		}
		scope.Group = group
	}
	return scope, nil
}

// hasHome matches users with a home, or with half of one.
const hasHome = "(|(" + homedir.AttrRoot + "=*)(" + homedir.AttrDir + "=*))"

// bothFilters returns the filter that matches what both match; the second may be
// missing.
func bothFilters(first, second string) string {
	if second == "" {
		return first
	}
	return "(&" + first + second + ")"
}

// files lets a shell offer the names of files.
func files(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveDefault
}
