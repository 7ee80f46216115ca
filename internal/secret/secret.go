// Package secret holds values that must never be printed: passwords of service
// accounts and of FTP logins.
package secret

import (
	"fmt"
	"io"
	"log/slog"
)

// Text is a password. Printing it with any fmt verb, logging it with slog or
// encoding it as JSON or YAML yields a placeholder; only Reveal gives the value.
// Where fmt cannot ask, as in an unexported field, it prints an address. The zero
// Text is empty. Two of them cannot be compared with ==,
// which would ask where they lie and not what they say.
type Text struct {
	_     [0]func()
	value *string
}

const redacted = "[redacted]"

// New wraps a password.
func New(value string) Text { return Text{value: &value} }

// Reveal returns the password, for the one call that sends it.
func (t Text) Reveal() string {
	if t.value == nil {
		return ""
	}
	return *t.value
}

// Empty reports whether there is no password at all.
func (t Text) Empty() bool { return t.Reveal() == "" }

// Format prints a placeholder for every verb.
func (t Text) Format(to fmt.State, _ rune) { _, _ = io.WriteString(to, redacted) }

// String returns a placeholder.
func (t Text) String() string { return redacted }

// LogValue returns a placeholder to slog.
func (t Text) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText returns a placeholder to encoders.
func (t Text) MarshalText() ([]byte, error) { return []byte(redacted), nil }
