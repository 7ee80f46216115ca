package rules

import (
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// v10 finds separators of another system.
func v10() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "V10", Title: "forward slashes", Severity: audit.Medium, Fix: true,
		Explanation: "A value holds forward slashes. Some servers take them, some do not, and scripts that compare values see two different homes. Roots of Linux machines, such as /srv/ftp, are not meant.",
		Remedy:      "Write backslashes; --fix-plan does.",
	}, Account: tidied(readable(func(a *audit.Account, _ *audit.Settings) audit.Answer {
		switch {
		case isPOSIX(a.Root):
		case strings.Contains(a.Root, "/"):
			return found(a, homedir.AttrRoot, "the value holds forward slashes")
		case strings.Trim(a.Dir, "/") != "" && strings.Contains(a.Dir, "/"):
			return found(a, homedir.AttrDir, "the value holds forward slashes")
		}
		return audit.Answer{}
	}), func(text string) string { return strings.ReplaceAll(text, "/", `\`) })}
}
