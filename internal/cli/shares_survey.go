package cli

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

// runSurvey checks the homes of many users.
func runSurvey(ctx context.Context, a *app, o *sharesCheckOptions, args []string) error {
	scope, err := o.who(args)
	if err != nil {
		return err
	}
	v, err := openVisitor(ctx, a, &o.servers)
	if err != nil {
		return err
	}
	defer v.forest.Close()
	if err := v.canEnterAny(); err != nil {
		return err
	}
	cfg := survey.Config{
		Level: o.level.Level, As: v.as, Token: v.token, Names: v.sidName,
		Need: o.need, MinFree: o.minFree, PerUser: o.perUser,
	}
	if o.anonymous != "" {
		account, err := lookUpNamed(ctx, v.forest, o.anonymous)
		if err != nil {
			return fmt.Errorf("the account for anonymous users: %w", err)
		}
		cfg.Anonymous = &account
	}
	b := &batch{app: a, alone: len(args) == 1 && args[0] != "-"}
	users := v.forest.Users(ctx, scope)
	if len(args) > 0 {
		users = usersFound(ctx, v.forest, a.env.names(args), b)
	}
	show := &placePrinter{printer: a.printer(&o.form), passed: o.passed, people: o.form.table(a), watch: progress{doing: "checking: ", what: "home"}.show(a, &o.form)}
	defer show.watch.end()
	stop := survey.New(v.opener(), cfg).Run(ctx, users, show)
	show.watch.end()
	if len(args) == 0 {
		stop = listError(stop, scope, v.forest.Home().Domain().BaseDN)
	}
	if err := show.end(a, stop == nil && len(b.failed) == 0); err != nil {
		return err
	}
	return show.outcome(b, stop)
}

// who says whom a survey is about: names, or a scope.
func (o *sharesCheckOptions) who(args []string) (ldapattr.Scope, error) {
	switch {
	case len(args) > 0 && (o.all || o.scope.given()):
		return ldapattr.Scope{}, usage("USER and --all, --ou, --group or --filter exclude each other")
	case len(args) > 0:
		return ldapattr.Scope{}, checkNames(args)
	case !o.all && !o.scope.given():
		return ldapattr.Scope{}, hint(usage("shares check needs a USER, or --all, --ou, --group or --filter"), "--all are all users with a home")
	}
	scope, err := o.scope.scope()
	scope.Filter = bothFilters(hasHome, scope.Filter)
	return scope, err
}

func lookUpNamed(ctx context.Context, forest *ldapattr.Forest, arg string) (ldapattr.User, error) {
	name, err := parseName(arg)
	if err != nil {
		return ldapattr.User{}, err
	}
	return forest.Lookup(ctx, name)
}

// usersFound yields the users that names stand for, and gives the batch those that
// stand for nobody.
func usersFound(ctx context.Context, forest *ldapattr.Forest, names iter.Seq2[ldapattr.AccountName, error], b *batch) iter.Seq2[ldapattr.User, error] {
	return func(yield func(ldapattr.User, error) bool) {
		for user, err := range lookUpEach(ctx, forest, names) {
			if err == nil {
				b.done++
			} else if err = b.fail(err); err == nil {
				continue
			}
			if !yield(user, err) || err != nil {
				return
			}
		}
	}
}

// placePrinter is the Sink of a survey: it prints what is to be shown, and remembers
// what decides about the exit code.
type placePrinter struct {
	printer  *output.Printer
	passed   bool // homes without a problem, too
	people   bool // a table: shares and servers come in a summary of their own
	watch    *progress
	homes    survey.Counts
	summary  []placeRecord // for people
	faults   int           // findings of shares and servers
	unread   int           // homes that were not checked, for reasons of their own
	unlisted string        // what to do about servers that no login gets to
	worst    *exitError    // a server or share that could not be entered
}

