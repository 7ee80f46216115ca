package rules

import (
	"context"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

// tellObject takes the answer about an object.
type tellObject = func(audit.Object, audit.Answer)

// noDirectory is why a rule of the domain cannot tell.
const noDirectory = "there is no directory to ask"

// c01 finds a forest that was never prepared.
func c01() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "C01", Title: "schema lacks the attributes", Severity: audit.Critical,
		Explanation: "The schema of the forest does not have msIIS-FTPRoot and msIIS-FTPDir, or one of them. Windows Server 2003 brought them; without them no user can have a home.",
		Remedy:      "Extend the schema: adprep /forestprep of any Windows Server since 2003.",
		References:  []string{"Microsoft, Active Directory schema: ms-IIS-FTP-Root, ms-IIS-FTP-Dir"},
	}, Domain: func(ctx context.Context, c *audit.Crowd, s *audit.Settings, tell tellObject) error {
		switch {
		case c.Sample() != nil: // somebody has both
			tell(audit.Object{}, audit.Answer{})
			return nil
		case s.Permissions == nil:
			tell(audit.Object{}, notChecked(noDirectory))
			return nil
		}
		missing, err := s.Permissions.MissingAttributes(ctx)
		if err != nil || len(missing) == 0 {
			if err == nil {
				tell(audit.Object{}, audit.Answer{})
			}
			return err
		}
		tell(audit.Object{Login: "schema"}, audit.Answer{
			Status: audit.Found, Location: "schema", Message: "the schema lacks " + strings.Join(missing, " and "),
		})
		return nil
	}}
}
