package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
)

// clearLimit is the number of users that clear takes without --yes.
const clearLimit = 25

const clearHelp = `Remove both home attributes of users. Afterwards they cannot log in to FTP.

All names are looked up before the first change. A user who cannot be found or
changed does not stop the others; the exit code is then 3. "-" reads one name a
line from standard input. More than 25 users need --yes.`

type clearOptions struct {
	dryRun, force, yes bool
	form               formFlags
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
	flags.BoolVar(&o.dryRun, "dry-run", false, "show what would change and write nothing (also --what-if)")
	flags.BoolVar(&o.force, "force", false, "write even if somebody else changes the values meanwhile")
	flags.BoolVar(&o.yes, "yes", false, "go ahead with more than 25 users")
	o.form.add(cmd, changeList())
	return cmd
}

func runClear(cmd *cobra.Command, a *app, o clearOptions, args []string) error {
	ctx := cmd.Context()
	names, err := a.env.allNames(args)
	if err != nil {
		return err
	}
	if len(names) > clearLimit && !o.yes && !o.dryRun {
		return hint(usage("clear would remove the homes of %d users", len(names)), "look with --dry-run, then go ahead with --yes")
	}
	directory, err := a.openDirectory(ctx)
	if err != nil {
		return err
	}
	defer directory.Close()
	b := &batch{app: a, alone: len(names) == 1, total: len(names)}
	users, stop := lookUpAll(ctx, directory, b, names)
	if stop != nil {
		return b.end(stop)
	}
	b.total = len(users) + len(b.failed) // who is named twice is one
	printer := a.printer(&o.form)
	watch := progress{doing: "clearing: ", total: len(users)}.show(a, &o.form)
	defer watch.end()
	for _, user := range users {
		done, err := o.apply(ctx, directory, user)
		if err == nil {
			b.done++
			if done.written {
				b.written++
			}
			if err := done.print(printer); err != nil && !output.ReaderGone(err) {
				return err
			}
		} else if stop = b.fail(err); stop != nil {
			break
		}
		watch.step()
	}
	watch.end()
	outcome := b.end(stop)
	if err := printer.Close(outcome == nil); err != nil && !output.ReaderGone(err) {
		return err
	}
	return outcome
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
func lookUpAll(ctx context.Context, d *ldapattr.Directory, b *batch, names []ldapattr.AccountName) ([]ldapattr.User, error) {
	var users []ldapattr.User
	seen := map[ldapattr.GUID]bool{}
	watch := progress{doing: "looking up: ", total: len(names)}.show(b.app, nil)
	defer watch.end()
	for _, name := range names {
		user, err := d.Lookup(ctx, name)
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

// apply removes the attributes of one user, unless there are none or it is a dry
// run.
func (o *clearOptions) apply(ctx context.Context, d *ldapattr.Directory, user ldapattr.User) (change, error) {
	absent := ""
	c := change{before: user, update: ldapattr.Update{Root: &absent, Dir: &absent, Force: o.force}}
	c.after = planned(user, c.update)
	if o.dryRun || (user.Root == "" && user.Dir == "") {
		return c, ctx.Err()
	}
	return c.write(ctx, d)
}
