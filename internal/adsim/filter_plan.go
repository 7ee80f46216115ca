package adsim

// candidates returns the only entries that can fit the filter when the index
// knows them, in no order and perhaps more than once; ok is false when all must
// be looked at.
func candidates(d *directory, f *filter) (found []*node, ok bool) {
	switch f.kind {
	case filterEqual:
		if f.typ == nil || !f.valid {
			return nil, false
		}
		if f.typ == d.schema.known.distinguishedName {
			if n := d.store.find(f.key); n != nil {
				found = append(found, n)
			}
			return found, true
		}
		return d.store.equal(f.typ, f.key)
	case filterAnd:
		for _, part := range f.parts {
			if found, ok := candidates(d, part); ok {
				return found, true
			}
		}
	case filterOr:
		for _, part := range f.parts {
			more, ok := candidates(d, part)
			if !ok {
				return nil, false
			}
			found = append(found, more...)
		}
		return found, len(f.parts) > 0
	}
	return nil, false
}
