package adsim

// writable finds the entry that a write names and checks the right to write it,
// before any lock is taken. A missing entry shows before a missing right.
func (c *conn) writable(name string) (*node, error) {
	n, err := c.server.dir.resolve(name)
	if err != nil {
		return nil, err
	}
	if !isAdmin(c.server.dir, c.who) {
		return nil, refuseRights()
	}
	return n, nil
}

// alive returns the record of an entry once the store is locked; it may have been
// deleted since it was found.
func (n *node) alive() (*record, error) {
	r := n.current.Load()
	if r == nil {
		return nil, refuseObject("")
	}
	return r, nil
}
