package cli

import (
	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/plan/intake"
)

const importHelp = `Give users the homes of a list: plan and apply in one.

The list is a FILE, or standard input with "-", as plan takes it, and as export
writes it. All of it is checked before anything is written. What would change is
shown, and made after consent: asked for on a terminal, or given by --yes or by
--limit. What is changed is in the journal; undo takes it back.`

type importOptions struct {
	format intake.Format
	bulk   bulkFlags
}

func newImportCommand(a *app) *cobra.Command {
	var o importOptions
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Give users the homes of a list",
		Long:  importHelp,
		Example: `  ftpisoctl import homes.csv --dry-run
  ftpisoctl import homes.csv --yes --rollback back.ldif`,
		Args:              exactly(1, "FILE"),
		ValidArgsFunction: files,
		RunE:              func(cmd *cobra.Command, args []string) error { return runImport(cmd, a, o, args) },
	}
	addFormatFlag(cmd, &o.format)
	o.bulk.add(cmd)
	return cmd
}

func runImport(cmd *cobra.Command, a *app, o importOptions, args []string) error {
	ctx := cmd.Context()
	table, err := readTable(a, args[0], o.format, &o.bulk)
	if err != nil {
		return err
	}
	b, err := openBulk(a, cmd, args, &o.bulk)
	if err != nil {
		return err
	}
	defer b.forest.Close()
	p, err := b.planRows(ctx, table, args[0])
	if err != nil {
		return err
	}
	return b.carryOut(ctx, p, true)
}
