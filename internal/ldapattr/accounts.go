package ldapattr

import (
	"context"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

const (
	attrClass         = "objectClass"
	attrExpiry        = "msDS-UserPasswordExpiryTimeComputed"
	attrLastLogon     = "lastLogonTimestamp"
	attrAdminCount    = "adminCount"
	attrHours         = "logonHours"
	attrWorkstations  = "userWorkstations"
	attrMemberOf      = "memberOf"
	attrCreated       = "whenCreated"
	generalizedTime   = "20060102150405.0Z"
	rangeOfAttribute  = ";range=" // MS-ADTS 3.1.1.3.1.3.3: a DC gives 1,500 values at once
	maxGroupsRemember = 5000      // DNs kept of one account
)

// Account is a user, or something else that has one of the two attributes, with all
// that tells whether it can log on and what it may do.
type Account struct {
	User
	Classes         []string  // objectClass, most general first
	Flags           int64     // userAccountControl (MS-ADTS 2.2.16), where User.Account.Known
	PasswordSet     time.Time // zero: never, not known, or to be changed at the next logon
	PasswordExpires time.Time // zero: never, or not known
	LastLogon       time.Time // late by up to 14 days; zero: never, or not known
	Created         time.Time
	AdminCount      int
	LogonHours      []byte   // 168 bits from Sunday 00:00 UTC; empty: always
	Workstations    string   // names with commas between them; "": all
	Groups          []string // DNs of the groups that name it as a member, without the primary one
	MoreGroups      bool     // there are more than the domain controller gives at once
}

// Accounts yields all users in scope as Forest.Users does, with more about each; and
// where the scope is all users, also other objects that have one of the two
// attributes, by which nobody logs on. It needs a Forest.
func (p *Permissions) Accounts(ctx context.Context, scope Scope) iter.Seq2[Account, error] {
	return func(yield func(Account, error) bool) {
		m, err := p.Forest.members.scopeIn(scope)
		if err != nil {
			yield(Account{}, err)
			return
		}
		d, err := p.Forest.open(ctx, m)
		if err != nil {
			yield(Account{}, explain("list", "users", err))
			return
		}
		l := listing{scope: scope, wanted: accountAttributes(), stragglers: stragglersIn(scope)}
		walk(ctx, d, l, d.domain.accountOf)(yield)
	}
}

func accountAttributes() []string {
	return append(userAttributes(Config{}), attrClass, attrExpiry, attrLastLogon, attrAdminCount, attrHours, attrWorkstations, attrMemberOf, attrCreated)
}

// stragglersIn reports whether a scope is all users of some place.
func stragglersIn(scope Scope) bool {
	return scope.Group.kind == nameNone && scope.Filter == "" && !scope.Missing
}

// withStragglers widens the filter of all users.
func withStragglers(filter string) string {
	return "(|" + filter + "(" + homedir.AttrRoot + "=*)(" + homedir.AttrDir + "=*))"
}

// accountOf decodes an entry as userOf does; what is more is not worth an error.
func (d domain) accountOf(entry *ldap.Entry, now time.Time) (Account, error) {
	user, err := d.userOf(entry, now)
	if err != nil {
		return Account{}, err
	}
	text := entry.GetEqualFoldAttributeValue
	a := Account{
		User:            user,
		Classes:         entry.GetEqualFoldAttributeValues(attrClass),
		PasswordSet:     fileTime(text(attrPwdSet)),
		PasswordExpires: fileTime(text(attrExpiry)),
		LastLogon:       fileTime(text(attrLastLogon)),
		LogonHours:      []byte(text(attrHours)),
		Workstations:    text(attrWorkstations),
	}
	a.Flags, _ = strconv.ParseInt(text(attrUAC), 10, 64)
	a.AdminCount, _ = strconv.Atoi(text(attrAdminCount))
	a.Created, _ = time.Parse(generalizedTime, text(attrCreated))
	for _, attribute := range entry.Attributes {
		name, part, partial := strings.Cut(strings.ToLower(attribute.Name), rangeOfAttribute)
		if name != strings.ToLower(attrMemberOf) {
			continue
		}
		a.Groups = append(a.Groups, attribute.Values[:min(len(attribute.Values), maxGroupsRemember)]...)
		a.MoreGroups = a.MoreGroups || partial && !strings.HasSuffix(part, "-*")
	}
	return a, nil
}
