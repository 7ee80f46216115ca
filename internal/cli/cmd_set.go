package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/plan"
)

const setHelp = `Set the home of a user: msIIS-FTPRoot (--root), msIIS-FTPDir (--dir), or both in
one step. What is not named keeps its value.

Values are checked before any connection: root is \\server\share, D:\folder or
/folder; dir is relative to it, without "..", device names or streams. If the
configuration in use lists fileServers or localRoots, the home must lie on one.

The change is made only if the attributes still are as they were read a moment
before, or as --expect-root and --expect-dir say; an empty value there means
absent. --force writes whatever the present values are. What was changed is in the
journal; undo takes it back.

--create-dir makes the directory first, as shares mkdir does, and then sets the
attributes: whoever is interrupted leaves a directory that nobody uses yet.`

type setOptions struct {
	root, dir             string
	expectRoot, expectDir string
	force                 bool
	create                createDir
	bulk                  bulkFlags

	update   ldapattr.Update // what --root and --dir ask for
	expected ldapattr.Update // what --expect-root and --expect-dir ask for
}

func newSetCommand(a *app) *cobra.Command {
	var o setOptions
	cmd := &cobra.Command{
		Use:   `set USER [--root \\SERVER\SHARE] [--dir FOLDER]`,
		Short: "Set the home of a user",
		Long:  setHelp,
		Example: `  ftpisoctl set alice --root '\\fs01.corp.example.com\ftp$' --dir alice
  ftpisoctl set 'CORP\bob' --dir 'teams\bob' --expect-dir bob --dry-run`,
		Args: exactly(1, "USER"),
		RunE: func(cmd *cobra.Command, args []string) error { return runSet(cmd, a, o, args[0]) },
	}
	flags := cmd.Flags()
	flags.StringVar(&o.root, "root", "", "new msIIS-FTPRoot: share or folder that holds homes, as a `PATH`")
	flags.StringVar(&o.dir, "dir", "", "new msIIS-FTPDir: `FOLDER` below the root")
	flags.StringVar(&o.expectRoot, "expect-root", "", "change only if msIIS-FTPRoot has this `VALUE` now; '' means absent")
	flags.StringVar(&o.expectDir, "expect-dir", "", "change only if msIIS-FTPDir has this `VALUE` now; '' means absent")
	flags.BoolVar(&o.bulk.dryRun, "dry-run", false, "show what would change and write nothing (also --what-if)")
	flags.BoolVar(&o.force, "force", false, "write even if somebody else changes the values meanwhile")
	o.create.add(cmd)
	addJournalFlag(flags, &o.bulk.journal)
	o.bulk.form.add(cmd, changeList())
	return cmd
}

func runSet(cmd *cobra.Command, a *app, o setOptions, arg string) error {
	ctx := cmd.Context()
	o.update = ldapattr.Update{Root: given(cmd, "root", &o.root), Dir: given(cmd, "dir", &o.dir)}
	o.expected = ldapattr.Update{Root: given(cmd, "expect-root", &o.expectRoot), Dir: given(cmd, "expect-dir", &o.expectDir)}
	if err := o.check(); err != nil {
		return err
	}
	name, err := parseName(arg)
	if err != nil {
		return err
	}
	if err := o.create.check(); err != nil {
		return err
	}
	b, err := openBulk(a, cmd, []string{arg}, &o.bulk)
	if err != nil {
		return err
	}
	defer b.forest.Close()
	b.force, b.about = o.force, about{o.update.Root != nil, o.update.Dir != nil}
	e, err := o.entry(ctx, b, name)
	if err != nil {
		return err
	}
	if err := o.create.make(ctx, b, name, e); err != nil {
		return err
	}
	return b.changeOne(ctx, e)
}

// entry looks the user up and checks what he would have.
func (o *setOptions) entry(ctx context.Context, b *bulk, name ldapattr.AccountName) (plan.Entry, error) {
	user, err := b.forest.Lookup(ctx, name)
	if err != nil {
		return plan.Entry{}, err
	}
	if err := expect(user, o.expected); err != nil {
		return plan.Entry{}, err
	}
	after := planned(user, o.update)
	return plan.NewEntry(user, plan.Values{Root: after.Root, Dir: after.Dir}), checkHome(b.file, after)
}

// planned returns u as update would leave it.
func planned(u ldapattr.User, update ldapattr.Update) ldapattr.User {
	if update.Root != nil {
		u.Root = *update.Root
	}
	if update.Dir != nil {
		u.Dir = *update.Dir
	}
	return u
}

// given returns the value of a flag, nil if it is not on the command line.
func given(cmd *cobra.Command, flag string, value *string) *string {
	if cmd.Flags().Changed(flag) {
		return value
	}
	return nil
}

// check refuses what no directory needs to be asked about.
func (o *setOptions) check() error {
	switch {
	case o.update.Root == nil && o.update.Dir == nil:
		return hint(usage("set needs --root, --dir or both"), "ftpisoctl clear removes a home")
	case o.force && (o.expected.Root != nil || o.expected.Dir != nil):
		return usage("--force and --expect-root or --expect-dir exclude each other")
	}
	if root := o.update.Root; root != nil {
		if err := homedir.CheckRoot(*root); err != nil {
			return quoting(err, *root)
		}
	}
	if dir := o.update.Dir; dir != nil {
		if err := homedir.CheckDir(*dir); err != nil {
			return quoting(err, *dir)
		}
	}
	if o.update.Root != nil && o.update.Dir != nil {
		_, err := homedir.New(*o.update.Root, *o.update.Dir)
		return err
	}
	return nil
}

// quoting adds advice where a shell has visibly changed a value.
func quoting(err error, value string) error {
	switch {
	case strings.Contains(value, `"`):
		return hint(err, `a backslash before a closing quote takes the quote into the value; leave the last backslash out`)
	case strings.HasPrefix(value, `\`) && !strings.HasPrefix(value, `\\`) && strings.Count(value, `\`) == 1:
		return hint(err, `if the shell has taken backslashes away, put the value in single quotes`)
	}
	return err
}

// expect compares a user with what the caller believes.
func expect(user ldapattr.User, expected ldapattr.Update) error {
	for _, row := range []struct {
		attribute, now string
		want           *string
	}{
		{homedir.AttrRoot, user.Root, expected.Root},
		{homedir.AttrDir, user.Dir, expected.Dir},
	} {
		if row.want != nil && *row.want != row.now {
			return hint(conflict("set the home of %s: %s is %s, not %s", user.DownLevelName(), row.attribute, shown(row.now), shown(*row.want)),
				"look at the present values with get, then try again")
		}
	}
	return nil
}

// shown prints a value in a sentence.
func shown(value string) string {
	if value == "" {
		return "absent"
	}
	return `"` + value + `"`
}

// checkHome refuses a pair that no login could use. Half a home is no home yet,
// and nothing to refuse.
func checkHome(file config.File, user ldapattr.User) error {
	if user.Root == "" || user.Dir == "" {
		return nil
	}
	home, err := homedir.New(user.Root, user.Dir)
	if err != nil {
		return hint(err, "both values make the home; set both")
	}
	if err := allowedHome(file, home.Location()); err != nil {
		return hint(usage("set the home of %s: %w", user.DownLevelName(), err),
			"add it to the configuration in use, or choose a place that is listed")
	}
	return nil
}
