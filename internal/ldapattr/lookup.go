package ldapattr

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// onlyUsers: computers have objectClass=user as well, contacts objectCategory=person.
const onlyUsers = "(objectCategory=person)(objectClass=user)"

// maxCandidates is how many matches an ErrAmbiguous lists.
const maxCandidates = 5

// Lookup finds the one user object that name stands for. A UPN is first looked
// for as an explicit userPrincipalName, as Active Directory itself does at a
// logon; only if nobody has it is it read as sAMAccountName@domain. Errors:
// ErrNotFound, ErrAmbiguous, ErrUnreachable.
func (d *Directory) Lookup(ctx context.Context, name AccountName) (User, error) {
	if name.kind == nameNone || name.value == "" {
		return User{}, &Error{Kind: ErrUsage, Op: "look up", Err: errors.New("no name is given")}
	}
	searches, err := d.domain.searchesFor(name)
	if err != nil {
		return User{}, err
	}
	var found User
	err = d.request(ctx, func(ctx context.Context, l *link) error {
		var err error
		found, err = d.domain.firstMatch(ctx, l, name, searches)
		return err
	})
	if err != nil {
		return User{}, explain("look up", abridge(name.String()), err)
	}
	return found, nil
}

// search is one way to read a name.
type search struct {
	base   string
	scope  int
	filter string
}

// searchesFor returns the readings of a name, in order; the first that matches
// anything decides.
func (d domain) searchesFor(name AccountName) ([]search, error) {
	below := func(condition string) search {
		return search{d.info.BaseDN, ldap.ScopeWholeSubtree, "(&" + condition + onlyUsers + ")"}
	}
	switch name.kind {
	case nameDN:
		if _, err := within(name.value, d.base); err != nil {
			return nil, d.notFound(name, name.value+" "+err.Error())
		}
		return []search{{name.value, ldap.ScopeBaseObject, "(&" + onlyUsers + ")"}}, nil
	case nameSID:
		return []search{below("(" + attrSID + "=" + escapeOctets(name.binary) + ")")}, nil
	case nameGUID:
		return []search{below("(" + attrGUID + "=" + escapeOctets(name.binary) + ")")}, nil
	case nameUPN:
		return d.searchesForUPN(name, below), nil
	}
	if name.domain != "" && !d.is(name.domain) {
		return nil, d.notFound(name, fmt.Sprintf("%s is another domain than %s (%s)", name.domain, d.info.NetBIOSName, d.info.DNSName))
	}
	return []search{below(equals(attrSAM, name.value))}, nil
}

// searchesForUPN: the explicit name first. Read the other way round, a user could
// be shut out of the name that Active Directory logs them on by.
func (d domain) searchesForUPN(name AccountName, below func(string) search) []search {
	list := []search{below(equals(attrUPN, name.value))}
	at := strings.LastIndexByte(name.value, '@')
	if strings.EqualFold(name.value[at+1:], d.info.DNSName) {
		list = append(list, below(equals(attrSAM, name.value[:at])))
	}
	return list
}

// equals is the one place where typed text enters a filter.
func equals(attribute, value string) string {
	return "(" + attribute + "=" + ldap.EscapeFilter(value) + ")"
}

// is says whether a domain name, in either form, is this domain's.
func (d domain) is(name string) bool {
	return strings.EqualFold(name, d.info.DNSName) || d.info.NetBIOSName != "" && strings.EqualFold(name, d.info.NetBIOSName)
}

// notFound is ErrNotFound with a hint where it was looked for.
func (d domain) notFound(name AccountName, hint string) error {
	return &Error{Kind: ErrNotFound, Op: "look up", Object: abridge(name.String()), Win32: winerr.NoSuchUser, Hint: hint}
}

// firstMatch runs the searches in order. Two matches of one search are an end,
// not a reason to try the next.
func (d domain) firstMatch(ctx context.Context, l *link, name AccountName, searches []search) (User, error) {
	for _, s := range searches {
		entries, err := read(ctx, l, s, d.attributes...)
		if err != nil {
			return User{}, err
		}
		switch len(entries) {
		case 0:
			continue
		case 1:
			u, err := d.userOf(entries[0], time.Now())
			if err == nil {
				err = identified(u)
			}
			return u, err
		}
		return User{}, ambiguous(name, entries)
	}
	return User{}, d.notFound(name, "it was looked for in "+d.info.BaseDN)
}

// read returns the entries that match, at most one more than an error can list. A
// partial result is an error: one entry of it is not the only one.
func read(ctx context.Context, l *link, s search, attributes ...string) ([]*ldap.Entry, error) {
	var entries []*ldap.Entry
	err := l.do(ctx, func(conn *ldap.Conn) error {
		request := ldap.NewSearchRequest(s.base, s.scope, ldap.NeverDerefAliases, maxCandidates+1, 0, false,
			s.filter, attributes, nil)
		request.EnforceSizeLimit = true // the limit is only a wish to the server
		result, err := conn.Search(request)
		if result != nil {
			entries = result.Entries
		}
		return err
	})
	switch {
	case (ldap.IsErrorWithCode(err, ldap.LDAPResultSizeLimitExceeded) || errors.Is(err, ldap.ErrSizeLimitExceeded)) && len(entries) > 1:
		return entries, nil // ambiguous anyway
	case ldap.IsErrorAnyOf(err, ldap.LDAPResultNoSuchObject, ldap.LDAPResultInvalidDNSyntax) && s.scope == ldap.ScopeBaseObject:
		return nil, nil
	case err != nil:
		return nil, err
	}
	return entries, nil
}

// ambiguous names the candidates, for the administrator's eyes only.
func ambiguous(name AccountName, entries []*ldap.Entry) error {
	var candidates []string
	for _, entry := range entries[:min(len(entries), maxCandidates)] {
		candidates = append(candidates, abridge(oneLine(entry.DN)))
	}
	more := ""
	if len(entries) > maxCandidates {
		more = " and more"
	}
	return &Error{Kind: ErrAmbiguous, Op: "look up", Object: abridge(name.String()), Win32: winerr.LogonFailure,
		Hint: "it could be " + strings.Join(candidates, "; ") + more}
}
