package ldapattr

import (
	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

// modifyMessage encodes a modify request (RFC 4511, section 4.6).
func modifyMessage(id int64, request *ldap.ModifyRequest) []byte {
	text := func(s string) *ber.Packet {
		return ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, s, "")
	}
	changes := ber.NewSequence("")
	for _, c := range request.Changes {
		values := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSet, nil, "")
		for _, value := range c.Modification.Vals {
			values.AppendChild(text(value))
		}
		attribute := ber.NewSequence("")
		attribute.AppendChild(text(c.Modification.Type))
		attribute.AppendChild(values)
		change := ber.NewSequence("")
		change.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagEnumerated, int64(c.Operation), ""))
		change.AppendChild(attribute)
		changes.AppendChild(change)
	}
	modify := ber.Encode(ber.ClassApplication, ber.TypeConstructed, tagModifyRequest, nil, "")
	modify.AppendChild(text(request.DN))
	modify.AppendChild(changes)
	message := ber.NewSequence("")
	message.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, id, ""))
	message.AppendChild(modify)
	return message.Bytes()
}

// sizeOfPDU returns the octets that the LDAP message at the beginning has, 0 when
// there are too few to tell.
func sizeOfPDU(octets []byte) (int, error) {
	const sequence, long, most = 0x30, 0x80, 4
	if len(octets) < 2 {
		return 0, nil
	}
	size, header := int(octets[1]), 2
	if octets[0] != sequence || size == long || size > long+most {
		return 0, errOddAnswer
	}
	if size > long {
		header += size - long
		if len(octets) < header {
			return 0, nil
		}
		size = 0
		for _, digit := range octets[2:header] {
			size = size<<8 | int(digit)
		}
	}
	if size > maxAnswer {
		return 0, errOddAnswer
	}
	return header + size, nil
}
