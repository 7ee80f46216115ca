package adsim

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

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

// view is how one reader sees entries.
type view struct {
	dir       *directory
	reader    *identity
	selection selection
	typesOnly bool
	parts     int // of security descriptors
}

// each calls yield with every attribute of the entry that is selected, each once
// and with at least one value.
func (v *view) each(r *record, yield func(*attrType, []string)) {
	give := func(t *attrType) {
		if values := v.values(r, t); len(values) > 0 && !t.secret {
			yield(t, values)
		}
	}
	if v.selection.all {
		for _, a := range r.attributes {
			if !a.typ.constructed {
				give(a.typ)
			}
		}
		for _, t := range v.dir.order {
			if r.stored(t) == nil {
				give(t)
			}
		}
	}
	for _, t := range v.selection.types {
		if t.constructed || !v.selection.all {
			give(t)
		}
	}
}

// values adds to what an entry has what is computed per answer and per reader.
func (v *view) values(r *record, t *attrType) []string {
	if !t.constructed {
		return v.dir.values(r, t)
	}
	k := &v.dir.schema.known
	switch {
	case t == k.tokenGroups && r.isPrincipal():
		return tokenGroups(v.dir, r)
	case t == k.uacComputed && r.isAccount():
		return []string{strconv.FormatInt(account{r, v.dir}.uacComputed(time.Now()), 10)}
	case t == k.passwordExpiry && r.isAccount():
		return []string{strconv.FormatInt(account{r, v.dir}.passwordExpiry(), 10)}
	case t == k.descriptor:
		return []string{descriptorParts(v.dir, r, cmp.Or(v.parts, partsAll))}
	case t == k.attributesEffective:
		return writable(v.dir, r, v.reader)
	}
	return nil
}

// encode makes a SearchResultEntry in e, which is emptied first.
func (v *view) encode(e *encoder, id int64, r *record) {
	e.buf = e.buf[:0]
	message := e.begin(tagSequence)
	e.integer(tagInteger, id)
	entry := e.begin(tagEntry)
	e.octets(tagOctets, r.dn)
	list := e.begin(tagSequence)
	v.each(r, func(t *attrType, values []string) { e.attribute(t.name, values, v.typesOnly) })
	e.end(list)
	e.end(entry)
	e.end(message)
}
