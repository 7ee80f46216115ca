package cli

import (
	"context"
	"io"
	"os"

	"golang.org/x/term"
)

// Env is the world around one run: streams, environment and terminal. Tests
// bring their own.
type Env struct {
	Stdin        io.Reader
	Stdout       io.Writer
	Stderr       io.Writer
	LookupEnv    func(name string) (string, bool)
	Unsetenv     func(name string) error
	IsTerminal   func(stream any) bool // of one of the three streams
	ReadPassword func(ctx context.Context, prompt string) (string, error)
}

// System returns the world of this process.
func System() Env {
	return Env{
		Stdin:        os.Stdin,
		Stdout:       os.Stdout,
		Stderr:       os.Stderr,
		LookupEnv:    os.LookupEnv,
		Unsetenv:     os.Unsetenv,
		IsTerminal:   isTerminal,
		ReadPassword: readPassword,
	}
}

func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// lookup returns a variable; an empty one counts as absent.
func (e Env) lookup(name string) string {
	value, _ := e.LookupEnv(name)
	return value
}
