package rules

import (
	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// v17 finds aliases that a volume makes up.
func v17() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "V17", Title: "short (8.3) name", Severity: audit.Low,
		Explanation: "A component has the form of a short name, such as ALICIA~1. Which directory it means depends on the order in which directories were created, and it changes with a restore. ftpisoctl refuses such a login, since nobody can tell whose home it is.",
		Remedy:      "Write the long name of the directory.",
		References:  []string{"MS-FSCC 2.1.5.2.1"},
	}, Account: component(func(name string) string {
		if winpath.IsShort(name) {
			return "has the form of a short name"
		}
		return ""
	})}
}
