package rules

import (
	"fmt"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// v16 finds values that are nearly too long for the schema.
func v16() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "V16", Title: "value close to its longest", Severity: audit.Low,
		Explanation: "A value has more than nine tenths of the 256 characters that Active Directory takes. The next rename of a folder may not fit.",
		Remedy:      "Use a shorter path, or a share further down.",
		References:  []string{"Microsoft, Active Directory schema: ms-IIS-FTP-Root, ms-IIS-FTP-Dir"},
	}, Account: either(func(v value) string {
		if n := winpath.Units(v.text); n*10 > homedir.MaxUnits*9 {
			return fmt.Sprintf("the value has %d of at most %d characters", n, homedir.MaxUnits)
		}
		return ""
	})}
}
