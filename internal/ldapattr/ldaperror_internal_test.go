package ldapattr

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func TestSubCode(t *testing.T) {
	for text, want := range map[string][2]string{
		"80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data 52e, v4563\x00": {"80090308", "52e"},
		"80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data 775, v1db1":     {"80090308", "775"},
		"80090346: LdapErr: DSID-0C090569, comment: AcceptSecurityContext error, data 80090346, v2":   {"80090346", "80090346"},
		"8009030C: LdapErr: x, data 0x52e, v1":                                                        {"8009030c", ""},
		"80090308: LdapErr: x, data 533":                                                              {"80090308", "533"},
		"80090308: data ":                                                                             {"80090308", ""},
		"invalid credentials":                                                                         {"", ""},
		"":                                                                                            {"", ""},
		strings.Repeat("x", 600) + ": data 52e":                                                       {"", ""},
		"80090308: x, data 123456789, v":                                                              {"80090308", ""},
		"1: data deadbeef; drop, data 52e,":                                                           {"1", ""},
	} {
		if status, reason := subCode(text); [2]string{status, reason} != want {
			t.Errorf("%q: %q, %q; want %q", text, status, reason, want)
		}
	}
}

func FuzzSubCode(f *testing.F) {
	f.Add("80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data 52e, v4563\x00")
	f.Fuzz(func(t *testing.T, text string) {
		status, reason := subCode(text)
		for _, word := range []string{status, reason} {
			if len(word) > 8 || strings.Trim(word, "0123456789abcdef") != "" {
				t.Fatalf("%q gives %q", text, word)
			}
		}
	})
}

func TestExplain_credentials(t *testing.T) {
	for reason, want := range map[string]winerr.Code{
		"52e": winerr.LogonFailure, "525": winerr.LogonFailure, "530": winerr.InvalidLogonHours, "531": winerr.InvalidWorkstation,
		"532": winerr.PasswordExpired, "533": winerr.AccountDisabled, "701": winerr.AccountExpired, "773": winerr.PasswordMustChange,
		"775": winerr.AccountLockedOut, "999": winerr.LogonFailure,
	} {
		err := explain("bind", "x", ldap.NewError(49, errors.New("80090308: LdapErr: d, comment: c, data "+reason+", v1")))
		var e *Error
		if !errors.As(err, &e) || !errors.Is(err, ErrAuth) || e.SubCode != reason || winerr.Of(err) != want {
			t.Errorf("%s: %+v, code %d, want %d", reason, e, winerr.Of(err), want)
		}
	}
	err := explain("bind", "x", ldap.NewError(49, errors.New("80090346: LdapErr: d, data 80090346, v1")))
	var e *Error
	if !errors.As(err, &e) || !strings.Contains(e.Hint, "channel binding") {
		t.Errorf("channel binding: %+v", e)
	}
}

func TestExplain_kinds(t *testing.T) {
	result := func(code uint16) error { return ldap.NewError(code, errors.New("text")) }
	for _, tt := range []struct {
		err  error
		kind error
		hint bool
	}{
		{result(8), ErrPlaintext, true}, {result(13), ErrPlaintext, true}, {result(50), ErrRights, true}, {result(16), ErrConflict, false},
		{result(20), ErrConflict, false}, {result(19), ErrValue, false}, {result(21), ErrValue, false}, {result(32), ErrNotFound, false},
		{result(34), ErrNotFound, true}, {result(17), ErrServer, true}, {result(10), ErrServer, true}, {result(51), ErrUnreachable, true},
		{result(52), ErrUnreachable, true}, {result(53), ErrServer, false}, {result(1), ErrAuth, true}, {result(200), ErrUnreachable, false},
		{io.EOF, ErrUnreachable, false}, {context.DeadlineExceeded, ErrUnreachable, false}, {context.Canceled, context.Canceled, false},
		{errPin, ErrUnreachable, true},
	} {
		err := explain("do", "it", tt.err)
		var e *Error
		if !errors.As(err, &e) || !errors.Is(err, tt.kind) || !errors.Is(err, tt.err) || (e.Hint != "") != tt.hint {
			t.Errorf("%v: %+v, want kind %v, hint %v", tt.err, e, tt.kind, tt.hint)
		}
		if again := explain("other", "thing", err); again != err {
			t.Errorf("%v is wrapped twice", err)
		}
	}
	if explain("do", "it", nil) != nil {
		t.Error("explain(nil) is an error")
	}
}

func TestError_isOneLineWithoutControls(t *testing.T) {
	e := &Error{Kind: ErrServer, Op: "do", Object: "it", Err: errors.New("a\nb\x00c\x1b[31m\u202e\xff" + strings.Repeat("x", 5000))}
	if text := e.Error(); strings.ContainsAny(text, "\n\x00\x1b\u202e") || len(text) > 700 || !strings.HasPrefix(text, "do it: ") {
		t.Errorf("%q", text)
	}
	if text := (&Error{Kind: ErrNotFound, Op: "look up", Object: "x"}).Error(); text != "look up x: no such user" {
		t.Errorf("%q", text)
	}
}
