package adsim

import "encoding/binary"

// Identifier octets of answers.
const (
	tagInteger    = 0x02
	tagOctets     = 0x04
	tagEnumerated = 0x0a
	tagSequence   = 0x30
	tagSet        = 0x31
	tagControls   = 0xa0
	tagReferral   = 0xa3
	tagEntry      = 0x64 // SearchResultEntry
	tagReference  = 0x73 // SearchResultReference
)

// encoder appends BER. Constructed lengths always take four octets, as AD writes
// them, so that a length is filled in afterwards and nothing is copied; building
// entries as packets of the BER library would copy each level.
type encoder struct{ buf []byte }

// begin opens a constructed element and returns the mark that end wants.
func (e *encoder) begin(tag byte) int {
	e.buf = append(e.buf, tag, 0x84, 0, 0, 0, 0)
	return len(e.buf)
}

func (e *encoder) end(mark int) {
	binary.BigEndian.PutUint32(e.buf[mark-4:], uint32(len(e.buf)-mark))
}

func (e *encoder) octets(tag byte, s string) {
	e.buf = append(e.buf, tag)
	if n := len(s); n < 0x80 {
		e.buf = append(e.buf, byte(n))
	} else {
		e.buf = binary.BigEndian.AppendUint32(append(e.buf, 0x84), uint32(n))
	}
	e.buf = append(e.buf, s...)
}

// integer writes a number in the fewest octets of two's complement.
func (e *encoder) integer(tag byte, n int64) {
	size := 1
	for rest := n; rest > 127 || rest < -128; rest >>= 8 {
		size++
	}
	e.buf = append(e.buf, tag, byte(size))
	for shift := 8 * (size - 1); shift >= 0; shift -= 8 {
		e.buf = append(e.buf, byte(n>>shift))
	}
}

// attribute writes a PartialAttribute; typesOnly leaves the values out.
func (e *encoder) attribute(name string, values []string, typesOnly bool) {
	sequence := e.begin(tagSequence)
	e.octets(tagOctets, name)
	set := e.begin(tagSet)
	if !typesOnly {
		for _, value := range values {
			e.octets(tagOctets, value)
		}
	}
	e.end(set)
	e.end(sequence)
}

// encodeResult makes the final answer to message id (RFC 4511, 4.1.9). tag is
// the identifier octet of the response.
func encodeResult(id int64, tag byte, r result) []byte {
	var e encoder
	message := e.begin(tagSequence)
	e.integer(tagInteger, id)
	response := e.begin(tag)
	e.integer(tagEnumerated, int64(r.code))
	e.octets(tagOctets, r.matched)
	e.octets(tagOctets, r.text)
	if r.referral != "" {
		list := e.begin(tagReferral)
		e.octets(tagOctets, r.referral)
		e.end(list)
	}
	if r.oid != "" {
		e.octets(0x8a, r.oid) // responseName
	}
	if r.value != nil {
		e.octets(0x8b, *r.value) // responseValue
	}
	e.end(response)
	e.buf = append(e.buf, r.controls...)
	e.end(message)
	return e.buf
}

// encodeReference makes a SearchResultReference with one URI.
func encodeReference(id int64, uri string) []byte {
	var e encoder
	message := e.begin(tagSequence)
	e.integer(tagInteger, id)
	reference := e.begin(tagReference)
	e.octets(tagOctets, uri)
	e.end(reference)
	e.end(message)
	return e.buf
}
