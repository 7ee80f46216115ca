package rules

import (
	"context"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// v24 finds values that nobody logs on with.
func v24() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "V24", Title: "values on what is no user", Severity: audit.Low,
		Explanation: "An object that is no user has one of the attributes, so nobody ever logs on with it. Objects that were deleted and wait to be restored keep their values, too; they are not read.",
		Remedy:      "Remove the values, or ask who wrote them.",
	}, Account: func(a *audit.Account, _ *audit.Settings) audit.Answer {
		switch {
		case !audit.HasValues(a):
			return nothing()
		case len(a.Classes) == 0:
			return notChecked(noClass)
		case !stranger(a):
			return audit.Answer{}
		}
		return found(a, homedir.AttrRoot, "the object is no user", audit.Evidence{Name: "objectClass", Value: strings.Join(a.Classes, ", ")})
	}, Domain: func(_ context.Context, _ *audit.Crowd, _ *audit.Settings, tell func(audit.Object, audit.Answer)) error {
		tell(audit.Object{}, notChecked("deleted objects are not read"))
		return nil
	}}
}
