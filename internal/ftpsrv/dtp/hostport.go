package dtp

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// ParsePORT reads the argument of PORT, h1,h2,h3,h4,p1,p2 (RFC 959 section
// 5.3.2): six decimal numbers below 256 without blanks, signs or leading zeros.
// The error is ErrSyntax.
func ParsePORT(arg string) (netip.AddrPort, error) {
	var b [6]byte
	rest := arg
	for i := range b {
		part, after, more := strings.Cut(rest, ",")
		if more == (i == len(b)-1) {
			return malformed(arg)
		}
		rest = after
		n, ok := decimal(part, 255)
		if !ok {
			return malformed(arg)
		}
		b[i] = byte(n)
	}
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte(b[:4])), uint16(b[4])<<8|uint16(b[5])), nil
}

// ParseEPRT reads the argument of EPRT, |family|address|port| with any printable
// delimiter (RFC 2428 section 2). The error is ErrFamily for a family other
// than 1 and 2, else ErrSyntax.
func ParseEPRT(arg string) (netip.AddrPort, error) {
	if len(arg) < len("|1|::|0|") || arg[0] < '!' || arg[0] > '~' || arg[len(arg)-1] != arg[0] {
		return malformed(arg)
	}
	part := strings.Split(arg[1:len(arg)-1], arg[:1])
	if len(part) != 3 {
		return malformed(arg)
	}
	family, ok := decimal(part[0], 65535)
	if !ok {
		return malformed(arg)
	}
	if family != 1 && family != 2 {
		return netip.AddrPort{}, fmt.Errorf("family %d: %w: %w", family, ErrFamily, winerr.InvalidParameter)
	}
	addr, err := netip.ParseAddr(part[1])
	port, ok := decimal(part[2], 65535)
	if err != nil || !ok || addr.Zone() != "" || addr.Is4() != (family == 1) {
		return malformed(arg)
	}
	return netip.AddrPortFrom(addr, uint16(port)), nil
}

// FormatPASV prints an IPv4 address and port in the form of PORT and of the
// reply to PASV, without parentheses; "" for IPv6, which has no such form.
func FormatPASV(addr netip.AddrPort) string {
	ip := addr.Addr().Unmap()
	if !ip.Is4() {
		return ""
	}
	b := ip.As4()
	return fmt.Sprintf("%d,%d,%d,%d,%d,%d", b[0], b[1], b[2], b[3], addr.Port()>>8, addr.Port()&0xff)
}

// FormatEPSV prints a port in the form of the reply to EPSV, without
// parentheses (RFC 2428 section 3).
func FormatEPSV(port uint16) string { return "|||" + strconv.Itoa(int(port)) + "|" }

func malformed(arg string) (netip.AddrPort, error) {
	return netip.AddrPort{}, fmt.Errorf("%.64q: %w: %w", arg, ErrSyntax, winerr.InvalidParameter)
}

// decimal reads a number as it would be printed, so that accepted input prints
// back to itself.
func decimal(s string, limit uint64) (uint64, bool) {
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil || n > limit || s[0] == '+' || s[0] == '0' && len(s) > 1 {
		return 0, false
	}
	return n, true
}
