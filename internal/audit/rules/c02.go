package rules

import (
	"context"
	"errors"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// noService is why the rules about the service account cannot tell.
const noService = "no site is configured, so no service account is known"

// c02 finds an FTP server to which nobody has a home.
func c02() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "C02", Title: "service account cannot read the attributes", Severity: audit.High,
		Explanation: "The account with which the FTP server reads the directory cannot log on, or does not see the attributes of a user who has both. Every login is refused, for all users at once. No property set covers the attributes, so hardened domains hide them.",
		Remedy:      "Give the account Read Property on both attributes: ftpisoctl delegate prints what does it. Correct its password where it cannot log on.",
		References:  []string{"Microsoft, Active Directory schema: ms-IIS-FTP-Root, ms-IIS-FTP-Dir"},
	}, Domain: func(ctx context.Context, c *audit.Crowd, s *audit.Settings, tell tellObject) error {
		sample := c.Sample()
		switch {
		case s.Service.Name == "":
			tell(audit.Object{}, notChecked(noService))
			return nil
		case s.Service.Open == nil:
			tell(audit.Object{}, notChecked("the password of the service account is not configured"))
			return nil
		case sample == nil:
			tell(audit.Object{}, notChecked("nobody has a home that could be read"))
			return nil
		}
		wrong, err := readAs(ctx, s.Service, sample)
		if err != nil || wrong == "" {
			if err == nil {
				tell(audit.Object{}, audit.Answer{})
			}
			return err
		}
		tell(audit.Object{Login: s.Service.Name}, audit.Answer{
			Status: audit.Found, Location: s.Service.Name, Message: wrong, Evidence: []audit.Evidence{{Name: "sample", Value: sample.DN}},
		})
		return nil
	}}
}

// readAs says what is wrong when the service reads somebody.
func readAs(ctx context.Context, service audit.Service, sample *audit.Account) (wrong string, err error) {
	directory, err := service.Open(ctx)
	if errors.Is(err, ldapattr.ErrAuth) {
		return "the account cannot log on", nil
	}
	if err != nil {
		return "", err
	}
	defer directory.Close()
	name, err := ldapattr.ParseAccountName(sample.GUID.String(), "")
	if err != nil {
		return "", err
	}
	switch user, err := directory.Lookup(ctx, name); {
	case errors.Is(err, ldapattr.ErrNotFound) || errors.Is(err, ldapattr.ErrRights):
		return "the account does not see a user who is there", nil
	case err != nil:
		return "", err
	case user.Root != sample.Root || user.Dir != sample.Dir:
		return "the account does not see the attributes of a user who has both", nil
	}
	return "", nil
}
