package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/prepare"
)

// folders is a run that makes, repairs or removes home directories.
type folders struct {
	*bulk
	visitor *visitor
	sites   *prepare.Sites
	outcome *batch
}

// openFolders goes to file servers for a run that is open, and settles what earlier
// runs have left open there. Close it afterwards.
func openFolders(ctx context.Context, b *bulk, servers *fileServerFlags) (*folders, error) {
	v, err := visitorOf(ctx, b, servers)
	if err != nil {
		return nil, err
	}
	if b.store != nil && !b.flags.dryRun {
		err := settleFolders(ctx, b.app, v, b.store)
		if exitCode(err) == exitUsage { // what this run is about may need no password
			b.app.note("warning: the journal: a run that was broken off stays open: %v; %s", err, advice(err))
			err = nil
		}
		if err != nil {
			return nil, err
		}
	}
	account, err := v.account(ctx)
	if err != nil {
		return nil, err
	}
	return &folders{b, v, prepare.NewSites(v.opener(), account), &batch{app: b.app, what: "directory"}}, nil
}

func (f *folders) close() {
	_ = f.sites.Close() // all that was to be done has been answered
}

// visitorOf is one that goes to file servers with the connection of a run.
func visitorOf(ctx context.Context, b *bulk, servers *fileServerFlags) (*visitor, error) {
	policy, err := servers.policy(b.file)
	if err != nil {
		return nil, err
	}
	as, err := shareAccount(ctx, b.forest, b.bind)
	if err != nil {
		return nil, err
	}
	return &visitor{b.forest, &ldapattr.Permissions{Forest: b.forest}, policy, b.bind, as}, nil
}

// account is who enters file servers, with the name that access lists have for it.
func (v *visitor) account(ctx context.Context) (prepare.Account, error) {
	account := prepare.Account{Credentials: v.as}
	if v.as.User == "" {
		return account, nil
	}
	user, err := boundAs(ctx, v.forest, v.bind.User)
	if err != nil {
		return account, err
	}
	account.SID, err = secdesc.ParseSID(user.SID)
	return account, err
}

// settleFolders is settle for runs that were to make directories. Without a password
// for the file servers that they are on it is refused as a mistake in usage.
func settleFolders(ctx context.Context, a *app, v *visitor, store *journal.Store) error {
	runs, err := store.Abandoned(journal.Folders)
	if err != nil || len(runs) == 0 {
		return err
	}
	var here []*journal.Run
	for _, run := range runs {
		if prepare.In(run.Header, v.forest.Home().Domain().DNSName) {
			here = append(here, run)
		} else if err := run.Leave(); err != nil {
			return err
		}
	}
	for _, run := range here {
		h, err := store.Read(run.Header.ID)
		if err == nil {
			err = canEnterAll(v.policy, h.Entries, v.bind)
		}
		if err != nil {
			return errors.Join(hint(fmt.Errorf("run %s: %w", run.Header.ID, err), advice(err)), leave(here))
		}
	}
	account, err := v.account(ctx)
	if err != nil {
		return errors.Join(err, leave(here))
	}
	sites := prepare.NewSites(v.opener(), account)
	defer sites.Close()
	settled, err := prepare.Settle(ctx, sites, here, store)
	for _, s := range settled {
		tellSettled(a, s.Header, s.Counts, s.Looked)
	}
	if err != nil && ctx.Err() == nil {
		tellUnsettled(a, err)
		return nil
	}
	return ctx.Err()
}

// leave lets go of runs that stay open.
func leave(runs []*journal.Run) error {
	var failed error
	for _, run := range runs {
		failed = errors.Join(failed, run.Leave())
	}
	return failed
}

// undo plans to take back a run.
func (f *folders) undo(h journal.History) prepare.Plan { return prepare.Undo(f.sites, h) }

// look works out what is missing.
func (f *folders) look(ctx context.Context, users []ldapattr.User, opt prepare.Options) (prepare.Plan, error) {
	watch := progress{doing: "looking: ", what: "home", total: len(users)}.show(f.app, nil)
	defer watch.end()
	opt.Token, opt.Watch = f.visitor.token, watch.step
	return prepare.Look(ctx, f.sites, slices.Values(users), opt)
}

// carryOut shows a plan, asks, and does what it says. What cannot be done for some
// users keeps nobody from doing it for the others.
func (f *folders) carryOut(ctx context.Context, p prepare.Plan) error {
	f.refused(p.Refused)
	f.outcome.total = len(p.Entries) + len(f.outcome.failed)
	f.tellTotals(p)
	changes := p.Changes()
	if len(changes) > 0 && !f.flags.dryRun {
		f.flags.consent.what = "directory"
		if err := f.flags.consent.permit(ctx, f.app, len(changes), true, func() { f.preview(changes) }); err != nil {
			return err
		}
	}
	printer := f.app.printer(&f.flags.form)
	for _, r := range p.Refused {
		nothing := prepare.Entry{Location: r.Location, Entry: journal.Entry{User: r.User, Folder: &journal.FolderChange{}}}
		if err := f.print(printer, prepare.Result{Entry: nothing, Err: r.Err}, resultRefused); err != nil {
			return err
		}
	}
	for _, e := range p.Entries {
		if e.Action != prepare.Keep && !f.flags.dryRun {
			continue
		}
		f.outcome.done++
		result := resultPlannedFolder
		if e.Action == prepare.Keep {
			result = resultUnchanged
		}
		if err := f.print(printer, prepare.Result{Entry: e}, result); err != nil {
			return err
		}
	}
	if len(changes) == 0 || f.flags.dryRun {
		return f.finish(printer, nil)
	}
	stop := f.apply(ctx, p, printer)
	if f.outcome.written > 0 && !f.app.quiet {
		f.app.note("%d done; ftpisoctl undo %s takes it back", f.outcome.written, f.run)
	}
	return f.finish(printer, stop)
}

