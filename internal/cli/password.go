package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// maxPassword bounds what a source may give, in bytes. Active Directory takes
// 256 characters.
const maxPassword = 4096

// passwordSource names where a password comes from. At most one field is set.
type passwordSource struct {
	file, command string
	value         secret.Text
}

func (s passwordSource) none() bool { return s.file == "" && s.command == "" && s.value.Empty() }

// readSecret returns the password of a source. An empty one is refused: with it,
// a directory would answer a bind as if nobody had asked.
func (e Env) readSecret(ctx context.Context, s passwordSource) (secret.Text, error) {
	switch {
	case s.file != "":
		return readPasswordFile(s.file)
	case s.command != "":
		return e.runPasswordCommand(ctx, s.command)
	}
	return s.value, nil
}

func readPasswordFile(path string) (secret.Text, error) {
	f, err := os.Open(path)
	if err != nil {
		return secret.Text{}, usage("read the password file: %w", err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() { // before the advice to change who may read it
		return secret.Text{}, usage("the password file %s is a folder", path)
	}
	if err := checkPrivate(f); err != nil {
		return secret.Text{}, err
	}
	data, err := io.ReadAll(io.LimitReader(f, maxPassword+1))
	if err != nil {
		return secret.Text{}, usage("read the password file: %w", err)
	}
	return onePassword("the password file "+path, data)
}

func (e Env) runPasswordCommand(ctx context.Context, line string) (secret.Text, error) {
	words, err := splitWords(line)
	if err != nil {
		return secret.Text{}, usage("the password command cannot be read: %w", err)
	}
	var out limitedBuffer
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	// No standard input: that one may be the list of names which "get -" reads. A
	// program that asks somebody opens the terminal.
	cmd.Stdin, cmd.Stdout, cmd.Stderr = nil, &out, e.Stderr
	cmd.WaitDelay = 2 * time.Second
	err = cmd.Run()
	switch {
	case ctx.Err() != nil:
		return secret.Text{}, ctx.Err()
	case len(out.data) > maxPassword:
		// What the program ends with is our doing then; the bound is told below.
	case err != nil:
		// Only the program is named: an argument may be a secret.
		return secret.Text{}, hint(usage("the password command %s failed: %w", words[0], err),
			"the command is run without a shell; write sh -c '…' if it needs one")
	}
	return onePassword("the password command "+words[0], out.data)
}

// onePassword takes one line end off and refuses what is certainly no password.
// A wrong password is worth an error here: sent to a directory, it counts
// towards locking the account.
func onePassword(what string, data []byte) (secret.Text, error) {
	text := strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r")
	switch {
	case len(data) > maxPassword:
		return secret.Text{}, usage("%s gives more than %d bytes", what, maxPassword)
	case text == "":
		return secret.Text{}, usage("%s gives an empty password", what)
	case strings.ContainsAny(text, "\n\r\x00"):
		return secret.Text{}, usage("%s gives more than one line", what)
	}
	return secret.New(text), nil
}

var errTooLong = errors.New("too long")

// limitedBuffer keeps the first bytes of an output and ends what goes beyond.
type limitedBuffer struct{ data []byte }

// Write keeps p as long as there is room.
func (b *limitedBuffer) Write(p []byte) (int, error) {
	room := maxPassword + 1 - len(b.data)
	if room >= len(p) {
		b.data = append(b.data, p...)
		return len(p), nil
	}
	b.data = append(b.data, p[:room]...)
	return room, errTooLong
}

// prompt asks for the password of user, where somebody watches: a script that
// runs without a terminal must end, not wait.
func (e Env) prompt(ctx context.Context, user string) (secret.Text, error) {
	if !e.IsTerminal(e.Stdin) && !e.IsTerminal(e.Stderr) {
		return secret.Text{}, hint(usage("there is no password for %s, and no terminal to ask on", user),
			"use --password-file, --password-command, FTPISOCTL_PASSWORD or --kerberos")
	}
	answer, err := e.ReadPassword(ctx, "Password for "+user+": ")
	switch {
	case ctx.Err() != nil:
		return secret.Text{}, ctx.Err()
	case err != nil:
		return secret.Text{}, usage("ask for the password of %s: %w", user, err)
	}
	return onePassword("the terminal", bytes.TrimRight([]byte(answer), "\r\n"))
}
