package ldapattr

import (
	"context"
	"errors"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// outcome is what a result code of the directory means to us.
type outcome struct {
	kind  error
	win32 winerr.Code
	hint  string
}

const (
	hintProtect = "the domain controller refuses unprotected connections; use ldaps://, --starttls or --kerberos"
	hintRights  = "the account needs Write Property on " + homedir.AttrRoot + " and " + homedir.AttrDir +
		" of user objects; ftpisoctl delegate prints how to give it just these two"
	hintSchema = "the schema lacks " + homedir.AttrRoot + " and " + homedir.AttrDir + "; it must be of Windows Server 2003 or later"
	hintRODC   = "this domain controller answers with a referral, as a read-only one does; name a writable one with --server"
)

// resultOutcome is a function, not a map, so that nobody can change the table.
func resultOutcome(code uint16) outcome {
	switch code {
	case ldap.LDAPResultStrongAuthRequired, ldap.LDAPResultConfidentialityRequired:
		return outcome{ErrPlaintext, winerr.AccessDenied, hintProtect}
	case ldap.LDAPResultInvalidCredentials:
		return outcome{ErrAuth, winerr.LogonFailure, ""}
	case ldap.LDAPResultInsufficientAccessRights:
		return outcome{ErrRights, winerr.AccessDenied, hintRights}
	case ldap.LDAPResultNoSuchAttribute, ldap.LDAPResultAttributeOrValueExists:
		return outcome{ErrConflict, winerr.NoSuchAttribute, ""}
	case ldap.LDAPResultConstraintViolation, ldap.LDAPResultInvalidAttributeSyntax, ldap.LDAPResultObjectClassViolation:
		return outcome{ErrValue, winerr.InvalidParameter, ""}
	case ldap.LDAPResultUndefinedAttributeType:
		return outcome{ErrServer, winerr.NoSuchAttribute, hintSchema}
	case ldap.LDAPResultNoSuchObject:
		return outcome{ErrNotFound, winerr.NoSuchUser, ""}
	case ldap.LDAPResultInvalidDNSyntax:
		return outcome{ErrNotFound, winerr.NoSuchUser, "the name has the form of a DN but is none"}
	case ldap.LDAPResultReferral:
		return outcome{ErrServer, winerr.NoSuchDomain, hintRODC}
	case ldap.LDAPResultOperationsError:
		// What AD answers when a connection is not bound (any more).
		return outcome{ErrAuth, winerr.AccessDenied, "the domain controller wants a bind first"}
	case ldap.LDAPResultInappropriateAuthentication, ldap.LDAPResultAuthMethodNotSupported:
		return outcome{ErrAuth, winerr.LogonFailure, ""}
	case ldap.LDAPResultBusy, ldap.LDAPResultUnavailable:
		return outcome{ErrUnreachable, winerr.NoLogonServers, "the domain controller is busy or shutting down"}
	case ldap.ErrorFilterCompile:
		return outcome{ErrUsage, winerr.InvalidParameter, "filters look like (department=Sales)"}
	}
	if code >= ldap.ErrorNetwork {
		return outcome{ErrUnreachable, winerr.NoLogonServers, ""}
	}
	return outcome{ErrServer, winerr.GenFailure, ""}
}

// explain turns any failure below into an *Error, once: an *Error passes.
func explain(op, object string, err error) error {
	if err == nil {
		return nil
	}
	var done *Error
	if errors.As(err, &done) {
		return err
	}
	e := &Error{Kind: ErrUnreachable, Op: op, Object: object, Win32: winerr.NoLogonServers, Err: err}
	var result *ldap.Error
	switch {
	case errors.Is(err, errClosed):
	case errors.Is(err, context.Canceled):
		e.Kind, e.Win32 = context.Canceled, winerr.OperationAborted
	case errors.As(err, &result):
		explainResult(e, result)
	case explainKerberos(e, err):
	default:
		e.Hint = certificateHint(err)
	}
	return e
}

// explainResult fills in e from a result of the directory.
func explainResult(e *Error, result *ldap.Error) {
	found := resultOutcome(result.ResultCode)
	e.Kind, e.Win32, e.Hint = found.kind, found.win32, found.hint
	if result.ResultCode == ldap.LDAPResultInvalidCredentials && result.Err != nil {
		explainCredentials(e, result.Err.Error())
	}
}

// explainCredentials reads the reason that Active Directory puts behind "data"
// in the diagnostic text of result 49: it is there and nowhere else.
func explainCredentials(e *Error, diagnostic string) {
	status, reason := subCode(diagnostic)
	explainReason(e, reason)
	if status == "80090346" {
		e.SubCode = status
		e.Hint = "the domain controller demands channel binding; use ldap:// with --kerberos, which seals instead"
	}
}

// explainReason says what Active Directory's sub-code means.
func explainReason(e *Error, reason string) {
	e.SubCode = reason
	switch reason {
	case "52e", "525":
		e.Hint = "the name or the password is wrong"
	case "530":
		e.Win32, e.Hint = winerr.InvalidLogonHours, "the account may not log on at this hour"
	case "531":
		e.Win32, e.Hint = winerr.InvalidWorkstation, "the account may not log on from this computer"
	case "532":
		e.Win32, e.Hint = winerr.PasswordExpired, "the password has expired"
	case "533":
		e.Win32, e.Hint = winerr.AccountDisabled, "the account is disabled"
	case "701":
		e.Win32, e.Hint = winerr.AccountExpired, "the account has expired"
	case "773":
		e.Win32, e.Hint = winerr.PasswordMustChange, "the password must be changed first"
	case "775":
		e.Win32, e.Hint = winerr.AccountLockedOut, "the account is locked after too many wrong passwords"
	}
}

// subCode parses "80090308: LdapErr: DSID-…, comment: …, data 52e, v4563" into
// the leading status and the reason, both lower-case hexadecimal or "".
func subCode(diagnostic string) (status, reason string) {
	const most = 512
	if len(diagnostic) > most {
		diagnostic = diagnostic[:most]
	}
	head, rest, _ := strings.Cut(diagnostic, ":")
	status = hexWord(head)
	_, after, found := strings.Cut(rest, " data ")
	if !found {
		return status, ""
	}
	word, _, _ := strings.Cut(after, ",")
	return status, hexWord(word)
}

// hexWord accepts at most 32 bits in hexadecimal; the text is the network's.
func hexWord(s string) string {
	s = strings.ToLower(strings.TrimSpace(strings.TrimRight(s, "\x00")))
	if s == "" || len(s) > 8 || strings.Trim(s, "0123456789abcdef") != "" {
		return ""
	}
	return s
}

// isUnfit reports whether the domain controller refused for a reason of its own, or
// of the connection: not bound (any more), too busy, shutting down. Nothing was done.
func isUnfit(err error) bool {
	return ldap.IsErrorAnyOf(err, ldap.LDAPResultOperationsError, ldap.LDAPResultBusy, ldap.LDAPResultUnavailable)
}

// isNetwork reports whether the connection itself failed: everything that is
// not a result of the directory. go-ldap gives most of these no type.
func isNetwork(err error) bool {
	if err == nil {
		return false
	}
	var result *ldap.Error
	return !errors.As(err, &result) || result.ResultCode >= ldap.ErrorNetwork && result.ResultCode != ldap.ErrorFilterCompile
}
