package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/report"
)

const auditHelp = `Find out whether the isolation of FTP users holds. Rules are asked about the two
attributes of each account, about all accounts together, about the state of each
account, and about the directory. Nothing is written, neither to the directory nor to
a file server.

What an audit asks of whom is told on standard error before it begins. --level 0 asks
the directory alone; 1 also whether the names of file servers resolve and port 445
answers; 2, unless said otherwise, also whether shares and homes are there, what space
is left, and which directories beside homes belong to nobody; 3 also who owns each
home, who may do what there by its access list and the groups that the directory
knows, and how much it holds. Only file servers that the configuration lists in
fileServers, or that --file-server names, get a packet. They are entered as
--bind-user with its password; without one, and where a server does not answer, what
lies behind is not checked. A server that is not there is told once, with the number
of users behind it.

--ou, --group and --filter limit it to some users; with --ou or --group a member
without a home is a finding, too. --rules and --skip choose rules by their ids, in
which V* means all that begin with V. --severity leaves findings out that weigh less.

Shown are the findings, worst first. A table ends with a summary: how many there are,
and what was not checked, and why. "Not checked" is never "passed". -o json is the
whole report, with the rules, what each of them said, and the servers and shares in
use; -o jsonl is one finding a line, -o csv one a row. -o sarif (2.1.0), -o junit and
-o markdown are for build servers and tickets, -o html and --html FILE one page for
people, which loads nothing. audit render makes each of them again from the JSON, and
audit diff compares two.

--redact puts tokens such as user-1f3a in the place of all names, for a report that
leaves the house: one name has one token, in each report another.

--baseline names an earlier report, in JSON or as JSON lines: what is in it is shown
as suppressed and no reason to fail. --suppressions names a file in YAML that accepts
what a rule finds at some objects, with a reason, and perhaps until a day:

  suppressions:
  - rule: V07
    object: 'svc*'          # login, DN or location
    reason: one FTP server only, decided by J. Doe
    until: 2026-12-31

--since names an earlier report in JSON: what was in it is counted and not shown, and no
reason to fail. --since last is the report of the time before, which is then kept for the
next time, in the user's state folder; there is one for each domain and each choice of
users and rules. All accounts are read nevertheless, since a new home can make an old one
a finding.

--watch stays connected and writes JSON lines: first what is found now, then each finding
that is new and each that is not there any more, with "event":"found" or "resolved" and
the time before the finding. It asks the domain controller what has changed (DirSync,
for which the right to read is enough) after each --poll, looks again at accounts with
findings, and reads everything again after each --every: then passwords that have expired
meanwhile show, too, and the rules about the directory are asked. An outage is waited for,
and nothing is told twice. --since tells it what is known already. It looks at the
directory alone, and ends with 0 when it is interrupted.

--fix-plan writes a plan of what would make findings vanish, where a rule knows it:
look at it, then have apply make it, and undo take it back.

An audit ends with 0 if nothing weighs as much as --fail-on says, with 4 if something
does, and with 5 or 6 if the directory does not answer or may not be read; what was
found until then is shown.`

// auditOptions are the flags of audit.
type auditOptions struct {
	form   formFlags
	scope  scopeFlags
	chosen audit.Scope
	visit  visitFlags
	failOn threshold
	known  knownFiles
	files  auditFiles
	watch  watchFlags
	shared []string
	naming string
	stale  int
	groups int
}

// knownFiles are what says that findings are known, or may be; "" is nothing.
type knownFiles struct{ baseline, suppressions, since string }

// auditFiles are what is written beside the list, "" is not; and whether names are in it.
type auditFiles struct {
	fixes, page string
	redact      bool
}

