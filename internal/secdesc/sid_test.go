package secdesc_test

import (
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
)

func mustSID(t testing.TB, text string) secdesc.SID {
	t.Helper()
	sid, err := secdesc.ParseSID(text)
	if err != nil {
		t.Fatalf("ParseSID(%q): %v", text, err)
	}
	return sid
}

func TestSID_thereAndBack(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"domain account", "S-1-5-21-3623811015-3361044348-30300820-1013", ""},
		{"lower case", "s-1-5-18", "S-1-5-18"},
		{"no parts", "S-1-5", ""},
		{"largest part", "S-1-5-21-4294967295", ""},
		{"fifteen parts", "S-1-5" + strings.Repeat("-7", 15), ""},
		{"authority of 32 bits", "S-1-4294967295-1", ""},
		{"authority of more is hexadecimal", "S-1-4294967296-1", "S-1-0x000100000000-1"},
		{"hexadecimal authority", "S-1-0xffffffffffff-1", ""},
		{"small hexadecimal authority", "S-1-0x5-32-544", "S-1-5-32-544"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := test.want
			if want == "" {
				want = test.text
			}
			sid := mustSID(t, test.text)
			if got := sid.String(); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			again, n, err := secdesc.SIDFrom(append(sid.Bytes(), 0xff))
			if again != sid || n != len(sid) || err != nil {
				t.Errorf("its octets: got %s, %d, %v", again, n, err)
			}
		})
	}
}

func TestParseSID_refuses(t *testing.T) {
	for _, text := range []string{
		"", "S", "S-1-", "S-2-5-18", "S-1--18", "S-1-5-", "S-1-5-4294967296", "S-1-5-+1", "S-1-5-0x20", "S-1-0x-1", "S-1-281474976710656-1",
		"S-1-5-21-1 ", "S-1-5" + strings.Repeat("-7", 16),
	} {
		if sid, err := secdesc.ParseSID(text); err == nil {
			t.Errorf("%q: got %s, want an error", text, sid)
		}
	}
}

func TestSIDFrom_refuses(t *testing.T) {
	for name, octets := range map[string]string{
		"nothing": "", "too short": "\x01\x00\x00\x00\x00\x00\x00", "revision": "\x02\x00\x00\x00\x00\x00\x00\x05",
		"parts that are not there": "\x01\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00", "sixteen parts": "\x01\x10" + strings.Repeat("\x00", 100),
	} {
		if sid, n, err := secdesc.SIDFrom([]byte(octets)); err == nil || sid != "" || n != 0 {
			t.Errorf("%s: got %q, %d, %v", name, sid, n, err)
		}
	}
}

func TestSID_constantsAreWhatTheySay(t *testing.T) {
	for sid, want := range map[secdesc.SID][2]string{
		secdesc.Everyone:           {"S-1-1-0", "Everyone"},
		secdesc.CreatorOwner:       {"S-1-3-0", "Creator Owner"},
		secdesc.CreatorGroup:       {"S-1-3-1", "Creator Group"},
		secdesc.OwnerRights:        {"S-1-3-4", "Owner Rights"},
		secdesc.Network:            {"S-1-5-2", `NT AUTHORITY\Network`},
		secdesc.Interactive:        {"S-1-5-4", `NT AUTHORITY\Interactive`},
		secdesc.Anonymous:          {"S-1-5-7", `NT AUTHORITY\Anonymous Logon`},
		secdesc.PrincipalSelf:      {"S-1-5-10", `NT AUTHORITY\Self`},
		secdesc.AuthenticatedUsers: {"S-1-5-11", `NT AUTHORITY\Authenticated Users`},
		secdesc.ThisOrganization:   {"S-1-5-15", `NT AUTHORITY\This Organization`},
		secdesc.System:             {"S-1-5-18", `NT AUTHORITY\SYSTEM`},
		secdesc.Administrators:     {"S-1-5-32-544", `BUILTIN\Administrators`},
		secdesc.Users:              {"S-1-5-32-545", `BUILTIN\Users`},
		secdesc.Guests:             {"S-1-5-32-546", `BUILTIN\Guests`},
	} {
		name, ok := sid.WellKnown()
		if sid.String() != want[0] || name != want[1] || !ok {
			t.Errorf("got %s, %q, %v, want %q", sid, name, ok, want)
		}
	}
}

func TestSID_parts(t *testing.T) {
	domain := mustSID(t, "S-1-5-21-1-2-3")
	admin := domain.WithRID(500)
	if got := admin.String(); got != "S-1-5-21-1-2-3-500" {
		t.Errorf("WithRID: got %s", got)
	}
	if admin.RID() != 500 || admin.Domain() != domain {
		t.Errorf("got %d of %s", admin.RID(), admin.Domain())
	}
	if name, ok := admin.WellKnown(); ok {
		t.Errorf("an account of a domain is known as %s", name)
	}
	for _, odd := range []secdesc.SID{"", "x", mustSID(t, "S-1-5")} {
		if odd.RID() != 0 || odd.Domain() != "" {
			t.Errorf("%q: got %d of %q", odd, odd.RID(), odd.Domain())
		}
	}
	if got := mustSID(t, "S-1-5"+strings.Repeat("-7", 15)).WithRID(1); got != "" {
		t.Errorf("a sixteenth part: got %s", got)
	}
	if got := secdesc.SID("no SID").String(); got != "" {
		t.Errorf("octets that are no SID: got %q", got)
	}
}

func TestGUID(t *testing.T) {
	const text = "bf967aba-0de6-11d0-a285-00aa003049e2"
	g, err := secdesc.ParseGUID(text)
	if err != nil {
		t.Fatal(err)
	}
	if want := (secdesc.GUID{0xba, 0x7a, 0x96, 0xbf, 0xe6, 0x0d, 0xd0, 0x11, 0xa2, 0x85, 0x00, 0xaa, 0x00, 0x30, 0x49, 0xe2}); g != want {
		t.Errorf("got % x", g[:])
	}
	if got := g.String(); got != text {
		t.Errorf("got %s", got)
	}
	if braced, err := secdesc.ParseGUID("{" + strings.ToUpper(text) + "}"); braced != g || err != nil {
		t.Errorf("with braces: %s, %v", braced, err)
	}
	for _, bad := range []string{"", "{}", "{", text[1:], text + "0", "bf967aba00de6-11d0-a285-00aa003049e2", "bf967abx-0de6-11d0-a285-00aa003049e2", "bf967ab--0de6-11d0-a285-00aa003049e2"} {
		if _, err := secdesc.ParseGUID(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
