package cli

import (
	"errors"
	"log/slog"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// traceFlag is the value of --trace: what is traced.
type traceFlag struct{ app *app }

// Set accepts the names of protocols.
func (f traceFlag) Set(s string) error {
	if s != "ldap" {
		return errors.New("what can be traced is ldap")
	}
	f.app.trace = f.app.env.Stderr
	return nil
}

// String returns what is traced.
func (f traceFlag) String() string {
	if f.app == nil || f.app.trace == nil {
		return ""
	}
	return "ldap"
}

// Type returns the word that help shows for the value.
func (f traceFlag) Type() string { return "PROTOCOL" }

// ldapTrace writes each operation as one line; nil unless --trace asks for it. What
// is secret is not in an Operation in the first place.
func ldapTrace(a *app) func(ldapattr.Operation) {
	if a.trace == nil {
		return nil
	}
	log := logTo(a.trace, slog.LevelInfo)
	return func(op ldapattr.Operation) {
		rows := []any{slog.String("type", op.Type), slog.String("object", op.Object)}
		if op.Type == "search" {
			rows = append(rows, slog.String("scope", op.Scope), slog.String("filter", op.Filter))
		}
		if len(op.Attributes) > 0 {
			rows = append(rows, slog.String("attributes", strings.Join(op.Attributes, ",")))
		}
		rows = append(rows, slog.String("result", op.Result))
		if op.Type == "search" {
			rows = append(rows, slog.Int("entries", op.Entries))
		}
		log.Info("ldap", append(rows, slog.Duration("took", op.Took), slog.String("server", op.Server))...)
	}
}
