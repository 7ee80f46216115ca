package ldapattr

import (
	"context"
	"errors"
)

// Change is what to do to one user, who was read before.
type Change struct {
	User   User
	Update Update
}

// State is what became of a change.
type State uint8

const (
	NotSent State = iota // nothing was sent
	Done                 // the domain controller said that it is done
	Refused              // the domain controller, or a rule before anything was sent, said no
	Unknown              // it was sent, and no answer came
)

// Outcome is what became of one Change.
type Outcome struct {
	State State
	Now   User  // values after Done, and the present ones after a conflict; otherwise zero
	Err   error // nil after Done; ErrConflict when somebody else was faster
}

// UpdateAll makes changes, each as Directory.Update does by itself, and returns
// what became of them, in their order.
func (f *Forest) UpdateAll(ctx context.Context, changes []Change) []Outcome {
	outcomes := make([]Outcome, len(changes))
	for i, c := range changes {
		if ctx.Err() != nil {
			outcomes[i].Err = explain("change", c.User.DN, context.Cause(ctx))
			continue
		}
		now, err := f.home.Update(ctx, c.User, c.Update)
		outcomes[i] = Outcome{State: Done, Now: now, Err: err}
		switch {
		case errors.Is(err, ErrUnreachable) || errors.Is(err, context.Canceled):
			outcomes[i].State = Unknown
		case err != nil:
			outcomes[i].State = Refused
		}
		if errors.Is(err, ErrConflict) {
			outcomes[i].Now, _ = f.home.Lookup(ctx, AccountName{kind: nameGUID, value: c.User.GUID.String(), binary: string(c.User.GUID[:])})
		}
	}
	return outcomes
}
