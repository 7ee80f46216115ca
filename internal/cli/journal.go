package cli

import (
	"context"
	"errors"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/plan"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
)

const journalVariable = "FTPISOCTL_JOURNAL"

func addJournalFlag(flags *pflag.FlagSet, folder *string) {
	flags.StringVar(folder, "journal", "", "keep what is changed in `FOLDER`, for history and undo")
}

// journalAt returns the journal that a flag names, else the environment, else the
// configuration, else the one in the system's place.
func journalAt(env Env, flag string, file config.File) (*journal.Store, error) {
	for _, folder := range []string{flag, env.lookup(journalVariable), file.Journal, stateFolder(runtime.GOOS, os.Geteuid(), env.lookup)} {
		if folder != "" {
			return journal.At(folder), nil
		}
	}
	return nil, hint(usage("there is no place for the journal of changes: neither a home nor a state folder is known"),
		"name a folder with --journal or "+journalVariable)
}

// stateFolder is where a system keeps what programs must remember, "" if it does
// not say.
func stateFolder(goos string, uid int, lookup func(string) string) string {
	base, home := lookup("XDG_STATE_HOME"), lookup("HOME")
	switch {
	case goos == "windows":
		base = lookup("LocalAppData")
	case filepath.IsAbs(base):
	case uid == 0:
		base = "/var/lib"
	case filepath.IsAbs(home):
		base = filepath.Join(home, ".local", "state")
	}
	if !filepath.IsAbs(base) {
		return ""
	}
	return filepath.Join(base, "ftpisoctl")
}

// operator is the account that runs the program.
func operator(env Env) string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return env.lookup("USER")
}

// tool names the program and its version.
func tool() string { return "ftpisoctl " + build().Version }

// settle closes in the journal what runs that were broken off have left open, and
// says so. What cannot be settled now is settled later, and keeps nobody from
// working.
func settle(ctx context.Context, a *app, forest *ldapattr.Forest, store *journal.Store) error {
	settled, err := plan.Settle(ctx, forest, store)
	permissions, failed := plan.SettleGrants(ctx, &ldapattr.Permissions{Forest: forest}, store, forest.Home().Domain().DNSName)
	settled, err = append(settled, permissions...), errors.Join(err, failed)
	for _, s := range settled {
		tellSettled(a, s.Header, s.Counts, s.Looked)
	}
	if err != nil && ctx.Err() == nil {
		tellUnsettled(a, err)
		return nil
	}
	return ctx.Err()
}

// tellUnsettled says what keeps runs open: each reason once, although changes and
// permissions may have the same.
func tellUnsettled(a *app, err error) {
	var told []string
	for line := range strings.Lines(err.Error()) {
		if line = strings.TrimSuffix(line, "\n"); !slices.Contains(told, line) {
			a.note("warning: the journal: %s", line)
			told = append(told, line)
		}
	}
}

// tellSettled says what became of a run that was broken off.
func tellSettled(a *app, h journal.Header, c journal.Counts, looked int) {
	a.note("run %s (%s) was broken off; its %s %s been read back: in all %d done, %d not done, %s",
		h.ID, h.Command, plural(looked, "open change"), agree(looked, "has", "have"), c.Done+c.Unchanged, c.NotDone+c.Failed, plural(c.Conflict, "conflict"))
}
