package adsim

import (
	"encoding/binary"
	"slices"
)

// writable lists the attributes of an entry that the reader may change.
func writable(d *directory, r *record, reader *identity) []string {
	admin := isAdmin(d, reader)
	var names []string
	for _, t := range d.schema.attributes {
		if !t.system && !t.constructed && r.class.holds(t) && (admin || may(d, reader, r, d.schema.needs(t))) {
			names = append(names, t.name)
		}
	}
	slices.Sort(names)
	return names
}

// groupsOf returns the entries of all groups that hold r, directly or not. A
// group is visited once, so circles end.
func groupsOf(d *directory, r *record) []*record {
	var found []*record
	seen := map[string]bool{r.norm: true}
	for queue := []*record{r}; len(queue) > 0; queue = queue[1:] {
		for _, name := range groupNames(d, queue[0]) {
			norm := normDN(name)
			if seen[norm] {
				continue
			}
			seen[norm] = true
			n := d.store.find(norm)
			if n == nil {
				continue
			}
			if group := n.current.Load(); group != nil {
				found = append(found, group)
				queue = append(queue, group)
			}
		}
	}
	return found
}

// groupNames is memberOf with the primary group.
func groupNames(d *directory, r *record) []string {
	names := d.memberOf(r)
	if !r.isAccount() {
		return names
	}
	rid := uint32(numberOf(d.values(r, d.schema.known.primaryGroup)))
	primary, _ := d.store.equal(d.schema.known.objectSid, withRID(d.domain.sid, rid))
	for _, n := range primary {
		if group := n.current.Load(); group != nil {
			names = append(slices.Clip(names), group.dn)
		}
	}
	return names
}

func tokenGroups(d *directory, r *record) []string {
	var sids []string
	for _, group := range groupsOf(d, r) {
		if group.sid != "" {
			sids = append(sids, group.sid)
		}
	}
	return sids
}

// isAdmin tells whether the identity may write in the domain: a member of its Domain
// Admins (RID 512), of the forest's Enterprise Admins (519), or of its builtin
// Administrators (544), by any way.
func isAdmin(d *directory, who *identity) bool {
	if who == nil {
		return false
	}
	r := who.node.current.Load()
	if r == nil {
		return false
	}
	for _, group := range groupsOf(who.dir, r) {
		if len(group.sid) < 4 {
			continue
		}
		switch rid := binary.LittleEndian.Uint32([]byte(group.sid[len(group.sid)-4:])); {
		case rid == 512 || rid == 519 && d == who.dir:
			if group.sid == withRID(d.domain.sid, rid) {
				return true
			}
		case rid == 519:
			if who.dir.domain.isRoot() && group.sid == withRID(who.dir.domain.sid, rid) {
				return true
			}
		case rid == 544 && d == who.dir:
			return true
		}
	}
	return false
}
