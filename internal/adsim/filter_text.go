package adsim

import (
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// String returns the filter as RFC 4515 text, for Stats: what an injection test
// wants to see is the structure that arrived, not the one that was meant.
func (f *filter) String() string {
	var b strings.Builder
	f.print(&b)
	return b.String()
}

func (f *filter) print(b *strings.Builder) {
	b.WriteByte('(')
	switch f.kind {
	case filterAnd, filterOr, filterNot:
		b.WriteByte("&|!"[f.kind])
		for _, part := range f.parts {
			part.print(b)
		}
	case filterPresent:
		b.WriteString(f.name + "=*")
	case filterSubstrings:
		b.WriteString(f.name + "=" + ldap.EscapeFilter(f.given.initial) + "*")
		for _, piece := range f.given.any {
			b.WriteString(ldap.EscapeFilter(piece) + "*")
		}
		b.WriteString(ldap.EscapeFilter(f.given.final))
	case filterExtensible:
		b.WriteString(f.name)
		if f.dn {
			b.WriteString(":dn")
		}
		if f.rule != "" {
			b.WriteString(":" + f.rule)
		}
		b.WriteString(":=" + ldap.EscapeFilter(f.value))
	default:
		sign := map[filterKind]string{filterEqual: "=", filterGreater: ">=", filterLess: "<=", filterApprox: "~="}[f.kind]
		b.WriteString(f.name + sign + ldap.EscapeFilter(f.value))
	}
	b.WriteByte(')')
}
