package cli

import (
	"context"
	"fmt"
	"os"

	"golang.org/x/term"
)

// readPassword asks on the terminal, without echo. When ctx ends first, the
// terminal gets its echo back: an interrupted prompt must not leave a mute shell.
func readPassword(ctx context.Context, prompt string) (string, error) {
	fd := int(os.Stdin.Fd())
	state, err := term.GetState(fd)
	if err != nil {
		return "", err
	}
	fmt.Fprint(os.Stderr, prompt)
	defer fmt.Fprintln(os.Stderr)
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
		return string(a.text), a.err
	case <-ctx.Done():
		if err := term.Restore(fd, state); err != nil {
			return "", err
		}
		return "", ctx.Err()
	}
}
