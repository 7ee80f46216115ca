package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

const sharesCheckHelp = `Walk to the home of a user as a login would, and say where the way ends: is the
place admitted, does the server's name resolve, does it answer on port 445, does
it accept the account, is the share there, is the directory there, can it be
listed. The first step that fails is the last. Nothing is written.

A file server is entered as --bind-user with its password, so what the walk sees
are the rights of that account and not of the user. With --kerberos too it takes
a password: a ticket or a keytab does not do. The server must be listed in
fileServers of the configuration in use, or be named by --file-server: a home
elsewhere gets no packet.`

type sharesCheckOptions struct {
	fileServers []string
	ntlm        bool
	form        formFlags
}

func newSharesCheckCommand(a *app) *cobra.Command {
	var o sharesCheckOptions
	cmd := &cobra.Command{
		Use:     "check USER",
		Short:   "Walk to the home of a user, step by step",
		Long:    sharesCheckHelp,
		Example: "  ftpisoctl shares check alice --file-server fs01.corp.example.com",
		Args:    exactly(1, "USER"),
		RunE:    func(cmd *cobra.Command, args []string) error { return runSharesCheck(cmd.Context(), a, o, args[0]) },
	}
	o.add(cmd)
	return cmd
}

func (o *sharesCheckOptions) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVar(&o.fileServers, "file-server", nil, "also admit this file server: host `NAME` or *.suffix")
	flags.BoolVar(&o.ntlm, "ntlm", false, "allow NTLM with the servers of --file-server where Kerberos is not to be had")
	o.form.add(cmd, recordList{name: "steps", columns: []output.Column{
		{Title: "step"}, {Title: "result", Alarm: func(cell string) bool { return cell != stepOK }}, {Title: "detail"}, {Title: "took"},
		{Title: "win32", Detail: true}, {Title: "user", Detail: true}, {Title: "home", Detail: true},
	}})
}

func runSharesCheck(ctx context.Context, a *app, o sharesCheckOptions, arg string) error {
	name, err := parseName(arg)
	if err != nil {
		return err
	}
	file, _, err := a.configFile()
	if err != nil {
		return err
	}
	policy, err := o.policy(file)
	if err != nil {
		return err
	}
	c, err := a.connection(file.Directory.Connection)
	if err != nil {
		return err
	}
	cfg, err := a.directoryConfig(ctx, c)
	if err != nil {
		return err
	}
	directory, err := connect(ctx, cfg)
	if err != nil {
		return err
	}
	defer directory.Close()
	user, err := directory.Lookup(ctx, name)
	if err != nil {
		return err
	}
	home, err := user.Home()
	if err != nil {
		return homeOutcome(err)
	}
	if err := canEnter(policy, home.Location(), cfg.Bind); err != nil {
		return err
	}
	as, err := shareAccount(ctx, directory, cfg.Bind)
	if err != nil {
		return err
	}
	report := shares.NewOpener(policy).Check(ctx, home.Location(), as)
	if ctx.Err() != nil && report.Failed() != nil {
		report.Steps = report.Steps[:len(report.Steps)-1] // it was broken off, and its error is of our making
		return errors.Join(o.print(a, user, report, false), ctx.Err())
	}
	if err := o.print(a, user, report, true); err != nil {
		return err
	}
	return checkOutcome(user, report)
}

// homeOutcome turns what is wrong with the stored values into the outcome of a
// check. They are not the caller's mistake, as they would be in set.
func homeOutcome(err error) error {
	var value *homedir.ValueError
	if errors.As(err, &value) {
		return &exitError{exitFailed, err, "no login can use this value; correct it with ftpisoctl set"}
	}
	return err
}

// canEnter refuses a bind without a password where a file server wants one: the
// SMB client has no use for the tickets of others.
func canEnter(policy shares.Policy, place homedir.Location, bind ldapattr.Bind) error {
	reached, err := shares.NewOpener(policy).Resolve(place, shares.Credentials{})
	if err != nil || reached.Local() || bind.User != "" && !bind.Password.Empty() {
		return nil
	}
	return hint(usage("the file server %s is entered with a password, and a Kerberos ticket or a keytab holds none", reached.Server()),
		"add --bind-user and --password-file, or another source of the password; --kerberos may stay")
}

// policy adds the servers of the command line to those of the file. Nothing is
// served here, so the rights of root do no harm.
func (o *sharesCheckOptions) policy(file config.File) (shares.Policy, error) {
	policy := sharePolicy(file)
	for _, pattern := range o.fileServers {
		if err := homedir.CheckServers(pattern); err != nil {
			return policy, usage("--file-server: %w", err)
		}
		policy.FileServers = append(policy.FileServers, shares.FileServer{Pattern: pattern, NTLM: o.ntlm})
	}
	return policy, nil
}

// shareAccount returns the bind account in the form that file servers take. A
// bind without a password (credential cache, keytab) is nobody there, which is
// enough for a local folder.
func shareAccount(ctx context.Context, directory *ldapattr.Directory, bind ldapattr.Bind) (shares.Credentials, error) {
	if bind.Password.Empty() {
		return shares.Credentials{}, nil
	}
	name, err := parseName(bind.User)
	if err != nil {
		return shares.Credentials{}, err
	}
	account, err := directory.Lookup(ctx, name)
	if err != nil {
		return shares.Credentials{}, fmt.Errorf("the account to enter the share with: %w", err)
	}
	return shares.NewCredentials(account.NetBIOSDomain, account.SAMAccountName, directory.Domain().DNSName, bind.Password), nil
}

// stepOK is the result of a step that was made.
const stepOK = "ok"

// stepRecord is one step in JSON.
type stepRecord struct {
	Step    string      `json:"step"`
	OK      bool        `json:"ok"`
	Detail  string      `json:"detail"`
	Win32   winerr.Code `json:"win32"`
	Took    string      `json:"took"`
	Account string      `json:"user"`
	Home    string      `json:"home"`
	Result  string      `json:"result"`
}

// print lists the steps; complete is false if the walk was broken off.
func (o *sharesCheckOptions) print(a *app, user ldapattr.User, report shares.Report, complete bool) error {
	printer := a.printer(&o.form)
	for _, step := range report.Steps {
		result, detail := stepOK, step.Detail
		if step.Err != nil {
			result, detail = "FAILED", step.Err.Error()
		}
		took := step.Took.Round(100 * time.Microsecond).String()
		record := stepRecord{
			Step: step.Name, OK: step.Err == nil, Result: result, Detail: detail, Took: took,
			Account: user.DownLevelName(), Home: report.Location.String(),
		}
		if step.Err != nil {
			record.Win32 = winerr.Of(step.Err)
		}
		if err := printer.Row(record, step.Name, result, detail, took, strconv.FormatUint(uint64(record.Win32), 10), record.Account, record.Home); err != nil {
			return err
		}
	}
	if advice := signingAdvice(report); advice != "" && !a.quiet {
		defer a.note("hint: %s", advice)
	}
	return printer.Close(complete)
}
