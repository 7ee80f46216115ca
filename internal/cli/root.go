package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const rootHelp = `ftpisoctl manages the two Active Directory attributes that isolate FTP users,
msIIS-FTPRoot and msIIS-FTPDir, checks the shares they point to, and serves FTP
by them.

Connection settings come from flags, then from variables (FTPISOCTL_SERVER and
so on, named after the flags), then from the directory section of the
configuration file, then from defaults. The file is the one named by --config or
FTPISOCTL_CONFIG, else the first that exists of ftpisoctl/ftpisoctl.yaml in the
user's configuration folder and in /etc (Windows: in %AppData%, %ProgramData%).

--profile NAME takes the directory of that name out of the configuration, and then
the variables do not count; FTPISOCTL_PROFILE names one that they do override. If
nothing says which directory to use, it is the domain of who is logged on:
USERDNSDOMAIN, else the realm of the Kerberos credential cache.

A password comes from --password-file, --password-command, FTPISOCTL_PASSWORD or
a prompt, never from a flag: command lines are visible to everybody.`

// commands lists every top-level command. A new one is one more line here.
func commands(a *app) []*cobra.Command {
	return []*cobra.Command{
		newGetCommand(a),
		newSetCommand(a),
		newClearCommand(a),
		newListCommand(a),
		newPlanCommand(a),
		newApplyCommand(a),
		newImportCommand(a),
		newExportCommand(a),
		newRenameRootCommand(a),
		newHistoryCommand(a),
		newUndoCommand(a),
		newSharesCommand(a),
		newExplainCommand(a),
		newDoctorCommand(a),
		newAuditCommand(a),
		newDelegateCommand(a),
		newIisftpCommand(a),
		newServeCommand(a),
		newDemoCommand(a),
		newConfigCommand(a),
		newManCommand(a),
		newVersionCommand(a),
		newCompletionCommand(a),
	}
}

func (a *app) root() *cobra.Command {
	root := parent(&cobra.Command{
		Use:   "ftpisoctl",
		Short: "Manage and serve FTP user isolation by Active Directory",
		Long:  rootHelp,
	}, commands(a)...)
	root.SilenceErrors, root.SilenceUsage = true, true
	root.CompletionOptions.DisableDefaultCmd = true
	help := newHelpCommand(a)
	root.AddCommand(help)
	root.SetHelpCommand(help)
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		a.started = true
		return exclude(cmd, [2]string{"quiet", "verbose"}, [2]string{"header", "no-headers"})
	}
	root.SetFlagErrorFunc(flagError)
	root.SetHelpTemplate(root.HelpTemplate() + exitHelp())
	root.SetGlobalNormalizationFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		if name == "what-if" { // PowerShell's word
			name = "dry-run"
		}
		return pflag.NormalizedName(name)
	})
	a.addConnectionFlags(root.PersistentFlags())
	root.PersistentFlags().StringVar(&a.config, "config", "", "configuration `FILE`")
	root.PersistentFlags().StringVar(&a.profile, "profile", "", "use the directory that the configuration calls `NAME`")
	root.PersistentFlags().CountVarP(&a.verbose, "verbose", "v", "tell on standard error what happens; twice for more")
	root.PersistentFlags().Var(traceFlag{a}, "trace", "show each request of this `PROTOCOL` on standard error: ldap. Passwords are never shown")
	root.PersistentFlags().BoolVarP(&a.quiet, "quiet", "q", false, "neither progress nor hints on standard error")
	root.PersistentFlags().Var(&a.color, "color", "`WHEN` a terminal gets colours: auto, always or never")
	complete(a, root)
	completeGlobal(a, root)
	return root
}

// flagError says which flag is wrong. Of an unknown one only the name is shown:
// who types -pSECRET out of habit must not find it in a log. A value is repeated
// only by the check that refuses it, which knows what it may show.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	var word *strconv.NumError
	switch {
	case errors.As(err, &invalid) && errors.As(invalid.Unwrap(), &word) && word.Func == "ParseBool":
		err = fmt.Errorf("--%s: %q is neither true nor false", invalid.GetFlag().Name, word.Num)
	case errors.As(err, &invalid):
		err = fmt.Errorf("--%s: %w", invalid.GetFlag().Name, invalid.Unwrap())
	case errors.As(err, &unknown):
		dashes := "--"
		if unknown.GetSpecifiedShortnames() != "" {
			dashes = "-"
		}
		err = fmt.Errorf("unknown flag %s%s", dashes, unknown.GetSpecifiedName())
	}
	return hint(usage("%w", err), cmd.CommandPath()+" --help lists its flags")
}

// exclude refuses pairs of flags that contradict each other.
func exclude(cmd *cobra.Command, pairs ...[2]string) error {
	given := func(name string) bool {
		f := cmd.Flags().Lookup(name)
		return f != nil && f.Changed && f.Value.String() != "false"
	}
	for _, pair := range pairs {
		if given(pair[0]) && given(pair[1]) {
			return usage("--%s and --%s exclude each other", pair[0], pair[1])
		}
	}
	return nil
}

// parent returns cmd with its children. By itself it shows help; a word that
// names no child is an error with the nearest one.
func parent(cmd *cobra.Command, children ...*cobra.Command) *cobra.Command {
	cmd.AddCommand(children...)
	cmd.SuggestionsMinimumDistance = 2
	cmd.Args = cobra.ArbitraryArgs
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return cmd.Help()
		}
		return unknownCommand(cmd, args[0])
	}
	return cmd
}

func unknownCommand(cmd *cobra.Command, name string) error {
	err := usage("%s has no command %q", cmd.CommandPath(), name)
	near := cmd.SuggestionsFor(name)
	switch {
	case len(near) > 0:
		return hint(err, "did you mean "+cmd.CommandPath()+" "+strings.Join(near, " or ")+"?")
	case !cmd.HasSubCommands():
		return hint(err, cmd.CommandPath()+" --help shows how it is used")
	}
	return hint(err, cmd.CommandPath()+" --help lists all commands")
}

// exactly, atLeastOne, atMostOne and none are the shapes of arguments that commands take.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return usage("%s takes exactly %d %s, not %d", cmd.CommandPath(), n, what, len(args))
		}
		return nil
	}
}

func atLeastOne(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usage("%s needs at least one %s", cmd.CommandPath(), what)
		}
		return nil
	}
}

func atMostOne(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			return usage("%s takes at most one %s, not %d", cmd.CommandPath(), what, len(args))
		}
		return nil
	}
}

func none(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage("%s takes no argument, but got %q", cmd.CommandPath(), strings.Join(args, " "))
	}
	return nil
}
