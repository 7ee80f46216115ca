package ldapattr

import (
	"context"
	"errors"
	"iter"

	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// Directory is a domain that answers. It is safe for concurrent use.
type Directory struct{ cfg Config }

var errSkeleton = errors.New("not written yet")

// Open connects, binds and learns about the domain. Afterwards connections are
// made anew whenever they are lost, to whichever domain controller answers.
func Open(ctx context.Context, cfg Config) (*Directory, error) { return nil, errSkeleton }

// Close ends all connections. Calls in progress fail.
func (d *Directory) Close() error { return nil }

// Domain tells what the Directory is connected to.
func (d *Directory) Domain() DomainInfo { return DomainInfo{} }

// Lookup finds the one user object that name stands for. A UPN is first looked
// for as an explicit userPrincipalName, as Active Directory itself does at a
// logon; only if nobody has it is it read as sAMAccountName@domain. Errors:
// ErrNotFound, ErrAmbiguous, ErrUnreachable.
func (d *Directory) Lookup(ctx context.Context, name AccountName) (User, error) {
	return User{}, errSkeleton
}

// Users yields all users in scope, a page at a time.
func (d *Directory) Users(ctx context.Context, scope Scope) iter.Seq2[User, error] {
	return func(yield func(User, error) bool) { yield(User{}, errSkeleton) }
}

// Update changes u's attributes in one modify, provided that they still are what
// u says, and returns the entry as it is then.
func (d *Directory) Update(ctx context.Context, u User, change Update) (User, error) {
	return User{}, errSkeleton
}

// VerifyPassword checks the password of exactly this object.
func (d *Directory) VerifyPassword(ctx context.Context, u User, password secret.Text) error {
	return errSkeleton
}
