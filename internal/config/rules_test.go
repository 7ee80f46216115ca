package config_test

import (
	"net/netip"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
)

func network(t *testing.T, text string) config.Network {
	t.Helper()
	var n config.Network
	if err := n.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestIPEntry_Network(t *testing.T) {
	for _, tt := range []struct{ address, mask, want string }{
		{"192.0.2.7", "", "192.0.2.7/32"},
		{"192.0.2.7", "255.255.255.255", "192.0.2.7/32"},
		{"192.0.2.0", "255.255.255.0", "192.0.2.0/24"},
		{"192.0.0.0", "255.240.0.0", "192.0.0.0/12"},
		{"0.0.0.0", "0.0.0.0", "0.0.0.0/0"},
		{"192.0.2.0/25", "", "192.0.2.0/25"},
		{"::ffff:192.0.2.7", "", "192.0.2.7/32"},
		{"2001:db8::1", "", "2001:db8::1/128"},
		{"2001:db8::/32", "", "2001:db8::/32"},
	} {
		entry := config.IPEntry{IPAddress: network(t, tt.address)}
		if tt.mask != "" {
			entry.SubnetMask = netip.MustParseAddr(tt.mask)
		}
		if got := entry.Network().String(); got != tt.want {
			t.Errorf("%s %s is %s, want %s", tt.address, tt.mask, got, tt.want)
		}
	}
}

func TestAuthorizationRule_String(t *testing.T) {
	rule := config.DefaultSite().Security.Authorization[0]
	rule.Roles = []string{"FTP Partners"}
	if got, want := rule.String(), "Allow *, FTP Partners Read, Write"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
