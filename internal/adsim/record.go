package adsim

import (
	"strings"
	"sync/atomic"
)

// record is one state of an entry. It never changes once it is in the store: a
// write puts a new record in its place, so readers need no lock.
type record struct {
	dn, norm   string
	context    string // norm of the naming context it lies in
	class      *class
	attributes []attribute // as stored, without what computed.go derives
	guid, sid  string      // bytes; sid is "" where the class has none
	digest     *[32]byte   // of the password; nil means that no bind succeeds
	created    int64       // Unix seconds
	changed    int64
	history
}

// attribute is a type with at least one value.
type attribute struct {
	typ    *attrType
	values []string
}

// nameBelow keeps the first component of the entry's name and takes the rest from
// its parent, which alone decides how that is written.
func (r *record) nameBelow(parent *record) {
	leaf, _, _ := strings.Cut(r.norm, ",")
	r.dn, r.norm = leafText(r.dn)+","+parent.dn, leaf+","+parent.norm
}

// stored returns the values that were written, not those computed.
func (r *record) stored(t *attrType) []string {
	for i := range r.attributes {
		if r.attributes[i].typ == t {
			return r.attributes[i].values
		}
	}
	return nil
}

// set replaces the values of one type in a record that is not yet shared; none
// removes it. The list is copied, since it may be shared with the old record.
func (r *record) set(t *attrType, values []string) {
	kept := make([]attribute, 0, len(r.attributes)+1)
	for _, a := range r.attributes {
		if a.typ != t {
			kept = append(kept, a)
		}
	}
	if len(values) > 0 {
		kept = append(kept, attribute{t, values})
	}
	r.attributes = kept
}

// isAccount tells whether the entry can log on.
func (r *record) isAccount() bool { return r.class.is("user") }

// isPrincipal tells whether the entry has a SID.
func (r *record) isPrincipal() bool { return r.isAccount() || r.class.is("group") }

// node is the identity of an entry over its changes and renames. Nodes are in
// order of creation, which is the order of answers and the meaning of a page cookie.
type node struct {
	number   uint64
	current  atomic.Pointer[record] // nil once deleted
	parent   *node                  // these two belong to the store's lock
	children int
}
