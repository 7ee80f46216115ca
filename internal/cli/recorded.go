package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
)

// recordedRecord is what one run did to one attribute of one user, in JSON.
type recordedRecord struct {
	changeRecord
	Now       *string `json:"now"` // what was found, where somebody looked; null: nothing, or nobody
	Error     *string `json:"error"`
	Recovered bool    `json:"recovered"` // found out by a later run
}

// recordedList is the list of what one run did.
func recordedList() recordList {
	return recordList{"changes", []output.Column{
		{Title: "user"}, {Title: "attribute"}, {Title: "before", Absent: "(absent)"}, {Title: "after", Absent: "(absent)"}, {Title: "result", Alarm: func(cell string) bool { return cell == string(journal.Open) }},
		{Title: "error", Alarm: filled}, {Title: "now", Detail: true}, {Title: "recovered", Detail: true}, {Title: "objectGUID", Detail: true}, {Title: "dn", Detail: true},
	}, true}
}

// showRun prints what one run did and returns how many changes are open.
func showRun(printer *output.Printer, store *journal.Store, id string) (open int, err error) {
	h, err := store.Read(id)
	if err != nil {
		return 0, runError(err)
	}
	for _, e := range h.Entries {
		if e.Folder != nil {
			if err := recordedFolder(printer, e); err != nil {
				return 0, err
			}
			continue
		}
		if e.Permissions != nil {
			if err := showPermissions(printer, e); err != nil {
				return 0, err
			}
			continue
		}
		var now journal.Values
		if e.Now != nil {
			now = *e.Now
		}
		for _, row := range []struct{ attribute, before, after, now string }{
			{homedir.AttrRoot, e.Before.Root, e.After.Root, now.Root},
			{homedir.AttrDir, e.Before.Dir, e.After.Dir, now.Dir},
		} {
			if row.before == row.after {
				continue
			}
			r := recordedRecord{
				changeRecord: changeRecord{e.User, e.DN, e.GUID, row.attribute, present(row.before), present(row.after), resultOf(e.State)},
				Now:          present(row.now), Error: present(e.Error), Recovered: e.Recovered,
			}
			err := printer.Row(r, e.User, row.attribute, row.before, row.after, r.Result, e.Error, row.now, fmt.Sprint(e.Recovered), e.GUID, e.DN)
			if err != nil {
				return 0, err
			}
		}
	}
	return h.Counts.Open, printer.Close(true)
}

// recordedFolder prints what one run did to one directory: in the place of an attribute
// stands the directory, and its values are descriptors, or when it was made where it
// has none.
func recordedFolder(printer *output.Printer, e journal.Recorded) error {
	before, after, now := folderValue(e.Folder.Before), folderValue(e.Folder.After), folderValue(e.Made)
	if after == "" && e.Folder.After != nil {
		after = folderMade
	}
	r := recordedRecord{
		changeRecord: changeRecord{e.User, e.DN, e.GUID, e.Folder.Place, present(before), present(after), resultOf(e.State)},
		Now:          present(now), Error: present(e.Error), Recovered: e.Recovered,
	}
	return printer.Row(r, e.User, e.Folder.Place, before, after, r.Result, e.Error, now, fmt.Sprint(e.Recovered), e.GUID, e.DN)
}

// folderMade stands for a directory that has no descriptor of its own.
const folderMade = "(a directory)"

func folderValue(s *journal.FolderState) string {
	switch {
	case s == nil:
		return ""
	case s.SDDL == "" && s.Created != "":
		return folderMade
	}
	return s.SDDL
}

// resultOf is the word for a state, the same that the run itself has printed.
func resultOf(s journal.State) string {
	if s == journal.Done {
		return resultChanged
	}
	return string(s)
}

// runIDs offers a shell the runs of the journal.
func runIDs(a *app, folder *string) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		var ids []string
		file, _, err := a.configFile()
		if err != nil || len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		store, err := journalAt(a.env, *folder, file)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		runs, _ := store.Runs() // a shell cannot tell what went wrong
		for _, run := range runs {
			ids = append(ids, cobra.CompletionWithDesc(run.ID, output.Printable(run.Command)))
		}
		return ids, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	}
}
