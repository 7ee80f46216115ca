package adsim_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
)

// nested is n lists within each other.
func nested(n int) []byte {
	var data []byte
	for range n {
		data = append([]byte{0x30, 0x84, byte(len(data) >> 24), byte(len(data) >> 16), byte(len(data) >> 8), byte(len(data))}, data...)
	}
	return data
}

// longLength writes the length of a short message as AD and its clients do.
func longLength(data []byte) []byte {
	return append([]byte{data[0], 0x84, 0, 0, 0, data[1]}, data[2:]...)
}

// A hostile packet ends its own connection, with a notice where there is somebody
// to read it, and no other.
func TestHostile_packetEndsItsConnectionOnly(t *testing.T) {
	present := func(id int64, filter *ber.Packet) []byte { return message(id, searchOperation(filter)) }
	context := func(tag ber.Tag, parts ...*ber.Packet) *ber.Packet {
		p := ber.Encode(ber.ClassContext, ber.TypeConstructed, tag, nil, "")
		for _, part := range parts {
			p.AppendChild(part)
		}
		return p
	}
	many := make([]*ber.Packet, 40000)
	for i := range many {
		many[i] = text("")
	}
	wide := message(1, operation(23, many...))
	tests := []struct {
		name string
		data []byte
	}{
		{"not LDAP", []byte("GET / HTTP/1.1\r\n\r\n")},
		{"TLS on the clear port", []byte{0x16, 0x03, 0x01, 0x02, 0x00, 0x01}},
		{"four gigabytes announced", []byte{0x30, 0x84, 0xff, 0xff, 0xff, 0xff}},
		{"just over the limit", []byte{0x30, 0x83, 0x10, 0x00, 0x01}},
		{"length in eight octets", []byte{0x30, 0x88, 0, 0, 0, 0, 0, 0, 0, 1, 0}},
		{"indefinite length", []byte{0x30, 0x80, 0, 0}},
		{"empty message", []byte{0x30, 0}},
		{"inner length too long", []byte{0x30, 0x03, 0x02, 0x05, 0x01}},
		{"high tag number", []byte{0x30, 0x03, 0x1f, 0x01, 0x00}},
		{"real number", []byte{0x30, 0x03, 0x09, 0x01, 0x80}},
		{"too deep", nested(80)},
		{"too wide", wide},
		{"id zero", message(0, operation(23, tagged(0, "1.2")))},
		{"negative id", message(-1, operation(23, tagged(0, "1.2")))},
		{"id too large", message(1<<31, operation(23, tagged(0, "1.2")))},
		{"unknown operation", message(1, operation(29))},
		{"answer as a request", message(1, operation(1, enumerated(0), text(""), text("")))},
		{"universal operation", message(1, list(ber.TagSequence))},
		{"bind of two parts", message(1, operation(0, integer(3), text("x")))},
		{"bind with a number as name", message(1, operation(0, integer(3), integer(3), tagged(0, "x")))},
		{"primitive search", message(1, ber.Encode(ber.ClassApplication, ber.TypePrimitive, 3, nil, ""))},
		{"constructed delete", message(1, operation(10, text(aliceDN)))},
		{"search of scope 3", message(1, operation(3, text(""), enumerated(3), enumerated(0), integer(0), integer(0),
			ber.NewLDAPBoolean(ber.ClassUniversal, ber.TypePrimitive, ber.TagBoolean, false, ""), tagged(7, "cn"), list(ber.TagSequence)))},
		{"negative limit", message(1, operation(3, text(""), enumerated(0), enumerated(0), integer(-1), integer(0),
			ber.NewLDAPBoolean(ber.ClassUniversal, ber.TypePrimitive, ber.TagBoolean, false, ""), tagged(7, "cn"), list(ber.TagSequence)))},
		{"unknown filter", present(1, tagged(12, "cn"))},
		{"not of nothing", present(1, context(2))},
		{"not of two", present(1, context(2, tagged(7, "a"), tagged(7, "b")))},
		{"equality of one part", present(1, context(3, text("cn")))},
		{"constructed presence", present(1, context(7, text("cn")))},
		{"substring of nothing", present(1, context(4, text("cn"), list(ber.TagSequence)))},
		{"initial in the middle", present(1, context(4, text("cn"), list(ber.TagSequence, tagged(1, "a"), tagged(0, "b"))))},
		{"page control of nonsense", message(1, searchOperation(tagged(7, "cn")), list(ber.TagSequence, text("1.2.840.113556.1.4.319"), text("x")))},
		{"control of four parts", message(1, searchOperation(tagged(7, "cn")), list(ber.TagSequence, text("1.2"), text("x"), text("x"), text("x")))},
		{"extended request without a name", message(1, operation(23, tagged(1, "x")))},
		{"abandon of nine octets", message(1, ber.NewString(ber.ClassApplication, ber.TypePrimitive, 16, "123456789", ""))},
	}
	d := startSeed(t, seed)
	c := d.admin(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			raw := d.raw(t)
			raw.send(test.data)
			got := raw.rest()
			if len(got) > 0 && !bytes.Contains(got, []byte("1.3.6.1.4.1.1466.20036")) {
				t.Errorf("got %x, want a notice of disconnection", got)
			}
			if got := names(t, c, ask("(cn=alice)")); len(got) != 1 {
				t.Errorf("got %q on another connection, want alice", got)
			}
		})
	}
	c.Close()
	eventually(t, "no open connection", func() bool { return d.Stats().Open == 0 })
}

