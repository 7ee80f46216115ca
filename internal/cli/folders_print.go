package cli

import (
	"errors"
	"fmt"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/prepare"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// The results of what is done to a directory, beside those of changes and the states
// of the journal. They are part of the output's contract.
const (
	resultDone          = "done"
	resultPlannedFolder = "would be done" // --dry-run
	resultRefused       = "refused"
)

// folderRecord is what becomes of one directory, in JSON.
type folderRecord struct {
	User     string      `json:"user"`
	Location string      `json:"location"`
	Action   string      `json:"action"` // make, make parent, repair, remove or keep; "" where it was refused
	Result   string      `json:"result"`
	Before   *string     `json:"before"` // its descriptor in SDDL; null: nothing is there, or it was not looked at
	After    *string     `json:"after"`  // null: nothing is to be there, or the folder above decides
	Now      *string     `json:"now"`    // as it was read back
	Note     *string     `json:"note"`
	Error    *string     `json:"error"`
	Win32    winerr.Code `json:"win32"`
	GUID     string      `json:"objectGUID"`
}

// folderList is the list that commands print that make directories.
func folderList() recordList {
	return recordList{name: "folders", columns: []output.Column{
		{Title: "user"}, {Title: "action"}, {Title: "location"}, {Title: "result"}, {Title: "note"}, {Title: "error", Alarm: filled},
		{Title: "before", Detail: true}, {Title: "after", Detail: true}, {Title: "now", Detail: true}, {Title: "win32", Detail: true}, {Title: "objectGUID", Detail: true},
	}}
}

// print shows a directory.
func (f *folders) print(p *output.Printer, r prepare.Result, result string) error {
	if p == nil {
		return nil
	}
	e := r.Entry
	note, failure := e.Note, ""
	record := folderRecord{User: e.User, Location: e.Location.String(), Action: string(e.Action), Result: result, GUID: e.GUID}
	switch {
	case errors.Is(r.Err, prepare.ErrOwner) && r.State == journal.Done:
		note = prepare.ErrOwner.Error()
	case r.Err != nil:
		failure, record.Win32 = r.Err.Error(), winerr.Of(r.Err)
	}
	before, after, now := sddlOf(e.Folder.Before), sddlOf(e.Folder.After), sddlOf(r.Now)
	if e.Action == prepare.Keep {
		after = ""
	}
	record.Before, record.After, record.Now = present(before), present(after), present(now)
	record.Note, record.Error = present(note), present(failure)
	return p.Row(record, e.User, record.Action, record.Location, result, note, failure, before, after, now, fmt.Sprint(uint32(record.Win32)), e.GUID)
}

func sddlOf(s *journal.FolderState) string {
	if s == nil {
		return ""
	}
	return s.SDDL
}

// folderError gives what went wrong with a directory its exit code and the next step
// to take.
func folderError(user string, err error) error {
	code, advice := folderOutcome(err)
	told := err
	if user != "" {
		told = fmt.Errorf("%s: %w", user, err)
	}
	return &exitError{code, told, advice}
}

func folderOutcome(err error) (code int, advice string) {
	var refused *shares.NotAllowedError
	var value *homedir.ValueError
	switch {
	case errors.As(err, &refused):
		return exitUsage, listAdvice(refused)
	case errors.As(err, &value):
		return exitFailed, "no login can use this value; correct it with ftpisoctl set"
	case errors.Is(err, ldapattr.ErrNoHome):
		return exitNotFound, "give the user a home with set"
	case errors.Is(err, smbfs.ErrDFS):
		return exitNotFound, "name the server and the share behind the namespace under dfs: in the configuration"
	case prepare.Lost(err):
		return exitUnreachable, "is the server's name right, is it running, does a firewall close port 445?"
	}
	return causeOutcome(winerr.Of(err))
}

// causeOutcome is folderOutcome for what a file server answers.
func causeOutcome(cause winerr.Code) (code int, advice string) {
	switch cause {
	case winerr.NoLogonServers, winerr.NoSuchDomain, winerr.TimeSkew, winerr.WrongTargetName:
		return exitUnreachable, "ftpisoctl shares check shows where the way ends"
	case winerr.AccessDenied, winerr.LogonFailure, winerr.AccountLockedOut, winerr.AccountDisabled:
		return exitRights, "the file server is entered as --bind-user with its password; the account must be allowed to make folders there and to change their permissions"
	case winerr.AlreadyExists, winerr.DirNotEmpty:
		return exitConflict, "look at it with ftpisoctl shares acl"
	case winerr.BadNetName:
		return exitNotFound, "create the share, or correct msIIS-FTPRoot with ftpisoctl set"
	case winerr.Directory, winerr.CantAccessFile, winerr.PathNotFound, winerr.FileNotFound:
		return exitNotFound, directoryAdvice(cause)
	}
	return exitFailed, ""
}
