package secdesc_test

import (
	"bytes"
	"encoding/binary"
	"reflect"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
)

// domain is whose accounts the letters of SDDL mean in these tests.
const domain = "S-1-5-21-1-2-3"

func mustSDDL(t testing.TB, text string) secdesc.Descriptor {
	t.Helper()
	d, err := secdesc.ParseSDDL(text, mustSID(t, domain))
	if err != nil {
		t.Fatalf("ParseSDDL(%q): %v", text, err)
	}
	return d
}

func TestDescriptor_octets(t *testing.T) {
	d := mustSDDL(t, "O:BAG:SYD:P(A;OI;FA;;;WD)")
	want := "\x01\x00\x04\x90" + "\x14\x00\x00\x00" + "\x24\x00\x00\x00" + "\x00\x00\x00\x00" + "\x30\x00\x00\x00" +
		string(secdesc.Administrators) + string(secdesc.System) +
		"\x02\x00\x1c\x00\x01\x00\x00\x00" + "\x00\x01\x14\x00\xff\x01\x1f\x00" + string(secdesc.Everyone)
	if got := string(d.Bytes()); got != want {
		t.Errorf("got  % x\nwant % x", got, want)
	}
	again, err := secdesc.Parse([]byte(want))
	if err != nil || !reflect.DeepEqual(again, d) {
		t.Errorf("got %+v, %v, want %+v", again, err, d)
	}
}

// What a server sends may lie in any order, with room between, and with what one
// part has belonging to another as well.
func TestParse_anyArrangement(t *testing.T) {
	list := "\x04\x00\x28\x00\x01\x00\x00\x00" + "\x00\x00\x18\x00\xff\x01\x1f\x00" + string(secdesc.Everyone) + "\xaa\xbb\xcc\xdd" + strings.Repeat("\xee", 8)
	octets := []byte("\x01\x07\x04\x80" + "\x44\x00\x00\x00" + "\x44\x00\x00\x00" + "\x01\x00\x00\x80" + "\x18\x00\x00\x00" + "\xff\xff\xff\xff" + list + "\x00\x00\x00\x00" + string(secdesc.System))
	binary.LittleEndian.PutUint32(octets[12:], 0)
	d, err := secdesc.Parse(octets)
	if err != nil {
		t.Fatal(err)
	}
	if got := d.SDDL(); got != "O:SYG:SYD:(A;;FA;;;WD;0xaabbccdd)" {
		t.Errorf("got %s", got)
	}
	if d.DACL.Revision != 4 {
		t.Errorf("revision: got %d, want 4", d.DACL.Revision)
	}
}

func TestParse_listsThatAreNotThere(t *testing.T) {
	header := func(control secdesc.Control, offset uint32) []byte {
		b := make([]byte, 20)
		b[0] = 1
		binary.LittleEndian.PutUint16(b[2:], uint16(control))
		binary.LittleEndian.PutUint32(b[16:], offset)
		return append(b, 2, 0, 8, 0, 0, 0, 0, 0)
	}
	tests := []struct {
		name    string
		control secdesc.Control
		offset  uint32
		list    bool
		want    string
	}{
		{"none", secdesc.SelfRelative, 0, false, ""},
		{"an offset without the flag", secdesc.SelfRelative, 20, false, ""},
		{"null", secdesc.SelfRelative | secdesc.DACLPresent, 0, false, "D:NO_ACCESS_CONTROL"},
		{"null and protected", secdesc.SelfRelative | secdesc.DACLPresent | secdesc.DACLProtected, 0, false, "D:PNO_ACCESS_CONTROL"},
		{"empty", secdesc.SelfRelative | secdesc.DACLPresent, 20, true, "D:"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d, err := secdesc.Parse(header(test.control, test.offset))
			if err != nil || (d.DACL != nil) != test.list || d.SDDL() != test.want {
				t.Errorf("got %+v, %v, %q", d, err, d.SDDL())
			}
			if again, err := secdesc.Parse(d.Bytes()); err != nil || !reflect.DeepEqual(again, d) {
				t.Errorf("again: got %+v, %v", again, err)
			}
		})
	}
}

