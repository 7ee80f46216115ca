package cli

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/iisftp"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Arguments returns what follows the program's name, for Main. A program that is
// called iisftp, with or without .exe, is the command of that name.
func Arguments(argv []string) []string {
	const name = "iisftp"
	if len(argv) == 0 {
		return nil
	}
	called := strings.ToLower(filepath.Base(argv[0]))
	if strings.TrimSuffix(called, ".exe") == name {
		return append([]string{name}, argv[1:]...)
	}
	return argv[1:]
}

// scriptError is a failure of a command line of the old script, which is told in
// the script's form and ends with 1, whatever it is.
type scriptError struct {
	code uint32 // an HRESULT; 0: as err says
	err  error
}

func (e *scriptError) Error() string { return e.err.Error() }
func (e *scriptError) Unwrap() error { return e.err }

// The HRESULTs that stand for no Win32 code (MS-ERREF 2.1).
const (
	notImplemented = 0x80004001
	unspecified    = 0x80004005
	facilityWin32  = 0x80070000
)

func asScript(err error) error {
	var own *scriptError
	if err == nil || errors.As(err, &own) {
		return err
	}
	return &scriptError{err: err}
}

// hresult is the number that the script would have shown for a failure of this
// kind.
func (e *scriptError) hresult() uint32 {
	if e.code != 0 {
		return e.code
	}
	var code winerr.Code
	switch {
	case errors.As(e.err, &code):
		return facilityWin32 | uint32(code)
	case exitCode(e.err) == exitUsage:
		return facilityWin32 | uint32(winerr.InvalidParameter)
	case exitCode(e.err) == exitConflict:
		return facilityWin32 | uint32(winerr.NoSuchAttribute)
	}
	return unspecified
}

// endScript tells a failure as the script did, on standard output, where callers
// look for it. Advice goes to standard error.
func endScript(a *app, err error, e *scriptError) int {
	if errors.Is(err, context.Canceled) {
		a.report(err)
		return exitFailed
	}
	text := strings.Join(strings.Split(strings.TrimSpace(err.Error()), "\n"), "; ")
	_ = echo(a, "Error &H%08X: %s", e.hresult(), text) // the exit code tells it anyway
	if text := advice(err); text != "" && !a.quiet {
		tell(a, output.Yellow, "hint:", text)
	}
	return exitFailed
}

// openTarget is openForest with /s, /u and /p laid over all other settings.
func openTarget(ctx context.Context, a *app, target iisftp.Target) (*ldapattr.Forest, config.File, error) {
	file, _, err := a.configFile()
	if err != nil {
		return nil, file, err
	}
	c, err := a.connection(file.Directory.Connection)
	if err == nil {
		err = c.aim(target)
	}
	if err != nil {
		return nil, file, err
	}
	cfg, err := a.directoryConfig(ctx, c)
	if err != nil {
		return nil, file, err
	}
	forest, err := ldapattr.OpenForest(ctx, cfg)
	if target.Server != "" && errors.Is(err, ldapattr.ErrUnreachable) {
		err = hint(err, "/s names a domain controller here, not the web server; without it the configuration says which")
	}
	return forest, file, err
}

// aim points a connection at what a command line of the script names. Who comes
// with a password makes a simple bind: on Windows Kerberos would take whoever is
// logged on.
func (c *connection) aim(target iisftp.Target) error {
	if target.User != "" {
		if !strings.ContainsAny(target.User, `\@=`) {
			if c.Domain == "" {
				return hint(usage("/u names no domain, and neither does the configuration"), `write DOMAIN\user or user@domain`)
			}
			target.User += "@" + c.Domain
		}
		c.BindUser, c.Kerberos, c.Keytab = target.User, false, ""
	}
	if !target.Password.Empty() {
		c.PasswordFile, c.PasswordCommand, c.password = "", "", target.Password
	}
	if target.Server == "" {
		return nil
	}
	url := c.urlOf(target.Server)
	if err := config.CheckServer(url); err != nil {
		return usage("/s: %w", err)
	}
	c.Server = []string{url}
	return nil
}

// urlOf makes a URL of a computer's name, in the way of connecting that the
// settings name.
func (c *connection) urlOf(computer string) string {
	if strings.Contains(computer, "://") {
		return computer
	}
	name := strings.TrimLeft(computer, `\`)
	if c.Domain != "" && !strings.ContainsAny(name, ".:") && !strings.EqualFold(name, "localhost") {
		name += "." + c.Domain
	}
	if c.Kerberos || c.StartTLS {
		return "ldap://" + name
	}
	return "ldaps://" + name
}