// What has a known form but unknown content is answered, and the connection lives.
func TestHostile_strangeButWellFormed(t *testing.T) {
	d := startSeed(t, seed)
	raw := d.raw(t)
	tests := []struct {
		name string
		data []byte
		code int64
	}{
		{"LDAP version 2", message(1, operation(0, integer(2), text(""), tagged(0, ""))), ldap.LDAPResultProtocolError},
		{"NTLM bind", message(2, operation(0, integer(3), text(""), tagged(9, "x"))), ldap.LDAPResultAuthMethodNotSupported},
		{"unknown extended operation", message(3, operation(23, tagged(0, "1.2.3"))), ldap.LDAPResultProtocolError},
		{"length in more octets than needed", longLength(message(4, operation(23, tagged(0, "1.2.3")))), ldap.LDAPResultProtocolError},
		{"something behind the operation", func() []byte {
			return list(ber.TagSequence, integer(5), operation(23, tagged(0, "1.2.3")), text("?")).Bytes()
		}(), ldap.LDAPResultProtocolError},
		{"delete of nothing", message(6, ber.NewString(ber.ClassApplication, ber.TypePrimitive, 10, "", "")), ldap.LDAPResultOperationsError},
		{"name with NUL", bindRequest(7, "CN=a\x00b", "x"), ldap.LDAPResultInvalidCredentials},
	}
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			raw.t = t
			raw.send(test.data)
			id, _, code := raw.answer()
			if id != int64(i+1) || code != test.code {
				t.Errorf("got id %d, result %d, want %d, %d", id, code, i+1, test.code)
			}
		})
	}
}

// A message may arrive byte by byte.
func TestHostile_slowWriter(t *testing.T) {
	d := startSeed(t, seed)
	raw := d.raw(t)
	for _, b := range bindRequest(1, aliceDN, "Wonder1and!") {
		raw.send([]byte{b})
	}
	if code := raw.result(); code != 0 {
		t.Errorf("got result %d, want 0", code)
	}
}

// searchRequest is a subtree search for everything.
func searchRequest(id int64) []byte {
	return message(id, operation(3, text(base), enumerated(2), enumerated(0), integer(0), integer(0),
		ber.NewLDAPBoolean(ber.ClassUniversal, ber.TypePrimitive, ber.TagBoolean, false, ""), tagged(7, "objectClass"), list(ber.TagSequence)))
}

