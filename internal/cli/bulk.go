package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
	"github.com/ftpisoctl/ftpisoctl/internal/plan"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
)

// bulkFlags are the flags of commands that change many users.
type bulkFlags struct {
	dryRun   bool
	consent  consent
	onError  onErrorFlag
	rejects  string
	rollback string
	journal  string
	form     formFlags
}

func (o *bulkFlags) add(cmd *cobra.Command, others ...recordList) {
	flags := cmd.Flags()
	flags.BoolVar(&o.dryRun, "dry-run", false, "show what would change and write nothing (also --what-if)")
	flags.BoolVar(&o.consent.yes, "yes", false, "do not ask")
	flags.Var(&o.consent.limit, "limit", "refuse to change more than `N` users (default: ask above 25)")
	o.addErrors(cmd)
	flags.StringVar(&o.rollback, "rollback", "", "write `FILE` in LDIF, which takes back what is changed")
	addJournalFlag(flags, &o.journal)
	o.form.add(cmd, changeList(), others...)
}

// addErrors adds the two flags that plan has, too.
func (o *bulkFlags) addErrors(cmd *cobra.Command) {
	o.onError = "stop"
	cmd.Flags().Var(&o.onError, "on-error", "`WHAT` to do when a user cannot be taken or changed: stop or continue")
	cmd.Flags().StringVar(&o.rejects, "rejects", "", "write what was not taken or changed to `FILE`, in the input's format, to be tried again")
	offer := cobra.FixedCompletions([]string{"stop", "continue"}, cobra.ShellCompDirectiveNoFileComp)
	_ = cmd.RegisterFlagCompletionFunc("on-error", offer) // fails only where the flag is missing
}

// onErrorFlag is the value of --on-error.
type onErrorFlag string

// Set accepts stop and continue.
func (f *onErrorFlag) Set(s string) error {
	if s != "stop" && s != "continue" {
		return fmt.Errorf("it is stop or continue, not %q", s)
	}
	*f = onErrorFlag(s)
	return nil
}

// String returns the word.
func (f *onErrorFlag) String() string { return string(*f) }

// Type returns the word that help shows for the value.
func (f *onErrorFlag) Type() string { return "WHAT" }

func (f onErrorFlag) goOn() bool { return f == "continue" }

// bulk is one run that changes many users.
type bulk struct {
	app     *app
	command string // as the journal has it
	bind    ldapattr.Bind
	flags   *bulkFlags
	file    config.File
	forest  *ldapattr.Forest
	store   *journal.Store
	run     string // its ID in the journal
	refuse  refusals
	force   bool  // whatever the present values are
	about   about // what is shown even if it does not change
}

// openBulk connects, and settles what earlier runs have left open. Close the forest
// afterwards.
func openBulk(a *app, cmd *cobra.Command, args []string, o *bulkFlags) (*bulk, error) {
	ctx := cmd.Context()
	file, _, err := a.configFile()
	if err == nil {
		err = canRewrite(o.rejects, o.rollback)
	}
	if err != nil {
		return nil, err
	}
	b := &bulk{app: a, command: strings.Join(append(commandWords(cmd), args...), " "), flags: o, file: file}
	if b.store, err = journalAt(a.env, o.journal, file); err != nil && !o.dryRun { // better before the password was asked for
		return nil, err
	}
	cfg, err := directoryConfigOf(ctx, a, file)
	if err != nil {
		return nil, err
	}
	withoutAccount(&cfg)
	b.bind = cfg.Bind
	if b.forest, err = connectForest(ctx, cfg); err != nil || o.dryRun {
		return b, err
	}
	if err := b.openJournal(ctx); err != nil {
		return nil, errors.Join(err, b.forest.Close())
	}
	return b, nil
}

// commandWords are the words of a command as it is typed, without the program's name.
func commandWords(cmd *cobra.Command) []string {
	return strings.Fields(cmd.CommandPath())[1:]
}

// openJournal finds the journal and settles what earlier runs have left open.
func (b *bulk) openJournal(ctx context.Context) error {
	var err error
	if b.store, err = journalAt(b.app.env, b.flags.journal, b.file); err != nil {
		return err
	}
	return settle(ctx, b.app, b.forest, b.store)
}

