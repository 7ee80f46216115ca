package cli

import (
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

const sharesCheckHelp = `Check the places that homes point to. Nothing is written, and nothing is opened for
writing.

One USER alone is a walk to the home as a login would take it, step by step: is the
place admitted, does the server's name resolve, does it answer on port 445, what does
it offer, does it accept the account, is the share there, is the directory there, can
it be listed, whose is it, and what may the user do in it. The first step that fails
is the last.

Several users, "-" for names on standard input, --ou, --group or --filter, or --all
for everybody with a home, are a survey: each distinct place once, the servers side by
side. So is one user with a flag of the survey. Shown are the homes with a problem,
with --passed the others too; then each share with its number of homes and its space,
and each server. A server or a share that cannot be reached is one line, with the
number of users behind it, whose homes count as not checked.

--level exists looks for the directories; --level acl reads their descriptors too, and
computes what each user may do from it and from the groups that the directory knows.
The local groups of a file server are not known, nor the permissions of its shares; a
conditional entry that matters makes a home not checked. --need says what a user must
be allowed; read and delete are about files that others put into the home.

--anonymous names the account that stands in for anonymous users, and shows what it
may do on each share; that it may enter the home of somebody is a problem. Anonymous
logins themselves are refused with isolation by Active Directory, as in IIS.

A file server is entered as --bind-user with its password. With --kerberos too it
takes a password: a ticket or a keytab does not do. The server must be listed in
fileServers of the configuration in use, or be named by --file-server: a home
elsewhere gets no packet.

A survey ends with 0 if all is well, 4 if there are problems, and 5 if a server could
not be reached.`

type sharesCheckOptions struct {
	servers   fileServerFlags
	scope     scopeFlags
	all       bool
	level     surveyLevel
	minFree   survey.Threshold
	perUser   survey.Size
	need      survey.Rights
	anonymous string
	passed    bool
	form      formFlags
}

// surveyOnly are the flags that make a survey of the check of one user.
var surveyOnly = []string{"all", "ou", "group", "filter", "level", "min-free", "expect-per-user", "need", "anonymous", "passed"}

func newSharesCheckCommand(a *app) *cobra.Command {
	o := sharesCheckOptions{need: survey.AllRights}
	cmd := &cobra.Command{
		Use:   "check [USER…]",
		Short: "Check the places that homes point to",
		Long:  sharesCheckHelp,
		Example: `  ftpisoctl shares check alice --file-server fs01.corp.example.com
  ftpisoctl shares check --all --level acl --expect-per-user 2GiB
  ftpisoctl shares check --ou 'OU=Partners,DC=corp,DC=example,DC=com' -o json > homes.json`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			given := func(flag string) bool { return cmd.Flags().Changed(flag) }
			if len(args) == 1 && args[0] != "-" && !slices.ContainsFunc(surveyOnly, given) {
				if err := o.form.choose(stepList()); err != nil {
					return err
				}
				return walkToHome(cmd.Context(), a, &o, args[0])
			}
			if err := o.form.choose(placeList()); err != nil {
				return err
			}
			return runSurvey(cmd.Context(), a, &o, args)
		},
	}
	o.add(cmd)
	return cmd
}

func (o *sharesCheckOptions) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	o.servers.add(cmd)
	o.scope.add(cmd)
	flags.BoolVar(&o.all, "all", false, "everybody with a home")
	flags.Var(&o.level, "level", "how closely to look, `LEVEL` exists or acl")
	o.minFree, _ = survey.ParseThreshold("10%")
	flags.Var(valueOf(&o.minFree, survey.ParseThreshold), "min-free", "the least that is to be free on a share, or of a quota: `SIZE` or part")
	flags.Var(valueOf(&o.perUser, survey.ParseSize), "expect-per-user", "the `SIZE` that each home is expected to have in the end, such as 2GiB")
	flags.Var(valueOf(&o.need, survey.ParseRights), "need", "the `RIGHTS` that a user must have: of list, read, write, delete")
	flags.StringVar(&o.anonymous, "anonymous", "", "the `ACCOUNT` that stands in for anonymous users")
	flags.BoolVar(&o.passed, "passed", false, "show the homes without a problem, too")
	o.form.add(cmd, stepList(), placeList())
	offer := cobra.FixedCompletions([]string{"exists", "acl"}, cobra.ShellCompDirectiveNoFileComp)
	_ = cmd.RegisterFlagCompletionFunc("level", offer) // fails only where the flag is missing
}

// surveyLevel is the value of --level.
type surveyLevel struct{ survey.Level }

// Set accepts exists and acl.
func (l *surveyLevel) Set(s string) error {
	switch s {
	case "exists":
		l.Level = survey.Exists
	case "acl":
		l.Level = survey.Descriptors
	default:
		return errors.New("it is exists or acl")
	}
	return nil
}

// String returns the word.
func (l *surveyLevel) String() string {
	if l.Level == survey.Descriptors {
		return "acl"
	}
	return "exists"
}

// Type returns the word that help shows for the value.
func (l *surveyLevel) Type() string { return "LEVEL" }
