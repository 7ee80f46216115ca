package adsim

// writable finds the entry that a write names and checks the right to write it,
// before any lock is taken. A missing entry shows before a missing right, with which
// the entry comes, too.
func (c *conn) writable(name string) (*node, error) {
	n, err := c.server.dir.resolve(name)
	if err != nil {
		return nil, err
	}
	if !isAdmin(c.server.dir, c.who) {
		return n, refuseRights()
	}
	return n, nil
}

// changeable is writable for a change of attributes, the right to which may be
// delegated one by one.
func (c *conn) changeable(name string, changes []change) (*node, error) {
	d := c.server.dir
	n, err := c.writable(name)
	if n == nil || err == nil {
		return n, err
	}
	r := n.current.Load()
	if r == nil {
		return nil, refuseObject("")
	}
	for _, change := range changes {
		t, known := d.schema.attribute(change.name)
		if !known || t == d.schema.known.unicodePwd || t == d.schema.known.userPassword || !may(d, c.who, r, d.schema.needs(t)) {
			return nil, err
		}
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
