package cli

import (
	"io"
	"iter"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/intake"
)

const exportHelp = `Write the homes of users as a list that import takes: to keep, to edit, or to give
back. --ou, --group and --filter choose users, as in list. Users without a home are
left out; with --all they are in, with the action clear, so that an import of the
list gives everybody in it back exactly what they have now.`

type exportOptions struct {
	format intake.Format
	scope  scopeFlags
	all    bool
	out    string
}

func newExportCommand(a *app) *cobra.Command {
	var o exportOptions
	cmd := &cobra.Command{
		Use:   "export [-o FILE]",
		Short: "Write the homes of users as a list that import takes",
		Long:  exportHelp,
		Example: `  ftpisoctl export -o homes.csv
  ftpisoctl export --ou 'OU=Partners,DC=corp,DC=example,DC=com' --all --format jsonl`,
		Args: none,
		RunE: func(cmd *cobra.Command, _ []string) error { return runExport(cmd, a, o) },
	}
	flags := cmd.Flags()
	addFormatFlag(cmd, &o.format)
	o.scope.add(cmd)
	flags.BoolVar(&o.all, "all", false, "users without a home, too")
	flags.StringVarP(&o.out, "out", "o", "", "write to `FILE`, whose name may say the format; standard output without it")
	return cmd
}

func runExport(cmd *cobra.Command, a *app, o exportOptions) error {
	scope, err := o.scope.scope()
	if err != nil {
		return err
	}
	if !o.all {
		scope.Filter = bothFilters(hasHome, scope.Filter)
	}
	if o.format == "" {
		o.format = intake.ByName(o.out)
	}
	if o.format == "" {
		o.format = intake.CSV
	}
	forest, err := a.openForest(cmd.Context(), withoutAccount)
	if err != nil {
		return err
	}
	defer forest.Close()
	write := func(out io.Writer) error {
		err := export(forest.Users(cmd.Context(), scope), a, o.format, out)
		return listError(err, scope, forest.Home().Domain().BaseDN)
	}
	if o.out == "" || o.out == "-" {
		return write(a.out)
	}
	return rewrite(o.out, write)
}

// export writes users as they come, at flat memory.
func export(users iter.Seq2[ldapattr.User, error], a *app, format intake.Format, out io.Writer) error {
	w := intake.NewWriter(out, format, "")
	watch := progress{doing: "exporting: "}.show(a, nil)
	defer watch.end()
	for user, err := range users {
		if err != nil {
			return err
		}
		row := intake.Row{
			User: user.DownLevelName(), Root: intake.Value{Given: true, Text: user.Root}, Dir: intake.Value{Given: true, Text: user.Dir},
		}
		if format == intake.LDIF {
			row.User = user.DN
		}
		if err := w.Write(row); err != nil {
			return err
		}
		watch.step()
	}
	return w.Close()
}
