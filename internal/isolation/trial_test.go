//go:build unix

package isolation_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/isolation"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// A trial sees the steps of a login in order, and what it replaces decides.
func TestTry_steps(t *testing.T) {
	d := start(t, 0, resident("alice"))
	d.homes(t, "alice")
	var stages []isolation.Stage
	trial := isolation.Trial{Passed: func(s isolation.Step) { stages = append(stages, s.Stage) }}
	session, err := d.resolver.Try(t.Context(), "alice", secret.New("pw-alice"), trial)
	if err != nil {
		t.Fatal(err)
	}
	session.Root.Close()
	all := []isolation.Stage{"name", "lookup", "password", "attribute", "rights", "home"}
	if !slices.Equal(stages, all) {
		t.Errorf("got the steps %q, want %q", stages, all)
	}

	stages = nil
	trial.Prove = func(context.Context, ldapattr.User) error { return nil }
	trial.Open = func(context.Context, ldapattr.User, homedir.Location) (storage.FS, error) {
		return nil, winerr.PathNotFound
	}
	var refusal *isolation.Error
	_, err = d.resolver.Try(t.Context(), "alice", secret.Text{}, trial)
	if !errors.As(err, &refusal) || refusal.Stage != isolation.StageHome || refusal.Win32 != winerr.PathNotFound || !slices.Equal(stages, all) {
		t.Errorf("got %v after %q", err, stages)
	}
	trial.Prove = func(context.Context, ldapattr.User) error {
		return &ldapattr.Error{Kind: ldapattr.ErrAuth, Win32: winerr.AccountDisabled}
	}
	if _, err = d.resolver.Try(t.Context(), "alice", secret.Text{}, trial); !errors.As(err, &refusal) || refusal.Stage != isolation.StagePassword || refusal.Win32 != winerr.AccountDisabled {
		t.Errorf("got %v, want the account's state", err)
	}
	// Without a trial there is no login without a password.
	if _, err = d.resolver.Try(t.Context(), "alice", secret.Text{}, isolation.Trial{}); err == nil {
		t.Error("an empty password logs in")
	}
}
