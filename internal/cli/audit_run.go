package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/audit/rules"
	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/intake"
)

// runAudit reads the accounts, asks the rules, and prints what they say.
func runAudit(ctx context.Context, a *app, o *auditOptions) error {
	if err := o.watch.settle(o); err != nil {
		return err
	}
	run, scope, err := o.prepare()
	if err != nil {
		return err
	}
	if run.Accepted, err = o.accepted(a); err != nil {
		return err
	}
	file, _, err := a.configFile()
	if err != nil {
		return err
	}
	policy, visits, err := o.visit.plan(file, &run)
	if err != nil {
		return err
	}
	o.tellCost(a, &run, visits)
	if run.Settings.Directory, err = connectionsOf(a, file); err != nil {
		return err
	}
	if run.Settings.Service, err = serviceOf(a, file); err != nil {
		return err
	}
	cfg, err := directoryConfigOf(ctx, a, file)
	if err != nil {
		return err
	}
	forest, err := connectForest(ctx, cfg)
	if err != nil {
		return err
	}
	defer forest.Close()
	earlier, err := o.earlier(a, run.Scope, forest.Home().Domain().DNSName)
	if err != nil {
		return err
	}
	run.Settings.Now = a.env.now()
	run.Settings.Permissions = &ldapattr.Permissions{Forest: forest}
	run.Settings.Suffixes, run.Settings.Reach = suffixesOf(ctx, a, forest), reachOf(file)
	compared := o.replicas(a, cfg, &run, scope)
	defer compared.close()
	run.Settings.Partial = run.Settings.Partial || otherUsers(cfg, forest)
	if o.watch.on {
		mirror := run.Settings.Permissions.Mirror(scope)
		return (&watcher{app: a, flags: o.watch, run: run, mirror: mirror, earlier: earlier, info: forest.Home().Domain}).follow(ctx)
	}
	if visits {
		o.visit.visits(ctx, a, &run, &visitor{forest: forest, permissions: run.Settings.Permissions, policy: policy, bind: cfg.Bind})
	}
	report, stop := o.watched(ctx, a, run, scope)
	if stop != nil {
		stop = listError(stop, scope, forest.Home().Domain().BaseDN)
	}
	return o.conclude(a, earlier, &report, outcomeOf{forest.Home().Domain(), stop})
}

// outcomeOf is an audit: where it was, and what cut it short.
type outcomeOf struct {
	info ldapattr.DomainInfo
	stop error
}

// conclude prints a report, writes what is to be written beside it, and judges it.
func (o *auditOptions) conclude(a *app, earlier *earlierReport, whole *audit.Report, of outcomeOf) error {
	whole.Tool, whole.Domain, whole.Server = tool(), of.info.DNSName, of.info.Server
	report := *whole
	earlier.leaveOut(&report)
	seen := redacted(&report, o.files.redact)
	if err := printReport(a, &o.form, seen, of.stop == nil); err != nil {
		return err
	}
	if err := writeReportPage(o.files.page, seen, of.stop == nil); err != nil {
		return err
	}
	if of.stop != nil {
		return of.stop
	}
	if err := writeFixes(a, o.files.fixes, &report, of.info.NetBIOSName); err != nil {
		return err
	}
	if err := earlier.keep(whole, of.info); err != nil {
		return err
	}
	return o.verdict(&report)
}

// tellCost says what the audit is about to ask of whom.
func (o *auditOptions) tellCost(a *app, run *audit.Options, visits bool) {
	if a.quiet {
		return
	}
	if visits || run.Level == 0 {
		a.note("level %d: %s", run.Level, audit.Cost(run.Level))
		return
	}
	a.note("level %d: %s: the configuration lists none, nor a local folder; --file-server names one", run.Level, audit.Cost(0))
}

// watched runs the audit, and shows how far it is.
func (o *auditOptions) watched(ctx context.Context, a *app, run audit.Options, scope ldapattr.Scope) (audit.Report, error) {
	watch := progress{doing: "reading: ", what: "account"}.show(a, &o.form)
	defer func() { watch.end() }()
	run.Step = watch.step
	run.Announce = func(servers, homes int) {
		watch.end()
		if !a.quiet {
			a.note("looking at %s on %s", plural(homes, "home"), plural(servers, "file server"))
		}
		watch = progress{doing: "looking: ", what: "home", total: homes}.show(a, &o.form)
	}
	run.Visited = func() { watch.step() }
	return audit.Run(ctx, run.Settings.Permissions.Accounts(ctx, scope), run)
}

// checkNaming refuses a name that would be the same for everybody: a fix plan would give
// them all one home.
func checkNaming(text string) error {
	switch {
	case text == "":
	case !strings.Contains(text, "{login}"):
		return usage("--naming: %q names everybody's directory alike; {login} stands for the sAMAccountName", text)
	case strings.ContainsAny(strings.ReplaceAll(text, "{login}", ""), "{}"):
		return usage("--naming: %q has more in braces than {login}, which alone stands for something", text)
	}
	return nil
}

