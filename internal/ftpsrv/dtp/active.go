package dtp

import (
	"fmt"
	"net/netip"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// privileged is the first port that every program may use; below it Microsoft
// FTP neither accepts nor connects (rows 1.9 and 1.10, D2).
const privileged = 1024

var broadcast = netip.AddrFrom4([4]byte{255, 255, 255, 255})

// target decides whether addr may be connected to, and returns it with the
// zone of the client where that is needed. "Foreign" is any address but the
// client's own (D1, CVE-1999-0017); even where foreign ones are allowed, nobody
// may aim us at ourselves.
func (cfg *Config) target(addr netip.AddrPort) (netip.AddrPort, error) {
	ip, local := addr.Addr().Unmap(), cfg.Local.Unmap()
	switch {
	case !ip.IsValid(), addr.Port() == 0,
		ip.IsUnspecified(), ip.IsMulticast(), ip == broadcast:
	case sameHost(ip, cfg.Peer):
		return netip.AddrPortFrom(cfg.Peer.Unmap(), addr.Port()), nil
	case !cfg.AnyPeerActive, ip.IsLoopback(), ip.IsLinkLocalUnicast(), sameHost(ip, local):
	case local.IsValid() && local.Is4() != ip.Is4():
	default:
		return netip.AddrPortFrom(ip, addr.Port()), nil
	}
	return netip.AddrPort{}, fmt.Errorf("connect to %v: %w: %w", addr, ErrAddress, winerr.InvalidParameter)
}
