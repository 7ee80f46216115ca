package isolation

import (
	"context"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/authz"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// Trial is what a login does otherwise for who explains one. The zero Trial is a
// login. What it replaces are the two steps that need the password; all that decides
// stays the same code.
type Trial struct {
	// Prove takes the place of the bind, and then there need be no password. Its error
	// is taken for that of Directory.VerifyPassword.
	Prove func(ctx context.Context, user ldapattr.User) error
	// Open takes the place of opening the home as the login. Its error is taken for that
	// of Opener.Open; the home may be nil.
	Open func(ctx context.Context, user ldapattr.User, location homedir.Location) (storage.FS, error)
	// Passed is told of each step that was made, also of the one that refused the login.
	Passed func(Step)
}

// Step is one step of a login, with what was known after it.
type Step struct {
	Stage  Stage
	Took   time.Duration
	Err    error // nil: the login went on
	Name   ldapattr.AccountName
	User   ldapattr.User
	Home   homedir.Home // from StageAttribute on
	Rights authz.Right  // from StageRights on
}

// step makes one step of a login and tells the trial of it.
func (t Trial) step(stage Stage, known *Step, run func() error) error {
	began := time.Now()
	err := run()
	if t.Passed != nil {
		known.Stage, known.Took, known.Err = stage, time.Since(began), err
		t.Passed(*known)
	}
	return err
}
