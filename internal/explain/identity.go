package explain

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/isolation"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// story is an explanation that is put into words.
type story struct{ *explanation }

// narrate turns what was gathered into steps, in the order of a login.
func (e story) narrate(ctx context.Context) {
	if len(e.passed) == 0 {
		return // the engine did not ask who that is
	}
	e.name(e.passed[0])
	if lookup := e.at(isolation.StageLookup); lookup != nil {
		e.user(*lookup)
	}
	if password := e.at(isolation.StagePassword); password != nil {
		e.report.Account = password.User.DownLevelName()
		e.state(ctx, *password)
		e.copies(ctx, password.User)
	}
	if attribute := e.at(isolation.StageAttribute); attribute != nil {
		e.attributes(*attribute)
	}
	if rights := e.at(isolation.StageRights); rights != nil {
		e.rights(*rights)
	}
	if home := e.at(isolation.StageHome); home != nil {
		e.way(*home)
	}
}

// add adds a step. One that refused the login is Failed.
func (e *explanation) add(s Step) {
	switch {
	case s.Result != "":
	case s.Err != nil:
		s.Result = Failed
	default:
		s.Result = Passed
	}
	if s.Evidence == "" && s.Err != nil {
		s.Evidence = s.Err.Error()
	}
	e.report.Steps = append(e.report.Steps, s)
}

// causeOf is what a step says of itself without its name.
func causeOf(err error) error {
	var refusal *isolation.Error
	if errors.As(err, &refusal) {
		return refusal.Err
	}
	return err
}

func (e story) name(s isolation.Step) {
	if s.Err != nil {
		e.add(Step{Name: "name", Took: s.Took, Err: causeOf(s.Err)})
		return
	}
	typed, form := e.login, "user name"
	evidence := ""
	if host, account, found := strings.Cut(typed, "|"); found {
		evidence, typed = fmt.Sprintf("host %s; ", host), account
	}
	switch {
	case strings.Contains(typed, `\`):
		form = `DOMAIN\user`
	case strings.Contains(typed, "@"):
		form = "UPN"
	case e.Isolation.DefaultDomain != "":
		form = "user name, with defaultLogonDomain " + e.Isolation.DefaultDomain
	}
	e.add(Step{Name: "name", Took: s.Took, Evidence: evidence + s.Name.String() + " (" + form + ")"})
}

func (e story) user(s isolation.Step) {
	domain := e.Isolation.Directory.Domain()
	e.add(Step{Name: "domain", As: AsBind, Evidence: fmt.Sprintf("%s (%s), asked at %s", domain.DNSName, domain.NetBIOSName, domain.Server)})
	if s.Err != nil {
		cause := causeOf(s.Err)
		evidence := cause.Error()
		var directory *ldapattr.Error
		if errors.As(cause, &directory) && directory.Hint != "" {
			evidence += "; " + directory.Hint // the candidates, or where was looked
		}
		e.add(Step{Name: "user", As: AsBind, Took: s.Took, Evidence: evidence, Err: cause})
		return
	}
	upn := s.User.UPN
	if upn == "" {
		upn = "no UPN of its own"
	}
	e.add(Step{Name: "user", As: AsBind, Took: s.Took, Evidence: strings.Join([]string{s.User.DN, upn, s.User.GUID.String(), s.User.SID}, "; ")})
}

// state is the account, and the password where it was given.
func (e story) state(ctx context.Context, s isolation.Step) {
	if e.report.Proven {
		began := time.Now()
		e.account, e.unread = e.Permissions.Account(ctx, s.User)
		e.standing(Step{Name: "account", As: AsBind, Took: time.Since(began)})
		e.add(Step{Name: "password", As: AsLogin, Took: s.Took, Err: causeOf(s.Err), Evidence: accepted(s.Err)})
		return
	}
	e.standing(Step{Name: "account", As: AsBind, Took: s.Took, Err: causeOf(s.Err)})
	if s.Err == nil {
		e.add(Step{Name: "password", Result: Unknown, Evidence: e.assumed()})
	}
}

// assumed is how much a password that was not given can be relied on.
func (e story) assumed() string {
	const smartCardRequired = 0x40000 // of userAccountControl, MS-ADTS 2.2.16
	if e.account.Flags&smartCardRequired != 0 {
		return "not given; taken for the right one, but a smart card is required, and then the domain gives the account a password that nobody knows"
	}
	return "not given; taken for the right one"
}

func accepted(err error) string {
	if err != nil {
		return ""
	}
	return "accepted by a bind with the DN"
}

// standing describes the account. A step with an error has its cause there.
func (e story) standing(s Step) {
	switch state := e.account.User.Account; {
	case e.unread != nil:
		s.Result, s.Err = Unknown, e.unread
	case !state.Known:
		s.Result, s.Evidence = Unknown, "userAccountControl may not be read by the account that asks"
	case s.Err != nil:
	default:
		s.Evidence = e.describe()
		if e.Permissions.Barred(e.account, time.Now()) != nil {
			s.Result = Told // the bind has the last word
		}
	}
	e.add(s)
}

func (e story) describe() string {
	state := e.account.User.Account
	says := []string{"enabled", "not locked", "does not expire", "password does not expire"}
	if !state.Enabled {
		says[0] = "disabled"
	}
	if state.Locked {
		says[1] = "locked"
	}
	const day = "2006-01-02 15:04 UTC"
	switch {
	case state.Expired:
		says[2] = "expired " + state.Expires.Format(day)
	case !state.Expires.IsZero():
		says[2] = "expires " + state.Expires.Format(day)
	}
	switch {
	case state.MustChange:
		says[3] = "password must be changed"
	case state.PasswordExpired:
		says[3] = "password has expired"
	case !e.account.PasswordExpires.IsZero():
		says[3] = "password expires " + e.account.PasswordExpires.Format(day)
	}
	if len(e.account.LogonHours) > 0 {
		says = append(says, "logon hours are limited")
	}
	if e.account.Workstations != "" {
		says = append(says, "workstations: "+e.account.Workstations)
	}
	return strings.Join(says, ", ")
}

// copies are the two attributes as each domain controller has them. One that lags
// behind refuses nobody; but the login may be made there.
func (e story) copies(ctx context.Context, user ldapattr.User) {
	if e.Copies == nil {
		return
	}
	began := time.Now()
	copies, err := e.Copies(ctx, user)
	step := Step{Name: "controllers", As: AsBind, Took: time.Since(began)}
	if err != nil {
		step.Result, step.Err = Unknown, err
		e.add(step)
		return
	}
	var says []string
	for _, c := range copies {
		if c.Err != nil {
			says = append(says, c.Server+": "+c.State+", "+c.Err.Error())
			continue
		}
		says = append(says, fmt.Sprintf("%s: %s, root %s, dir %s", c.Server, c.State, orAbsent(c.Root), orAbsent(c.Dir)))
	}
	step.Evidence = strings.Join(says, "; ")
	if slices.ContainsFunc(copies, func(c Copy) bool { return !c.Current }) {
		step.Result = Told
	}
	e.add(step)
}

func orAbsent(value string) string {
	if value == "" {
		return "(absent)"
	}
	return value
}
