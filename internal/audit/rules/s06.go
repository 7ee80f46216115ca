package rules

import (
	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

// s06 finds file servers that no client of today should talk to.
func s06() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "S06", Title: "file server speaks SMB 1 only", Severity: audit.High, Level: 2,
		Explanation: "The file server knows no SMB 2 or later. SMB 1 has been off by default for years, signs weakly and encrypts nothing; no login gets to the homes. A session that the server takes for a guest's is refused as well, and is S16.",
		Remedy:      "Let the server speak SMB 2 or later, or move the homes.",
	}, Server: onServer(survey.OldDialect)}
}
