package rules

import (
	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// v14 finds names that Windows takes for devices.
func v14() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "V14", Title: "reserved device name", Severity: audit.High,
		Explanation: "A component is the name of a device, such as CON, NUL or COM1, also with an extension. Windows opens the device instead of a directory; the login is refused.",
		Remedy:      "Give the directory another name, and write that.",
		References:  []string{"Microsoft, Naming Files, Paths, and Namespaces"},
	}, Account: component(func(name string) string {
		if winpath.IsDevice(name) {
			return "Windows takes for a device"
		}
		return ""
	})}
}
