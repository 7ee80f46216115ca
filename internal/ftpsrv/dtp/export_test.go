package dtp

import (
	"net/netip"
	"time"
)

// Target is the decision of Dial about an address.
func Target(cfg Config, addr netip.AddrPort) (netip.AddrPort, error) { return cfg.target(addr) }

// SetLowPort moves the border of privileged ports, since only root may test at
// the real one.
func (c *Channel) SetLowPort(port uint16) { c.limits.lowPort = port }

// SetCloseWait shortens the wait for the client's FIN.
func (c *Channel) SetCloseWait(d time.Duration) { c.limits.closeWait = d }

// SetDrain sets how many bytes are thrown away while closing.
func (c *Channel) SetDrain(n int64) { c.limits.drain = n }

// Order lists the ports of a pool in the order in which one Listen tries them.
func (p *Ports) Order(avoid uint16) (order []uint16) {
	for port := range p.order(avoid) {
		order = append(order, port)
	}
	return order
}

// Freeze keeps every port where it is until thaw is called.
func (p *Ports) Freeze() (thaw func()) {
	p.mu.Lock()
	return p.mu.Unlock
}
