package secdesc

import "slices"

// rank is the place of an entry in the order that Windows wants: own refusals, own
// permissions, what is inherited, in which each ancestor's have an order of their own.
func (e ACE) rank() int {
	switch {
	case e.Flags&Inherited != 0:
		return 2
	case e.Type.denies():
		return 0
	}
	return 1
}

// Canonical says whether the entries are in the order that Windows' own tools keep
// and demand.
func (a ACL) Canonical() bool {
	return slices.IsSortedFunc(a.Entries, func(x, y ACE) int { return x.rank() - y.rank() })
}

// Has says whether an entry is in the list, exactly as it is.
func (a ACL) Has(e ACE) bool { return slices.ContainsFunc(a.Entries, e.Equal) }

// With returns the list with those entries that it does not have yet, each at the
// end of those of its rank.
func (a ACL) With(entries ...ACE) ACL {
	list := ACL{Revision: a.Revision, Entries: slices.Clone(a.Entries)}
	for _, e := range entries {
		if list.Has(e) {
			continue
		}
		at := len(list.Entries)
		for at > 0 && list.Entries[at-1].rank() > e.rank() {
			at--
		}
		list.Entries = slices.Insert(list.Entries, at, e)
	}
	list.Revision = list.revision()
	return list
}

// Without returns the list without those entries, and how many it had of them.
func (a ACL) Without(entries ...ACE) (ACL, int) {
	list := ACL{Revision: a.Revision}
	for _, e := range a.Entries {
		if !slices.ContainsFunc(entries, e.Equal) {
			list.Entries = append(list.Entries, e)
		}
	}
	return list, len(a.Entries) - len(list.Entries)
}
