package ldapattr

import (
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// Nothing but a result for this very request passes, and only success and the
// middle of a SASL bind without an error.
func FuzzCheckAnswer(f *testing.F) {
	limitBER()
	f.Add([]byte{0x30, 0x0c, 2, 1, 5, 0x61, 7, 10, 1, 0, 4, 0, 4, 0})
	f.Add([]byte{0x30, 0x0c, 2, 1, 5, 0x61, 7, 10, 1, 49, 4, 0, 4, 0})
	f.Add([]byte{0x30, 0x0c, 2, 1, 5, 0x65, 7, 10, 1, 0, 4, 0, 4, 0})
	f.Add([]byte{0x30, 0x80, 2, 1, 5, 0x61, 0x80, 10, 1, 0, 4, 0, 4, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, octets []byte) {
		packet, err := ber.DecodePacketErr(octets)
		if err != nil {
			return
		}
		op, err := checkAnswer(packet, 5, tagBindResponse)
		if err != nil {
			return
		}
		code, _ := op.Children[0].Value.(int64)
		id, _ := packet.Children[0].Value.(int64)
		if id != 5 || op.Tag != tagBindResponse || code != 0 && code != 14 {
			t.Fatalf("% x passes", octets)
		}
	})
}
