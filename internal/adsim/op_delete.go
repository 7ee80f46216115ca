package adsim

import (
	"context"
	"slices"
)

// opDelete removes a leaf, or a whole subtree under the tree delete control
// (RFC 4511, 4.8). The heads of naming contexts stay.
func opDelete(_ context.Context, c *conn, r *request) (result, error) {
	n, err := c.writable(r.body.Data.String())
	if err != nil {
		return result{}, err
	}
	st := c.server.dir.store
	st.mu.Lock()
	defer st.mu.Unlock()
	victim, err := n.alive()
	if err != nil {
		return result{}, err
	}
	if victim.norm == victim.context {
		return result{}, refuseUpdate(unwillingToPerform, errUnwilling, "5003 (WILL_NOT_PERFORM): head of a naming context")
	}
	if n.children > 0 {
		if !r.controls.treeDelete {
			return result{}, refuseUpdate(notAllowedOnNonLeaf, errNonLeaf, "5016 (CANT_ON_NON_LEAF)")
		}
		for _, child := range slices.Backward(st.below(n)) {
			bury(c.server.dir, child)
		}
	}
	bury(c.server.dir, n)
	c.log.Debug("delete", "dn", victim.dn, "by", c.who.name)
	return result{}, nil
}
