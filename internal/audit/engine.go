package audit

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// Options says what an audit is to do.
type Options struct {
	Checks   []Check
	Settings Settings
	Scope    Scope // for the report; Scope.Severity also leaves findings out
	Level    int
	Accepted Accepted
	// Emit takes each finding as it comes, whether or not its fix would make another
	// one; nil: they are in the report, in order.
	Emit func(Finding) error
	// Step is told of each account that has been read; nil: nobody is.
	Step func()
	// Survey visits the places of homes; nil: nobody does, and rules about places say
	// that they are not checked.
	Survey Survey
	// Announce is told how many file servers and homes Survey is to visit, before it
	// does; nil: nobody is.
	Announce func(servers, homes int)
	// Visited is told of each home that has been visited; nil: nobody is.
	Visited func()
}

// Run asks the rules about each account and about all together. Accounts are not
// kept, but for the index of homes and names. The report of an audit that was cut
// short comes with the error.
func Run(ctx context.Context, accounts iter.Seq2[ldapattr.Account, error], o Options) (Report, error) {
	started := time.Now()
	r := newRun(&o)
	if o.Settings.Now.IsZero() {
		o.Settings.Now = started
	}
	err := r.readAll(ctx, accounts)
	sortPlaces(r.crowd.places)
	if err == nil {
		err = r.visitAll(ctx)
	}
	if err == nil {
		err = r.judgeAll(ctx)
	}
	if err == nil {
		r.expired()
		r.withdrawFixes()
	}
	report := r.report()
	report.Started, report.Took = started.UTC(), time.Since(started).Seconds()
	if err == nil {
		err = r.failed
	}
	return report, err
}

// run is one audit.
type run struct {
	o        *Options
	crowd    *Crowd
	results  []tally // in the order of o.Checks
	findings []Finding
	failed   error // of Emit
}

func newRun(o *Options) *run {
	r := &run{o: o, crowd: newCrowd(), results: make([]tally, len(o.Checks))}
	for i := range r.results {
		r.results[i].reasons = map[string]*Reason{}
	}
	return r
}

// readAll asks the rules about single accounts.
func (r *run) readAll(ctx context.Context, accounts iter.Seq2[ldapattr.Account, error]) error {
	settings := &r.o.Settings
	settings.visits = r.o.Survey != nil
	for read, err := range accounts {
		if err == nil {
			err = cmp.Or(ctx.Err(), r.failed)
		}
		if err != nil {
			return err
		}
		a := Account{Account: read}
		a.Home, a.HomeErr = read.Home()
		var object Object
		for i := range r.o.Checks {
			check := &r.o.Checks[i]
			if check.Account == nil {
				continue
			}
			answer := check.Account(&a, settings)
			if object == (Object{}) && (answer.Status == Found || answer.Status == NotChecked && r.results[i].lists(answer.Reason)) {
				object = objectOf(&a)
			}
			r.take(i, object, answer)
		}
		r.crowd.add(&a, settings)
		if r.o.Step != nil {
			r.o.Step()
		}
	}
	return nil
}

// judgeAll asks the rules about all accounts, and those about the domain. One of
// them that cannot ask is not checked, and no reason to give up.
func (r *run) judgeAll(ctx context.Context) error {
	settings := &r.o.Settings
	for i := range r.o.Checks {
		check := &r.o.Checks[i]
		tell := func(o Object, a Answer) { r.take(i, o, a) }
		if check.Crowd != nil {
			check.Crowd(r.crowd, settings, tell)
		}
		if check.Domain != nil {
			if err := check.Domain(ctx, r.crowd, settings, tell); err != nil {
				tell(Object{}, Answer{Status: NotChecked, Reason: err.Error()})
			}
		}
		if err := cmp.Or(ctx.Err(), r.failed); err != nil {
			return err
		}
	}
	return nil
}

// take counts an answer, and makes a finding of it where it is one.
func (r *run) take(rule int, object Object, a Answer) {
	t := &r.results[rule]
	switch {
	case a.Skip:
	case a.Status == NotChecked:
		t.miss(a.Reason, &object)
	case a.Status == Found:
		r.found(t, &r.o.Checks[rule].Rule, object, a)
	default:
		t.passed++
	}
}

func (r *run) found(t *tally, rule *Rule, object Object, a Answer) {
	f := Finding{
		Rule: rule.ID, Severity: cmp.Or(a.Severity, rule.Severity), Status: Found, Object: object, Location: a.Location,
		Evidence: a.Evidence, Message: a.Message, Remedy: cmp.Or(a.Remedy, rule.Remedy), Fix: a.Fix,
		Fingerprint: FingerprintOf(rule.ID, cmp.Or(object.GUID, object.Login), a.Location),
	}
	if f.Evidence == nil {
		f.Evidence = []Evidence{}
	}
	if f.Suppressed = r.o.Accepted.reason(&f, r.o.Settings.Now); f.Suppressed != "" {
		f.Status = Suppressed
		t.suppressed++
	} else {
		t.found++
	}
	if f.Severity < r.o.Scope.Severity || r.failed != nil {
		return
	}
	if r.o.Emit != nil {
		r.failed = r.o.Emit(f)
		return
	}
	r.findings = append(r.findings, f)
}

// cost is what was asked of whom.
func (r *run) cost() string {
	if r.o.Survey == nil {
		return Cost(0)
	}
	return Cost(r.o.Level)
}

// tally is what a rule has said so far.
type tally struct {
	found, passed, notChecked, suppressed int
	reasons                               map[string]*Reason
}

// maxListed bounds how many objects a report lists that were not checked for a reason.
const maxListed = 1000

// lists reports whether one more object would be listed.
func (t *tally) lists(reason string) bool {
	known := t.reasons[reason]
	return known == nil || len(known.Objects) < maxListed
}

// miss counts an object that was not checked, and lists it if it is known which.
func (t *tally) miss(text string, o *Object) {
	t.notChecked++
	reason := t.reasons[text]
	if reason == nil {
		reason = &Reason{Text: text}
		t.reasons[text] = reason
	}
	reason.Count++
	if key := objectKey(o); key != "" && len(reason.Objects) < maxListed {
		reason.Objects = append(reason.Objects, key)
	}
}

// report puts all together.
func (r *run) report() Report {
	report := Report{
		Schema: Schema, Scope: r.o.Scope, Level: r.o.Level, Cost: r.cost(), Accounts: r.crowd.accounts, Homes: len(r.crowd.places),
		Rules: []Rule{}, Results: []Result{}, Findings: r.findings, Servers: r.crowd.servers(),
	}
	for i, check := range r.o.Checks {
		report.Rules = append(report.Rules, check.Rule)
		t := r.results[i]
		result := Result{Rule: check.ID, Found: t.found, Passed: t.passed, NotChecked: t.notChecked, Suppressed: t.suppressed}
		for _, reason := range t.reasons {
			result.Reasons = append(result.Reasons, *reason)
		}
		slices.SortFunc(result.Reasons, func(a, b Reason) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Text, b.Text))
		})
		report.Results = append(report.Results, result)
	}
	if r.crowd.atlas != nil {
		report.Unreachable = r.crowd.atlas.lost
	}
	slices.SortStableFunc(report.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Login, b.Login), cmp.Compare(a.DN, b.DN), cmp.Compare(a.Location, b.Location))
	})
	if report.Findings == nil {
		report.Findings = []Finding{}
	}
	return report
}
