package rules

import (
	"context"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// c07 finds users whom the configuration hides.
func c07() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "C07", Title: "home outside the configured base", Severity: audit.Medium,
		Explanation: "The account has a home and lies outside the base DN of the configuration: the FTP server does not find it, and every login is refused. Accounts of other domains of the forest are not looked for.",
		Remedy:      "Move the account, widen baseDn, or remove the values: ftpisoctl clear LOGIN.",
	}, Domain: func(ctx context.Context, c *audit.Crowd, s *audit.Settings, tell tellObject) error {
		if s.Permissions == nil {
			tell(audit.Object{}, notChecked(noDirectory))
			return nil
		}
		cfg, err := s.Permissions.Forest.ConfigOf(s.Permissions.Forest.Home().Domain().DNSName)
		if err != nil {
			return err
		}
		base := cfg.BaseDN
		if base == "" {
			tell(audit.Object{}, audit.Answer{})
			return nil
		}
		whole, err := openWhole(ctx, s)
		if err != nil {
			return err
		}
		defer whole.Forest.Close()
		scope := ldapattr.Scope{Filter: "(|(" + homedir.AttrRoot + "=*)(" + homedir.AttrDir + "=*))"}
		for user, err := range whole.Forest.Users(ctx, scope) {
			if err != nil {
				return err
			}
			if below(user.DN, base) {
				tell(audit.Object{}, audit.Answer{})
				continue
			}
			tell(audit.Object{GUID: user.GUID.String(), SID: user.SID, DN: user.DN, Login: user.SAMAccountName, Domain: user.DNSDomain}, audit.Answer{
				Status: audit.Found, Location: "distinguishedName", Message: "the account is not below " + base,
				Evidence: []audit.Evidence{{Name: "distinguishedName", Value: user.DN}, {Name: homedir.AttrRoot, Value: user.Root}, {Name: homedir.AttrDir, Value: user.Dir}},
			})
		}
		return nil
	}}
}

// below reports whether a DN as the directory writes it is another, or lies below it.
func below(dn, base string) bool {
	flat := func(s string) string { return strings.ToLower(strings.ReplaceAll(s, ", ", ",")) }
	return flat(dn) == flat(base) || strings.HasSuffix(flat(dn), ","+flat(base))
}
