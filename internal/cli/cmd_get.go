package cli

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

const getHelp = `Show the home attributes of users, and what they amount to.

A user is named by sAMAccountName, DOMAIN\user, UPN, DN, SID or objectGUID; "-"
reads one name a line from standard input. The form is a table on a terminal and
tab-separated lines on a pipe: user, root, dir, account, problem. JSON and CSV
hold more. CSV puts an apostrophe before a value that a spreadsheet would take
for a formula; JSON gives every value exactly.`

type getOptions struct {
	form formFlags
}

func newGetCommand(a *app) *cobra.Command {
	var o getOptions
	cmd := &cobra.Command{
		Use:   "get USER…",
		Short: "Show the home attributes of users",
		Long:  getHelp,
		Example: `  ftpisoctl get alice
  ftpisoctl get 'CORP\alice' bob@corp.example.com -o json
  ftpisoctl get - -o csv < names.txt`,
		Args: atLeastOne("USER"),
		RunE: func(cmd *cobra.Command, args []string) error { return runGet(cmd, a, o, args) },
	}
	o.form.add(cmd, userList())
	return cmd
}

func runGet(cmd *cobra.Command, a *app, o getOptions, args []string) error {
	ctx := cmd.Context()
	if err := checkNames(args); err != nil {
		return err
	}
	directory, err := a.openDirectory(ctx)
	if err != nil {
		return err
	}
	defer directory.Close()
	printer := a.printer(&o.form)
	b := &batch{app: a, alone: len(args) == 1 && args[0] != "-"}
	if !slices.Contains(args, "-") {
		b.total = len(args)
	}
	watch := progress{total: b.total}.show(a, &o.form)
	defer watch.end()
	var stop error
	for name, err := range a.env.names(args) {
		var user ldapattr.User
		if err == nil {
			user, err = directory.Lookup(ctx, name)
		}
		if err == nil {
			if err := printUser(printer, user); err != nil {
				return err
			}
			b.done++
		} else if stop = b.fail(err); stop != nil {
			break
		}
		watch.step()
	}
	watch.end()
	outcome := b.end(stop)
	if err := printer.Close(outcome == nil); err != nil {
		return err
	}
	return outcome
}
