package adsim

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// Bounds of one request. The BER library copies the content of a constructed
// element once per level, so depth and size alone do not bound its memory; the
// sum of what it would copy does.
const (
	maxPDU      = 1 << 20 // bytes of one LDAPMessage
	maxDepth    = 64      // nested elements
	maxElements = 32768
	maxCopied   = 4 << 20 // sum of the lengths of all constructed elements
)

// errMalformed is every way in which bytes fail to be an LDAP request. The
// connection ends with a notice of disconnection (RFC 4511, 4.1.1).
var errMalformed = errors.New("malformed LDAP message")

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errMalformed, fmt.Sprintf(format, args...))
}

// readPDU reads one LDAPMessage whole. The length is judged before a byte of the
// content is read, and memory grows only with what really arrives.
func readPDU(r *bufio.Reader) ([]byte, error) {
	tag, err := r.ReadByte()
	if err != nil {
		return nil, err
	}
	if tag != 0x30 {
		return nil, malformed("tag %#02x where a message begins", tag)
	}
	header, length, err := readLength(r)
	if err != nil {
		return nil, err
	}
	if length > maxPDU {
		return nil, malformed("length %d is over %d", length, maxPDU)
	}
	data := bytes.NewBuffer(append([]byte{tag}, header...))
	if _, err := io.CopyN(data, r, int64(length)); err != nil {
		return nil, unexpected(err)
	}
	return data.Bytes(), nil
}

func readLength(r *bufio.Reader) (header []byte, length uint32, err error) {
	first, err := r.ReadByte()
	if err != nil {
		return nil, 0, unexpected(err)
	}
	header = []byte{first}
	if first < 0x80 {
		return header, uint32(first), nil
	}
	n := int(first & 0x7f)
	if n == 0 || n > 4 {
		return nil, 0, malformed("length in %d octets", n)
	}
	var octets [4]byte
	if _, err := io.ReadFull(r, octets[4-n:]); err != nil {
		return nil, 0, unexpected(err)
	}
	return append(header, octets[4-n:]...), binary.BigEndian.Uint32(octets[:]), nil
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// parsePDU turns one LDAPMessage into a tree after scan has found it harmless.
func parsePDU(data []byte) (*ber.Packet, error) {
	var s scan
	rest, err := s.element(data, 0)
	if err != nil {
		return nil, err
	}
	if len(rest) > 0 {
		return nil, malformed("%d bytes after the message", len(rest))
	}
	packet, err := ber.DecodePacketErr(data)
	if err != nil {
		return nil, malformed("%v", err)
	}
	return packet, nil
}

// scan walks BER without allocating and counts what decoding it would cost.
type scan struct{ elements, copied int }

// element checks the first element of data and returns what follows it.
func (s *scan) element(data []byte, depth int) ([]byte, error) {
	s.elements++
	if depth >= maxDepth || s.elements > maxElements {
		return nil, malformed("more than %d levels or %d elements", maxDepth, maxElements)
	}
	tag, content, rest, err := split(data)
	if err != nil {
		return nil, err
	}
	constructed := tag&0x20 != 0
	if tag&0xc0 == 0 && !allowedUniversal(tag) {
		return nil, malformed("universal tag %#02x", tag)
	}
	if !constructed {
		return rest, nil
	}
	if s.copied += len(content); s.copied > maxCopied {
		return nil, malformed("nested content of more than %d bytes", maxCopied)
	}
	for len(content) > 0 {
		if content, err = s.element(content, depth+1); err != nil {
			return nil, err
		}
	}
	return rest, nil
}

// allowedUniversal lists what LDAP uses (RFC 4511, 5.1): BOOLEAN, INTEGER, OCTET
// STRING, ENUMERATED, SEQUENCE, SET. All else would only exercise the library.
func allowedUniversal(tag byte) bool {
	switch tag {
	case 0x01, 0x02, 0x04, 0x0a, 0x30, 0x31:
		return true
	}
	return false
}

// split cuts one element off data; only definite lengths of up to four octets.
func split(data []byte) (tag byte, content, rest []byte, err error) {
	if len(data) < 2 {
		return 0, nil, nil, malformed("truncated element")
	}
	tag = data[0]
	if tag&0x1f == 0x1f {
		return 0, nil, nil, malformed("tag number over 30")
	}
	length, data := uint64(data[1]), data[2:]
	if length >= 0x80 {
		n := int(length & 0x7f)
		if n == 0 || n > 4 || n > len(data) {
			return 0, nil, nil, malformed("length in %d octets", n)
		}
		length = 0
		for _, octet := range data[:n] {
			length = length<<8 | uint64(octet)
		}
		data = data[n:]
	}
	if length > uint64(len(data)) {
		return 0, nil, nil, malformed("element of %d bytes in %d", length, len(data))
	}
	return tag, data[:length], data[length:], nil
}
