//go:build !windows

package ldapattr

import (
	"errors"
	"testing"
)

func TestPrincipal(t *testing.T) {
	const ours = "CORP.EXAMPLE.COM"
	for user, want := range map[string][2]string{
		"svc":                    {"svc", ours},
		`CORP\svc`:               {"svc", ours},
		`corp.example.com\svc`:   {"svc", ours},
		"svc@east.example.com":   {"svc", "EAST.EXAMPLE.COM"},
		"svc@x@east.example.com": {"svc@x", "EAST.EXAMPLE.COM"},
	} {
		if name, realm, err := principal(user, ours); err != nil || [2]string{name, realm} != want {
			t.Errorf("%q: %q, %q, %v", user, name, realm, err)
		}
	}
	// Another domain's svc is somebody else than ours.
	for _, user := range []string{`OTHER\svc`, `EXAMPLE\svc`, `\svc`, `CORP\`, "@east.example.com", "svc@", ""} {
		_, _, err := principal(user, ours)
		var e *Error
		if !errors.As(err, &e) || !errors.Is(err, ErrUsage) || e.Hint != "write user@REALM" {
			t.Errorf("%q: %v", user, err)
		}
	}
}
