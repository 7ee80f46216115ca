package ldapattr

import (
	"context"
	"iter"
)

// Forest is the domain of a Config together with the other domains of its forest,
// each asked at its own domain controllers. It is safe for concurrent use.
type Forest struct {
	home *Directory
}

// OpenForest connects to the domain of cfg as Open does. The other domains are
// connected to when a name needs them.
func OpenForest(ctx context.Context, cfg Config) (*Forest, error) {
	home, err := Open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return &Forest{home: home}, nil
}

// Home returns the domain that the Config is about.
func (f *Forest) Home() *Directory { return f.home }

// Close ends all connections. Calls in progress fail.
func (f *Forest) Close() error { return f.home.Close() }

// Lookup finds the one user object that name stands for, in the domain that the
// name says. Errors: those of Directory.Lookup.
func (f *Forest) Lookup(ctx context.Context, name AccountName) (User, error) {
	return f.home.Lookup(ctx, name)
}

// LookupAll finds the users that names stand for and yields them in the order of
// names, one pair for each, with what Lookup would return.
func (f *Forest) LookupAll(ctx context.Context, names []AccountName) iter.Seq2[User, error] {
	return func(yield func(User, error) bool) {
		for _, name := range names {
			if !yield(f.Lookup(ctx, name)) {
				return
			}
		}
	}
}

// Users yields the users in scope, of the domain in which its OU and group are.
func (f *Forest) Users(ctx context.Context, scope Scope) iter.Seq2[User, error] {
	return f.home.Users(ctx, scope)
}
