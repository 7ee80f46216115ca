package ldapattr

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"github.com/go-ldap/ldap/v3"
)

const attrDN = "distinguishedName"

// maxMatches is entries of one answer; a domain controller's own limit is the same.
const maxMatches = 1000

// reading is one way to understand a name: the attribute that must equal it.
type reading struct{ attribute, value string }

// condition is the reading as a part of a filter.
func (r reading) condition() string {
	if r.octets() {
		return "(" + r.attribute + "=" + escapeOctets(r.value) + ")"
	}
	return equals(r.attribute, r.value)
}

// octets: the value is binary and compares as it is.
func (r reading) octets() bool { return r.attribute == attrSID || r.attribute == attrGUID }

// keyOf is what a value of the attribute compares by, "" for none. Values with the
// same key are the same to every directory. The reverse does not hold: a directory
// may find é for e.
func keyOf(attribute, value string) string {
	switch {
	case value == "" || attribute == attrSID || attribute == attrGUID:
		return value
	case attribute != attrDN:
		return strings.Map(lower, value)
	}
	dn, err := ldap.ParseDN(value)
	if err != nil {
		return ""
	}
	var key strings.Builder
	for _, rdn := range dn.RDNs {
		for _, part := range rdn.Attributes {
			key.WriteString(strings.ToLower(part.Type) + "=" + strings.Map(lower, part.Value) + "\x00")
		}
		key.WriteByte(0)
	}
	return key.String()
}

// lower leaves out the letters whose lower case is not theirs alone, such as the
// Kelvin sign: which of them are the same is for the directory to say.
func lower(r rune) rune {
	if small := unicode.ToLower(r); unicode.ToUpper(small) == r {
		return small
	}
	return r
}

// valueIn is what an entry has for an attribute that readings are about.
func valueIn(entry *ldap.Entry, attribute string) string {
	if attribute == attrDN {
		return entry.DN
	}
	return entry.GetEqualFoldAttributeValue(attribute)
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

// findAll asks one domain for many readings in one search, and returns what matches
// each of them.
func findAll(ctx context.Context, d *Directory, readings []reading) (found [][]*ldap.Entry, err error) {
	err = d.request(ctx, func(ctx context.Context, l *link) error {
		var err error
		found, err = asker{d.domain, l}.match(ctx, readings)
		return err
	})
	return found, err
}

// asker asks over one connection.
type asker struct {
	domain domain
	link   *link
}

// match tells the entries of one answer apart by comparing as a human would. The
// directory may compare otherwise; what that leaves open is asked again in smaller
// parts, in the end one reading at a time, where no telling apart is needed.
func (a asker) match(ctx context.Context, readings []reading) ([][]*ldap.Entry, error) {
	if len(readings) == 1 {
		entries, err := a.one(ctx, readings[0])
		return [][]*ldap.Entry{entries}, err
	}
	entries, err := a.any(ctx, readings)
	if ldap.IsErrorAnyOf(err, ldap.LDAPResultSizeLimitExceeded, ldap.LDAPResultAdminLimitExceeded) {
		return a.halves(ctx, readings)
	}
	if err != nil {
		return nil, err
	}
	found, told, plain := claims(readings, entries)
	if !told {
		return a.halves(ctx, readings)
	}
	if plain || len(entries) == 0 {
		return found, nil
	}
	return found, a.missing(ctx, readings, found)
}

// one is a search of its own for one reading.
func (a asker) one(ctx context.Context, r reading) ([]*ldap.Entry, error) {
	s := search{a.domain.info.BaseDN, ldap.ScopeWholeSubtree, "(&" + r.condition() + onlyUsers + ")"}
	if r.attribute == attrDN {
		if _, err := within(r.value, a.domain.base); err != nil {
			return nil, nil
		}
		s = search{r.value, ldap.ScopeBaseObject, "(&" + onlyUsers + ")"}
	}
	return read(ctx, a.link, s, a.domain.attributes...)
}

// any returns the users that match any of the readings.
func (a asker) any(ctx context.Context, readings []reading) ([]*ldap.Entry, error) {
	var entries []*ldap.Entry
	err := a.link.do(ctx, func(conn *ldap.Conn) error {
		request := ldap.NewSearchRequest(a.domain.info.BaseDN, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, maxMatches, 0, false,
			anyOf(readings), a.domain.attributes, nil)
		request.EnforceSizeLimit = true
		result, err := conn.Search(request)
		if err == nil {
			entries = result.Entries
		}
		return err
	})
	return entries, err
}

// anyOf is the filter for users that match any of the readings.
func anyOf(readings []reading) string {
	var filter strings.Builder
	filter.WriteString("(&" + onlyUsers + "(|")
	for _, r := range readings {
		filter.WriteString(r.condition())
	}
	filter.WriteString("))")
	return filter.String()
}

// halves asks for each half of the readings by itself.
func (a asker) halves(ctx context.Context, readings []reading) ([][]*ldap.Entry, error) {
	half := len(readings) / 2
	first, err := a.match(ctx, readings[:half])
	if err != nil {
		return nil, err
	}
	second, err := a.match(ctx, readings[half:])
	return slices.Concat(first, second), err
}

// missing asks again for readings without a match, without those that took all
// entries: one of these may be theirs as well.
func (a asker) missing(ctx context.Context, readings []reading, found [][]*ldap.Entry) error {
	var left []reading
	var places []int
	for i, r := range readings {
		if len(found[i]) == 0 {
			left, places = append(left, r), append(places, i)
		}
	}
	if len(left) == 0 {
		return nil
	}
	again, err := a.match(ctx, left)
	for i := range again {
		found[places[i]] = again[i]
	}
	return err
}

// claims gives each entry to the readings that it fits. told says that each entry
// has found one, plain that no other comparison could have given it to another.
func claims(readings []reading, entries []*ldap.Entry) (found [][]*ldap.Entry, told, plain bool) {
	found, told, plain = make([][]*ldap.Entry, len(readings)), true, true
	askers := map[reading][]int{}
	about := map[string]bool{}
	for i, r := range readings {
		plain = plain && (r.octets() || isASCII(r.value))
		key := reading{r.attribute, keyOf(r.attribute, r.value)}
		askers[key] = append(askers[key], i)
		about[r.attribute] = true
	}
	for _, entry := range entries {
		claimed := false
		for attribute := range about {
			value := valueIn(entry, attribute)
			plain = plain && (reading{attribute, value}.octets() || isASCII(value))
			key := reading{attribute, keyOf(attribute, value)}
			if key.value == "" {
				continue
			}
			for _, i := range askers[key] {
				found[i], claimed = append(found[i], entry), true
			}
		}
		told = told && claimed
	}
	return found, told, plain
}
