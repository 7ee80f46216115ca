package rules

import (
	"slices"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// v20 finds homes on shares that Windows makes for itself.
func v20() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "V20", Title: "administrative or special share", Severity: audit.Medium,
		Explanation: "The home is on a share that Windows makes for administrators or for itself: ADMIN$, IPC$, SYSVOL, NETLOGON, PRINT$. On a share of a whole drive, such as C$, the finding is critical: the users would have to be administrators of the server.",
		Remedy:      "Make a share for the homes, and move them there.",
	}, Account: readable(func(a *audit.Account, _ *audit.Settings) audit.Answer {
		names := strings.FieldsFunc(a.Root, separator)
		if hostOf(a.Root) == "" || len(names) < 2 {
			return audit.Answer{}
		}
		share := strings.ToUpper(names[1])
		answer := found(a, homedir.AttrRoot, "the share "+share+" is not one for homes")
		switch {
		case len(share) == 2 && share[1] == '$' && share[0] >= 'A' && share[0] <= 'Z':
			answer.Severity = audit.Critical
			return answer
		case slices.Contains([]string{"ADMIN$", "IPC$", "SYSVOL", "NETLOGON", "PRINT$", "FAX$"}, share):
			return answer
		}
		return audit.Answer{}
	})}
}
