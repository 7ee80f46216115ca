package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/prepare"
)

const sharesMkdirHelp = `Make the home directories that are missing, each with its access list from the first
moment on. What would be made is shown, and made after consent.

Users are named, come as lines of standard input with "-", or are chosen by --all,
--ou, --group and --filter; --anonymous adds the account that stands in for
anonymous users. Missing folders above a home, up to the share, are made too, with
what the folder above them hands down.

--acl says whose a home is and who may do what in it: private (the user owns it and
modifies what is in it, Administrators and SYSTEM may do everything, nothing is
inherited), inherit (what the folder above hands down, if that lets the user modify),
or a descriptor in SDDL in which {{.SID}} stands for the user. A home that is there
is left alone, unless --repair is given: then it gets that list, which is shown
beside the old one. What is inside keeps its own.

File servers are entered as --bind-user with its password. They must be listed in
fileServers of the configuration in use, or be named by --file-server. A folder of
this machine on Unix is made with the mode that this process gives.

What is about to be made is in the journal before, so a run that was killed can
be run again, and undo removes directories that a run has made, as long as they are
empty and still as it made them.`

type sharesMkdirOptions struct {
	who       selection
	anonymous string
	acl       string
	repair    bool
	servers   fileServerFlags
	bulk      bulkFlags
}

func newSharesMkdirCommand(a *app) *cobra.Command {
	var o sharesMkdirOptions
	cmd := &cobra.Command{
		Use:   "mkdir [USER…]",
		Short: "Make the home directories that are missing",
		Long:  sharesMkdirHelp,
		Example: `  ftpisoctl shares mkdir alice bob --dry-run
  ftpisoctl shares mkdir --group 'FTP Users' --anonymous ftpguest --yes
  ftpisoctl shares mkdir --all --acl 'O:BAD:P(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;{{.SID}})'`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return runSharesMkdir(cmd, a, o, args) },
	}
	flags := cmd.Flags()
	o.who.add(cmd)
	flags.StringVar(&o.anonymous, "anonymous", "", "also make the home of the `ACCOUNT` that stands in for anonymous users")
	addACLFlag(cmd, &o.acl)
	flags.BoolVar(&o.repair, "repair", false, "give homes that are there the access list, too")
	o.servers.add(cmd)
	flags.BoolVar(&o.bulk.dryRun, "dry-run", false, "show what would be made and write nothing (also --what-if)")
	flags.BoolVar(&o.bulk.consent.yes, "yes", false, "do not ask")
	flags.Var(&o.bulk.consent.limit, "limit", "refuse to make more than `N` directories (default: ask)")
	addJournalFlag(flags, &o.bulk.journal)
	o.bulk.form.add(cmd, folderList())
	return cmd
}

// addACLFlag gives a command the flag for the template of directories.
func addACLFlag(cmd *cobra.Command, acl *string) {
	cmd.Flags().StringVar(acl, "acl", prepare.Private, "whose a home is: the `TEMPLATE` private, inherit, or SDDL with {{.SID}}")
	offer := cobra.FixedCompletions([]string{prepare.Private, prepare.Inherit}, cobra.ShellCompDirectiveNoFileComp)
	_ = cmd.RegisterFlagCompletionFunc("acl", offer) // fails only where the flag is missing
}

// selection says which users a command is about.
type selection struct {
	all   bool
	scope scopeFlags
}

func (s *selection) add(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&s.all, "all", false, "all users with a home")
	s.scope.add(cmd)
}

// check refuses what names nobody, or two things at once.
func (s *selection) check(command string, args []string) error {
	chosen := s.all || s.scope.given()
	switch {
	case len(args) > 0 && chosen:
		return usage("USER and --all, --ou, --group or --filter exclude each other")
	case len(args) == 0 && !chosen:
		return hint(usage("%s needs a USER, or --all, --ou, --group or --filter", command), "--all are all users with a home")
	}
	return checkNames(args)
}

// users finds them; those that cannot be found are the outcome's failures.
func (s *selection) users(ctx context.Context, a *app, forest *ldapattr.Forest, args []string, outcome *batch) ([]ldapattr.User, error) {
	if len(args) > 0 {
		names, err := a.env.allNames(args)
		if err != nil {
			return nil, err
		}
		outcome.alone = len(names) == 1
		return lookUpAll(ctx, forest, outcome, names)
	}
	scope, err := s.scope.scope()
	if err != nil {
		return nil, err
	}
	scope.Filter = bothFilters(hasHome, scope.Filter)
	watch := progress{doing: "looking up: "}.show(a, nil)
	defer watch.end()
	var users []ldapattr.User
	for user, err := range forest.Users(ctx, scope) {
		if err != nil {
			return nil, listError(err, scope, forest.Home().Domain().BaseDN)
		}
		users = append(users, user)
		watch.step()
	}
	return users, nil
}

func runSharesMkdir(cmd *cobra.Command, a *app, o sharesMkdirOptions, args []string) error {
	ctx := cmd.Context()
	if err := o.who.check("shares mkdir", args); err != nil {
		return err
	}
	template, err := prepare.ParseTemplate(o.acl)
	if err != nil {
		return usage("--acl: %w", err)
	}
	b, err := openBulk(a, cmd, args, &o.bulk)
	if err != nil {
		return err
	}
	defer b.forest.Close()
	f, err := openFolders(ctx, b, &o.servers)
	if err != nil {
		return err
	}
	defer f.close()
	if err := f.visitor.canEnterAny(); err != nil {
		return err
	}
	users, err := o.who.users(ctx, a, b.forest, args, f.outcome)
	if err != nil {
		return f.outcome.ended(err)
	}
	if o.anonymous != "" {
		account, err := lookUpNamed(ctx, b.forest, o.anonymous)
		if err != nil {
			return fmt.Errorf("the account for anonymous users: %w", err)
		}
		if !slices.ContainsFunc(users, func(u ldapattr.User) bool { return u.GUID == account.GUID }) {
			users = append(users, account)
		}
	}
	p, err := f.look(ctx, users, prepare.Options{Template: template, Repair: o.repair})
	if err != nil {
		return err
	}
	err = f.carryOut(ctx, p)
	var failed *batchError
	if errors.As(err, &failed) && !o.bulk.dryRun {
		err = hint(err, "run it again: what is there is left alone")
	}
	return err
}