// Home prints a home that has something to show.
func (p *placePrinter) Home(h *survey.Home) error {
	p.homes.Add(h)
	p.watch.step()
	if h.State == survey.NotChecked && !h.Behind {
		p.unread++
	}
	if h.State == survey.Passed && !p.passed || h.Behind && !p.passed {
		return nil
	}
	return p.print(homeRecord(h))
}

// Share prints a share, for people only if something is wrong with it.
func (p *placePrinter) Share(s *survey.Share) error {
	return p.closing(shareRecord(s), s.Findings)
}

// Server prints a server, for people only if something is wrong with it.
func (p *placePrinter) Server(s *survey.Server) error {
	return p.closing(serverRecord(s), s.Findings)
}

func (p *placePrinter) closing(r placeRecord, findings []survey.Finding) error {
	p.faults += len(findings)
	for _, f := range findings {
		p.weigh(r, f)
	}
	if p.people {
		p.summary = append(p.summary, r)
		if len(findings) == 0 {
			return nil
		}
	}
	return p.print(r)
}

// weigh remembers what was out of reach before what refused the account.
func (p *placePrinter) weigh(r placeRecord, f survey.Finding) {
	var refused *shares.NotAllowedError
	switch {
	case errors.As(f.Err, &refused):
		p.unlisted = listAdvice(refused)
		return
	case f.Step == "" || f.ID == survey.NotAdmitted:
		return
	}
	code, advice := stepOutcome(&shares.Step{Name: f.Step, Err: f.Err})
	if code != exitUnreachable && code != exitRights || p.worst != nil && p.worst.code <= code {
		return
	}
	p.worst = &exitError{code, fmt.Errorf("%s %s: %s", r.Kind, r.Place, f.Text), advice}
}

func (p *placePrinter) print(r placeRecord) error { return p.printer.Row(r, placeCells(r)...) }

// end closes the list and, for people, adds the summary.
func (p *placePrinter) end(a *app, complete bool) error {
	if err := p.printer.Close(complete); err != nil || len(p.summary) == 0 {
		return err
	}
	if p.homes.Found > 0 || p.faults > 0 || p.unread > 0 || p.passed && p.homes.Homes > 0 {
		if _, err := fmt.Fprintln(a.out); err != nil {
			return err
		}
	}
	list := summaryList()
	summary := output.New(output.Config{
		Out: a.out, Terminal: a.env.IsTerminal(a.env.Stdout), Color: a.env.colors(a.color, a.env.Stdout), Format: output.Table,
		Name: list.name, Columns: list.columns,
	})
	for _, r := range p.summary {
		if err := summary.Row(r, summaryCells(r)...); err != nil {
			return err
		}
	}
	return summary.Close(true)
}

// outcome puts together what became of names, servers and homes. The first that
// holds: 130; 5; 6; what the batch of names says; 4.
func (p *placePrinter) outcome(b *batch, stop error) error {
	if errors.Is(stop, context.Canceled) {
		return stop
	}
	names := b.ended(stop)
	if p.worst != nil && (names == nil || exitCode(names) != exitUnreachable) {
		return errors.Join(p.worst, names)
	}
	if names != nil {
		return names
	}
	if p.homes.Found == 0 && p.faults == 0 && p.homes.NotChecked == 0 {
		return nil
	}
	advice := "docs/errors.md says what each id means, and what to do"
	if p.homes.Found == 0 && p.faults == 0 {
		advice = "the reasons are in the list; an account that administers the file server can read every descriptor"
	}
	if p.unlisted != "" && p.homes.Found == 0 {
		advice = p.unlisted
	}
	return &exitError{exitFindings, fmt.Errorf("%d of %s %s a problem, %d %s not checked; servers and shares have %d",
		p.homes.Found, plural(p.homes.Homes, "home"), agree(p.homes.Found, "has", "have"), p.homes.NotChecked, agree(p.homes.NotChecked, "was", "were"), p.faults), advice}
}
