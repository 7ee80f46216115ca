package dtp

import (
	"net"
	"net/netip"
)

// passive is the source of a link that waits for the client to connect.
type passive struct {
	*listener
	peer    netip.Addr
	anyPeer bool
}

// open accepts exactly one connection. Anybody else who finds the port is reset
// and changes nothing for the rightful client (D3).
func (p *passive) open() (*net.TCPConn, error) {
	defer p.stop()
	for {
		conn, from, err := p.accept()
		if err != nil {
			return nil, err
		}
		if p.anyPeer || sameHost(from, p.peer) {
			return conn, nil
		}
		reset(conn)
		p.resume()
	}
}

// sameHost compares without the zone: a link-local client is seen with one, but
// EPRT cannot carry it.
func sameHost(a, b netip.Addr) bool {
	return a.IsValid() && a.Unmap().WithZone("") == b.Unmap().WithZone("")
}
