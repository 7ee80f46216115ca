package cli

import (
	"context"
	"fmt"

	"golang.org/x/term"
)

// readPassword asks on the terminal itself, without echo, so that standard input
// and standard error can be redirected. When ctx ends first, the terminal gets
// its echo back: an interrupted prompt must not leave a mute shell.
func readPassword(ctx context.Context, prompt string) (string, error) {
	in, out, err := openTerminal()
	if err != nil {
		return "", err
	}
	defer in.Close()
	defer out.Close()
	fd := int(in.Fd())
	state, err := term.GetState(fd)
	if err != nil {
		return "", err
	}
	if _, err := fmt.Fprint(out, prompt); err != nil {
		return "", err
	}
	type answer struct {
		text []byte
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		text, err := term.ReadPassword(fd)
		answers <- answer{text, err}
	}()
	select {
	case a := <-answers:
		_, err := fmt.Fprintln(out)
		if a.err != nil {
			err = a.err
		}
		return string(a.text), err
	case <-ctx.Done():
		if err := term.Restore(fd, state); err != nil {
			return "", err
		}
		return "", ctx.Err()
	}
}
