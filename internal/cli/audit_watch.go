package cli

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
)

const (
	leastPoll    = 100 * time.Millisecond
	leastEvery   = time.Second
	firstPause   = time.Second // after a failure; twice as long after each further one
	longestPause = time.Minute
	// suspectsAtOnce are accounts with findings that are looked at again in each round:
	// nobody tells that a lockout has ended, and not everybody is told of deletions.
	suspectsAtOnce = 1000
	// idle is how much longer than a judgement the pause after it is at least, so that a
	// busy domain of many users takes a quarter of a processor.
	idle = 3
)

// watchFlags are the flags of audit --watch.
type watchFlags struct {
	on          bool
	poll, every time.Duration
}

func (f *watchFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVar(&f.on, "watch", false, "stay, and tell as JSON lines what is found from now on and what is resolved")
	flags.DurationVar(&f.poll, "poll", 10*time.Second, "with --watch: ask for changes after each `DURATION`")
	flags.DurationVar(&f.every, "every", time.Hour, "with --watch: read everything again after each `DURATION`")
}

// settle checks the flags beside it and takes level 0.
func (f *watchFlags) settle(o *auditOptions) error {
	given := o.form.flags.Changed
	if !f.on {
		if given("poll") || given("every") {
			return usage("--poll and --every belong to --watch")
		}
		return nil
	}
	for _, name := range []string{"fail-on", "fix-plan", "html", "redact", "min-free", "expect-per-user", "need", "columns", "sort", "header", "no-headers"} {
		if given(name) {
			return usage("--watch and --%s exclude each other", name)
		}
	}
	switch {
	case given("level") && o.visit.level != 0:
		return usage("--watch looks at the directory alone, which is --level 0")
	case given("output") && o.form.format != output.JSONL:
		return usage("--watch writes JSON lines: its form is jsonl")
	case f.poll < leastPoll || f.every < leastEvery:
		return usage("--poll must be %v or more, --every %v or more", leastPoll, leastEvery)
	}
	o.visit.level, o.form.format = 0, output.JSONL
	return nil
}

// watchEvent is a line of audit --watch: a finding that is new, or one that is not
// there any more, as it was last seen.
type watchEvent struct {
	Event string    `json:"event"` // "found" or "resolved"
	Time  time.Time `json:"time"`  // when it was noticed, UTC
	audit.Finding
}

// watcher is audit --watch at work.
type watcher struct {
	*app
	flags   watchFlags
	run     audit.Options
	mirror  *ldapattr.Mirror
	earlier *earlierReport
	info    func() ldapattr.DomainInfo

	held     audit.Report    // with what is known now
	domain   []audit.Finding // of rules that ask the directory, when they last could; before, what was known
	flagged  []ldapattr.GUID // accounts with findings
	turn     int             // of flagged: who is looked at next
	lastFull time.Time
	judging  time.Duration // how long it took
}

// follow tells what comes and goes until ctx ends, which is no failure.
func (w *watcher) follow(ctx context.Context) error {
	defer w.mirror.Close()
	if _, directory := split(w.run.Checks); len(directory) > 0 {
		w.domain = w.earlier.findings()
	}
	err := w.round(ctx)
	if err == nil && !w.quiet {
		w.note("watching %s: %d accounts; changes are asked for every %v, everything every %v", w.info().DNSName, w.held.Accounts, w.flags.poll, w.flags.every)
	}
	for failures := 0; ctx.Err() == nil; {
		pause := max(w.flags.poll, idle*w.judging)
		switch {
		case err == nil && failures > 0:
			w.note("%s answers again", w.info().Server)
			failures = 0
		case err == nil:
		case w.lastFull.IsZero() || !passes(err):
			return err
		default:
			pause = pauseAfter(failures)
			failures++
			w.note("warning: %v; trying again in %v", err, pause.Round(time.Second))
		}
		if !sleep(ctx, pause) {
			break
		}
		err = w.round(ctx)
	}
	return nil
}

// passes reports whether an error of the directory may go away by itself.
func passes(err error) bool {
	return errors.Is(err, ldapattr.ErrUnreachable) || errors.Is(err, ldapattr.ErrServer) || errors.Is(err, context.DeadlineExceeded)
}

// pauseAfter grows with the number of failures, and differs from watcher to watcher.
func pauseAfter(failures int) time.Duration {
	pause := min(firstPause<<min(failures, 10), longestPause)
	return pause - rand.N(pause/4+1)
}

