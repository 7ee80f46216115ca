package cli

import (
	"context"
	"iter"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// lookupChunk is how many names are looked up together: enough for the directory
// to be kept busy, and few enough to hold.
const lookupChunk = 1000

// lookUpEach finds the users that names stand for, in their order, each with the
// error of the name or of the look-up. Names that are still to come are not waited
// for longer than it takes to gather a chunk.
func lookUpEach(ctx context.Context, forest *ldapattr.Forest, names iter.Seq2[ldapattr.AccountName, error]) iter.Seq2[ldapattr.User, error] {
	return func(yield func(ldapattr.User, error) bool) {
		for chunk := range chunks(names) {
			for user, err := range chunk.lookUp(ctx, forest) {
				if !yield(user, err) {
					return
				}
			}
		}
	}
}

// nameChunk is some names in a row, with the errors of those that have no valid
// form.
type nameChunk struct {
	names  []ldapattr.AccountName
	errors []error
}

// chunks gathers names.
func chunks(names iter.Seq2[ldapattr.AccountName, error]) iter.Seq[nameChunk] {
	return func(yield func(nameChunk) bool) {
		var c nameChunk
		for name, err := range names {
			c.names, c.errors = append(c.names, name), append(c.errors, err)
			if len(c.names) == lookupChunk {
				if !yield(c) {
					return
				}
				c = nameChunk{}
			}
		}
		if len(c.names) > 0 {
			yield(c)
		}
	}
}

// lookUp yields what became of each name of the chunk.
func (c nameChunk) lookUp(ctx context.Context, forest *ldapattr.Forest) iter.Seq2[ldapattr.User, error] {
	return func(yield func(ldapattr.User, error) bool) {
		var valid []ldapattr.AccountName
		for i, name := range c.names {
			if c.errors[i] == nil {
				valid = append(valid, name)
			}
		}
		next, stop := iter.Pull2(forest.LookupAll(ctx, valid))
		defer stop()
		for _, err := range c.errors {
			var user ldapattr.User
			if err == nil {
				var more bool
				if user, err, more = next(); !more {
					return // a look-up yields one pair for each name, so this is the end of all
				}
			}
			if !yield(user, err) {
				return
			}
		}
	}
}
