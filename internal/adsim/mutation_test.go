package adsim_test

import (
	"fmt"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

// wrong is of no type that LDAP expects anywhere: a BOOLEAN of two octets.
func wrong() *ber.Packet {
	return ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagBoolean, "\x00\x00", "")
}

// with encodes a tree with one element replaced.
func with(p, target, replacement *ber.Packet) *ber.Packet {
	if p == target {
		return replacement
	}
	if p.TagType == ber.TypePrimitive {
		return p
	}
	copied := ber.Encode(p.ClassType, p.TagType, p.Tag, nil, "")
	for _, child := range p.Children {
		copied.AppendChild(with(child, target, replacement))
	}
	return copied
}

// every calls visit with each element of a tree.
func every(p *ber.Packet, visit func(*ber.Packet)) {
	visit(p)
	for _, child := range p.Children {
		every(child, visit)
	}
}

// requests are valid requests of every kind that has parts, id 2.
func requests(t *testing.T) map[string]*ber.Packet {
	t.Helper()
	attribute := func(name string, values ...string) *ber.Packet {
		set := list(ber.TagSet)
		for _, value := range values {
			set.AppendChild(text(value))
		}
		return list(ber.TagSequence, text(name), set)
	}
	filter, err := ldap.CompileFilter("(&(cn=alice)(|(cn=a*l*e)(cn>=a)(cn:dn:1.2.3:=x))(!(mail=*)))")
	if err != nil {
		t.Fatal(err)
	}
	search := operation(3, text(base), enumerated(2), enumerated(0), integer(5), integer(5),
		ber.NewLDAPBoolean(ber.ClassUniversal, ber.TypePrimitive, ber.TagBoolean, false, ""), filter, list(ber.TagSequence, text("cn")))
	page := text(string(list(ber.TagSequence, integer(5), text("")).Bytes()))
	critical := ber.NewLDAPBoolean(ber.ClassUniversal, ber.TypePrimitive, ber.TagBoolean, true, "")
	deleteOld := ber.NewLDAPBoolean(ber.ClassUniversal, ber.TypePrimitive, ber.TagBoolean, true, "")
	all := map[string][]byte{
		"bind":   message(2, operation(0, integer(3), text(aliceDN), tagged(0, "Wonder1and!"))),
		"search": message(2, search, list(ber.TagSequence, text("1.2.840.113556.1.4.319"), critical, page)),
		"modify": message(2, operation(6, text(aliceDN), list(ber.TagSequence,
			list(ber.TagSequence, enumerated(2), attribute("mail", "a@b")), list(ber.TagSequence, enumerated(1), attribute("mail", "a@b"))))),
		"add":      message(2, operation(8, text("CN=x,"+base), list(ber.TagSequence, attribute("objectClass", "top", "container")))),
		"modifyDN": message(2, operation(12, text(bobDN), text("CN=Bob"), deleteOld, tagged(0, "OU=Staff,"+base))),
		"compare":  message(2, operation(14, text(aliceDN), list(ber.TagSequence, text("cn"), text("alice")))),
		"extended": message(2, operation(23, tagged(0, "1.3.6.1.4.1.4203.1.11.3"))),
	}
	decoded := make(map[string]*ber.Packet)
	for name, data := range all {
		decoded[name] = ber.DecodePacket(data)
	}
	return decoded
}

// Each request as it is succeeds; with any one part of the wrong type it does not,
// and the server goes on.
func TestHostile_anyPartOfTheWrongType(t *testing.T) {
	d := startSeed(t, seed)
	run := func(t *testing.T, data []byte) string {
		raw := d.raw(t)
		raw.send(bindRequest(1, adminDN, "Adm1n!!"))
		if code := raw.result(); code != 0 {
			t.Fatalf("got result %d for the bind, want 0", code)
		}
		raw.send(data)
		for {
			p, err := ber.ReadPacket(raw.in)
			if err != nil {
				return "closed"
			}
			if done := p.Children[1]; done.Tag != ldap.ApplicationSearchResultEntry && done.Tag != ldap.ApplicationSearchResultReference {
				return fmt.Sprintf("%d/%v", p.Children[0].Value, done.Children[0].Value)
			}
		}
	}
	for name, request := range requests(t) {
		t.Run(name, func(t *testing.T) {
			good := "2/0"
			if name == "compare" {
				good = "2/6"
			}
			parts := 0
			every(request, func(part *ber.Packet) {
				parts++
				optional := part.ClassType == ber.ClassContext && part.Tag == 0 && len(request.Children) > 2 && part == request.Children[2]
				if got := run(t, with(request, part, wrong()).Bytes()); got == good && !optional {
					t.Errorf("part %d (tag %d, %q): got success", parts, part.Tag, part.Data.Bytes())
				}
			})
			if got := run(t, request.Bytes()); got != good {
				t.Errorf("the request itself: got %s, want %s", got, good)
			}
		})
	}
	names(t, d.admin(t), ask("(cn=alice)"))
}
