package adsim

import (
	ber "github.com/go-asn1-ber/asn1-ber"
)

// scope of a search (RFC 4511, 4.5.1.2).
type scope int

const (
	scopeBase scope = iota
	scopeOne
	scopeSub
)

// query is a decoded SearchRequest.
type query struct {
	base      string
	scope     scope
	sizeLimit int // 0 is none
	timeLimit int // seconds, 0 is none
	typesOnly bool
	filter    *filter
	names     []string
	selection selection
}

// decodeQuery reads a SearchRequest (RFC 4511, 4.5.1). Aliases do not exist in AD,
// so derefAliases is only checked.
func decodeQuery(d *directory, p *ber.Packet) (*query, error) {
	parts, err := fields(p, 8)
	if err != nil {
		return nil, err
	}
	q := &query{}
	if q.base, err = octets(parts[0]); err != nil {
		return nil, err
	}
	numbers := []struct {
		tag  ber.Tag
		to   *int
		most int
	}{
		{ber.TagEnumerated, (*int)(&q.scope), int(scopeSub)},
		{ber.TagEnumerated, new(int), 3},
		{ber.TagInteger, &q.sizeLimit, 1<<31 - 1},
		{ber.TagInteger, &q.timeLimit, 1<<31 - 1},
	}
	for i, n := range numbers {
		if *n.to, err = small(parts[1+i], n.tag); err != nil {
			return nil, err
		}
		if *n.to > n.most {
			return nil, malformed("choice %d in a search", *n.to)
		}
	}
	if q.typesOnly, err = boolean(parts[5]); err != nil {
		return nil, err
	}
	if q.filter, err = decodeFilter(d, parts[6]); err != nil {
		return nil, err
	}
	if q.names, err = stringsOf(parts[7], ber.TagSequence); err != nil {
		return nil, err
	}
	q.selection = d.schema.selectionOf(q.names)
	return q, nil
}
