package cli

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/plan"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
)

const undoHelp = `Take back what a run has changed: the run with this ID, as history lists them, or
the last one that changed anything.

Each value that the run wrote becomes what it was before, if it still is what the
run wrote; otherwise it is a conflict, and stays. What would change is shown, and
made after consent, as import does it. To undo is a run, too, and can be undone.

Of permissions, which delegate --apply gives, exactly the entries that the run added
are taken away, as far as they are still there.

Directories that a run of shares mkdir made are removed, if they are empty and still
as it made them; those that it repaired get their old access list. Their file servers
are entered as --bind-user, as by shares mkdir.`

type undoOptions struct {
	servers fileServerFlags
	bulk    bulkFlags
}

func newUndoCommand(a *app) *cobra.Command {
	var o undoOptions
	cmd := &cobra.Command{
		Use:   "undo [ID]",
		Short: "Take back what a run has changed",
		Long:  undoHelp,
		Example: `  ftpisoctl undo
  ftpisoctl undo 20260314-101502-3fa9c1 --yes`,
		Args:              atMostOne("ID"),
		ValidArgsFunction: runIDs(a, &o.bulk.journal),
		RunE:              func(cmd *cobra.Command, args []string) error { return runUndo(cmd, a, o, args) },
	}
	o.bulk.add(cmd, permissionList(), folderList())
	o.servers.add(cmd)
	return cmd
}

func runUndo(cmd *cobra.Command, a *app, o undoOptions, args []string) error {
	b, err := openBulk(a, cmd, args, &o.bulk)
	if err != nil {
		return err
	}
	defer b.forest.Close()
	if b.store == nil {
		return usage("undo: there is no journal")
	}
	here := b.forest.Home().Domain().DNSName
	id := ""
	if len(args) == 1 {
		id = args[0]
	} else if id, err = lastRun(b.store, here); err != nil {
		return err
	}
	b.command = "undo " + id
	h, err := b.store.Read(id)
	if err != nil {
		return runError(err)
	}
	if !strings.EqualFold(h.Header.Domain, here) {
		return usage("run %s changed %s, and this is %s", id, h.Header.Domain, here)
	}
	if err := attributesAlone(b.flags, h); err != nil {
		return err
	}
	switch h.Header.Kind {
	case journal.Permissions:
		return undoPermissions(cmd.Context(), b, h)
	case journal.Folders:
		return undoFolders(cmd.Context(), b, &o.servers, h)
	}
	if err := o.bulk.form.choose(changeList()); err != nil {
		return err
	}
	p, err := plan.Undo(h, tool())
	if errors.Is(err, plan.ErrNothing) {
		a.note("run %s (%s) changed nothing", id, h.Header.Command)
		return b.carryOut(cmd.Context(), p, true)
	} else if err != nil {
		return err
	}
	tellUndo(a, h)
	return b.carryOut(cmd.Context(), p, true)
}

// attributesAlone refuses files in forms of their own of a run that they cannot tell of.
func attributesAlone(flags *bulkFlags, h journal.History) error {
	changed := map[journal.Kind]string{journal.Permissions: "changed permissions", journal.Folders: "made directories"}[h.Header.Kind]
	for flag, given := range map[string]bool{"rollback": flags.rollback != "", "rejects": flags.rejects != ""} {
		if given && changed != "" {
			return usage("--%s is about attributes, and run %s %s", flag, h.Header.ID, changed)
		}
	}
	return nil
}

// tellUndo says which run is taken back.
func tellUndo(a *app, h journal.History) {
	if !a.quiet {
		a.note("undo run %s of %s by %s: %s", h.Header.ID, h.Header.Time.Local().Format("2006-01-02 15:04:05"), h.Header.Operator, h.Header.Command)
	}
}

// undoFolders takes back what a run has done to directories.
func undoFolders(ctx context.Context, b *bulk, servers *fileServerFlags, h journal.History) error {
	if err := b.flags.form.choose(folderList()); err != nil {
		return err
	}
	policy, err := servers.policy(b.file)
	if err != nil {
		return err
	}
	if err := canEnterAll(policy, h.Entries, b.bind); err != nil {
		return err
	}
	f, err := openFolders(ctx, b, servers)
	if err != nil {
		return err
	}
	defer f.close()
	p := f.undo(h)
	if len(p.Entries)+len(p.Refused) == 0 {
		b.app.note("run %s (%s) changed nothing", h.Header.ID, h.Header.Command)
	} else {
		tellUndo(b.app, h)
	}
	return f.carryOut(ctx, p)
}

// lastRun returns the latest run that changed something in a domain.
func lastRun(store *journal.Store, domain string) (string, error) {
	all, err := store.Runs()
	if err != nil {
		return "", err
	}
	for _, run := range slices.Backward(all) {
		if run.Done > 0 && strings.EqualFold(run.Domain, domain) {
			return run.ID, nil
		}
	}
	return "", &exitError{exitNotFound, errors.New("the journal has no run that changed anything in " + domain), "ftpisoctl history lists all runs"}
}

// runError gives the exit code of what is not found to a run that is not there.
func runError(err error) error {
	if errors.Is(err, journal.ErrNoRun) {
		return &exitError{exitNotFound, err, "ftpisoctl history lists all runs"}
	}
	return err
}
