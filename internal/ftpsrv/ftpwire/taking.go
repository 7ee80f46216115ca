package ftpwire

// Waiting reports, from any goroutine, whether there are octets of the client's, or its
// end, of which ReadCommand has not made all that can be made. What it has returned does
// not count. They move from the system to the reader, and are looked for in that order.
func (c *Conn) Waiting() bool {
	if c.unread() {
		return true
	}
	t, ok := c.raw.(*taking)
	return ok && t.busy.Load()
}
