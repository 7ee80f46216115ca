package cli

import (
	"context"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/plan"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/intake"
)

const planHelp = `Work out what a list of homes would change, and write nothing to the directory.

The list is a FILE, or standard input with "-": CSV, TSV, JSON, JSON lines or LDIF.
Its columns are user, root and dir, and perhaps expect_root, expect_dir and action
(set or clear). An empty cell leaves the value alone; (absent) takes it away.

Without a list, --root and --dir are templates, filled in for each user that --ou,
--group and --filter choose: {{.SAMAccountName}}, {{.UPN}}, {{.DN}}, {{.SID}},
{{.GUID}}, {{.Domain}}, {{.DNSDomain}}, {{.Root}}, {{.Dir}}, lower and upper.

Everything that is wrong is told, with its line, and then there is no plan, unless
--on-error continue leaves it out. The plan goes to the file of -o; apply makes
exactly its changes, each only where the value still is what it is now.`

type planOptions struct {
	format    intake.Format
	root, dir string
	scope     scopeFlags
	out       string
	exitCode  bool
	bulk      bulkFlags
}

func newPlanCommand(a *app) *cobra.Command {
	var o planOptions
	cmd := &cobra.Command{
		Use:   "plan [FILE] [-o PLAN.json]",
		Short: "Work out what a list of homes would change",
		Long:  planHelp,
		Example: `  ftpisoctl plan homes.csv -o plan.json
  ftpisoctl plan - --format jsonl --exit-code < homes.jsonl
  ftpisoctl plan --root '\\fs01.corp.example.com\ftp$' --dir '{{.SAMAccountName}}' \
    --group 'FTP Users' -o plan.json`,
		Args:              atMostOne("FILE"),
		ValidArgsFunction: files,
		RunE:              func(cmd *cobra.Command, args []string) error { return runPlan(cmd, a, o, args) },
	}
	flags := cmd.Flags()
	addFormatFlag(cmd, &o.format)
	flags.StringVar(&o.root, "root", "", "`TEMPLATE` of msIIS-FTPRoot, without a FILE")
	flags.StringVar(&o.dir, "dir", "", "`TEMPLATE` of msIIS-FTPDir, without a FILE")
	o.scope.add(cmd)
	flags.StringVarP(&o.out, "out", "o", "", "write the plan to `FILE`; - is standard output")
	flags.BoolVar(&o.exitCode, "exit-code", false, "end with exit code 4 when there is something to change")
	o.bulk.addErrors(cmd)
	o.bulk.form.list, o.bulk.form.flags = changeList(), flags // -o is the plan's here
	return cmd
}

func runPlan(cmd *cobra.Command, a *app, o planOptions, args []string) error {
	ctx := cmd.Context()
	o.bulk.dryRun = true
	planned, err := o.source(cmd, a, args)
	if err != nil {
		return err
	}
	b, err := openBulk(a, cmd, args, &o.bulk)
	if err != nil {
		return err
	}
	defer b.forest.Close()
	p, err := planned(ctx, b)
	if err != nil {
		return err
	}
	if err := o.write(a, p); err != nil {
		return err
	}
	if err := b.showPlan(p, o.out != "-"); err != nil {
		return err
	}
	if o.exitCode && len(p.Entries) > 0 {
		return errChanges
	}
	return nil
}

// source checks what the plan is made from, and returns how.
func (o *planOptions) source(cmd *cobra.Command, a *app, args []string) (func(context.Context, *bulk) (plan.Plan, error), error) {
	templates := cmd.Flags().Changed("root") || cmd.Flags().Changed("dir")
	switch {
	case len(args) == 1 && (templates || o.scope.given()):
		return nil, usage("a FILE and --root, --dir, --ou, --group or --filter exclude each other")
	case len(args) == 1:
		table, err := readTable(a, args[0], o.format, &o.bulk)
		return func(ctx context.Context, b *bulk) (plan.Plan, error) { return b.planRows(ctx, table, args[0]) }, err
	case !templates:
		return nil, hint(usage("plan needs a FILE, or --root or --dir as a template"), "ftpisoctl plan --help shows both")
	case !o.scope.given():
		return nil, hint(usage("a template needs --ou, --group or --filter to choose users"), "--filter '(objectClass=user)' are all")
	}
	rule, source, err := o.templates(cmd)
	if err != nil {
		return nil, err
	}
	scope, err := o.scope.scope()
	return func(ctx context.Context, b *bulk) (plan.Plan, error) { return b.planScope(ctx, scope, rule, source) }, err
}

// templates reads those that are given, and says them again for the plan.
func (o *planOptions) templates(cmd *cobra.Command) (rule plan.Templates, source string, err error) {
	var said []string
	for _, row := range []struct {
		flag, text string
		t          **plan.Template
	}{{"root", o.root, &rule.Root}, {"dir", o.dir, &rule.Dir}} {
		if !cmd.Flags().Changed(row.flag) {
			continue
		}
		if *row.t, err = plan.ParseTemplate(row.text); err != nil {
			return rule, "", usage("--%s: %w", row.flag, err)
		}
		said = append(said, "--"+row.flag+" "+row.text)
	}
	return rule, strings.Join(said, " "), nil
}

func (o *planOptions) write(a *app, p plan.Plan) error {
	switch o.out {
	case "":
		return nil
	case "-":
		return p.Write(a.out)
	}
	return rewrite(o.out, func(out io.Writer) error { return p.Write(out) })
}