func TestParse_refusesHostileOctets(t *testing.T) {
	good := mustSDDL(t, "O:BAD:(OA;;RP;bf967aba-0de6-11d0-a285-00aa003049e2;;WD)S:(AU;SA;FA;;;WD)").Bytes()
	dacl := int(binary.LittleEndian.Uint32(good[16:]))
	tests := []struct {
		name   string
		damage func([]byte) []byte
	}{
		{"nothing", func([]byte) []byte { return nil }},
		{"half a header", func(b []byte) []byte { return b[:19] }},
		{"too long", func(b []byte) []byte { return append(b, make([]byte, 1<<18)...) }},
		{"revision", func(b []byte) []byte { b[0] = 2; return b }},
		{"owner in the header", func(b []byte) []byte { b[4] = 19; return b }},
		{"owner behind the end", func(b []byte) []byte { b[6] = 1; return b }},
		{"owner far away", func(b []byte) []byte { copy(b[4:], "\xff\xff\xff\xff"); return b }},
		{"owner at the last octet", func(b []byte) []byte { b[4] = byte(len(b) - 1); return b }},
		{"list at the last octet", func(b []byte) []byte { b[16] = byte(len(b) - 1); return b }},
		{"revision of the list", func(b []byte) []byte { b[dacl] = 1; return b }},
		{"later revision of the list", func(b []byte) []byte { b[dacl] = 5; return b }},
		{"list shorter than its header", func(b []byte) []byte { b[dacl+2] = 7; return b }},
		{"list longer than all", func(b []byte) []byte { b[dacl+3] = 0xff; return b }},
		{"more entries than fit", func(b []byte) []byte { b[dacl+5] = 0xff; return b }},
		{"one entry too many", func(b []byte) []byte { b[dacl+4] = 2; return b }},
		{"entry without a size", func(b []byte) []byte { b[dacl+10] = 0; return b }},
		{"entry larger than the list", func(b []byte) []byte { b[dacl+11] = 1; return b }},
		{"entry without a mask", func(b []byte) []byte { b[dacl+10] = 4; return b }},
		{"entry without flags", func(b []byte) []byte { b[dacl+10] = 8; return b }},
		{"half a GUID", func(b []byte) []byte { b[dacl+10] = 20; return b }},
		{"half a SID", func(b []byte) []byte { b[dacl+10] = 36; return b }},
		{"SID of too many parts", func(b []byte) []byte { b[dacl+8+28+1] = 200; return b }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if d, err := secdesc.Parse(test.damage(bytes.Clone(good))); err == nil {
				t.Errorf("got %s, want an error", d.SDDL())
			}
		})
	}
	for n := range good {
		if _, err := secdesc.Parse(good[:n]); err == nil {
			t.Errorf("its first %d octets are taken", n)
		}
	}
}

func TestDescriptor_listsTooLarge(t *testing.T) {
	list := secdesc.ACL{Entries: make([]secdesc.ACE, 3300)}
	for i := range list.Entries {
		list.Entries[i] = secdesc.ACE{Mask: 1, SID: secdesc.Everyone}
	}
	if b := (secdesc.Descriptor{DACL: &list}).Bytes(); b != nil {
		t.Errorf("got %d octets, want none", len(b))
	}
	list.Entries = list.Entries[:3276]
	d, err := secdesc.Parse((secdesc.Descriptor{DACL: &list}).Bytes())
	if err != nil || len(d.DACL.Entries) != 3276 {
		t.Errorf("the largest list: %v", err)
	}
	if _, err := secdesc.ParseSDDL("D:"+strings.Repeat("(A;;FA;;;WD)", 3300), ""); err == nil {
		t.Error("SDDL of a list that is too large is taken")
	}
	huge := secdesc.ACE{Type: 0x77, Data: make([]byte, 70000)}
	if b := (secdesc.Descriptor{DACL: &secdesc.ACL{Entries: []secdesc.ACE{huge}}}).Bytes(); b != nil {
		t.Errorf("an entry that is too large: got %d octets", len(b))
	}
}