// carryOut shows a plan, asks, and makes its changes. always asks also where few
// users are changed.
func (b *bulk) carryOut(ctx context.Context, p plan.Plan, always bool) error {
	if len(p.Entries) == 0 || b.flags.dryRun {
		return b.showPlan(p, true)
	}
	tellTotals(b.app, p.Totals)
	if err := b.flags.consent.permit(ctx, b.app, len(p.Entries), always, func() { preview(b.app, p) }); err != nil {
		return err
	}
	if b.flags.rollback != "" { // before the first change, so that it is there whatever happens
		if err := writeRollback(b.flags.rollback, p.Entries); err != nil {
			return err
		}
	}
	outcome := b.outcome(p)
	printer := b.app.printer(&b.flags.form)
	stop := b.apply(ctx, p, printer, outcome)
	if outcome.written > 0 && !b.app.quiet {
		b.app.note("%d changed; ftpisoctl undo %s takes it back", outcome.written, b.run)
	}
	return b.finish(printer, outcome, stop)
}

// outcome begins to gather what becomes of a plan, with what it could not take.
func (b *bulk) outcome(p plan.Plan) *batch {
	failed := b.refuse.errors()
	return &batch{app: b.app, failed: failed, total: len(p.Entries) + len(failed)}
}

// showPlan says what a plan would change, with or without its rows.
func (b *bulk) showPlan(p plan.Plan, rows bool) error {
	tellTotals(b.app, p.Totals)
	if len(p.Entries) == 0 {
		tellNobody(b.app, p.Totals)
	}
	outcome := b.outcome(p)
	if !rows {
		outcome.done = len(p.Entries)
		return errors.Join(outcome.end(nil), b.refuse.write(b.flags.rejects))
	}
	return b.showOnly(p.Entries, outcome)
}

// showOnly prints what would change.
func (b *bulk) showOnly(entries []plan.Entry, outcome *batch) error {
	printer := b.app.printer(&b.flags.form)
	for _, e := range entries {
		outcome.done++
		if err := b.print(printer, e, resultPlanned); err != nil {
			return err
		}
	}
	return b.finish(printer, outcome, nil)
}

// changeOne makes one change that nobody needs to be asked about.
func (b *bulk) changeOne(ctx context.Context, e plan.Entry) error {
	return b.changeAll(ctx, []plan.Entry{e}, &batch{app: b.app, alone: true, total: 1})
}

// changeSilently is changeOne for a command that has words of its own.
func (b *bulk) changeSilently(ctx context.Context, e plan.Entry) error {
	outcome := &batch{app: b.app, alone: true, total: 1}
	return outcome.ended(b.apply(ctx, plan.Plan{Entries: []plan.Entry{e}}, nil, outcome))
}

// changeAll makes changes of which some may change nothing.
func (b *bulk) changeAll(ctx context.Context, all []plan.Entry, outcome *batch) error {
	var p plan.Plan
	var same []plan.Entry
	for _, e := range all {
		if e.Before == e.After {
			same = append(same, e)
		} else {
			p.Entries = append(p.Entries, e)
		}
	}
	if b.flags.dryRun || len(p.Entries) == 0 {
		return b.showOnly(all, outcome)
	}
	if err := b.flags.consent.permit(ctx, b.app, len(p.Entries), false, func() { preview(b.app, p) }); err != nil {
		return err
	}
	printer := b.app.printer(&b.flags.form)
	for _, e := range same {
		outcome.done++
		if err := b.print(printer, e, resultUnchanged); err != nil && !output.ReaderGone(err) {
			return err
		}
	}
	return b.finish(printer, outcome, b.apply(ctx, p, printer, outcome))
}

