package ldapattr

import "github.com/go-ldap/ldap/v3"

// decodeEntry decodes the message at the beginning of p, which is whole and an entry
// of a search (RFC 4511, section 4.5.2), and returns what follows it. The library's
// own decoder copies each octet once for each level of nesting.
func decodeEntry(p []byte) (entry *ldap.Entry, rest []byte, err error) {
	const (
		sequence, set, octets, integer = 0x30, 0x31, 0x04, 0x02
		searchEntry                    = 0x64
	)
	r := berReader{rest: p}
	message := r.enter(sequence)
	message.take(integer)
	op := message.enter(searchEntry)
	entry = &ldap.Entry{DN: string(op.take(octets))}
	attributes := op.enter(sequence)
	for len(attributes.rest) > 0 && !attributes.bad {
		one := attributes.enter(sequence)
		a := &ldap.EntryAttribute{Name: string(one.take(octets))}
		values := one.enter(set)
		for len(values.rest) > 0 && !values.bad {
			a.Values = append(a.Values, string(values.take(octets)))
		}
		attributes.bad = attributes.bad || one.bad || values.bad
		entry.Attributes = append(entry.Attributes, a)
	}
	if r.bad || message.bad || op.bad || attributes.bad {
		return nil, nil, errOddAnswer
	}
	return entry, r.rest, nil
}

// berReader takes elements off the front; once one is not as it should be, all are
// empty.
type berReader struct {
	rest []byte
	bad  bool
}

// take returns the content of the next element.
func (r *berReader) take(tag byte) []byte {
	e, err := head(r.rest, tag)
	if r.bad || err != nil || e.size == 0 || e.size > len(r.rest) {
		r.bad, r.rest = true, nil
		return nil
	}
	content := r.rest[e.start:e.size]
	r.rest = r.rest[e.size:]
	return content
}

// enter returns the elements within the next one.
func (r *berReader) enter(tag byte) berReader {
	content := r.take(tag)
	return berReader{rest: content, bad: r.bad}
}
