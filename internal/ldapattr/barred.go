package ldapattr

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Account reads one user again, with all that tells whether the account can log on.
// Errors: ErrNotFound, ErrUnreachable.
func (p *Permissions) Account(ctx context.Context, u User) (Account, error) {
	const op = "read the account of"
	d, err := domainOf(ctx, p, u)
	if err != nil {
		return Account{}, explain(op, abridge(u.DN), err)
	}
	s := search{d.domain.info.BaseDN, ldap.ScopeWholeSubtree, "(" + attrGUID + "=" + escapeOctets(string(u.GUID[:])) + ")"}
	var found Account
	err = d.request(ctx, func(ctx context.Context, l *link) error {
		entries, err := read(ctx, l, s, accountAttributes()...)
		if err == nil && len(entries) != 1 {
			err = &Error{Kind: ErrNotFound, Op: op, Object: abridge(u.DN), Win32: winerr.NoSuchUser}
		}
		if err == nil {
			found, err = d.domain.accountOf(entries[0], time.Now())
		}
		return err
	})
	return found, explain(op, abridge(u.DN), err)
}

// Barred returns what VerifyPassword would return for the right password, as far as
// the account tells: nil if nothing bars it, or if it may not be read. Of the
// workstations that an account may be limited to, an LDAP bind comes from the domain
// controller. The order is Active Directory's.
func (p *Permissions) Barred(a Account, now time.Time) error {
	return barred(a, now, p.home().Domain().Server)
}

func barred(a Account, now time.Time, server string) error {
	reason := ""
	switch state := a.User.Account; {
	case !state.Known:
	case state.Locked:
		reason = "775"
	case !state.Enabled:
		reason = "533"
	case state.Expired:
		reason = "701"
	case !withinHours(a.LogonHours, now):
		reason = "530"
	case !fromWorkstation(a.Workstations, server):
		reason = "531"
	case state.MustChange:
		reason = "773"
	case state.PasswordExpired:
		reason = "532"
	}
	if reason == "" {
		return nil
	}
	e := &Error{Kind: ErrAuth, Op: "verify the password of", Object: abridge(a.DN), Win32: winerr.LogonFailure}
	explainReason(e, reason)
	e.Err = errors.New(e.Hint)
	return e
}

// withinHours reads logonHours: a bit for each hour of the week.
func withinHours(hours []byte, now time.Time) bool {
	const octetsOfWeek = 21
	if len(hours) != octetsOfWeek {
		return true
	}
	hour := int(now.UTC().Weekday())*24 + now.UTC().Hour()
	return hours[hour/8]>>(hour%8)&1 == 1
}

// fromWorkstation looks for a host in the list, which has no domain in its names.
func fromWorkstation(list, server string) bool {
	host, _, _ := strings.Cut(server, ".")
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.TrimSpace(name); list == "" || strings.EqualFold(name, host) || strings.EqualFold(name, server) {
			return true
		}
	}
	return false
}