// apply makes the changes of a plan, prints what is done and gathers what is not.
func (b *bulk) apply(ctx context.Context, p plan.Plan, printer *output.Printer, outcome *batch) error {
	run, err := beginRun(b, journal.Homes, p.Undoes)
	if err != nil {
		return err
	}
	watch := progress{doing: "changing: ", total: len(p.Entries)}.show(b.app, &b.flags.form)
	defer watch.end()
	var printing error
	var done []plan.Entry
	engine := plan.Engine{
		Forest: b.forest, Run: run, GoOn: b.flags.onError.goOn(), Force: b.force, Restore: p.Undoes != "",
		Each: func(r plan.Result) {
			watch.step()
			if r.State == journal.Done || r.State == journal.Open {
				done = append(done, r.Entry)
			}
			if r.State == journal.Open && ctx.Err() != nil {
				outcome.open++ // an interruption is no failure
				b.refuse.entries = append(b.refuse.entries, r.Entry)
			} else if err := b.tell(r, printer, outcome); err != nil && printing == nil {
				printing = err
			}
		},
	}
	stop := engine.Apply(ctx, p.Entries)
	watch.end()
	stop = errors.Join(stop, run.End())
	if b.flags.rollback != "" {
		stop = errors.Join(stop, writeRollback(b.flags.rollback, done))
	}
	if printing != nil && !output.ReaderGone(printing) {
		stop = errors.Join(stop, printing)
	}
	return b.settleOwn(ctx, run.Counts().Open, stop)
}

// beginRun opens a run of a kind in the journal. undoes is the run that it takes back, ""
// for none.
func beginRun(b *bulk, kind journal.Kind, undoes string) (*journal.Run, error) {
	here := b.forest.Home().Domain()
	run, err := b.store.Begin(journal.Header{
		Tool: tool(), Command: b.command, Operator: operator(b.app.env), BindUser: b.bind.User,
		Domain: here.DNSName, Server: here.Server, Undoes: undoes, Kind: kind,
	})
	if err != nil {
		return nil, hint(err, "name another folder with --journal or "+journalVariable)
	}
	b.run = run.Header.ID
	return run, nil
}

// settleOwn looks at once what became of changes that were not answered, if
// anybody answers now.
func (b *bulk) settleOwn(ctx context.Context, open int, stop error) error {
	if open == 0 {
		return stop
	}
	if ctx.Err() == nil && settle(ctx, b.app, b.forest, b.store) == nil {
		return stop
	}
	b.app.note("whether %s %s made is not known; the next command that writes, and history --settle, will look", plural(open, "change"), agree(open, "was", "were"))
	return stop
}

// tell takes one result in.
func (b *bulk) tell(r plan.Result, printer *output.Printer, outcome *batch) error {
	switch r.State {
	case journal.Done:
		outcome.done++
		outcome.written++
		return b.print(printer, r.Entry, resultChanged)
	case journal.Unchanged:
		outcome.done++
		return b.print(printer, r.Entry, resultUnchanged)
	}
	b.refuse.entries = append(b.refuse.entries, r.Entry)
	if r.State != journal.NotDone && r.Err != nil {
		_ = outcome.fail(resultError(r))
	}
	return nil // what ends the work comes back from the engine
}

// print shows a change, where somebody wants to see it.
func (b *bulk) print(printer *output.Printer, e plan.Entry, result string) error {
	if printer == nil {
		return nil
	}
	return change{e, result, b.about}.print(printer)
}

// resultError is what to say about a change that was not made: both values, where
// somebody else was faster.
func resultError(r plan.Result) error {
	err := r.Err
	if r.State == journal.Conflict && r.Now != nil {
		err = conflictOf(r)
	}
	if r.Entry.Line > 0 {
		err = &plan.LineError{Line: r.Entry.Line, Err: err}
	}
	return err
}

// conflictOf names each attribute that is something else by now.
func conflictOf(r plan.Result) error {
	var all []error
	for _, row := range []struct{ attribute, before, now string }{
		{homedir.AttrRoot, r.Entry.Before.Root, r.Now.Root},
		{homedir.AttrDir, r.Entry.Before.Dir, r.Now.Dir},
	} {
		if row.before != row.now {
			all = append(all, &plan.Mismatch{User: r.Entry.User, Attribute: row.attribute, Now: row.now, Expected: row.before})
		}
	}
	if len(all) == 0 { // it has changed back meanwhile
		return r.Err
	}
	return errors.Join(all...)
}

// finish prints what is left and writes what was rejected.
func (b *bulk) finish(printer *output.Printer, outcome *batch, stop error) error {
	end := outcome.ended(stop)
	if err := printer.Close(end == nil); err != nil && !output.ReaderGone(err) {
		return errors.Join(end, err)
	}
	return errors.Join(end, b.refuse.write(b.flags.rejects))
}
