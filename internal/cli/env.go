package cli

import (
	"context"
	"io"
	"os"
	"time"

	"golang.org/x/term"
)

// Env is the world around one run: streams, environment and terminal. Tests
// bring their own.
type Env struct {
	Stdin        io.Reader
	Stdout       io.Writer
	Stderr       io.Writer
	LookupEnv    func(name string) (string, bool) // nil: no variable is set
	Unsetenv     func(name string) error
	IsTerminal   func(stream any) bool // of one of the three streams
	ReadPassword func(ctx context.Context, prompt string) (string, error)
	ReadLine     func(ctx context.Context, prompt string) (string, error) // nil: nobody can be asked
	Colors       func(stream any) bool                                    // whether a terminal takes colours; nil: all do
	Now          func() time.Time                                         // nil: time.Now
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
		ReadLine:     readLine,
		Colors:       takesColors,
	}
}

func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// now is the time.
func (e Env) now() time.Time {
	if e.Now == nil {
		return time.Now()
	}
	return e.Now()
}

// lookup returns a variable; an empty one counts as absent.
func (e Env) lookup(name string) string {
	if e.LookupEnv == nil {
		return ""
	}
	value, _ := e.LookupEnv(name)
	return value
}

// asks reports whether there is somebody to ask.
func (e Env) asks() bool {
	return e.ReadLine != nil && (e.IsTerminal(e.Stdin) || e.IsTerminal(e.Stderr))
}