func newAuditCommand(a *app) *cobra.Command {
	o := auditOptions{failOn: threshold{audit.High}}
	cmd := parent(&cobra.Command{
		Use:   "audit",
		Short: "Find out whether the isolation of FTP users holds",
		Long:  auditHelp,
		Example: `  ftpisoctl audit
  ftpisoctl audit --group 'FTP Partners' --fail-on medium -o jsonl
  ftpisoctl audit --rules 'X*,V05' -o json > report.json
  ftpisoctl audit --html report.html --fail-on high
  ftpisoctl audit --redact --html report.html
  ftpisoctl audit --baseline report.json
  ftpisoctl audit --since last --fail-on low
  ftpisoctl audit --watch --severity medium
  ftpisoctl audit --rules V10,V11 --fix-plan fix.json`,
	}, newAuditRulesCommand(a), newAuditRuleCommand(a), newAuditRenderCommand(a), newAuditDiffCommand(a))
	cmd.Args = none
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return runAudit(cmd.Context(), a, &o) }
	o.add(cmd)
	return cmd
}

func (o *auditOptions) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	o.scope.add(cmd)
	flags.StringSliceVar(&o.chosen.Rules, "rules", nil, "only rules with these `IDS`, separated by commas")
	flags.StringSliceVar(&o.chosen.Skip, "skip", nil, "no rules with these `IDS`")
	flags.Var((*severityFlag)(&o.chosen.Severity), "severity", "only findings of this `SEVERITY` or above: info, low, medium, high, critical")
	flags.Var(&o.failOn, "fail-on", "end with 4 if there is a finding of this `SEVERITY` or above; none: never")
	o.visit.add(cmd)
	flags.StringVar(&o.known.baseline, "baseline", "", "what stands in this `FILE` was known before")
	flags.StringVar(&o.known.suppressions, "suppressions", "", "what this `FILE` accepts is no reason to fail")
	flags.StringVar(&o.known.since, "since", "", "only what is new since the report in this `FILE`, or since the last time: last")
	flags.StringVar(&o.files.fixes, "fix-plan", "", "write what would make findings vanish to this `FILE`, for apply")
	flags.BoolVar(&o.files.redact, "redact", false, "put tokens such as user-1f3a in the place of all names")
	flags.StringVar(&o.files.page, "html", "", "write the report as one page to this `FILE`, too")
	flags.StringArrayVar(&o.shared, "shared", nil, "several may have this home: `PLACE=REASON`")
	flags.StringVar(&o.naming, "naming", "", "what directories are to be called, a `TEXT` such as {login}")
	flags.IntVar(&o.stale, "stale", 90, "no logon for so many `DAYS` is worth a finding")
	flags.IntVar(&o.groups, "groups", 120, "as many groups as this `NUMBER` are worth a finding")
	o.watch.add(cmd)
	o.form.documents = report.Forms()
	o.form.add(cmd, findingList())
	words := cobra.FixedCompletions([]string{"info", "low", "medium", "high", "critical"}, cobra.ShellCompDirectiveNoFileComp)
	for _, flag := range [...]string{"severity", "fail-on"} {
		_ = cmd.RegisterFlagCompletionFunc(flag, words) // fails only where the flag is missing
	}
	for _, flag := range [...]string{"rules", "skip"} {
		_ = cmd.RegisterFlagCompletionFunc(flag, ruleIDs)
	}
}

// severityFlag is the value of --severity.
type severityFlag audit.Severity

// Set accepts a severity.
func (f *severityFlag) Set(s string) error {
	parsed, err := audit.ParseSeverity(s)
	*f = severityFlag(parsed)
	return err
}

// String returns the word.
func (f *severityFlag) String() string { return audit.Severity(*f).String() }

// Type returns the word that help shows for the value.
func (f *severityFlag) Type() string { return "SEVERITY" }

// threshold is the value of --fail-on: a severity, or none.
type threshold struct{ audit.Severity }

// Set accepts a severity or none.
func (t *threshold) Set(s string) error {
	if s == "none" {
		t.Severity = 0
		return nil
	}
	parsed, err := audit.ParseSeverity(s)
	if err != nil {
		return fmt.Errorf("%w; or none", err)
	}
	t.Severity = parsed
	return nil
}

// String returns the word.
func (t *threshold) String() string {
	if t.Severity == 0 {
		return "none"
	}
	return t.Severity.String()
}

// Type returns the word that help shows for the value.
func (t *threshold) Type() string { return "SEVERITY" }
