package rules

import (
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

// v13 finds names that no Windows file system stores.
func v13() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "V13", Title: "characters that Windows names cannot hold", Severity: audit.High,
		Explanation: "A component holds one of < > : | ? *. No directory can have such a name; a colon would even open a hidden stream of another file. The login is refused.",
		Remedy:      "Write the name that the directory has.",
		References:  []string{"Microsoft, Naming Files, Paths, and Namespaces"},
	}, Account: component(func(name string) string {
		if strings.ContainsAny(name, "<>:|?*") {
			return "holds a character that no Windows name can hold"
		}
		return ""
	})}
}
