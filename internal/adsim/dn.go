package adsim

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-ldap/ldap/v3"
)

// dn is a parsed distinguished name, the leaf first. The zero value is the root.
type dn []rdn

// rdn is one component: as answers print it, and as names are compared.
type rdn struct {
	attribute string // first attribute type, lower case
	value     string // its value, unescaped
	text      string // CN=Smith\, John
	norm      string // cn=smith\2c john
}

// maxDN bounds the work on a name; AD's own limit is lower (255 per component).
const maxDN = 4096

var errDN = errors.New("is not a distinguished name")

// parseDN reads RFC 4514 text.
func parseDN(s string) (dn, error) {
	if len(s) > maxDN || !utf8.ValidString(s) {
		return nil, errDN
	}
	parsed, err := ldap.ParseDN(s)
	if err != nil {
		return nil, errDN
	}
	name := make(dn, 0, len(parsed.RDNs))
	for _, component := range parsed.RDNs {
		if len(component.Attributes) == 0 {
			return nil, errDN
		}
		for _, a := range component.Attributes {
			// A type in a name carries no options (RFC 4514, section 3).
			if !validDescription(a.Type) || strings.Contains(a.Type, ";") {
				return nil, errDN
			}
		}
		name = append(name, newRDN(component.Attributes))
	}
	return name, nil
}

func newRDN(attributes []*ldap.AttributeTypeAndValue) rdn {
	first := attributes[0]
	r := rdn{attribute: fold(first.Type), value: first.Value}
	var texts, norms []string
	for _, a := range attributes {
		texts = append(texts, strings.ToUpper(a.Type)+"="+ldap.EscapeDN(a.Value))
		norms = append(norms, fold(a.Type)+"="+escapeNorm(squeeze(fold(a.Value))))
	}
	slices.Sort(norms) // the parts of a multi-valued component have no order
	r.text, r.norm = strings.Join(texts, "+"), strings.Join(norms, "+")
	return r
}

// norm returns the form in which equal names are equal strings. A comma in it is
// always a separator.
func (d dn) norm() string {
	parts := make([]string, len(d))
	for i, r := range d {
		parts[i] = r.norm
	}
	return strings.Join(parts, ",")
}

// text returns the form that answers print.
func (d dn) text() string {
	parts := make([]string, len(d))
	for i, r := range d {
		parts[i] = r.text
	}
	return strings.Join(parts, ",")
}

// parent returns the name without its first component.
func (d dn) parent() dn {
	if len(d) == 0 {
		return nil
	}
	return d[1:]
}

// parentNorm is parent for the compared form.
func parentNorm(norm string) string {
	_, parent, _ := strings.Cut(norm, ",")
	return parent
}

// leafText returns the first component of the form that answers print.
func leafText(text string) string {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++ // what is escaped separates nothing
		case ',':
			return text[:i]
		}
	}
	return text
}

// within tells whether norm is base or lies below it.
func within(norm, base string) bool {
	if !strings.HasSuffix(norm, base) {
		return false
	}
	return len(norm) == len(base) || base == "" || norm[len(norm)-len(base)-1] == ','
}

// normDN returns the compared form of any text; what is no name is folded.
func normDN(s string) string {
	name, err := parseDN(s)
	if err != nil {
		return fold(s)
	}
	return name.norm()
}

// fold is the one notion of "case does not matter" for values and names.
func fold(s string) string { return strings.ToLower(s) }

// equalFolded tells whether fold(value) is folded, without allocating for ASCII.
func equalFolded(folded, value string) bool {
	for i := 0; i < len(value); i++ {
		c := value[i]
		if c >= 0x80 {
			return fold(value) == folded
		}
		if i >= len(folded) {
			return false
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != folded[i] {
			return false
		}
	}
	return len(value) == len(folded)
}

// squeeze drops outer blanks and makes one of each run of inner ones.
func squeeze(s string) string {
	s = strings.Trim(s, " ")
	for strings.Contains(s, "  ") {
		s = strings.ReplaceAll(s, "  ", " ")
	}
	return s
}

// escapeNorm writes what RFC 4514 would escape, and bytes outside of text, as
// hexadecimal pairs.
func escapeNorm(s string) string {
	const special = "\\,+\"<>;=#"
	const digits = "0123456789abcdef"
	clean := func(c byte) bool { return c >= ' ' && c != 0x7f && strings.IndexByte(special, c) < 0 }
	for i := 0; i < len(s); i++ {
		if clean(s[i]) {
			continue
		}
		out := []byte(s[:i])
		for ; i < len(s); i++ {
			if clean(s[i]) {
				out = append(out, s[i])
				continue
			}
			out = append(out, '\\', digits[s[i]>>4], digits[s[i]&15])
		}
		return string(out)
	}
	return s
}