// prepare turns the flags into what the audit takes.
func (o *auditOptions) prepare() (audit.Options, ldapattr.Scope, error) {
	var run audit.Options
	scope, err := o.scope.scope()
	switch {
	case err != nil:
		return run, scope, err
	case o.visit.level < 0 || o.visit.level > 3:
		return run, scope, usage("--level %d: there are the levels 0 to 3", o.visit.level)
	case o.files.redact && o.files.fixes != "":
		return run, scope, usage("--redact does not go with --fix-plan: a plan needs the names")
	case o.stale <= 0 || o.groups <= 0:
		return run, scope, usage("--stale and --groups must be 1 or more")
	}
	if err := errors.Join(o.form.choose(findingList()), canRewrite(o.files.page, o.files.fixes), checkNaming(o.naming)); err != nil {
		return run, scope, err
	}
	run.Scope = o.chosen
	run.Scope.OU, run.Scope.Group, run.Scope.Filter = o.scope.ou, o.scope.group, o.scope.filter
	if run.Checks, err = audit.Select(rules.All(), run.Scope, o.visit.level); err != nil {
		return run, scope, hint(usage("%w", err), "ftpisoctl audit rules lists them, and the level of each")
	}
	run.Level = audit.LevelOf(run.Checks)
	run.Settings = audit.Settings{
		Scoped: o.scope.ou != "" || o.scope.group != "", Partial: o.scope.given(), Narrowed: o.scope.given(), Naming: o.naming, Stale: time.Duration(o.stale) * 24 * time.Hour, Groups: o.groups,
	}
	for _, text := range o.shared {
		place, reason, _ := strings.Cut(text, "=")
		if _, err := homedir.ParseLocation(place); err != nil {
			return run, scope, usage("--shared %s %w", place, err)
		}
		run.Settings.Shared = append(run.Settings.Shared, audit.Shared{Place: place, Reason: reason})
	}
	return run, scope, nil
}

// connectionsOf are the directory in use, with what flags and variables say, and the
// profiles of the configuration.
func connectionsOf(a *app, file config.File) ([]audit.Connection, error) {
	inUse, err := a.connection(file.Directory.Connection)
	if err != nil {
		return nil, err
	}
	judged := func(name string, c config.Connection) audit.Connection {
		bare := slices.ContainsFunc(c.Server, func(server string) bool { return !strings.HasPrefix(strings.ToLower(server), "ldaps://") })
		return audit.Connection{Name: name, Servers: c.Server, Plaintext: c.AllowPlaintext, Protected: c.StartTLS || c.Kerberos || len(c.Server) > 0 && !bare}
	}
	list := []audit.Connection{judged("in use", inUse.Connection)}
	for _, p := range file.Directory.Profiles {
		if p.Name != a.profile {
			list = append(list, judged(p.Name, p.Connection))
		}
	}
	return list, nil
}

// serviceOf is the account of the first site. Nobody is asked for its password.
func serviceOf(a *app, file config.File) (audit.Service, error) {
	if len(file.Sites) == 0 {
		return audit.Service{}, nil
	}
	c, err := siteConnection(a, file, file.Sites[0])
	if err != nil || c.BindUser == "" {
		return audit.Service{}, err
	}
	service := audit.Service{Name: c.BindUser}
	if !c.source().none() || c.Kerberos {
		service.Open = func(ctx context.Context) (*ldapattr.Directory, error) {
			cfg, err := a.directoryConfig(ctx, c)
			if err != nil {
				return nil, err
			}
			return ldapattr.Open(ctx, cfg)
		}
	}
	return service, nil
}

// accepted reads what was known before, and what may be as it is.
func (o *auditOptions) accepted(a *app) (audit.Accepted, error) {
	var known audit.Accepted
	if o.known.baseline != "" {
		f, err := os.Open(o.known.baseline)
		if err != nil {
			return known, usage("read the baseline: %w", err)
		}
		defer f.Close()
		text, err := intake.Decoded(f)
		if err == nil {
			known.Baseline, err = audit.ReadBaseline(text)
		}
		if err != nil {
			return known, hint(usage("read the baseline: %s %w", o.known.baseline, err), "a baseline is what audit -o json or -o jsonl writes without --redact")
		}
	}
	if o.known.suppressions == "" {
		return known, nil
	}
	list, err := config.LoadSuppressions(o.known.suppressions)
	if file := new(config.Error); errors.As(err, &file) && file.Err != nil {
		return known, usage("read the suppressions: %w", file.Err)
	}
	if err != nil {
		return known, err
	}
	for _, s := range list {
		if !slices.ContainsFunc(allRules(), func(r audit.Rule) bool { return strings.EqualFold(r.ID, s.Rule) }) {
			a.note("warning: %s: there is no rule %q, so its suppression does nothing; ftpisoctl audit rules lists them", o.known.suppressions, s.Rule)
		}
		one := audit.Suppression{Rule: s.Rule, Object: s.Object, Reason: s.Reason}
		if day, err := time.ParseInLocation(time.DateOnly, s.Until, time.Local); err == nil {
			one.Until = day.AddDate(0, 0, 1)
		}
		known.Suppressions = append(known.Suppressions, one)
	}
	return known, nil
}

// verdict is 4 if there is a finding that nobody has accepted and that weighs enough.
func (o *auditOptions) verdict(report *audit.Report) error {
	n := 0
	for _, f := range report.Findings {
		if f.Status == audit.Found && f.Severity >= o.failOn.Severity && o.failOn.Severity > 0 {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	noun := "findings"
	if n == 1 {
		noun = "finding"
	}
	return &exitError{exitFindings, fmt.Errorf("%d %s of severity %s or above", n, noun, o.failOn.Severity), "ftpisoctl audit rule ID explains a rule, and says what to do"}
}
