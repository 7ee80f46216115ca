package rules

import "github.com/ftpisoctl/ftpisoctl/internal/audit"

// v05 finds the way out of a home.
func v05() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "V05", Title: `path with a ".." component`, Severity: audit.Critical,
		Explanation: `A component ".." leaves the folder that the path seems to name, and may end in somebody else's home. ftpisoctl refuses such a login; a server that joins the values without looking does not.`,
		Remedy:      "Write the folder that is meant. Ask who wrote the value: nobody needs it by accident.",
		References:  []string{"CWE-22"},
	}, Account: component(func(name string) string {
		if name == ".." {
			return "leaves the folder before it"
		}
		return ""
	})}
}
