package cli

import (
	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/plan"
)

const renameRootHelp = `Move users from one root to another: everybody whose msIIS-FTPRoot is OLD, or lies
below it, gets NEW in its place. Letter case and kinds of separators do not matter
to what OLD means, whole components do. msIIS-FTPDir stays what it is. No file is
moved.

What would change is shown, and made after consent, as import does it.`

type renameRootOptions struct {
	scope scopeFlags
	bulk  bulkFlags
}

func newRenameRootCommand(a *app) *cobra.Command {
	var o renameRootOptions
	cmd := &cobra.Command{
		Use:   "rename-root OLD NEW",
		Short: "Move users from one root to another",
		Long:  renameRootHelp,
		Example: `  ftpisoctl rename-root '\\fs01\ftp$' '\\fs02.corp.example.com\ftp$' --dry-run
  ftpisoctl rename-root '\\fs01\ftp$' '\\fs02\ftp$' --ou 'OU=North,DC=corp,DC=example,DC=com'`,
		Args: exactly(2, "roots"),
		RunE: func(cmd *cobra.Command, args []string) error { return runRenameRoot(cmd, a, o, args) },
	}
	o.scope.add(cmd)
	o.bulk.add(cmd)
	return cmd
}

func runRenameRoot(cmd *cobra.Command, a *app, o renameRootOptions, args []string) error {
	ctx := cmd.Context()
	rule, err := plan.NewReroot(args[0], args[1])
	if err != nil {
		return usage("rename-root: %w", err)
	}
	scope, err := o.scope.scope()
	if err != nil {
		return err
	}
	scope.Filter = bothFilters("("+homedir.AttrRoot+"=*)", scope.Filter)
	b, err := openBulk(a, cmd, args, &o.bulk)
	if err != nil {
		return err
	}
	defer b.forest.Close()
	p, err := b.planScope(ctx, scope, rule, cmd.Name())
	if err != nil {
		return err
	}
	return b.carryOut(ctx, p, true)
}
