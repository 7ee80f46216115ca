package ftpwire

// PeerClosed reports, without reading and from any goroutine, whether the client
// has ended its side. Winsock cannot tell without disturbing a pending read, so
// here the reading goroutine's word has to do.
func (c *Conn) PeerClosed() bool { return false }

// unread cannot be told here either.
func (c *Conn) unread() bool { return false }
