package smbtest

import (
	"encoding/asn1"
	"encoding/binary"
)

// Negotiated is the body of a NEGOTIATE answer for SMB 2.1 that requires signing.
func Negotiated() []byte {
	body := make([]byte, 65)
	binary.LittleEndian.PutUint16(body, 65)
	body[2] = 3 // signing enabled and required
	binary.LittleEndian.PutUint16(body[4:], 0x0210)
	for _, at := range []int{28, 32, 36} {
		binary.LittleEndian.PutUint32(body[at:], 1<<20)
	}
	binary.LittleEndian.PutUint16(body[56:], 128)
	return body
}

// SessionAnswer is the body of a SESSION_SETUP answer with flags.
func SessionAnswer(flags uint16) []byte {
	body := make([]byte, 9)
	binary.LittleEndian.PutUint16(body, 9)
	binary.LittleEndian.PutUint16(body[2:], flags)
	binary.LittleEndian.PutUint16(body[4:], 72)
	return body
}

// ErrorAnswer is the body of an answer that is nothing but its status.
func ErrorAnswer() []byte { return []byte{9, 0, 0, 0, 0, 0, 0, 0, 0} }

// sized is the start of an answer with its structure size.
func sized(structure uint16, length int) []byte {
	body := make([]byte, length)
	binary.LittleEndian.PutUint16(body, structure)
	return body
}

// Buffer is an answer that is nothing but data.
func Buffer(data []byte) []byte {
	body := sized(9, 8)
	binary.LittleEndian.PutUint16(body[2:], headerSize+8)
	binary.LittleEndian.PutUint32(body[4:], uint32(len(data)))
	return append(body, data...)
}

// NegotiationAnswer is the body of a SESSION_SETUP answer with a NegTokenResp.
func NegotiationAnswer(state asn1.Enumerated, mechanism asn1.ObjectIdentifier, answer []byte) []byte {
	token, err := asn1.MarshalWithParams(struct {
		State asn1.Enumerated       `asn1:"explicit,tag:0"`
		Mech  asn1.ObjectIdentifier `asn1:"explicit,tag:1"`
		Token []byte                `asn1:"explicit,tag:2"`
	}{state, mechanism, answer}, "explicit,tag:1")
	if err != nil {
		panic(err)
	}
	body := append(SessionAnswer(0)[:8], token...)
	binary.LittleEndian.PutUint16(body[6:], uint16(len(token)))
	return body
}
