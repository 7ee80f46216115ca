package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/explain"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

const explainHelp = `Explain why LOGIN can log in by FTP, or cannot: the whole login without the
password, step by step, with what was found and how long it took, up to the reply
that the client would see and the row in the access log. LOGIN is written as the
client sends it: user, DOMAIN\user or user@suffix, each after an optional "host|".

The login is played to the server's own engine within this process, with the site of
the configuration in use; nothing listens, and nothing is written. Times, addresses
and counts of octets in the log row are those of this play. Where the configuration
has several sites, --site names one; where it has none, the directory is asked alone,
and what a site would say is unknown.

Without the password the state of the account stands for the bind, and the home is
visited as the account that reads the directory, with the rights of the login
computed from the directory's groups; what only the login itself could see is
"unknown". With --password-file or --prompt the password is tried, once, and the home
opened, exactly as the server does; a wrong one counts towards a lock-out. The
password of the account that reads the directory is not --password-file here; it
comes from the configuration, from --password-command, FTPISOCTL_PASSWORD,
FTPISOCTL_PASSWORD_FILE or a question.

The directory is read as the site's own account (activeDirectory.adUserName) if it
has one, unless --bind-user or FTPISOCTL_BIND_USER names another.

The exit code is the cause: 0 nothing refuses the login, 5 something cannot be
reached, 6 a password, an account or a right, 8 no such user, share or path.`

type explainOptions struct {
	site         string
	passwordFile string
	prompt       bool
	servers      fileServerFlags
	form         formFlags
}

func newExplainCommand(a *app) *cobra.Command {
	var o explainOptions
	cmd := &cobra.Command{
		Use:   "explain LOGIN",
		Short: "Explain why a user can log in, or cannot",
		Long:  explainHelp,
		Example: "  ftpisoctl explain alice\n  ftpisoctl explain 'CORP\\alice' --config ftpisoctl.yaml --password-file alice.password\n" +
			"  ftpisoctl explain alice@corp.example.com -o json > ticket.json",
		Args: exactly(1, "LOGIN"),
		RunE: func(cmd *cobra.Command, args []string) error { return runExplain(cmd.Context(), a, &o, args[0]) },
	}
	cmd.ValidArgsFunction = suggest(a, "user", 1)
	flags := cmd.Flags()
	flags.StringVar(&o.site, "site", "", "the site whose login it is, by its `NAME` in the configuration")
	flags.StringVar(&o.passwordFile, "password-file", "", "try the password of LOGIN, which is in this `FILE`")
	flags.BoolVar(&o.prompt, "prompt", false, "ask for the password of LOGIN, and try it")
	o.servers.add(cmd)
	o.form.add(cmd, explanationList())
	return cmd
}

func runExplain(ctx context.Context, a *app, o *explainOptions, login string) error {
	file, path, err := a.configFile()
	if err != nil {
		return err
	}
	site, err := siteNamed(file, path, o.site)
	if err != nil {
		return err
	}
	if site != nil && len(o.servers.names) > 0 {
		return usage("--file-server is for configurations without a site: the site's server opens homes on fileServers alone")
	}
	password, err := o.proof(login)
	if err != nil {
		return err
	}
	cfg, err := explainConnection(ctx, a, file, site)
	if err != nil {
		if o.passwordFile != "" && advice(err) != "" {
			err = hint(err, advice(err)+"; --password-file of explain is the password of LOGIN")
		}
		return err
	}
	if o.prompt {
		if password, err = a.env.prompt(ctx, output.Printable(login)); err != nil {
			return hint(err, "put the password of LOGIN alone into a file, and name it with --password-file")
		}
	}
	forest, err := connectForest(ctx, cfg)
	if err != nil {
		return err
	}
	defer forest.Close()
	v := &explainer{app: a, file: file, site: site, directory: cfg, forest: forest}
	given, err := v.config(ctx, &o.servers)
	if err != nil {
		return err
	}
	report, err := explain.Run(ctx, given, login, password)
	if err != nil {
		return err
	}
	if err := printExplanation(a, o, report); err != nil {
		return err
	}
	return explained(report)
}

// proof reads the password of the login, if it is in a file.
func (o *explainOptions) proof(login string) (secret.Text, error) {
	switch {
	case login == "":
		return secret.Text{}, usage("LOGIN is empty, and no client logs in so")
	case strings.ContainsAny(login, "\r\n"):
		return secret.Text{}, usage("LOGIN holds a line end, and no client can send that")
	case o.passwordFile != "" && o.prompt:
		return secret.Text{}, usage("--password-file and --prompt exclude each other")
	case o.passwordFile != "":
		return readPasswordFile(o.passwordFile)
	}
	return secret.Text{}, nil
}

// explained is the outcome of an explanation: the cause that ends the login.
func explained(report explain.Report) error {
	failed := report.Failed()
	if failed == nil {
		return nil
	}
	code, next := causeOf(report, *failed)
	cause := failed.Err
	if cause == nil {
		cause = errors.New(failed.Evidence)
	}
	return &exitError{code, fmt.Errorf("%s cannot log in, it ends at the step %q: %w", report.Login, failed.Name, cause), next}
}
