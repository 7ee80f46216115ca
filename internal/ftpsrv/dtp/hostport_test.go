package dtp_test

import (
	"errors"
	"fmt"
	"net/netip"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/dtp"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func TestParsePORT(t *testing.T) {
	tests := []struct {
		name, arg, want string // want "" is an error
	}{
		{"plain", "192,0,2,1,4,1", "192.0.2.1:1025"},
		{"largest", "255,255,255,255,255,255", "255.255.255.255:65535"},
		{"smallest", "0,0,0,0,0,0", "0.0.0.0:0"},
		{"octet above 255", "256,0,2,1,4,1", ""},
		{"port octet above 255", "192,0,2,1,256,1", ""},
		{"far too large", "192,0,2,1,4,4294967297", ""},
		{"negative", "192,0,2,1,-1,1", ""},
		{"plus sign", "192,0,2,1,+1,1", ""},
		{"leading zero", "192,0,2,01,4,1", ""},
		{"blank", "192,0,2,1, 4,1", ""},
		{"parentheses", "(192,0,2,1,4,1)", ""},
		{"five numbers", "192,0,2,1,4", ""},
		{"seven numbers", "192,0,2,1,4,1,1", ""},
		{"trailing comma", "192,0,2,1,4,1,", ""},
		{"empty number", "192,0,,1,4,1", ""},
		{"empty", "", ""},
		{"hexadecimal", "192,0,2,1,0x4,1", ""},
		{"dots", "192.0.2.1.4.1", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := dtp.ParsePORT(tt.arg)
			if tt.want == "" {
				if !errors.Is(err, dtp.ErrSyntax) || winerr.Of(err) != winerr.InvalidParameter {
					t.Errorf("got %v, %v, want ErrSyntax with 87", got, err)
				}
				return
			}
			if err != nil || got.String() != tt.want {
				t.Errorf("got %v, %v, want %s", got, err, tt.want)
			}
		})
	}
}

func TestParseEPRT(t *testing.T) {
	tests := []struct {
		name, arg, want string
		err             error
	}{
		{"IPv4", "|1|192.0.2.1|1025|", "192.0.2.1:1025", nil},
		{"IPv6", "|2|2001:db8::1|65535|", "[2001:db8::1]:65535", nil},
		{"IPv6 in capitals", "|2|2001:DB8:0::1|1025|", "[2001:db8::1]:1025", nil},
		{"mapped", "|2|::ffff:192.0.2.1|1025|", "[::ffff:192.0.2.1]:1025", nil},
		{"other delimiter", "!1!192.0.2.1!1025!", "192.0.2.1:1025", nil},
		{"port 0", "|1|192.0.2.1|0|", "192.0.2.1:0", nil},
		{"third family", "|3|192.0.2.1|1025|", "", dtp.ErrFamily},
		{"family 0", "|0|192.0.2.1|1025|", "", dtp.ErrFamily},
		{"family does not fit", "|1|2001:db8::1|1025|", "", dtp.ErrSyntax},
		{"family does not fit either", "|2|192.0.2.1|1025|", "", dtp.ErrSyntax},
		{"no family", "||192.0.2.1|1025|", "", dtp.ErrSyntax},
		{"port too large", "|1|192.0.2.1|65536|", "", dtp.ErrSyntax},
		{"port with zero", "|1|192.0.2.1|01025|", "", dtp.ErrSyntax},
		{"port negative", "|1|192.0.2.1|-1|", "", dtp.ErrSyntax},
		{"zone", "|2|fe80::1%eth0|1025|", "", dtp.ErrSyntax},
		{"name instead of address", "|1|localhost|1025|", "", dtp.ErrSyntax},
		{"unterminated", "|1|192.0.2.1|1025", "", dtp.ErrSyntax},
		{"too many parts", "|1|192.0.2.1|1025|1|", "", dtp.ErrSyntax},
		{"delimiters differ", "|1|192.0.2.1|1025!", "", dtp.ErrSyntax},
		{"blank as delimiter", " 1 192.0.2.1 1025 ", "", dtp.ErrSyntax},
		{"delimiter alone", "||||||||||", "", dtp.ErrSyntax},
		{"empty", "", "", dtp.ErrSyntax},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := dtp.ParseEPRT(tt.arg)
			if !errors.Is(err, tt.err) || err == nil && got.String() != tt.want {
				t.Errorf("got %v, %v, want %q, %v", got, err, tt.want, tt.err)
			}
		})
	}
}

func TestFormat(t *testing.T) {
	v4, v6 := netip.MustParseAddrPort("192.0.2.1:50001"), netip.MustParseAddrPort("[2001:db8::1]:50001")
	mapped := netip.MustParseAddrPort("[::ffff:192.0.2.1]:50001")
	for _, tt := range []struct{ name, got, want string }{
		{"PASV", dtp.FormatPASV(v4), "192,0,2,1,195,81"},
		{"PASV mapped", dtp.FormatPASV(mapped), "192,0,2,1,195,81"},
		{"PASV of IPv6", dtp.FormatPASV(v6), ""},
		{"EPSV", dtp.FormatEPSV(50001), "|||50001|"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.got != tt.want {
				t.Errorf("got %q, want %q", tt.got, tt.want)
			}
		})
	}
}

// FuzzParseHostPort: what PORT accepts prints back to itself.
func FuzzParseHostPort(f *testing.F) {
	for _, s := range []string{"192,0,2,1,4,1", "1,2,3,4,5", "256,1,1,1,1,1", "01,2,3,4,5,6", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, arg string) {
		addr, err := dtp.ParsePORT(arg)
		if err != nil {
			return
		}
		if got := dtp.FormatPASV(addr); got != arg {
			t.Errorf("%q prints as %q", arg, got)
		}
	})
}

// FuzzParseEPRT: what EPRT accepts prints back to itself, but for the delimiter
// and the many spellings of an IPv6 address.
func FuzzParseEPRT(f *testing.F) {
	for _, s := range []string{"|1|192.0.2.1|1025|", "|2|2001:db8::1|65535|", "!2!::!0!", "|3|x|1|", "||||"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, arg string) {
		addr, err := dtp.ParseEPRT(arg)
		if err != nil {
			return
		}
		family := map[bool]int{true: 1, false: 2}[addr.Addr().Is4()]
		printed := fmt.Sprintf("|%d|%v|%d|", family, addr.Addr(), addr.Port())
		again, err := dtp.ParseEPRT(printed)
		if err != nil || again != addr {
			t.Errorf("%q prints as %q, which reads as %v, %v", arg, printed, again, err)
		}
		if addr.Addr().Is4() && arg[0] == '|' && printed != arg {
			t.Errorf("%q prints as %q", arg, printed)
		}
	})
}
