package cli

import (
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/output"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
)

const historyHelp = `List the runs that changed homes from this machine, the oldest first, or with an ID
all that one run did. A run is open while it is at work, and after it was broken off:
then it is not known of some changes whether they were made. The directory is not
asked, unless --settle is given: then the users of such changes are read, or the
directories looked at, and the changes closed. Every command that writes does so by
itself for what it writes.`

type historyOptions struct {
	settle  bool
	servers fileServerFlags
	journal string
	form    formFlags
}

func newHistoryCommand(a *app) *cobra.Command {
	var o historyOptions
	cmd := &cobra.Command{
		Use:   "history [ID]",
		Short: "List what was changed from here",
		Long:  historyHelp,
		Example: `  ftpisoctl history
  ftpisoctl history 20260314-101502-3fa9c1 -o json`,
		Args:              atMostOne("ID"),
		ValidArgsFunction: runIDs(a, &o.journal),
		RunE:              func(cmd *cobra.Command, args []string) error { return runHistory(cmd, a, o, args) },
	}
	cmd.Flags().BoolVar(&o.settle, "settle", false, "ask the directory about changes that are open")
	o.servers.add(cmd)
	addJournalFlag(cmd.Flags(), &o.journal)
	// Either list may be printed, so the flags take the columns of both.
	both := listOfRuns()
	both.columns = append(both.columns, recordedList().columns...)
	o.form.add(cmd, both)
	return cmd
}

func runHistory(cmd *cobra.Command, a *app, o historyOptions, args []string) error {
	file, _, err := a.configFile()
	if err != nil {
		return err
	}
	store, err := journalAt(a.env, o.journal, file)
	if err != nil {
		return err
	}
	if o.settle {
		v, err := openVisitor(cmd.Context(), a, &o.servers)
		if err != nil {
			return err
		}
		defer v.forest.Close()
		if err := settle(cmd.Context(), a, v.forest, store); err != nil {
			return err
		}
		if err := settleFolders(cmd.Context(), a, v, store); err != nil {
			return err
		}
	}
	list := listOfRuns()
	if len(args) == 1 {
		list = recordedList()
	}
	o.form.list = list
	for _, names := range [][]string{o.form.columns.names, o.form.sort.names} {
		if err := output.CheckColumns(list.columns, names); err != nil {
			return usage("history: %w", err)
		}
	}
	printer := a.printer(&o.form)
	var open int
	if len(args) == 1 {
		open, err = showRun(printer, store, args[0])
	} else {
		open, err = showRuns(printer, store)
	}
	if err == nil && open > 0 {
		a.note("%s open: the run is at work, or was broken off, and what was made is not known; ftpisoctl history --settle looks", changesText(open))
	}
	return err
}

// runRecord is one run in JSON.
type runRecord struct {
	ID        string  `json:"id"`
	Time      string  `json:"time"`
	Command   string  `json:"command"`
	Operator  string  `json:"operator"`
	BindUser  string  `json:"bindUser"`
	Domain    string  `json:"domain"`
	Server    string  `json:"server"`
	Tool      string  `json:"tool"`
	State     string  `json:"state"` // ended, open, unreadable
	Done      int     `json:"done"`
	Unchanged int     `json:"unchanged"`
	Conflict  int     `json:"conflict"`
	Failed    int     `json:"failed"`
	NotDone   int     `json:"notDone"`
	Open      int     `json:"open"`
	Undoes    *string `json:"undoes"`
	UndoneBy  *string `json:"undoneBy"`
	Problem   *string `json:"problem"`
}

// listOfRuns is the list of all runs.
func listOfRuns() recordList {
	return recordList{"runs", []output.Column{
		{Title: "id"}, {Title: "time"}, {Title: "command"}, {Title: "operator"}, {Title: "done"},
		{Title: "state", Alarm: func(cell string) bool { return cell != runEnded }}, {Title: "undoneBy"},
		{Title: "unchanged", Detail: true}, {Title: "conflict", Detail: true}, {Title: "failed", Detail: true}, {Title: "notDone", Detail: true},
		{Title: "open", Detail: true}, {Title: "undoes", Detail: true}, {Title: "bindUser", Detail: true}, {Title: "domain", Detail: true},
		{Title: "server", Detail: true}, {Title: "tool", Detail: true}, {Title: "problem", Detail: true},
	}, false}
}

// The states of a run. They are part of the output's contract.
const (
	runEnded      = "ended"
	runOpen       = "open"
	runUnreadable = "unreadable"
)

// showRuns prints all runs and returns how many changes are open.
func showRuns(printer *output.Printer, store *journal.Store) (open int, err error) {
	all, err := store.Runs()
	if err != nil {
		return 0, err
	}
	for _, run := range all {
		state := runEnded
		switch {
		case run.Problem != "":
			state = runUnreadable
		case !run.Ended:
			state = runOpen
		}
		open += run.Open
		when := ""
		if !run.Time.IsZero() {
			when = run.Time.UTC().Format(time.RFC3339)
		}
		r := runRecord{
			ID: run.ID, Time: when, Command: run.Command, Operator: run.Operator, BindUser: run.BindUser, Domain: run.Domain, Server: run.Server,
			Tool: run.Tool, State: state, Done: run.Done, Unchanged: run.Unchanged, Conflict: run.Conflict, Failed: run.Failed,
			NotDone: run.NotDone, Open: run.Open, Undoes: present(run.Undoes), UndoneBy: present(run.UndoneBy), Problem: present(run.Problem),
		}
		n := strconv.Itoa
		err := printer.Row(r, r.ID, when, r.Command, r.Operator, n(r.Done), state, run.UndoneBy, n(r.Unchanged), n(r.Conflict), n(r.Failed),
			n(r.NotDone), n(r.Open), run.Undoes, r.BindUser, r.Domain, r.Server, r.Tool, run.Problem)
		if err != nil {
			return 0, err
		}
	}
	return open, printer.Close(true)
}

func changesText(n int) string { return plural(n, "change") + agree(n, " is", " are") }
