package ldapattr_test

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// scripted passes requests to a server, in clear, except those that answer
// handles by itself.
func scripted(t *testing.T, s *sim, answer func(conn net.Conn, request *ber.Packet) bool) (url string) {
	t.Helper()
	return "ldap://" + accept(t, func(conn net.Conn) {
		defer conn.Close()
		behind, err := net.Dial("tcp", strings.TrimPrefix(s.ldap, "ldap://"))
		if err != nil {
			return
		}
		var back sync.WaitGroup
		back.Go(func() { _, _ = io.Copy(conn, behind); _ = conn.Close() })
		defer back.Wait()
		defer behind.Close()
		for {
			request, err := ber.ReadPacket(conn)
			if err != nil {
				return
			}
			if answer(conn, request) {
				continue
			}
			if _, err := behind.Write(request.Bytes()); err != nil {
				return
			}
		}
	})
}

// isPaged: a search with a control.
func isPaged(request *ber.Packet) bool {
	return request.Children[1].Tag == 3 && len(request.Children) > 2
}

// idOf is the messageID of a request.
func idOf(request *ber.Packet) int64 { id, _ := request.Children[0].Value.(int64); return id }

// entryOf is a search result entry without attributes.
func entryOf(id int64, dn string) []byte {
	entry := ber.Encode(ber.ClassApplication, ber.TypeConstructed, 4, nil, "")
	entry.AppendChild(octetString([]byte(dn)))
	entry.AppendChild(sequence())
	return sequence(number(id), entry).Bytes()
}

// endOf is the end of a page that another one follows.
func endOf(id int64, cookie string) []byte {
	return endWith(id, "1.2.840.113556.1.4.319", sequence(number(0), octetString([]byte(cookie))).Bytes())
}

// endWith is the end of an answer, with a control.
func endWith(id int64, oid string, value []byte) []byte {
	done := ber.Encode(ber.ClassApplication, ber.TypeConstructed, 5, nil, "")
	done.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagEnumerated, int64(0), ""))
	done.AppendChild(octetString(nil))
	done.AppendChild(octetString(nil))
	controls := ber.Encode(ber.ClassContext, ber.TypeConstructed, 0, nil, "")
	controls.AppendChild(sequence(octetString([]byte(oid)), octetString(value)))
	return sequence(number(id), done, controls).Bytes()
}

func sequence(children ...*ber.Packet) *ber.Packet {
	s := ber.NewSequence("")
	for _, child := range children {
		s.AppendChild(child)
	}
	return s
}

func number(n int64) *ber.Packet {
	return ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, n, "")
}

func octetString(octets []byte) *ber.Packet {
	return ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, string(octets), "")
}
