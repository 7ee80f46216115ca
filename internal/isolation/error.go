package isolation

import (
	"errors"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Stage is the step of a login that refused it.
type Stage string

// The steps, in order.
const (
	StageName      Stage = "name"      // the name as typed
	StageLookup    Stage = "lookup"    // one user object for it
	StagePassword  Stage = "password"  // bind as that object
	StageAttribute Stage = "attribute" // msIIS-FTPRoot and msIIS-FTPDir
	StageRights    Stage = "rights"    // what the authorization rules grant
	StageHome      Stage = "home"      // open the place that the attributes name
)

// Sub-status codes of Microsoft FTP (KB 969061) that logins end with.
const (
	subUnauthorized     = 1
	subFileSystemDenied = 2
	subFileSystemError  = 3
	subHomeLookup       = 33
	subAuthentication   = 41
)

// Error says why a login was refused. Its text is for the log, never for the
// client.
type Error struct {
	Stage     Stage
	Account   string // DOMAIN\user once it is known, else the name as typed
	Win32     winerr.Code
	SubStatus int
	Err       error
}

// Error returns the step and the cause in one line.
func (e *Error) Error() string { return string(e.Stage) + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Proven reports whether the password had been accepted before the login was
// refused. Only then may the client learn that the home is the trouble.
func (e *Error) Proven() bool {
	return e.Stage == StageAttribute || e.Stage == StageRights || e.Stage == StageHome
}

func lookupError(account string, err error) *Error {
	refusal := &Error{Stage: StageLookup, Account: account, Win32: winerr.LogonFailure, SubStatus: subAuthentication, Err: err}
	switch {
	case errors.Is(err, ldapattr.ErrNotFound):
		refusal.Win32 = winerr.NoSuchUser
	case errors.Is(err, ldapattr.ErrAmbiguous):
	default:
		// The directory did not answer, or not our service account.
		refusal.Win32, refusal.SubStatus = winerr.NoLogonServers, subHomeLookup
	}
	return refusal
}

func passwordError(account string, err error) *Error {
	refusal := &Error{Stage: StagePassword, Account: account, Win32: winerr.LogonFailure, SubStatus: subAuthentication, Err: err}
	var failure *ldapattr.Error
	switch {
	case errors.Is(err, errPassword):
	case !errors.Is(err, ldapattr.ErrAuth):
		// The directory said nothing about the password.
		refusal.Win32, refusal.SubStatus = winerr.NoLogonServers, subHomeLookup
	case errors.As(err, &failure) && failure.Win32 != winerr.Success:
		refusal.Win32 = failure.Win32
	}
	return refusal
}

func attributeError(account string, err error) *Error {
	code := winerr.InvalidName
	if errors.Is(err, ldapattr.ErrNoHome) {
		code = winerr.NoSuchAttribute
	}
	return &Error{Stage: StageAttribute, Account: account, Win32: code, SubStatus: subHomeLookup, Err: err}
}

func rightsError(account string, err error) *Error {
	if errors.Is(err, errNoRights) {
		return &Error{Stage: StageRights, Account: account, Win32: winerr.AccessDenied, SubStatus: subUnauthorized, Err: err}
	}
	return &Error{Stage: StageRights, Account: account, Win32: winerr.NoLogonServers, SubStatus: subHomeLookup, Err: err}
}

func homeError(account string, err error) *Error {
	refusal := &Error{Stage: StageHome, Account: account, Win32: winerr.Of(err), SubStatus: subFileSystemError, Err: err}
	if refusal.Win32 == winerr.AccessDenied {
		refusal.SubStatus = subFileSystemDenied
	}
	return refusal
}