func (f *folders) finish(printer *output.Printer, stop error) error {
	end := f.outcome.ended(stop)
	if err := printer.Close(end == nil); err != nil && !output.ReaderGone(err) {
		return errors.Join(end, err)
	}
	return end
}

// apply does what a plan says and prints what became of it.
func (f *folders) apply(ctx context.Context, p prepare.Plan, printer *output.Printer) error {
	run, err := beginRun(f.bulk, journal.Folders, p.Undoes)
	if err != nil {
		return err
	}
	changes := p.Changes()
	watch := progress{doing: "making: ", what: "directory", total: len(changes)}.show(f.app, &f.flags.form)
	defer watch.end()
	var printing error
	lost := map[string]bool{}
	engine := prepare.Engine{Sites: f.sites, Run: run, GoOn: true, Each: func(r prepare.Result) {
		watch.step()
		if err := f.tell(r, printer, lost); err != nil && printing == nil {
			printing = err
		}
	}}
	stop := engine.Apply(ctx, changes)
	watch.end()
	tidied := f.sites.Tidy(context.WithoutCancel(ctx))
	if tidied != nil {
		f.app.note("warning: what was used to make directories is left behind, and removed by the next run: %v", tidied)
	}
	if tidied != nil || run.Counts().Open > 0 {
		stop = errors.Join(stop, run.Leave())
	} else {
		stop = errors.Join(stop, run.End())
	}
	if open := run.Counts().Open; open > 0 {
		f.app.note("whether %s %s made is not known; the next shares mkdir, and history --settle, will look", plural(open, "directory"), agree(open, "was", "were"))
	}
	if printing != nil && !output.ReaderGone(printing) {
		stop = errors.Join(stop, printing)
	}
	return stop
}

// tell takes one result in.
func (f *folders) tell(r prepare.Result, printer *output.Printer, lost map[string]bool) error {
	switch r.State {
	case journal.Done:
		f.outcome.done++
		f.outcome.written++
		return f.print(printer, r, resultDone)
	case journal.Unchanged:
		f.outcome.done++
		return f.print(printer, r, resultUnchanged)
	}
	if r.Err == nil || errors.Is(r.Err, context.Canceled) {
		if r.State == journal.Open {
			f.outcome.open++
		}
		return nil
	}
	f.failed(folderError(r.Entry.User, r.Err), r.Err, r.Entry.Location.Server(), lost)
	return f.print(printer, r, string(r.State))
}

// failed notes the failure of one directory. One cause is told once: a server that
// is gone is gone for all of them.
func (f *folders) failed(told, cause error, server string, lost map[string]bool) {
	f.outcome.failed = append(f.outcome.failed, told)
	if behindServer(cause) {
		if lost[server] {
			return
		}
		lost[server] = true
	}
	if !f.outcome.alone || len(f.outcome.failed) > 1 {
		f.app.report(told)
	}
}

// behindServer tells a cause that all homes on a file server have: it is out of reach,
// or not listed.
func behindServer(cause error) bool {
	var refused *shares.NotAllowedError
	return prepare.Lost(cause) || errors.As(cause, &refused) && !refused.Location.Local()
}

// refused takes in what a plan could not take.
func (f *folders) refused(all []prepare.Refusal) {
	behind := map[string]int{}
	lost := map[string]bool{}
	for i, one := range all {
		if behindServer(one.Err) {
			behind[one.Location.Server()]++
		}
		if i == maxProblems {
			f.app.note("… and more; the list has them all")
		}
		told := folderError(one.User, one.Err)
		if i >= maxProblems {
			f.outcome.failed = append(f.outcome.failed, told)
			continue
		}
		f.failed(told, one.Err, one.Location.Server(), lost)
	}
	for server, n := range behind {
		if n > 1 {
			f.app.note("%s: %d homes on it are left out", server, n)
		}
	}
}

// preview shows what is asked about.
func (f *folders) preview(changes []prepare.Entry) {
	for i, e := range changes {
		if i == previewed {
			f.app.note("… and %d more; --dry-run shows all", len(changes)-i)
			break
		}
		text := fmt.Sprintf("%s: %s %s", e.User, e.Action, e.Location)
		if e.Action == prepare.Repair {
			text += fmt.Sprintf(": %s → %s", e.Folder.Before.SDDL, e.Folder.After.SDDL)
		}
		f.app.note("%s", text)
	}
}

// tellTotals says in one line what a plan amounts to.
func (f *folders) tellTotals(p prepare.Plan) {
	switch t := p.Totals; {
	case f.app.quiet, t == prepare.Totals{}:
	case p.Undoes != "":
		f.app.note("%d to remove, %d to make, %d to repair, %d refused", t.Remove, t.Make+t.Above, t.Repair, t.Refused)
	default:
		f.app.note("%s, %d to repair, %d there already, %d refused", madeText(t.Make, t.Above), t.Repair, t.Keep, t.Refused)
	}
}

func madeText(homes, above int) string {
	return plural(homes, "home") + " to make, " + plural(above, "folder") + " above " + agree(homes, "it", "them")
}
