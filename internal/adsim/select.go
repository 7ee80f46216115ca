package adsim

import "slices"

// selection is which attributes an answer carries (RFC 4511, 4.5.1.8).
type selection struct {
	all   bool        // "*", or no list at all
	types []*attrType // asked for by name, in that order
}

func (s *schema) selectionOf(names []string) selection {
	sel := selection{all: len(names) == 0}
	for _, name := range names {
		if name == "*" {
			sel.all = true
			continue
		}
		// Unknown names, "+" and "1.1" select nothing (RFC 4511, 4.5.1.8).
		if t, ok := s.attribute(name); ok && !slices.Contains(sel.types, t) {
			sel.types = append(sel.types, t)
		}
	}
	return sel
}

// each calls yield with every attribute of the entry that is selected, each once
// and with at least one value.
func (d *directory) each(r *record, sel selection, reader *identity, yield func(*attrType, []string)) {
	if sel.all {
		for _, a := range r.attributes {
			if !a.typ.secret && a.typ != d.schema.known.memberOf {
				yield(a.typ, a.values)
			}
		}
		for _, t := range d.order {
			if t != d.schema.known.memberOf && r.stored(t) != nil {
				continue // given above
			}
			if values := d.values(r, t); len(values) > 0 {
				yield(t, values)
			}
		}
	}
	for _, t := range sel.types {
		if t.secret || sel.all && !t.constructed {
			continue
		}
		values := d.values(r, t)
		if t.constructed {
			values = d.constructed(r, t, reader)
		}
		if len(values) > 0 {
			yield(t, values)
		}
	}
}

// encodeEntry makes a SearchResultEntry in e, which is emptied first.
func (d *directory) encodeEntry(e *encoder, id int64, r *record, q *query, reader *identity) {
	e.buf = e.buf[:0]
	message := e.begin(tagSequence)
	e.integer(tagInteger, id)
	entry := e.begin(tagEntry)
	e.octets(tagOctets, r.dn)
	list := e.begin(tagSequence)
	d.each(r, q.selection, reader, func(t *attrType, values []string) {
		e.attribute(t.name, values, q.typesOnly)
	})
	e.end(list)
	e.end(entry)
	e.end(message)
}
