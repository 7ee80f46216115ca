package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/iisftp"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
)

const iisftpHelp = `Take a command line of IisFtp.vbs, the script of IIS 6.0, so that old batch files
go on working. The program does the same without being asked when it is called
iisftp. The usual flags and the configuration say which directory and as whom;
flags come before the operation. iisftp /? tells all operations, and iisftp
/SetADProp /? one of them.

Results and errors go to standard output as the script's did; exit codes are 0 and
1. New scripts are better off with get and set.`

func newIisftpCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "iisftp /OPERATION ARGUMENT…",
		Short: "Take a command line of IisFtp.vbs",
		Long:  iisftpHelp,
		Example: `  ftpisoctl iisftp /SetADProp alice msIIS-FTPRoot '\\fs01.corp.example.com\ftp$'
  ftpisoctl iisftp /GetADProp alice /s dc1.corp.example.com`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return asScript(runIisftp(cmd.Context(), a, args)) },
	}
	// What follows the operation is not ours to take apart: a password may begin with a dash.
	cmd.Flags().SetInterspersed(false)
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return asScript(flagError(cmd, err)) })
	return cmd
}

func runIisftp(ctx context.Context, a *app, args []string) error {
	call, err := iisftp.Parse(args)
	if err != nil {
		return hint(usage("%w", err), scriptUsage(err))
	}
	if call.Help {
		_, err := fmt.Fprint(a.out, iisftp.Help(call.Operation))
		return err
	}
	for _, name := range call.Exposed {
		a.note("warning: %s puts a password on the command line, where every user of this machine can read it; use --password-file or FTPISOCTL_PASSWORD_FILE", name)
	}
	switch call.Operation {
	case iisftp.GetADProp:
		return getADProp(ctx, a, call)
	case iisftp.SetADProp:
		return setADProp(ctx, a, call)
	}
	return hint(&scriptError{code: notImplemented, err: fmt.Errorf("/%s is not possible yet: sites are not managed by command", call.Operation)},
		"describe the site in the configuration file and start it with ftpisoctl serve")
}

func scriptUsage(err error) string {
	var syntax *iisftp.SyntaxError
	if errors.As(err, &syntax) && syntax.Operation != "" {
		return "iisftp /" + string(syntax.Operation) + " /? shows how it is used"
	}
	return "iisftp /? lists the operations"
}

func getADProp(ctx context.Context, a *app, call iisftp.Call) error {
	name, err := parseName(call.User)
	if err != nil {
		return err
	}
	forest, _, err := openTarget(ctx, a, call.Target)
	if err != nil {
		return err
	}
	defer forest.Close()
	user, err := forest.Lookup(ctx, name)
	if err != nil {
		return err
	}
	for _, row := range [][2]string{{homedir.AttrRoot, user.Root}, {homedir.AttrDir, user.Dir}} {
		value := row[1]
		if value == "" {
			value = "NOT SPECIFIED" // the script's word for what is absent
		}
		if err := echo(a, "The value of %s for user %s is %s", row[0], call.User, value); err != nil {
			return err
		}
	}
	return nil
}

// setADProp is set with one attribute: the same rules for values, the same
// compare-and-swap, the same journal.
func setADProp(ctx context.Context, a *app, call iisftp.Call) error {
	var o setOptions
	if call.Property == homedir.AttrRoot {
		o.update = ldapattr.Update{Root: &call.Value}
	} else {
		o.update = ldapattr.Update{Dir: &call.Value}
	}
	if call.Value == "" {
		return hint(usage("%s cannot hold an empty value", call.Property), "ftpisoctl clear removes a home")
	}
	if err := o.check(); err != nil {
		return err
	}
	name, err := parseName(call.User)
	if err != nil {
		return err
	}
	forest, file, err := openTarget(ctx, a, call.Target)
	if err != nil {
		return err
	}
	defer forest.Close()
	b := &bulk{
		app: a, flags: &bulkFlags{}, file: file, forest: forest, bind: ldapattr.Bind{User: call.Target.User},
		command: fmt.Sprintf("iisftp /SetADProp %s %s", call.User, call.Property),
	}
	if err := b.openJournal(ctx); err != nil {
		return err
	}
	e, err := o.entry(ctx, b, name)
	if err == nil && e.Before != e.After {
		err = b.changeSilently(ctx, e)
	}
	if err != nil {
		return err
	}
	return echo(a, "The value of %s for user %s has been set to %s", call.Property, call.User, call.Value)
}

// echo prints one line of result in the script's words.
func echo(a *app, format string, args ...any) error {
	_, err := fmt.Fprintln(a.out, output.Printable(fmt.Sprintf(format, args...)))
	return err
}
