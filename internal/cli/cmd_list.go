package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

const listHelp = `List the users of the domain with their home attributes, in the directory's
order. --ou narrows the list to what lies below a DN, --filter to users that match
an LDAP filter. The forms are those of get. Records are printed as they arrive,
except in a table, whose columns need them all.`

type listOptions struct {
	form  formFlags
	scope ldapattr.Scope
}

func newListCommand(a *app) *cobra.Command {
	var o listOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List users with their home attributes",
		Long:  listHelp,
		Example: `  ftpisoctl list
  ftpisoctl list --ou 'OU=Partners,DC=corp,DC=example,DC=com' -o csv > partners.csv
  ftpisoctl list --filter '(msIIS-FTPDir=*)' | cut -f 1,2,3`,
		Args: none,
		RunE: func(cmd *cobra.Command, _ []string) error { return runList(cmd, a, o) },
	}
	cmd.Flags().StringVar(&o.scope.OU, "ou", "", "only users below this `DN`")
	cmd.Flags().StringVar(&o.scope.Filter, "filter", "", "only users that match this LDAP `FILTER`")
	o.form.add(cmd, userList())
	return cmd
}

func runList(cmd *cobra.Command, a *app, o listOptions) error {
	ctx := cmd.Context()
	directory, err := a.openDirectory(ctx)
	if err != nil {
		return err
	}
	defer directory.Close()
	printer := a.printer(&o.form)
	watch := progress{}.show(a, &o.form)
	defer watch.end()
	var failed error
	for user, err := range directory.Users(ctx, o.scope) {
		if err != nil {
			failed = listError(err, o.scope, directory.Domain().BaseDN)
			break
		}
		if err := printUser(printer, user); err != nil {
			return err
		}
		watch.step()
	}
	watch.end()
	if err := printer.Close(failed == nil); err != nil {
		return err
	}
	return failed
}

// listError names the place where there is nothing: a list asks for no user who
// could be missing.
func listError(err error, scope ldapattr.Scope, base string) error {
	if !errors.Is(err, ldapattr.ErrNotFound) {
		return err
	}
	if scope.OU != "" {
		base = scope.OU
	}
	return &exitError{exitNotFound, fmt.Errorf("list users: there is nothing at %s", base), "is the DN of --ou or --base-dn spelled as in the directory?"}
}
