package adsim

import (
	"math"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// request is one LDAPMessage, its operation still undecoded.
type request struct {
	id       int64
	tag      ber.Tag // application tag of the operation
	body     *ber.Packet
	controls controls
	received time.Time
}

// decodeRequest reads the envelope (RFC 4511, 4.1.1).
func decodeRequest(data []byte) (*request, error) {
	packet, err := parsePDU(data)
	if err != nil {
		return nil, err
	}
	if len(packet.Children) < 2 {
		return nil, malformed("message of %d parts", len(packet.Children))
	}
	id, err := number(packet.Children[0], ber.TagInteger)
	if err != nil {
		return nil, err
	}
	if id < 1 || id > math.MaxInt32 {
		return nil, malformed("message id %d", id)
	}
	body := packet.Children[1]
	if body.ClassType != ber.ClassApplication {
		return nil, malformed("class %d where the operation is", body.ClassType)
	}
	r := &request{id: id, tag: body.Tag, body: body, received: time.Now()}
	if len(packet.Children) > 2 {
		r.controls, err = decodeControls(packet.Children[2])
	}
	return r, err
}

// number reads an INTEGER or ENUMERATED of at most eight octets.
func number(p *ber.Packet, tag ber.Tag) (int64, error) {
	if p.ClassType != ber.ClassUniversal || p.TagType != ber.TypePrimitive || p.Tag != tag {
		return 0, malformed("tag %d where number %d is", p.Tag, tag)
	}
	if n := len(p.ByteValue); n == 0 || n > 8 {
		return 0, malformed("number of %d octets", n)
	}
	n, err := ber.ParseInt64(p.ByteValue)
	if err != nil {
		return 0, malformed("%v", err)
	}
	return n, nil
}

// small reads a non-negative 31-bit number, as limits and choices are.
func small(p *ber.Packet, tag ber.Tag) (int, error) {
	n, err := number(p, tag)
	if err == nil && (n < 0 || n > math.MaxInt32) {
		err = malformed("number %d out of range", n)
	}
	return int(n), err
}

// boolean reads a BOOLEAN; any octet but zero is true.
func boolean(p *ber.Packet) (bool, error) {
	if p.ClassType != ber.ClassUniversal || p.TagType != ber.TypePrimitive || p.Tag != ber.TagBoolean || len(p.ByteValue) != 1 {
		return false, malformed("tag %d where a boolean is", p.Tag)
	}
	return p.ByteValue[0] != 0, nil
}

// octets reads an OCTET STRING.
func octets(p *ber.Packet) (string, error) {
	if p.ClassType != ber.ClassUniversal || p.TagType != ber.TypePrimitive || p.Tag != ber.TagOctetString {
		return "", malformed("tag %d where a string is", p.Tag)
	}
	return string(p.ByteValue), nil
}

// tagged reads a primitive element with a context tag as a string.
func tagged(p *ber.Packet, tag ber.Tag) (string, bool) {
	if p.ClassType != ber.ClassContext || p.TagType != ber.TypePrimitive || p.Tag != tag {
		return "", false
	}
	return p.Data.String(), true
}

// members returns the elements of a SEQUENCE or SET.
func members(p *ber.Packet, tag ber.Tag) ([]*ber.Packet, error) {
	if p.ClassType != ber.ClassUniversal || p.TagType != ber.TypeConstructed || p.Tag != tag {
		return nil, malformed("tag %d where a list is", p.Tag)
	}
	return p.Children, nil
}

// fields returns the parts of a constructed operation, at least n of them.
func fields(p *ber.Packet, n int) ([]*ber.Packet, error) {
	if p.TagType != ber.TypeConstructed || len(p.Children) < n {
		return nil, malformed("operation %d of %d parts", p.Tag, len(p.Children))
	}
	return p.Children, nil
}

// stringsOf reads a list of OCTET STRINGs.
func stringsOf(p *ber.Packet, tag ber.Tag) ([]string, error) {
	list, err := members(p, tag)
	if err != nil {
		return nil, err
	}
	values := make([]string, 0, len(list))
	for _, member := range list {
		value, err := octets(member)
		if err != nil {
			return nil, err
		}
		values = append(values, value)
	}
	return values, nil
}

// partial is a PartialAttribute (RFC 4511, 4.1.7): a name and values.
type partial struct {
	name   string
	values []string
}

func decodePartial(p *ber.Packet) (partial, error) {
	parts, err := members(p, ber.TagSequence)
	if err != nil {
		return partial{}, err
	}
	if len(parts) != 2 {
		return partial{}, malformed("attribute of %d parts", len(parts))
	}
	name, err := octets(parts[0])
	if err != nil {
		return partial{}, err
	}
	values, err := stringsOf(parts[1], ber.TagSet)
	return partial{name: name, values: values}, err
}