// sleep waits, and reports whether ctx still lasts.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// round asks for changes, judges, and tells what is different.
func (w *watcher) round(ctx context.Context) error {
	everything := time.Since(w.lastFull) >= w.flags.every
	got, err := w.mirror.Refresh(ctx, everything, w.suspects())
	if err != nil || !got.Everything && got.Changed == 0 {
		return err
	}
	if got.Everything {
		w.lastFull = time.Now()
	}
	began := time.Now()
	report, err := w.judge(ctx, got.Everything)
	w.judging = time.Since(began)
	if err != nil {
		return err
	}
	return w.tell(report)
}

// judge asks the rules. Those that ask the directory themselves have their say when
// everything was read; what they cannot check stays as it was.
func (w *watcher) judge(ctx context.Context, everything bool) (audit.Report, error) {
	accounts, directory := split(w.run.Checks)
	run := w.run
	run.Settings.Now, run.Checks = w.env.now(), accounts
	report, err := audit.Run(ctx, w.mirror.Accounts, run)
	report.Domain = w.info().DNSName
	if err == nil && everything && len(directory) > 0 {
		run.Checks = directory
		err = w.judgeDirectory(ctx, run, &report)
	}
	report.Findings = append(report.Findings, w.domain...)
	return report, err
}

// judgeDirectory asks the rules about the directory, and adds what was asked to a
// report. The accounts are for the sample that some of them take.
func (w *watcher) judgeDirectory(ctx context.Context, run audit.Options, to *audit.Report) error {
	report, err := audit.Run(ctx, w.mirror.Accounts, run)
	if err != nil {
		return err
	}
	unknown := map[string]bool{}
	for i, result := range report.Results {
		unknown[result.Rule] = result.NotChecked > 0
		if i < len(run.Checks) { // behind them comes the engine's own
			to.Rules, to.Results = append(to.Rules, report.Rules[i]), append(to.Results, result)
		}
	}
	_, gone := audit.Compare(w.domain, report.Findings)
	gone = slices.DeleteFunc(gone, func(f audit.Finding) bool { return !unknown[f.Rule] })
	expired := audit.ExpiredRule().ID // the other rules have told of it
	w.domain = append(slices.DeleteFunc(report.Findings, func(f audit.Finding) bool { return f.Rule == expired }), gone...)
	return nil
}

// split tells what rules ask of accounts from what they ask of the directory; a rule
// may do both.
func split(checks []audit.Check) (accounts, directory []audit.Check) {
	for _, c := range checks {
		if c.Domain != nil {
			directory = append(directory, audit.Check{Rule: c.Rule, Domain: c.Domain})
		}
		if c.Domain = nil; c.Account != nil || c.Crowd != nil {
			accounts = append(accounts, c)
		}
	}
	return accounts, directory
}

// tell writes a line for each finding that came or went. What has been written is
// known; the rest is tried again by whoever starts again.
func (w *watcher) tell(report audit.Report) error {
	first := w.held.Started.IsZero()
	if first {
		w.held.Findings = w.earlier.answered(&report)
	}
	found, resolved := audit.Compare(w.held.Findings, report.Findings)
	now := w.env.now().UTC()
	for _, f := range found {
		if err := output.Object(w.out, watchEvent{"found", now, f}); err != nil {
			return err
		}
	}
	for _, f := range resolved {
		if err := output.Object(w.out, watchEvent{"resolved", now, f}); err != nil {
			return err
		}
	}
	w.held = report
	w.flagged = accountsOf(report.Findings)
	if len(found)+len(resolved) == 0 && !first {
		return nil
	}
	info := w.info()
	return w.earlier.keep(&report, info)
}

// accountsOf are the accounts that open findings are about, each once.
func accountsOf(findings []audit.Finding) []ldapattr.GUID {
	var all []ldapattr.GUID
	seen := map[string]bool{}
	for i := range findings {
		f := &findings[i]
		if f.Status != audit.Found || f.GUID == "" || seen[f.GUID] {
			continue
		}
		seen[f.GUID] = true
		if guid, err := ldapattr.ParseGUID(f.GUID); err == nil {
			all = append(all, guid)
		}
	}
	return all
}

// suspects are the accounts whose turn it is to be looked at again.
func (w *watcher) suspects() []ldapattr.GUID {
	if w.turn >= len(w.flagged) {
		w.turn = 0
	}
	some := w.flagged[w.turn:min(w.turn+suspectsAtOnce, len(w.flagged))]
	w.turn += len(some)
	return some
}
