package rules

import (
	"context"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// soon is how long before its end a password is worth a finding.
const soon = 14 * day

// c03 finds a service account that is about to fail, and all logins with it.
func c03() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "C03", Title: "service account is, or will soon be, unable to log on", Severity: audit.High,
		Explanation: "The account with which the FTP server reads the directory is disabled, expired or locked out, or its password has expired, must be changed or ends within 14 days. From then on every login of every user is refused.",
		Remedy:      "Repair the account. Change its password in the directory and in the configuration, and plan the next time; a ticket from a keytab or a managed account needs less care.",
	}, Domain: func(ctx context.Context, _ *audit.Crowd, s *audit.Settings, tell tellObject) error {
		switch {
		case s.Service.Name == "":
			tell(audit.Object{}, notChecked(noService))
			return nil
		case s.Permissions == nil:
			tell(audit.Object{}, notChecked(noDirectory))
			return nil
		}
		name, err := ldapattr.ParseAccountName(s.Service.Name, "")
		if err != nil {
			return err
		}
		whole, err := openWhole(ctx, s)
		if err != nil {
			return err
		}
		defer whole.Forest.Close()
		user, err := whole.Forest.Lookup(ctx, name)
		if err != nil {
			return err
		}
		for account, err := range whole.Accounts(ctx, ldapattr.Scope{OU: user.DN}) {
			if err != nil {
				return err
			}
			if account.GUID != user.GUID {
				continue
			}
			object := audit.Object{GUID: user.GUID.String(), SID: user.SID, DN: user.DN, Login: user.SAMAccountName, Domain: user.DNSDomain}
			tell(object, stateOf(&account, s.Now))
		}
		return nil
	}}
}

// stateOf judges whether an account can log on now, and for some time.
func stateOf(a *ldapattr.Account, now time.Time) audit.Answer {
	state, wrong := a.Account, ""
	switch {
	case !state.Known:
		return notChecked("userAccountControl cannot be read")
	case !state.Enabled:
		wrong = "the account is disabled"
	case state.Expired:
		wrong = "the account has expired"
	case state.Locked:
		wrong = "the account is locked out"
	case state.MustChange:
		wrong = "the password must be changed"
	case state.PasswordExpired:
		wrong = "the password has expired"
	case !a.PasswordExpires.IsZero() && a.PasswordExpires.Before(now.Add(soon)):
		wrong = "the password expires on " + a.PasswordExpires.Format(time.DateOnly)
	default:
		return audit.Answer{}
	}
	return audit.Answer{Status: audit.Found, Location: "userAccountControl", Message: wrong}
}

// openWhole opens the domain without the base below which users are looked for.
func openWhole(ctx context.Context, s *audit.Settings) (*ldapattr.Permissions, error) {
	forest := s.Permissions.Forest
	cfg, err := forest.ConfigOf(forest.Home().Domain().DNSName)
	if err != nil {
		return nil, err
	}
	cfg.BaseDN = ""
	whole, err := ldapattr.OpenForest(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return &ldapattr.Permissions{Forest: whole}, nil
}
