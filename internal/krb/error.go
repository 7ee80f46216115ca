package krb

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jcmturner/gokrb5/v8/iana/errorcode"
	"github.com/jcmturner/gokrb5/v8/messages"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// ErrToken says that a server's security token is not what a server with the right
// ticket sends. Which check failed helps only an attacker.
var ErrToken = errors.New("the server sent a wrong or forged security token")

// Error says why there is no ticket, or why a server does not take one.
type Error struct {
	Code  int32       // error number of a KDC or a server (RFC 4120, section 7.5.9); 0: none
	Win32 winerr.Code // the cause for logs
	Hint  string      // what to do next; may be empty
	Err   error       // the cause for people
	about about
	data  []byte // what a KDC has put behind its error
}

// about is whom a failure is about.
type about int

const (
	aboutUser   about = iota // the account or its password: the same everywhere, and asking again counts
	aboutServer              // the KDC, or the server that the ticket is for
	aboutKeys                // Kerberos cannot be used, something else might
)

// Error returns the cause.
func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns the Win32 code and the cause.
func (e *Error) Unwrap() []error { return []error{e.Win32, e.Err} }

// Refused reports that the account or its password is refused. To ask another KDC, or in
// another way, would be answered the same, and could lock the account.
func (e *Error) Refused() bool { return e.about == aboutUser }

// Elsewhere reports that another server, with its own name, key, clock and KDC, need
// not meet the failure.
func (e *Error) Elsewhere() bool { return e.about == aboutServer }

const hintWrongKey = "the password or the keytab is wrong"

// isOurs: err carries an *Error already.
func isOurs(err error) bool {
	var ours *Error
	return errors.As(err, &ours)
}

// isOutOfService: the KDC answers, but only that it does not work.
func isOutOfService(err error) bool {
	var refused *Error
	return errors.As(err, &refused) &&
		(refused.Code == errorcode.KDC_ERR_SVC_UNAVAILABLE || refused.Code == errorcode.KRB_ERR_GENERIC)
}

// refusedBy makes an *Error of a KRB-ERROR. This is the one place that says what
// a Kerberos error is on Windows.
func refusedBy(k messages.KRBError) *Error {
	e := meaning(k)
	e.Code, e.data = k.ErrorCode, k.EData
	if code, ok := extendedStatus(k.EData); ok && e.about == aboutUser {
		e.Win32, e.Hint = code, code.Error()
	}
	text := errorcode.Lookup(k.ErrorCode)
	if k.EText != "" {
		text += fmt.Sprintf(" %.80q", k.EText)
	}
	e.Err = errors.New(text)
	return e
}

// meaning is a function, not a map, so that nobody can change the table.
func meaning(k messages.KRBError) *Error {
	if e := ofServer(k); e != nil {
		e.about = aboutServer
		return e
	}
	switch k.ErrorCode {
	case errorcode.KDC_ERR_C_PRINCIPAL_UNKNOWN:
		return &Error{Win32: winerr.NoSuchUser, Hint: "the KDC does not know the user; check name and realm"}
	case errorcode.KDC_ERR_NAME_EXP:
		return &Error{Win32: winerr.AccountExpired, Hint: "the account has expired"}
	case errorcode.KDC_ERR_CLIENT_REVOKED:
		return &Error{Win32: winerr.AccountDisabled, Hint: "the account is disabled, locked or expired"}
	case errorcode.KDC_ERR_KEY_EXPIRED:
		return &Error{Win32: winerr.PasswordExpired, Hint: "the password has expired"}
	case errorcode.KDC_ERR_PREAUTH_FAILED, errorcode.KRB_AP_ERR_BAD_INTEGRITY:
		return &Error{Win32: winerr.LogonFailure, Hint: hintWrongKey}
	case errorcode.KDC_ERR_POLICY:
		return &Error{Win32: winerr.AccountRestriction, Hint: "a policy of the domain forbids this account to log on here"}
	case errorcode.KDC_ERR_WRONG_REALM:
		return &Error{Win32: winerr.LogonFailure, Hint: "the user belongs to another realm; write user@REALM"}
	case errorcode.KRB_AP_ERR_TKT_EXPIRED:
		return &Error{Win32: winerr.LogonFailure, Hint: "the ticket has expired; get a new one: kinit -c FILE:…"}
	case errorcode.KDC_ERR_ETYPE_NOSUPP:
		return &Error{Win32: winerr.NotSupported, about: aboutKeys,
			Hint: "the KDC has no AES key for it; change its password once, or allow AES (msDS-SupportedEncryptionTypes)"}
	}
	return &Error{Win32: winerr.LogonFailure}
}

// ofServer is nil for what is not about the KDC or the server.
func ofServer(k messages.KRBError) *Error {
	switch k.ErrorCode {
	case errorcode.KDC_ERR_S_PRINCIPAL_UNKNOWN:
		return &Error{Win32: winerr.WrongTargetName, Hint: "the KDC does not know this server by its name; give the server's full DNS name"}
	case errorcode.KRB_AP_ERR_MODIFIED:
		return &Error{Win32: winerr.WrongTargetName, Hint: "the server's name belongs to another account in the domain"}
	case errorcode.KDC_ERR_SERVICE_EXP, errorcode.KDC_ERR_SERVICE_REVOKED, errorcode.KDC_ERR_SERVICE_NOTYET:
		return &Error{Win32: winerr.WrongTargetName, Hint: "the server's own account is disabled or has expired"}
	case errorcode.KRB_AP_ERR_SKEW:
		return &Error{Win32: winerr.TimeSkew, Hint: clockHint(k.STime, time.Now())}
	case errorcode.KDC_ERR_SVC_UNAVAILABLE, errorcode.KRB_ERR_GENERIC:
		return &Error{Win32: winerr.NoLogonServers, Hint: "the KDC is out of service; its event log says why"}
	}
	// The rest of these numbers is about tickets (RFC 4120, section 7.5.9), not about passwords.
	if k.ErrorCode > errorcode.KRB_AP_ERR_TKT_EXPIRED && k.ErrorCode < errorcode.KRB_ERR_GENERIC {
		return &Error{Win32: winerr.LogonFailure}
	}
	return nil
}

// clockHint tells the difference, which says at once whether a zone, a battery or
// a missing time service is to blame.
func clockHint(server, here time.Time) string {
	hint := "set the clock of this machine"
	if !server.IsZero() {
		hint += fmt.Sprintf("; the KDC's says %s, a difference of %s",
			server.UTC().Format(time.RFC3339), here.Sub(server).Abs().Round(time.Second))
	}
	return hint
}

// weakKey says that there would be keys, but only of types that are broken.
func weakKey(format string, args ...any) *Error {
	return &Error{Win32: winerr.NotSupported, about: aboutKeys, Err: fmt.Errorf(format+": no AES key", args...),
		Hint: "allow AES for both accounts (msDS-SupportedEncryptionTypes), then change the password once"}
}

// wrongReply says that an answer was not made for this request, or not with this
// key.
func wrongReply(detail error) *Error {
	err := errors.New("the KDC's answer is wrong or forged")
	if detail != nil {
		err = fmt.Errorf("%w: %w", err, detail)
	}
	return &Error{Win32: winerr.NoLogonServers, about: aboutServer, Err: err}
}

// unusable says that a file of ours, a credential cache or a keytab, is no good.
func unusable(reason, hint string, cause error) *Error {
	err := errors.New(strings.ToValidUTF8(reason, "?"))
	if cause != nil {
		err = fmt.Errorf("%w: %w", err, cause)
	}
	return &Error{Win32: winerr.LogonFailure, Hint: hint, Err: err}
}
