package ftpwire

import (
	"log/slog"
	"strings"
)

// masked stands for a secret argument in every log.
const masked = "***"

// Command is one line of the client.
type Command struct {
	Verb   string // in capitals, for the command table
	Typed  string // as the client wrote it, for HELP's echo and the log
	Arg    string // all after the first space, blanks at its end included
	Octets int    // length on the wire, with CRLF and Telnet sequences
}

// ParseCommand splits a line without its CRLF at the first space (RFC 959, 5.3).
func ParseCommand(line string) Command {
	typed, arg, _ := strings.Cut(line, " ")
	return Command{Verb: upper(typed), Typed: typed, Arg: arg, Octets: len(line) + len("\r\n")}
}

// Masked returns verb and argument as a log may show them. The arguments of
// PASS, ACCT and ADAT are secrets, and a verb that only begins with one of these is
// a password typed without the space: then the verb is cut as well. What stands
// before the first letter, such as a blank, a tab or Telnet's octets, does not help.
func (c Command) Masked() (verb, arg string) {
	end, worded := secretVerb(c.Typed)
	switch {
	case end > 0:
		return c.Typed[:end], masked
	case worded:
		return c.Typed, c.Arg
	}
	// The verb is behind the first space: it was not the first thing on the line.
	if end, _ = secretVerb(c.Arg); end > 0 {
		return c.Typed, masked
	}
	return c.Typed, c.Arg
}

// secretVerb returns where the verb ends that announces a secret, if the first
// letters of s are one; worded tells whether s has letters at all.
func secretVerb(s string) (end int, worded bool) {
	start := strings.IndexFunc(s, func(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' })
	if start < 0 {
		return 0, false
	}
	if end = start + len("PASS"); end <= len(s) {
		switch upper(s[start:end]) {
		case "PASS", "ACCT", "ADAT":
			return end, true
		}
	}
	return 0, true
}

// LogValue shows the command to slog, masked.
func (c Command) LogValue() slog.Value {
	verb, arg := c.Masked()
	return slog.GroupValue(slog.String("verb", verb), slog.String("arg", arg))
}

// String is the masked line, so that printing a Command leaks no password.
func (c Command) String() string {
	verb, arg := c.Masked()
	if arg == "" {
		return verb
	}
	return verb + " " + arg
}

// upper maps ASCII letters only: a verb is ASCII, and a Unicode fold (the dotless
// i of some locales, the long s) must not turn another word into one.
func upper(s string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' {
			return r - ('a' - 'A')
		}
		return r
	}, s)
}
