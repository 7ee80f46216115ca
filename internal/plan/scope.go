package plan

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/intake"
)

// Rule says what becomes of a user. Templates and Reroot are rules.
type Rule interface {
	// after returns the values to come, nil for a user whom the rule is not about.
	after(u ldapattr.User) (*Values, error)
}

// FromScope plans what a rule says about each user in scope. Users with whom it
// cannot be done are refused in the draft; the error is what ended the work.
func FromScope(ctx context.Context, forest *ldapattr.Forest, scope ldapattr.Scope, rule Rule, options Options) (Draft, error) {
	d := newDraft(forest.Home(), options)
	_, d.half = rule.(Reroot) // whose users keep their directories, be they good or bad
	n := 0
	for user, err := range forest.Users(ctx, scope) {
		if err != nil {
			return Draft{}, err
		}
		n++
		d.watch(n, 0)
		after, err := rule.after(user)
		switch {
		case err != nil:
			d.refuse(intake.Row{}, named(user, err))
		case after != nil:
			d.add(user, *after, intake.Row{})
		}
	}
	return d.finish(), ctx.Err()
}
