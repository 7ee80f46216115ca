package config

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/config/words"
)

// AuthorizationRule grants or withholds rights (Microsoft,
// system.ftpServer/security/authorization).
type AuthorizationRule struct {
	AccessType  words.AccessType   `yaml:"accessType"`
	Users       []string           `yaml:"users"` // "*" is everybody, "?" anonymous
	Roles       []string           `yaml:"roles"` // groups of the directory
	Permissions []words.Permission `yaml:"permissions"`
}

// String returns the rule in one line.
func (r AuthorizationRule) String() string {
	var permissions []string
	for _, p := range r.Permissions {
		permissions = append(permissions, string(p))
	}
	return string(r.AccessType) + " " + strings.Join(slices.Concat(r.Users, r.Roles), ", ") + " " + strings.Join(permissions, ", ")
}

func (r *AuthorizationRule) validate(d *decoder, at string) {
	if len(r.Users)+len(r.Roles) == 0 {
		d.at(at, "names nobody; users: '*' is everybody")
	}
	if len(r.Permissions) == 0 {
		d.at(at, "names no permission; permissions are Read and Write")
	}
}

// IPSecurity says which addresses may connect (Microsoft,
// system.ftpServer/security/ipSecurity).
type IPSecurity struct {
	AllowUnlisted bool      `yaml:"allowUnlisted"`
	Entries       []IPEntry `yaml:"entries"` // the first that holds an address decides
}

// IPEntry is an address or a network.
type IPEntry struct {
	IPAddress  Network    `yaml:"ipAddress"`
	SubnetMask netip.Addr `yaml:"subnetMask"` // IIS's way to write a network of IPv4; the zero Addr: as ipAddress says
	Allowed    bool       `yaml:"allowed"`
}

// Network is an address, or a network with its prefix length.
type Network struct{ netip.Prefix }

// UnmarshalText accepts 192.0.2.7, 192.0.2.0/24, 2001:db8::1 and 2001:db8::/32.
func (n *Network) UnmarshalText(text []byte) error {
	if addr, err := netip.ParseAddr(string(text)); err == nil && addr.Zone() == "" {
		addr = addr.Unmap()
		n.Prefix = netip.PrefixFrom(addr, addr.BitLen())
		return nil
	}
	prefix, err := netip.ParsePrefix(string(text))
	switch {
	case err != nil:
		return fmt.Errorf("%q is neither an address nor a network such as 192.0.2.0/24", text)
	case prefix.Addr().Is4In6():
		return fmt.Errorf("%q: write a network of IPv4 as 192.0.2.0/24", text)
	case prefix != prefix.Masked():
		return fmt.Errorf("%q has an address within the network; the network is %s", text, prefix.Masked())
	}
	n.Prefix = prefix
	return nil
}

// Network returns what the entry is about.
func (e IPEntry) Network() netip.Prefix {
	if bits, ok := maskBits(e.SubnetMask); ok {
		return netip.PrefixFrom(e.IPAddress.Addr(), bits).Masked()
	}
	return e.IPAddress.Prefix
}

// maskBits is the length of the prefix that a mask of IPv4 stands for.
func maskBits(mask netip.Addr) (bits int, ok bool) {
	if !mask.Is4() {
		return 0, false
	}
	octets := mask.As4()
	for bits < 32 && octets[bits/8]&(0x80>>(bits%8)) != 0 {
		bits++
	}
	full, err := netip.AddrFrom4([4]byte{255, 255, 255, 255}).Prefix(bits)
	return bits, err == nil && full.Masked().Addr() == mask
}

func (s *IPSecurity) validate(d *decoder, at string) {
	for i, entry := range s.Entries {
		at := fmt.Sprintf("%s.entries[%d]", at, i)
		_, proper := maskBits(entry.SubnetMask)
		switch {
		case !entry.IPAddress.IsValid():
			d.at(at+".ipAddress", "is missing")
		case !entry.SubnetMask.IsValid():
		case !proper:
			d.at(at+".subnetMask", "%s is no mask of IPv4 such as 255.255.255.0", entry.SubnetMask)
		case !entry.IPAddress.Addr().Is4() || !entry.IPAddress.IsSingleIP():
			d.at(at+".subnetMask", "goes with an address of IPv4 alone; %s says it all", entry.IPAddress)
		case !entry.Network().Contains(entry.IPAddress.Addr()) || entry.Network().Addr() != entry.IPAddress.Addr():
			d.at(at+".ipAddress", "%s is an address within the network; the network is %s", entry.IPAddress.Addr(), entry.Network().Addr())
		}
	}
	if !s.AllowUnlisted && !slices.ContainsFunc(s.Entries, func(e IPEntry) bool { return e.Allowed }) {
		d.at(at+".allowUnlisted", "is false and no entry allows anybody")
	}
}

// CommandFiltering bounds what a client may send (Microsoft,
// ftpServer/security/commandFiltering).
type CommandFiltering struct {
	MaxCommandLine int            `yaml:"maxCommandLine"` // octets, CRLF included
	AllowUnlisted  bool           `yaml:"allowUnlisted"`
	Entries        []CommandEntry `yaml:"entries"`
}

// CommandEntry allows a command or does not.
type CommandEntry struct {
	Command string `yaml:"command"`
	Allowed bool   `yaml:"allowed"`
}

func (s *CommandFiltering) validate(d *decoder, at string) {
	const least, most = 64, 65536
	if n := s.MaxCommandLine; n < least || n > most {
		d.at(at+".maxCommandLine", "%d is not between %d and %d", n, least, most)
	}
	for i, entry := range s.Entries {
		at := fmt.Sprintf("%s.entries[%d].command", at, i)
		same := func(e CommandEntry) bool { return strings.EqualFold(e.Command, entry.Command) }
		switch {
		case entry.Command == "" || strings.ContainsFunc(entry.Command, func(r rune) bool { return !isVerbRune(r) }):
			d.at(at, "%q is no command", entry.Command)
		case slices.ContainsFunc(s.Entries[:i], same):
			d.at(at, "%s is named twice", entry.Command)
		}
	}
}

func isVerbRune(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}

func (s *DenyByFailure) validate(d *decoder, at string) {
	if s.MaxFailure == 0 {
		d.at(at+".maxFailure", "0 would let nobody in")
	}
	d.atLeast(at+".entryExpiration", s.EntryExpiration, time.Second)
}
