package adsim

// maxChain bounds what one filter may walk through.
const maxChain = 10_000

// chainTo returns the names from which the one with the compared form key is reached
// by way of the attribute, itself included: for memberOf a group and the groups in it,
// at any depth (MS-ADTS 3.1.1.3.4.4.3). Circles end.
func chainTo(d *directory, t *attrType, key string) map[string]bool {
	chain := map[string]bool{key: true}
	for queue := []string{key}; len(queue) > 0 && len(chain) < maxChain; queue = queue[1:] {
		for _, norm := range pointingAt(d, t, queue[0]) {
			if !chain[norm] {
				chain[norm] = true
				queue = append(queue, norm)
			}
		}
	}
	return chain
}

// pointingAt returns the groups and other containers whose attribute holds a name. Of
// memberOf, which is computed, the other end is read.
func pointingAt(d *directory, t *attrType, norm string) []string {
	k := &d.schema.known
	var found []string
	switch t {
	case k.member:
		holders, _ := d.store.equal(k.member, norm)
		for _, n := range holders {
			if r := n.current.Load(); r != nil {
				found = append(found, r.norm)
			}
		}
	case k.memberOf:
		if n := d.store.find(norm); n != nil {
			if r := n.current.Load(); r != nil {
				for _, member := range r.stored(k.member) {
					found = append(found, normDN(member))
				}
			}
		}
	}
	return found
}
