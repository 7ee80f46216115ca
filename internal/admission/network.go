package admission

import "net/netip"

// Networks is IIS's ipSecurity (Microsoft, system.ftpServer/security/ipSecurity):
// the first entry that holds an address decides.
type Networks struct {
	DenyUnlisted bool // what holds for addresses that no entry has
	Entries      []Network
}

// Network is one entry.
type Network struct {
	Prefix  netip.Prefix
	Allowed bool
}

// admits decides about an address. listed tells that an entry has allowed it by
// name, which spares it denyByFailure.
func (n Networks) admits(client netip.Addr) (allowed, listed bool) {
	client = client.Unmap().WithZone("")
	for _, entry := range n.Entries {
		if entry.Prefix.Contains(client) {
			return entry.Allowed, entry.Allowed
		}
	}
	return !n.DenyUnlisted, false
}

// ownNetwork is how much of an IPv6 address one party has to itself: whoever has
// one address of a /64 has them all.
const ownNetwork = 64

// sourceOf is what counts as one address.
func sourceOf(client netip.Addr) netip.Prefix {
	client = client.Unmap().WithZone("")
	bits := client.BitLen()
	if client.Is6() {
		bits = ownNetwork
	}
	prefix, err := client.Prefix(bits)
	if err != nil {
		return netip.Prefix{} // no address at all: they share one
	}
	return prefix
}
