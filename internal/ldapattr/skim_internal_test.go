package ldapattr

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

// entryMessage is an entry of a search as a domain controller sends it.
func entryMessage(id int64, dn string, attributes map[string][]string) []byte {
	text := func(s string) *ber.Packet {
		return ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, s, "")
	}
	op := ber.Encode(ber.ClassApplication, ber.TypeConstructed, ldap.ApplicationSearchResultEntry, nil, "")
	op.AppendChild(text(dn))
	list := ber.NewSequence("")
	for name, values := range attributes {
		set := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSet, nil, "")
		for _, value := range values {
			set.AppendChild(text(value))
		}
		one := ber.NewSequence("")
		one.AppendChild(text(name))
		one.AppendChild(set)
		list.AppendChild(one)
	}
	op.AppendChild(list)
	return message(id, op)
}

func TestDecodeEntry(t *testing.T) {
	long := strings.Repeat("x", 70_000)
	octets := entryMessage(1, "CN=Alice", map[string][]string{"cn": {"Alice"}})
	octets = append(octets, entryMessage(1<<24, "CN="+long, map[string][]string{"member": {"a", "", long}})...)
	first, rest, err := decodeEntry(octets)
	if err != nil || first.DN != "CN=Alice" || first.GetAttributeValue("cn") != "Alice" {
		t.Fatalf("%+v, %v", first, err)
	}
	second, rest, err := decodeEntry(rest)
	if err != nil || second.DN != "CN="+long || !reflect.DeepEqual(second.GetAttributeValues("member"), []string{"a", "", long}) || len(rest) > 0 {
		t.Errorf("%v, %d octets are left", err, len(rest))
	}
}

// What is decoded here is what the library decodes; what it refuses is refused.
func FuzzDecodeEntry(f *testing.F) {
	f.Add(entryMessage(7, "CN=Alice,DC=corp", map[string][]string{"cn": {"Alice", "", "A"}, "none": {}}))
	f.Add(entryMessage(7, "", nil))
	f.Add([]byte{0x30, 0x0a, 2, 1, 7, 0x64, 0x84, 0xff, 0xff, 0xff, 0xff, 4})
	f.Fuzz(func(t *testing.T, octets []byte) {
		size, is, err := nextMessage(octets)
		if err != nil || !is || size == 0 || size > len(octets) {
			return // no skim hands it over
		}
		got, rest, err := decodeEntry(octets)
		if err != nil {
			return
		}
		if len(rest) != len(octets)-size {
			t.Fatalf("%d octets are left of %d", len(rest), len(octets)-size)
		}
		packet, err := ber.DecodePacketErr(octets[:size])
		if err != nil || len(packet.Children) < 2 || len(packet.Children[1].Children) < 2 {
			return // it is more particular about what stands around
		}
		op := packet.Children[1]
		if dn := op.Children[0].Data.String(); dn != got.DN {
			t.Fatalf("DN %q, the library says %q", got.DN, dn)
		}
		for i, child := range op.Children[1].Children {
			if name := child.Children[0].Data.String(); name != got.Attributes[i].Name {
				t.Fatalf("attribute %q, the library says %q", got.Attributes[i].Name, name)
			}
			for j, value := range child.Children[1].Children {
				if value.Data.String() != got.Attributes[i].Values[j] {
					t.Fatalf("value %q, the library says %q", got.Attributes[i].Values[j], value.Data.String())
				}
			}
		}
	})
}

// Entries and other messages are told apart however the network cuts them up, and
// keep their order.
func TestSkim(t *testing.T) {
	alice, bob := entryMessage(7, "CN=Alice", map[string][]string{"cn": {"Alice"}}), entryMessage(7, "CN=Bob", nil)
	big := entryMessage(7, "CN="+strings.Repeat("x", 100_000), nil)
	reference := message(7, ber.Encode(ber.ClassApplication, ber.TypeConstructed, ldap.ApplicationSearchResultReference, nil, ""))
	done := answer(7, ldap.ApplicationSearchResultDone, 0, "")
	stream := bytes.Join([][]byte{alice, reference, big, done, bob}, nil)
	for _, cut := range []int{1, 3, 100, 4096, len(stream)} {
		var s skim
		var rest []byte
		for octets := stream; len(octets) > 0; octets = octets[min(cut, len(octets)):] {
			s.take(octets[:min(cut, len(octets))])
			p := make([]byte, 5)
			for {
				n, err := s.give(p)
				if err != nil {
					t.Fatal(err)
				}
				if n == 0 {
					break
				}
				rest = append(rest, p[:n]...)
			}
		}
		if entries := s.page(); !bytes.Equal(entries, bytes.Join([][]byte{alice, big, bob}, nil)) {
			t.Errorf("cut at %d: %d octets of entries", cut, len(entries))
		}
		if !bytes.Equal(rest, append(reference, done...)) || len(s.page()) > 0 {
			t.Errorf("cut at %d: %d octets are left for the library", cut, len(rest))
		}
	}
}

// What is no LDAP, and an entry without end, break off the connection.
func TestSkim_refuses(t *testing.T) {
	for name, octets := range map[string][]byte{
		"no LDAP": []byte("HTTP/1.1 400 Bad Request"), "no end": {0x30, 0x80}, "too long": {0x30, 0x84, 0x7f, 0xff, 0xff, 0xff},
		"longer lengths": {0x30, 0x88, 0, 0, 0, 0, 0, 0, 0, 5}, "no message number": {0x30, 3, 4, 1, 7},
	} {
		var s skim
		done := answer(7, ldap.ApplicationSearchResultDone, 0, "")
		s.take(append(done, octets...))
		p := make([]byte, 100)
		if n, err := s.give(p); err != nil || !bytes.Equal(p[:n], done) {
			t.Errorf("%s: what came before is lost: %v", name, err)
		}
		if _, err := s.give(p); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
