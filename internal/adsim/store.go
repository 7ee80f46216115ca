package adsim

import (
	"slices"
	"sync"
)

// store is the tree. Readers take a snapshot of the node list and look at the
// records without a lock; writers hold mu for their whole check-and-change.
type store struct {
	mu      sync.RWMutex
	nodes   []*node // append-only; replaced as a whole when cleaned
	byDN    map[string]*node
	index   map[*attrType]map[string][]*node // equality on the types in keys
	keys    func(*record) []indexKey
	usn     int64
	counter uint64
	deleted int // nodes in the list whose entry is gone

	graves    []grave // of entries that were deleted, oldest first
	forgotten int64   // deletions up to this change are not known any more
}

// indexKey is one place of a record in the index.
type indexKey struct {
	typ *attrType
	key string
}

// newStore makes an empty tree whose index covers the given types.
func newStore(keys func(*record) []indexKey, indexed ...*attrType) *store {
	st := &store{
		byDN:  make(map[string]*node),
		index: make(map[*attrType]map[string][]*node),
		keys:  keys,
		usn:   12000, // a fresh DC does not begin at zero either
	}
	for _, t := range indexed {
		st.index[t] = make(map[string][]*node)
	}
	return st
}

// find returns the entry with that compared name, nil if there is none.
func (st *store) find(norm string) *node {
	st.mu.RLock()
	defer st.mu.RUnlock()
	return st.byDN[norm]
}

// equal returns the entries whose indexed attribute has the key; ok is false
// when the type has no index.
func (st *store) equal(t *attrType, key string) (found []*node, ok bool) {
	st.mu.RLock()
	defer st.mu.RUnlock()
	keys, ok := st.index[t]
	return slices.Clone(keys[key]), ok
}

// snapshot returns all nodes in order; the caller must not change the slice.
func (st *store) snapshot() []*node {
	st.mu.RLock()
	defer st.mu.RUnlock()
	return st.nodes[:len(st.nodes):len(st.nodes)]
}

// highestUSN returns the number of the latest change.
func (st *store) highestUSN() int64 {
	st.mu.RLock()
	defer st.mu.RUnlock()
	return st.usn
}

// The functions below want mu held for writing.

// insert puts a new entry below parent, which is nil for a naming context's head.
func (st *store) insert(r *record, parent *node) *node {
	st.counter++
	n := &node{number: st.counter, parent: parent}
	if parent != nil {
		parent.children++
	}
	st.usn++
	r.usnCreated, r.usnChanged = st.usn, st.usn
	st.nodes = append(st.nodes, n)
	st.publish(n, r)
	return n
}

// replace gives an entry a new state.
func (st *store) replace(n *node, r *record) {
	st.usn++
	r.since(n.current.Load(), st.usn)
	st.withdraw(n)
	st.publish(n, r)
}

// remove deletes an entry without children.
func (st *store) remove(n *node) {
	st.usn++
	st.withdraw(n)
	n.current.Store(nil)
	if n.parent != nil {
		n.parent.children--
	}
	if st.deleted++; st.deleted > len(st.nodes)/2 {
		st.clean()
	}
}

// move puts an entry below another parent; the caller replaces the records.
func (st *store) move(n, parent *node) {
	n.parent.children--
	parent.children++
	n.parent = parent
}

// below returns the entries under n, those nearer to it first.
func (st *store) below(n *node) []*node {
	base := n.current.Load().norm
	var found []*node
	for _, other := range st.nodes {
		if r := other.current.Load(); r != nil && other != n && within(r.norm, base) {
			found = append(found, other)
		}
	}
	slices.SortStableFunc(found, func(a, b *node) int {
		return depth(a) - depth(b)
	})
	return found
}

func depth(n *node) int {
	levels := 0
	for ; n.parent != nil; n = n.parent {
		levels++
	}
	return levels
}

func (st *store) publish(n *node, r *record) {
	n.current.Store(r)
	st.byDN[r.norm] = n
	for _, k := range st.keys(r) {
		st.index[k.typ][k.key] = append(st.index[k.typ][k.key], n)
	}
}

func (st *store) withdraw(n *node) {
	old := n.current.Load()
	delete(st.byDN, old.norm)
	for _, k := range st.keys(old) {
		left := slices.DeleteFunc(slices.Clone(st.index[k.typ][k.key]), func(other *node) bool { return other == n })
		if len(left) == 0 {
			delete(st.index[k.typ], k.key)
		} else {
			st.index[k.typ][k.key] = left
		}
	}
}

// clean drops deleted nodes into a new list, since snapshots share the old one.
func (st *store) clean() {
	kept := make([]*node, 0, len(st.nodes)-st.deleted)
	for _, n := range st.nodes {
		if n.current.Load() != nil {
			kept = append(kept, n)
		}
	}
	st.nodes, st.deleted = kept, 0
}
