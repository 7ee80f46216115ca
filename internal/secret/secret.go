// Package secret holds values that must never be printed: passwords of service
// accounts and of FTP logins.
package secret

import "log/slog"

// Text is a password. Printing it with any fmt verb, logging it with slog or
// encoding it as JSON or YAML yields a placeholder; only Reveal gives the value.
type Text struct{ value string }

const redacted = "[redacted]"

// New wraps a password.
func New(value string) Text { return Text{value} }

// Reveal returns the password, for the one call that sends it.
func (t Text) Reveal() string { return t.value }

// Empty reports whether there is no password at all.
func (t Text) Empty() bool { return t.value == "" }

// String returns a placeholder.
func (t Text) String() string { return redacted }

// GoString returns a placeholder, so that %#v does not leak the value.
func (t Text) GoString() string { return redacted }

// LogValue returns a placeholder to slog.
func (t Text) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText returns a placeholder to encoders.
func (t Text) MarshalText() ([]byte, error) { return []byte(redacted), nil }
