package ftpsrv

import (
	"errors"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Sub-statuses (KB 969061) that the engine itself gives.
const (
	subNone           = 0
	subUnauthorized   = 1  // authorization rules denied the access
	subFileDenied     = 2  // file system denied the access
	subFileError      = 3  // file system returned an error
	subAddressDenied  = 4  // IP restriction denied the access
	subRootWrite      = 5  // write to the root of a virtual directory
	subControlTimeout = 14 // control channel timed out
	subDataTimeout    = 15 // data channel timed out
	subNewTimeout     = 16 // no login in time
	subTooMany        = 19 // connection limit reached
	subAborted        = 20 // ABOR closed the data channel
	subStopping       = 21 // site is stopping
	subServerAborted  = 22 // server aborted the data channel
	subDataNeedsTLS   = 24 // policy requires SSL on the data channel
	subControlTLS     = 25 // policy requires SSL on the control channel
	subCredentialsTLS = 26 // policy requires SSL for credentials
	subDataDeniesTLS  = 27 // policy denies SSL on the data channel
	subNoCertificate  = 31 // no certificate configured
	subNoTLS          = 32 // SSL initialization failed
	subHomeLookup     = 33 // home directory lookup failed
	subNoHost         = 37 // host name matches no site
	subNeedsBasic     = 40 // AD isolation goes with basic authentication only
	subLoginError     = 41 // error during authentication
	subTooLarge       = 39 // maximum file size exceeded
	subTooSlow        = 50 // minimum bandwidth not met
	subFiltered       = 51 // command filtering denied the access
)

// outcome is one result seen three ways: what the client reads, and what the log
// columns sc-win32-status and sc-substatus show.
type outcome struct {
	reply     ftpwire.Reply
	win32     winerr.Code
	substatus int
	veiled    bool // the log alone is told the cause
}

// ok is the outcome of success.
func ok(reply ftpwire.Reply) outcome { return outcome{reply: reply} }

// replyError is an error that brings its outcome along.
type replyError struct{ outcome }

// Error is for logs.
func (e *replyError) Error() string { return strings.Join(e.reply.Lines, " ") }

// Unwrap gives the Win32 status.
func (e *replyError) Unwrap() error { return e.win32 }

func refusal(code int, text string, win32 winerr.Code, substatus int) *replyError {
	return &replyError{outcome{reply: ftpwire.NewReply(code, text), win32: win32, substatus: substatus}}
}

// Refusals with a text of the service: none of these ends in a blank.
var (
	errUnknownVerb   = refusal(500, "Command not understood.", winerr.NotSupported, subNone)
	errFiltered      = refusal(500, "Command not allowed.", winerr.AccessDenied, subFiltered)
	errTooLong       = refusal(500, "Command line too long.", winerr.InvalidParameter, subNone)
	errParameters    = refusal(501, "Invalid number of parameters.", winerr.InvalidParameter, subNone)
	errArgument      = refusal(501, "Server cannot accept argument.", winerr.InvalidParameter, subNone)
	errOption        = refusal(501, "Option not supported.", winerr.NotSupported, subNone)
	errUnimplemented = refusal(502, "Command not implemented.", winerr.NotSupported, subNone)
	errSequence      = refusal(503, "Bad sequence of commands.", winerr.InvalidParameter, subNone)
	errNotForThat    = refusal(504, "Command not implemented for that parameter.", winerr.NotSupported, subNone)
	errOtherHost     = refusal(504, "Command not implemented for that parameter.", winerr.NotSupported, subNoHost)
	errNoHost        = refusal(530, "Valid hostname is expected.", winerr.AccessDenied, subNoHost)
	errNameSyntax    = refusal(550, winerr.InvalidName.Error()+" ", winerr.InvalidName, subFileError)
	errNoDirectory   = refusal(501, winerr.Directory.Error()+" ", winerr.Directory, subFileError)
	errNotLoggedIn   = refusal(530, "Please login with USER and PASS.", winerr.AccessDenied, subNone)
	errRootWrite     = refusal(550, winerr.AccessDenied.Error()+" ", winerr.AccessDenied, subRootWrite)
	errUnauthorized  = refusal(550, winerr.AccessDenied.Error()+" ", winerr.AccessDenied, subUnauthorized)
	errUserFull      = refusal(421, textFull, winerr.Success, subTooMany)
	errNotPermitted  = refusal(550, winerr.AccessDenied.Error()+" ", winerr.AccessDenied, subFileDenied)
	// The text of a bare LF is Windows' own and yet has no blank behind it.
	errBareLF             = refusal(451, winerr.InvalidParameter.Error(), winerr.InvalidParameter, subNone)
	errNoCertificate      = refusal(534, "Local policy on server does not allow TLS secure connections.", winerr.NotSupported, subNoCertificate)
	errControlNeedsTLS    = refusal(534, textPolicy, winerr.AccessDenied, subControlTLS)
	errCredentialsNeedTLS = refusal(534, textPolicy, winerr.AccessDenied, subCredentialsTLS)
	errDataNeedsTLS       = refusal(534, textPolicy, winerr.AccessDenied, subDataNeedsTLS)
	errDataDeniesTLS      = refusal(534, "Policy denies SSL.", winerr.AccessDenied, subDataDeniesTLS)
	errProtLevel          = refusal(536, "Protection level is not supported.", winerr.NotSupported, subNone)
	errCannotClear        = refusal(533, "Control connection is not protected.", winerr.NotSupported, subNone)

	errInflated  = refusal(552, "Compressed upload exceeds its limits.", winerr.QuotaExceeded, subTooLarge)
	errAlgorithm = refusal(501, "Unknown algorithm, current selection not changed.", winerr.NotSupported, subNone)
	errTextSize  = refusal(550, "File is too large to count in ASCII type; use TYPE I.", winerr.NotSupported, subFileError)
	errRangeType = refusal(551, "A range needs TYPE I and MODE S.", winerr.NotSupported, subNone)
	errBusy      = refusal(450, "Too many files are being read; try again later.", winerr.Busy, subNone)

	errNoData = refusal(425, textNoData, winerr.ConnectionAborted, subNone)
)

const (
	textPolicy  = "Policy requires SSL."
	textNoData  = "Cannot open data connection."
	textAborted = "Connection closed; transfer aborted."
	textStopped = "Service not available, closing control connection."
	textIdle    = "Connection timed out, closing control connection."
	textFull    = "Too many users are connected, closing control connection."
)

// replyCodes are the Win32 statuses whose reply is not 550. Passing troubles are
// 4yz, so that clients try again.
var replyCodes = map[winerr.Code]int{
	winerr.InvalidName:      553,
	winerr.FilenameTooLong:  553,
	winerr.DiskFull:         452,
	winerr.QuotaExceeded:    552,
	winerr.InvalidParameter: 451,
	winerr.GenFailure:       451,
	winerr.BadNetPath:       451,
	winerr.NetNameDeleted:   451,
	winerr.SemTimeout:       451,
	winerr.OperationAborted: 451,
}

// refused is the one place that turns an error into an outcome. An error that is
// no replyError comes from the storage: its Win32 status decides code and text,
// and the text, being Windows' own, ends in a blank (behaviour 3.2).
func refused(err error) outcome {
	var known *replyError
	if errors.As(err, &known) {
		return known.outcome
	}
	win32 := winerr.Of(err)
	if win32 == winerr.HandleEOF { // a restart offset behind the end (RFC 3659, 5.3)
		return outcome{reply: errArgument.reply, win32: win32, substatus: subFileError}
	}
	code, found := replyCodes[win32]
	if !found {
		code = 550
	}
	substatus := subFileError
	if win32 == winerr.AccessDenied {
		substatus = subFileDenied
	}
	return outcome{reply: ftpwire.NewReply(code, win32.Error()+" "), win32: win32, substatus: substatus}
}

// transferred is the outcome of a transfer that ended with err; listing tells
// LIST and its kin.
func transferred(err error, listing bool) outcome {
	var f *fault
	switch {
	case err == nil:
		return ok(ftpwire.NewReply(226, "Transfer complete."))
	case !errors.As(err, &f):
		return refused(err)
	case f.stage != moving && f.cause == nil:
		return outcome{reply: ftpwire.NewReply(425, textNoData), win32: f.win32}
	case listing && f.win32 == winerr.NetNameDeleted && f.cause == nil:
		// Observed: a client that drops the data connection of an NLST.
		return outcome{reply: ftpwire.NewReply(550, f.win32.Error()+" "), win32: f.win32}
	}
	return outcome{reply: ftpwire.NewReply(426, textAborted), win32: f.win32}
}

// loginRefused is the outcome of a failed login. Whatever the reason, the client
// sees one text, but for a home that is not usable after the password was proven.
func loginRefused(err error) outcome {
	out := outcome{
		reply: ftpwire.NewReply(530, "User cannot log in."), win32: winerr.Of(err), substatus: subLoginError, veiled: true,
	}
	var r *Refusal
	if !errors.As(err, &r) {
		return out
	}
	if r.Home {
		out.reply = ftpwire.NewReply(530, "User cannot log in, home directory inaccessible.")
		out.veiled = false
	}
	out.win32, out.substatus = r.Win32, r.SubStatus
	return out
}

// done is the reply of a verb that has no text of its own.
func done(code int, verb string) ftpwire.Reply {
	return ftpwire.NewReply(code, verb+" command successful.")
}

// quoted is a path in a 257 reply: quotes inside are doubled (RFC 959, appendix II).
func quoted(path string) string { return `"` + strings.ReplaceAll(path, `"`, `""`) + `"` }

// lines is a reply made of an administrator's text alone.
func lines(code int, text string) ftpwire.Reply {
	return ftpwire.NewReply(code, strings.Split(text, "\n")...)
}
