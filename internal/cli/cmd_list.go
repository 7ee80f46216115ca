package cli

import (
	"errors"
	"fmt"
	"iter"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

const listHelp = `List the users of the domain with their home attributes, in the directory's
order. --ou narrows the list to what lies below a DN, --group to the members of a
group, also by way of other groups and as their primary group, --filter to users
that match an LDAP filter, --missing to those who lack one of the two attributes or
both. What is given must all hold.

The forms are those of get. Records are printed as they arrive, except in a table,
whose columns need them all, and with --sort.

--all-dcs lists on every domain controller of the domain, and shows of each user who
is in the list of any of them what all of them have, as get does.`

type listOptions struct {
	allDCs bool
	form   formFlags
	scope  ldapattr.Scope
	group  string
}

func newListCommand(a *app) *cobra.Command {
	var o listOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List users with their home attributes",
		Long:  listHelp,
		Example: `  ftpisoctl list
  ftpisoctl list --ou 'OU=Partners,DC=corp,DC=example,DC=com' -o csv > partners.csv
  ftpisoctl list --group 'FTP Partners' --missing -o name
  ftpisoctl list --filter '(msIIS-FTPDir=*)' --sort dir --columns user,home`,
		Args: none,
		RunE: func(cmd *cobra.Command, _ []string) error { return runList(cmd, a, o) },
	}
	flags := cmd.Flags()
	flags.StringVar(&o.scope.OU, "ou", "", "only users below this `DN`")
	flags.StringVar(&o.group, "group", "", "only members of this `GROUP`, by any of its names")
	flags.StringVar(&o.scope.Filter, "filter", "", "only users that match this LDAP `FILTER`")
	flags.BoolVar(&o.scope.Missing, "missing", false, "only users who lack one of the two attributes, or both")
	flags.BoolVar(&o.allDCs, "all-dcs", false, "show what each domain controller of the domain has")
	o.form.add(cmd, userList(), replicaList())
	return cmd
}

func runList(cmd *cobra.Command, a *app, o listOptions) error {
	ctx := cmd.Context()
	if o.group != "" {
		group, err := parseName(o.group)
		if err != nil {
			return err
		}
		o.scope.Group = group
	}
	if o.allDCs {
		return showReplicas(ctx, a, &o.form, func(all replicas) (*batch, iter.Seq2[ldapattr.AccountName, error], error) {
			names, err := all.inScope(ctx, o.scope)
			return &batch{app: a, total: len(names)}, namesOf(names), listError(err, o.scope, "the place")
		})
	}
	if err := o.form.choose(userList()); err != nil {
		return err
	}
	forest, err := a.openForest(ctx)
	if err != nil {
		return err
	}
	defer forest.Close()
	printer := a.printer(&o.form)
	watch := progress{}.show(a, &o.form)
	defer watch.end()
	var failed error
	for user, err := range forest.Users(ctx, o.scope) {
		if err != nil {
			failed = listError(err, o.scope, forest.Home().Domain().BaseDN)
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
// could be missing. A group that is missing names itself.
func listError(err error, scope ldapattr.Scope, base string) error {
	var own *ldapattr.Error
	if !errors.Is(err, ldapattr.ErrNotFound) || errors.As(err, &own) && own.Op != "list" {
		return err
	}
	if scope.OU != "" {
		base = scope.OU
	}
	return &exitError{exitNotFound, fmt.Errorf("list users: there is nothing at %s", base), "is the DN of --ou or --base-dn spelled as in the directory?"}
}
