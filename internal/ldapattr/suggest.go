package ldapattr

import (
	"context"
	"errors"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// maxSuggested bounds what Suggest returns: more nobody reads.
const maxSuggested = 20

// Suggest returns a few objects of the domain whose names begin with a text that
// somebody is typing. what is "user" or "group", whose account names are returned, in
// the form in which they are typed (alice, CORP\alice, alice@corp.example.com), or
// "ou", whose DNs are. One indexed search is all that is asked. Errors: ErrUsage,
// ErrUnreachable.
func Suggest(ctx context.Context, d *Directory, what, begun string) ([]string, error) {
	filter, attribute, name := d.domain.suggestion(what, begun)
	if filter == "" {
		return nil, nil // no name begins so
	}
	var found []string
	err := d.request(ctx, func(ctx context.Context, l *link) error {
		return l.do(ctx, func(conn *ldap.Conn) error {
			request := ldap.NewSearchRequest(d.domain.info.BaseDN, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, maxSuggested, 0, false,
				filter, []string{attribute}, nil)
			request.EnforceSizeLimit = true
			result, err := conn.Search(request)
			if ldap.IsErrorWithCode(err, ldap.LDAPResultSizeLimitExceeded) || errors.Is(err, ldap.ErrSizeLimitExceeded) {
				err = nil // a few are enough
			}
			if err != nil {
				return err
			}
			for _, entry := range result.Entries {
				if text := name(entry); len(text) > len(begun) && strings.EqualFold(text[:len(begun)], begun) {
					found = append(found, text)
				}
			}
			return nil
		})
	})
	return found, explain("complete", abridge(begun), err)
}

// suggestion says how to look for names, and how an entry gives its own.
func (d domain) suggestion(what, begun string) (filter, attribute string, name func(*ldap.Entry) string) {
	value := func(attribute, before string) func(*ldap.Entry) string {
		return func(entry *ldap.Entry) string { return before + entry.GetEqualFoldAttributeValue(attribute) }
	}
	begins := func(attribute, text string) string { return "(" + attribute + "=" + ldap.EscapeFilter(text) + "*)" }
	if what == "ou" {
		const label = "OU="
		if n := min(len(begun), len(label)); !strings.EqualFold(begun[:n], label[:n]) {
			return "", "", nil
		}
		first, _, _ := strings.Cut(begun[min(len(begun), len(label)):], ",")
		return "(&(objectCategory=organizationalUnit)" + begins("ou", first) + ")", "ou", func(entry *ldap.Entry) string { return entry.DN }
	}
	kind := "(objectCategory=group)"
	if what == "user" {
		kind = onlyUsers
	}
	domain, after, ok := strings.Cut(begun, `\`)
	switch {
	case ok && d.is(domain):
		return "(&" + begins(attrSAM, after) + kind + ")", attrSAM, value(attrSAM, domain+`\`)
	case ok:
		return "", "", nil
	case strings.Contains(begun, "@"):
		return "(&" + begins(attrUPN, begun) + kind + ")", attrUPN, value(attrUPN, "")
	}
	return "(&" + begins(attrSAM, begun) + kind + ")", attrSAM, value(attrSAM, "")
}
