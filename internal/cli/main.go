package cli

import (
	"context"
	"errors"
	"io"
	"log/slog"

	"github.com/ftpisoctl/ftpisoctl/internal/output"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// app is one run of the program: what its commands share.
type app struct {
	env      Env
	out      io.Writer               // env.Stdout; all results go here, so that a reader who left is known for one
	given    map[string]*settingFlag // connection flags by name
	config   string                  // --config
	profile  string                  // --profile
	verbose  int                     // -v, -vv
	password secret.Text             // FTPISOCTL_PASSWORD
	quiet    bool                    // --quiet
	color    colorMode               // --color
	trace    io.Writer               // --trace=ldap; nil: nothing is traced
	watch    *progress               // what is being counted on standard error; nil: nothing yet
	started  bool                    // the command line was understood; what fails now is no usage error
}

// Main runs the program with args, which come from Arguments, and returns
// the exit code. The end of ctx interrupts it.
func Main(ctx context.Context, env Env, args []string) int {
	ignoreClosedPipes()
	a := newApp(env)
	a.takePassword()
	root := a.root()
	root.SetArgs(args)
	root.SetIn(env.Stdin)
	root.SetOut(a.out)
	root.SetErr(env.Stderr)
	err := root.ExecuteContext(ctx)
	if err != nil && !a.started {
		err = asUsage(err)
	}
	return a.end(err)
}

func newApp(env Env) *app { return &app{env: env, out: output.Stream(env.Stdout), color: colorAuto} }

// end tells what failed and returns the exit code. A reader of the results who
// has left, as behind "| head", is no failure.
func (a *app) end(err error) int {
	if output.ReaderGone(err) && !errors.Is(err, context.Canceled) {
		return exitOK
	}
	var script *scriptError
	if errors.As(err, &script) {
		return endScript(a, err, script)
	}
	a.report(err)
	return exitCode(err)
}

// takePassword moves FTPISOCTL_PASSWORD out of the environment, whether or not
// it will be needed, so that no program started from here inherits it.
func (a *app) takePassword() {
	if value := a.env.lookup(passwordVariable); value != "" {
		a.password = secret.New(value)
		if err := a.env.Unsetenv(passwordVariable); err != nil {
			a.note("warning: the environment keeps %s: %v", passwordVariable, err)
		}
	}
}

// log returns the diagnostic logger of a command: silent, or on standard error
// with -v.
func (a *app) log() *slog.Logger {
	switch a.verbose {
	case 0:
		return slog.New(slog.DiscardHandler)
	case 1:
		return logTo(a.env.Stderr, slog.LevelInfo)
	}
	return logTo(a.env.Stderr, slog.LevelDebug)
}

// serviceLog returns the diagnostic logger of a service, one for all its parts.
// Nobody watches a service, so it tells without being asked, and with -v all.
func (a *app) serviceLog() *slog.Logger {
	if a.verbose > 0 {
		return logTo(a.env.Stderr, slog.LevelDebug)
	}
	return logTo(a.env.Stderr, slog.LevelInfo)
}

func logTo(out io.Writer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(out, &slog.HandlerOptions{Level: level}))
}
