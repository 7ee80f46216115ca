package cli

import (
	"context"
	"iter"
	"slices"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

const getHelp = `Show the home attributes of users, and what they amount to.

A user is named by sAMAccountName, DOMAIN\user, UPN, DN, SID or objectGUID; "-"
reads one name a line from standard input. The form is a table on a terminal and
tab-separated lines on a pipe: user, root, dir, account, problem. Other forms, and
--columns, show more. CSV puts an apostrophe before a value that a spreadsheet would
take for a formula; JSON, YAML and LDIF give every value exactly. In a template the
keys of JSON are fields: template='{{.user}} {{with .problem}}{{.}}{{end}}'.

--all-dcs asks every domain controller of the user's domain and shows what each of them
has: current, lagging where another has a newer value, missing where the user has
not arrived yet. Which value is newer tells replPropertyMetaData, or whenChanged
where that cannot be read; if neither does, the state is "differs".`

type getOptions struct {
	allDCs bool
	form   formFlags
}

func newGetCommand(a *app) *cobra.Command {
	var o getOptions
	cmd := &cobra.Command{
		Use:   "get USER…",
		Short: "Show the home attributes of users",
		Long:  getHelp,
		Example: `  ftpisoctl get alice
  ftpisoctl get 'CORP\alice' bob@corp.example.com -o json
  ftpisoctl get - -o csv < names.txt
  ftpisoctl get alice --all-dcs`,
		Args: atLeastOne("USER"),
		RunE: func(cmd *cobra.Command, args []string) error { return runGet(cmd, a, o, args) },
	}
	cmd.Flags().BoolVar(&o.allDCs, "all-dcs", false, "show what each domain controller of the domain has")
	o.form.add(cmd, userList(), replicaList())
	return cmd
}

func runGet(cmd *cobra.Command, a *app, o getOptions, args []string) error {
	ctx := cmd.Context()
	if err := checkNames(args); err != nil {
		return err
	}
	b := &batch{app: a, alone: len(args) == 1 && args[0] != "-"}
	if !slices.Contains(args, "-") {
		b.total = len(args)
	}
	if o.allDCs {
		return showReplicas(ctx, a, &o.form, func(replicas) (*batch, iter.Seq2[ldapattr.AccountName, error], error) {
			return b, a.env.names(args), nil
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
	watch := progress{total: b.total}.show(a, &o.form)
	defer watch.end()
	var stop error
	for user, err := range lookUpEach(ctx, forest, a.env.names(args)) {
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

// showReplicas prints what each domain controller has of the users that choose
// names.
func showReplicas(ctx context.Context, a *app, form *formFlags, choose func(replicas) (*batch, iter.Seq2[ldapattr.AccountName, error], error)) error {
	if err := form.choose(replicaList()); err != nil {
		return err
	}
	home, err := openReplicas(ctx, a)
	if err != nil {
		return err
	}
	all := replicaForest{app: a, home: home, others: map[string]replicas{}}
	defer all.close()
	b, names, err := choose(home)
	if err != nil {
		return err
	}
	printer := a.printer(form)
	watch := progress{total: b.total}.show(a, form)
	defer watch.end()
	var stop error
chunks:
	for chunk := range chunks(names) {
		for copies, err := range all.lookUp(ctx, chunk) {
			if err == nil {
				if err := printCopies(printer, copies); err != nil {
					return err
				}
				b.done++
			} else if stop = b.fail(err); stop != nil {
				break chunks
			}
			watch.step()
		}
	}
	watch.end()
	outcome := b.end(stop)
	if outcome == nil {
		outcome = all.outcome()
	}
	if err := printer.Close(outcome == nil); err != nil {
		return err
	}
	return outcome
}
