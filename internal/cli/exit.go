package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
)

// The exit codes. They are a contract: scripts branch on them.
const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2
	exitPartly      = 3
	exitFindings    = 4
	exitUnreachable = 5
	exitRights      = 6
	exitConflict    = 7
	exitNotFound    = 8
	exitInterrupted = 130
)

// exitRow is an exit code with its meaning.
type exitRow struct {
	code    int
	meaning string
}

// text is the row with a tab between its cells.
func (r exitRow) text() string { return strconv.Itoa(r.code) + "\t" + r.meaning }

// exitCodes is the table that help, manual and documents show.
func exitCodes() []exitRow {
	return []exitRow{
		{exitOK, "done; nothing to do is also 0"},
		{exitFailed, "failed"},
		{exitUsage, "usage: unknown flag, bad value, invalid configuration"},
		{exitPartly, "partly done: some objects failed"},
		{exitFindings, "findings at or above the limit"},
		{exitUnreachable, "no connection; name resolution or TLS failed"},
		{exitRights, "authentication or rights"},
		{exitConflict, "conflict: the value is not what was expected"},
		{exitNotFound, "user, share or path not found"},
		{exitInterrupted, "interrupted"},
	}
}

// exitHelp is the end of every help text.
func exitHelp() string {
	var text strings.Builder
	text.WriteString("\nExit codes:\n")
	for _, row := range exitCodes() {
		fmt.Fprintf(&text, "  %3d  %s\n", row.code, row.meaning)
	}
	return text.String()
}

// exitError is an error with an exit code of its own and perhaps with advice.
type exitError struct {
	code int // 0: as err says
	err  error
	hint string
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

// errChanges is the answer of plan --exit-code that there is something to change.
var errChanges = &exitError{code: exitFindings, err: errors.New("there is something to change")}

// usage returns an error of the command line or of what it names.
func usage(format string, args ...any) error {
	return &exitError{code: exitUsage, err: fmt.Errorf(format, args...)}
}

// conflict returns an error of a value that is not what the caller expected.
func conflict(format string, args ...any) error {
	return &exitError{code: exitConflict, err: fmt.Errorf(format, args...)}
}

// hint adds advice to err.
func hint(err error, advice string) error { return &exitError{err: err, hint: advice} }

// asUsage marks an error of cobra's own, which comes before any command runs.
func asUsage(err error) error {
	var own *exitError
	if errors.As(err, &own) {
		return err
	}
	return usage("%w", err)
}

// exitCode turns the outcome of a command into the exit code.
func exitCode(err error) int {
	if err == nil {
		return exitOK
	}
	if errors.Is(err, context.Canceled) {
		return exitInterrupted
	}
	for own := new(exitError); errors.As(err, &own); err = own.err {
		if own.code != 0 {
			return own.code
		}
	}
	var batch *batchError
	if errors.As(err, &batch) {
		return batch.code
	}
	var file *config.Error
	var value *homedir.ValueError
	if errors.As(err, &file) || errors.As(err, &value) {
		return exitUsage
	}
	for _, row := range kinds() {
		if errors.Is(err, row.kind) {
			return row.code
		}
	}
	return exitFailed
}

type kindRow struct {
	kind error
	code int
	hint string // used where the error brings none
}

// kinds lists what the rooms below can say, and its code. A room that says
// something new gets a line here.
func kinds() []kindRow {
	const names = `a user is named by sAMAccountName, DOMAIN\user, UPN, DN, SID or objectGUID`
	return []kindRow{
		{ldapattr.ErrUsage, exitUsage, ""},
		{ldapattr.ErrValue, exitUsage, ""},
		{ldapattr.ErrPlaintext, exitUsage, "use an ldaps:// server, --starttls or --kerberos"},
		{ldapattr.ErrConflict, exitConflict, "look at the present values with get, then try again"},
		{ldapattr.ErrRights, exitRights, "the bind user may not write " + homedir.AttrRoot + " and " + homedir.AttrDir + " here; ftpisoctl delegate prints what lets it"},
		{ldapattr.ErrAuth, exitRights, "check the bind user and its password"},
		{ldapattr.ErrNotFound, exitNotFound, names},
		{ldapattr.ErrAmbiguous, exitNotFound, "name the user by DN, SID or objectGUID"},
		{ldapattr.ErrNoHome, exitNotFound, "give the user a home with set"},
		{ldapattr.ErrUnreachable, exitUnreachable, "check --server or --domain, the network and the certificate"},
		{context.DeadlineExceeded, exitUnreachable, "the answer took longer than --timeout"},
	}
}

// advice returns the hint that belongs to err, "" if there is none.
func advice(err error) string {
	var own *exitError
	for e := err; errors.As(e, &own); e = own.err {
		if own.hint != "" {
			return own.hint
		}
	}
	var directory *ldapattr.Error
	if errors.As(err, &directory) && directory.Hint != "" {
		return directory.Hint
	}
	for _, row := range kinds() {
		if errors.Is(err, row.kind) {
			return row.hint
		}
	}
	return ""
}

// report prints what failed and why, one line for each problem, with the id of a
// cause that has one, and the next step behind "hint:". Nothing else in this package
// prints errors.
func (a *app) report(err error) {
	switch {
	case err == nil, errors.Is(err, errChanges): // that one is an answer
		return
	case errors.Is(err, context.Canceled):
		a.note("interrupted")
		return
	}
	mark := ""
	if id := errorID(err); id != "" {
		mark = " [" + id + "]"
	}
	for line := range strings.Lines(err.Error()) {
		tell(a, output.Red, "error:", strings.TrimSuffix(line, "\n")+mark)
	}
	if text := advice(err); text != "" && !a.quiet {
		tell(a, output.Yellow, "hint:", text)
	}
}

// note prints one line for people. A standard error that nobody reads is no
// reason to stop.
func (a *app) note(format string, args ...any) {
	a.watch.end()
	_, _ = fmt.Fprintln(a.env.Stderr, output.Printable(fmt.Sprintf(format, args...)))
}

// tell is note with a word before the text that may have a colour.
func tell(a *app, c output.Color, word, text string) {
	a.watch.end()
	if a.env.colors(a.color, a.env.Stderr) {
		word = output.Paint(c, word)
	}
	_, _ = fmt.Fprintln(a.env.Stderr, word+" "+output.Printable(text))
}
