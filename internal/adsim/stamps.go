package adsim

import "slices"

// What DirSync has to know of each entry beside its present values: since when they
// are so. Active Directory keeps a stamp with every attribute (MS-ADTS 3.1.1.1.9); here
// only what has changed since the entry was made has one.

// stamp says with which change an attribute got its value.
type stamp struct {
	typ *attrType
	usn int64
}

// linkStamp says with which change a group got a member, or lost one.
type linkStamp struct {
	dn      string
	usn     int64
	present bool
}

// maxLinkStamps bounds what is kept of one group; maxGraves what is kept of entries
// that are gone.
const (
	maxLinkStamps = 1000
	maxGraves     = 2000
)

// history is when an entry got what it has.
type history struct {
	usnCreated int64
	usnChanged int64
	stamps     []stamp
	links      []linkStamp
	known      int64     // links holds all changes after this one; 0: since it was made
	named      *attrType // the attribute name, in a state that a rename is about to publish
}

// stampOf returns the number of the change that gave an entry its value.
func (r *record) stampOf(t *attrType) int64 {
	for _, s := range r.stamps {
		if s.typ == t {
			return s.usn
		}
	}
	return r.usnCreated
}

// stamp notes a change. The lists of a history are shared with older states of the
// entry, so they are copied.
func (h *history) stamp(t *attrType, usn int64) {
	h.stamps = slices.Clone(h.stamps)
	for i := range h.stamps {
		if h.stamps[i].typ == t {
			h.stamps[i].usn = usn
			return
		}
	}
	h.stamps = append(h.stamps, stamp{t, usn})
}

// since takes over the history of the state before, and adds what is different now.
func (r *record) since(before *record, usn int64) {
	named := r.named
	r.history = before.history
	r.usnChanged = usn
	if named != nil {
		r.stamp(named, usn)
	}
	differ := func(t *attrType, a, b []string) {
		if slices.Equal(a, b) {
			return
		}
		r.stamp(t, usn)
		if t.syntax == syntaxDN && !t.single {
			r.link(a, b, usn)
		}
	}
	for _, a := range before.attributes {
		differ(a.typ, a.values, r.stored(a.typ))
	}
	for _, a := range r.attributes {
		if before.stored(a.typ) == nil {
			differ(a.typ, nil, a.values)
		}
	}
}

// link notes which members came and which went.
func (h *history) link(before, after []string, usn int64) {
	was, is := map[string]bool{}, map[string]bool{}
	for _, name := range before {
		was[name] = true
	}
	h.links = slices.Clone(h.links)
	for _, name := range after {
		if is[name] = true; !was[name] {
			h.links = append(h.links, linkStamp{name, usn, true})
		}
	}
	for _, name := range before {
		if !is[name] {
			h.links = append(h.links, linkStamp{name, usn, false})
		}
	}
	if n := len(h.links) - maxLinkStamps; n > 0 {
		h.known = h.links[n-1].usn
		h.links = h.links[n:]
	}
}

// grave is what is left of an entry that was deleted (MS-ADTS 3.1.1.5.5, tombstone).
type grave struct {
	record *record
	usn    int64
}

// bury deletes an entry without children and keeps its tombstone. The caller holds the
// store's lock.
func bury(d *directory, n *node) {
	k, old := &d.schema.known, n.current.Load()
	d.store.remove(n)
	dead := &record{
		context: old.context, class: old.class, guid: old.guid, sid: old.sid,
		created: old.created, changed: now(), history: history{usnCreated: old.usnCreated, usnChanged: d.store.usn},
	}
	dead.dn = leafText(old.dn) + `\0ADEL:` + textOfGUID(old.guid) + ",CN=Deleted Objects," + d.domain.base.text()
	dead.norm = fold(dead.dn)
	kept := []*attrType{k.objectClass, k.samName, d.schema.attributes[fold("msIIS-FTPRoot")], d.schema.attributes[fold("msIIS-FTPDir")]}
	for _, t := range kept {
		if values := old.stored(t); len(values) > 0 {
			dead.attributes = append(dead.attributes, attribute{t, values})
		}
	}
	deleted := d.schema.attributes[fold("isDeleted")]
	dead.attributes = append(dead.attributes, attribute{deleted, []string{"TRUE"}})
	for _, t := range []*attrType{deleted, k.name} {
		dead.stamp(t, dead.usnChanged)
	}
	st := d.store
	if len(st.graves) == maxGraves {
		st.graves = slices.Clone(st.graves[maxGraves/2:])
		st.forgotten = st.graves[0].usn - 1
	}
	st.graves = append(st.graves, grave{dead, dead.usnChanged})
}