// An abandoned request is not answered; the next one is.
func TestAbandon(t *testing.T) {
	d := startSeed(t, seed)
	raw := d.rawTLS(t)
	raw.send(bindRequest(1, adminDN, "Adm1n!!"))
	if code := raw.result(); code != 0 {
		t.Fatalf("got result %d, want 0", code)
	}
	d.SetFaults(adsim.Faults{Delay: 300 * time.Millisecond, Only: adsim.OpSearch})
	raw.send(searchRequest(2))
	raw.send(message(3, ber.NewString(ber.ClassApplication, ber.TypePrimitive, 16, "\x02", "")))
	raw.send(message(4, ber.NewString(ber.ClassApplication, ber.TypePrimitive, 16, "\x63", ""))) // of nobody
	raw.send(message(5, operation(23, tagged(0, "1.3.6.1.4.1.4203.1.11.3"))))
	if id, tag, code := raw.answer(); id != 5 || tag != 24 || code != 0 {
		t.Errorf("got id %d, operation %d, result %d, want 5, 24, 0", id, tag, code)
	}
	raw.send(message(6, ber.Encode(ber.ClassApplication, ber.TypePrimitive, 2, nil, "")))
	if got := raw.rest(); len(got) != 0 {
		t.Errorf("got %x after unbind, want the end", got)
	}
}

// Slow requests run side by side, but no more than 16, and an id is used once.
func TestInFlight(t *testing.T) {
	d := startSeed(t, seed)
	raw := d.raw(t)
	d.SetFaults(adsim.Faults{Delay: 150 * time.Millisecond, Only: adsim.OpSearch})
	began := time.Now()
	const requests = 40
	for i := range requests {
		raw.send(message(int64(i+1), searchOperation(tagged(7, "objectClass"))))
	}
	seen := make(map[int64]int)
	for len(seen) < requests {
		id, tag, _ := raw.answer()
		if tag == 5 {
			seen[id]++
		}
	}
	if took := time.Since(began); took < 3*150*time.Millisecond || took > 20*150*time.Millisecond {
		t.Errorf("40 requests took %v, want three rounds of 150ms", took)
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("id %d: got %d answers, want 1", id, n)
		}
	}
	raw.send(append(message(50, searchOperation(tagged(7, "objectClass"))), message(50, searchOperation(tagged(7, "objectClass")))...))
	if got := raw.rest(); !bytes.Contains(got, []byte("1.3.6.1.4.1.1466.20036")) {
		t.Errorf("got %x for an id in use, want a notice of disconnection", got)
	}
}

// A bind waits for what runs, so that no request changes its identity midway.
func TestInFlight_bindWaits(t *testing.T) {
	d := startSeed(t, seed)
	raw := d.raw(t)
	d.SetFaults(adsim.Faults{Delay: 100 * time.Millisecond, Only: adsim.OpSearch})
	raw.send(append(message(1, searchOperation(tagged(7, "objectClass"))), bindRequest(2, aliceDN, "Wonder1and!")...))
	var order []string
	for len(order) < 3 {
		id, tag, _ := raw.answer()
		order = append(order, fmt.Sprintf("%d/%d", id, tag))
	}
	if got := fmt.Sprint(order); got != "[1/4 1/5 2/1]" {
		t.Errorf("got %s, want the search's entry and end, then the bind", got)
	}
}

// A client that asks for much and reads nothing holds its own connection only.
func TestHostile_clientThatDoesNotRead(t *testing.T) {
	d := startSeed(t, crowd(900))
	deaf := d.raw(t)
	deaf.send(bindRequest(1, adminDN, "Adm1n!!"))
	for i := range 30 { // more than the slots and the socket buffers hold
		deaf.send(searchRequest(int64(i + 2)))
	}
	c := d.admin(t)
	for range 5 {
		if got := names(t, c, ask("(sAMAccountName=alice)")); len(got) != 1 {
			t.Errorf("got %q, want alice", got)
		}
	}
	deaf.Close()
	c.Close()
	eventually(t, "no open connection", func() bool { return d.Stats().Open == 0 })
}
