package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/plan"
)

const clearHelp = `Remove both home attributes of users. Afterwards they cannot log in to FTP.

All names are looked up before the first change. A user who cannot be found or
changed does not stop the others; the exit code is then 3. "-" reads one name a
line from standard input. More than 25 users are asked about, or need --yes or
--limit. What was removed is in the journal; undo gives it back.`

type clearOptions struct {
	force bool
	bulk  bulkFlags
}

func newClearCommand(a *app) *cobra.Command {
	var o clearOptions
	cmd := &cobra.Command{
		Use:   "clear USER…",
		Short: "Remove the home of users",
		Long:  clearHelp,
		Example: `  ftpisoctl clear alice
  ftpisoctl clear - --dry-run < leavers.txt`,
		Args: atLeastOne("USER"),
		RunE: func(cmd *cobra.Command, args []string) error { return runClear(cmd, a, o, args) },
	}
	flags := cmd.Flags()
	flags.BoolVar(&o.bulk.dryRun, "dry-run", false, "show what would change and write nothing (also --what-if)")
	flags.BoolVar(&o.force, "force", false, "write even if somebody else changes the values meanwhile")
	flags.BoolVar(&o.bulk.consent.yes, "yes", false, "go ahead with more than 25 users")
	flags.Var(&o.bulk.consent.limit, "limit", "refuse to change more than `N` users (default: ask above 25)")
	addJournalFlag(flags, &o.bulk.journal)
	o.bulk.form.add(cmd, changeList())
	return cmd
}

func runClear(cmd *cobra.Command, a *app, o clearOptions, args []string) error {
	ctx := cmd.Context()
	names, err := a.env.allNames(args)
	if err != nil {
		return err
	}
	if o.bulk.consent.over(len(names)) && !o.bulk.dryRun && !a.env.asks() {
		return hint(usage("clear would remove the homes of %d users", len(names)), "look with --dry-run, then go ahead with --yes")
	}
	b, err := openBulk(a, cmd, args, &o.bulk)
	if err != nil {
		return err
	}
	defer b.forest.Close()
	b.force, b.about, o.bulk.onError = o.force, about{true, true}, "continue"
	outcome := &batch{app: a, alone: len(names) == 1, total: len(names)}
	users, stop := lookUpAll(ctx, b.forest, outcome, names)
	if stop != nil {
		return outcome.end(stop)
	}
	outcome.total = len(users) + len(outcome.failed) // who is named twice is one
	var all []plan.Entry
	for _, user := range users {
		all = append(all, plan.NewEntry(user, plan.Values{}))
	}
	return b.changeAll(ctx, all, outcome)
}

// allNames reads all names before anything else happens. One that has no valid
// form is an error of them all.
func (e Env) allNames(args []string) ([]ldapattr.AccountName, error) {
	var names []ldapattr.AccountName
	for name, err := range e.names(args) {
		if err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, nil
}

// lookUpAll finds each user once, however often and however it is named.
func lookUpAll(ctx context.Context, f *ldapattr.Forest, b *batch, names []ldapattr.AccountName) ([]ldapattr.User, error) {
	var users []ldapattr.User
	seen := map[ldapattr.GUID]bool{}
	watch := progress{doing: "looking up: ", total: len(names)}.show(b.app, nil)
	defer watch.end()
	for user, err := range f.LookupAll(ctx, names) {
		switch {
		case err != nil:
			if stop := b.fail(err); stop != nil {
				return nil, stop
			}
		case !seen[user.GUID]:
			seen[user.GUID] = true
			users = append(users, user)
		}
		watch.step()
	}
	return users, nil
}
