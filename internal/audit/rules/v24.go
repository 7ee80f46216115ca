package rules

import (
	"context"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// v24 finds values that nobody logs on with.
func v24() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "V24", Title: "values on what is no user", Severity: audit.Low,
		Explanation: "An object that is no user has one of the attributes, so nobody ever logs on with it. Or it was deleted, and waits to be restored: where the Recycle Bin is on it keeps its values, and comes back with a home that may belong to somebody else by then. Only administrators see deleted objects.",
		Remedy:      "Remove the values, or ask who wrote them. After a restore look at the home before the account is enabled.",
		References:  []string{"MS-ADTS 3.1.1.5.5"},
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
	}, Domain: func(ctx context.Context, _ *audit.Crowd, s *audit.Settings, tell tellObject) error {
		switch {
		case s.Permissions == nil:
			tell(audit.Object{}, notChecked(noDirectory))
			return nil
		case s.Narrowed:
			tell(audit.Object{}, notChecked("deleted objects are in no scope"))
			return nil
		}
		n := 0
		for one, err := range s.Permissions.Accounts(ctx, ldapattr.Scope{Deleted: true}) {
			if err != nil {
				tell(audit.Object{}, notChecked("deleted objects cannot be read: "+err.Error()))
				return ctx.Err()
			}
			n++
			a := audit.Account{Account: one}
			tell(audit.Object{GUID: one.GUID.String(), SID: one.SID, DN: one.DN, Login: one.SAMAccountName, Domain: one.DNSDomain},
				found(&a, homedir.AttrRoot, "the object was deleted, and would come back with its values"))
		}
		if n == 0 {
			tell(audit.Object{}, audit.Answer{})
		}
		return nil
	}}
}
