package ldapattr

import (
	"errors"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// The kinds of failures, for errors.Is. Every error of this package is an *Error
// of one of these kinds, or carries the end of the caller's context.
var (
	ErrUsage       = errors.New("invalid argument")
	ErrValue       = errors.New("value refused")
	ErrNotFound    = errors.New("no such user")
	ErrAmbiguous   = errors.New("more than one user matches")
	ErrConflict    = errors.New("somebody else changed it")
	ErrRights      = errors.New("insufficient rights")
	ErrAuth        = errors.New("authentication refused")
	ErrUnreachable = errors.New("no domain controller can be reached")
	ErrPlaintext   = errors.New("the connection is not protected")
	ErrNoHome      = errors.New("no home directory")
	ErrServer      = errors.New("the domain controller refused")
)

// Error is a failure with its kind and what a human needs to act on it.
type Error struct {
	Kind    error       // one of the Err… variables, or the end of a context
	Op      string      // what was tried: "look up", "bind"
	Object  string      // on what: a name, a DN, a server; may be empty
	Win32   winerr.Code // cause for the access log; 0 when there is none
	Hint    string      // what to do next; may be empty
	SubCode string      // Active Directory's sub-code of a refused bind, such as "52e"
	Err     error       // the cause below; nil when Kind says it all
}

// Error returns one line: operation, object and cause. The hint is not in it.
func (e *Error) Error() string {
	text := e.Op
	if e.Object != "" {
		text += " " + e.Object
	}
	cause := e.Kind.Error()
	if e.Err != nil {
		if detail := e.Err.Error(); !errors.Is(e.Err, e.Kind) {
			cause += ": " + detail
		} else {
			cause = detail
		}
	}
	return oneLine(text + ": " + cause)
}

// Unwrap returns the kind, the Win32 code and the cause, for errors.Is and As.
func (e *Error) Unwrap() []error {
	chain := []error{e.Kind}
	if e.Win32 != winerr.Success {
		chain = append(chain, e.Win32)
	}
	if e.Err != nil {
		chain = append(chain, e.Err)
	}
	return chain
}

// absence is the cause of an ErrNotFound about something else than a user.
type absence string

// Error returns the text alone.
func (a absence) Error() string { return string(a) }

// Is reports whether target is ErrNotFound, whose text this one stands in for.
func (a absence) Is(target error) bool { return target == ErrNotFound }

// oneLine replaces what would break a line or a terminal and cuts what is too
// long: diagnostic texts come from the network.
func oneLine(s string) string {
	const most = 600
	clean := strings.Map(func(r rune) rune {
		switch {
		case r == 0:
			return -1
		case r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029' || r == '\u202e' || r == '\u2066':
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	if runes := []rune(clean); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return clean
}
