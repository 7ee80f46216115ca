package secdesc

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// ACEType is the first octet of an entry (MS-DTYP 2.4.4.1).
type ACEType uint8

// The types that decide about access. All others are kept, too.
const (
	Allowed               ACEType = 0x00
	Denied                ACEType = 0x01
	Audit                 ACEType = 0x02
	AllowedObject         ACEType = 0x05
	DeniedObject          ACEType = 0x06
	AllowedCallback       ACEType = 0x09 // with a condition
	DeniedCallback        ACEType = 0x0a
	AllowedCallbackObject ACEType = 0x0b
	DeniedCallbackObject  ACEType = 0x0c
	MandatoryLabel        ACEType = 0x11
)

// ACEFlags say who inherits an entry, and whether it was inherited (MS-DTYP 2.4.4.1).
type ACEFlags uint8

// The flags.
const (
	ObjectInherit    ACEFlags = 0x01 // files inherit it
	ContainerInherit ACEFlags = 0x02 // folders inherit it
	NoPropagate      ACEFlags = 0x04 // and hand it on to nobody
	InheritOnly      ACEFlags = 0x08 // it does not count for the object itself
	Inherited        ACEFlags = 0x10
	Critical         ACEFlags = 0x20
	AuditSuccess     ACEFlags = 0x40
	AuditFailure     ACEFlags = 0x80
)

// ACE is an entry of a list.
type ACE struct {
	Type  ACEType
	Flags ACEFlags
	Mask  Rights
	// Object narrows an entry of an object type to one attribute, property set,
	// extended right or class; Inherited to the class that inherits it. nil: all.
	Object, Inherited *GUID
	SID               SID
	// Data is what stands behind the SID: a condition, attributes. In an entry whose
	// type nobody here knows it is all that stands behind type, flags and size.
	Data []byte
}

// layout is how the octets of an entry are arranged.
type layout uint8

const (
	opaque     layout = iota // unknown: kept as it is
	plain                    // mask, SID, data
	withObject               // mask, flags, GUIDs, SID, data
)

func (t ACEType) layout() layout {
	switch t {
	case 0x00, 0x01, 0x02, 0x03, 0x09, 0x0a, 0x0d, 0x0e, 0x11, 0x12, 0x13, 0x14, 0x15:
		return plain
	case 0x05, 0x06, 0x07, 0x08, 0x0b, 0x0c, 0x0f, 0x10:
		return withObject
	}
	return opaque
}

// allows and denies say what a type does to access; conditional, that it may do so.
func (t ACEType) allows() bool {
	return t == Allowed || t == AllowedObject || t == AllowedCallback || t == AllowedCallbackObject
}

func (t ACEType) denies() bool {
	return t == Denied || t == DeniedObject || t == DeniedCallback || t == DeniedCallbackObject
}

func (t ACEType) conditional() bool { return t >= AllowedCallback && t <= DeniedCallbackObject }

// Equal says whether both entries are the same in every respect.
func (e ACE) Equal(other ACE) bool {
	return e.Type == other.Type && e.Flags == other.Flags && e.Mask == other.Mask && e.SID == other.SID &&
		sameGUID(e.Object, other.Object) && sameGUID(e.Inherited, other.Inherited) && bytes.Equal(e.Data, other.Data)
}

func sameGUID(a, b *GUID) bool { return a == b || a != nil && b != nil && *a == *b }

const (
	aceHeader        = 4
	objectPresent    = 1 // flags of object entries (MS-DTYP 2.4.4.3)
	inheritedPresent = 2
)

// parseACE reads the entry that octets begin with and returns what is behind it.
func parseACE(octets []byte) (ACE, []byte, error) {
	if len(octets) < aceHeader {
		return ACE{}, nil, fmt.Errorf("an entry of %d octets", len(octets))
	}
	size := int(binary.LittleEndian.Uint16(octets[2:]))
	if size < aceHeader || size > len(octets) {
		return ACE{}, nil, fmt.Errorf("an entry of %d octets where %d are left", size, len(octets))
	}
	e := ACE{Type: ACEType(octets[0]), Flags: ACEFlags(octets[1])}
	err := e.read(octets[aceHeader:size])
	return e, octets[size:], err
}

// read fills in what stands behind the size.
func (e *ACE) read(body []byte) error {
	arranged := e.Type.layout()
	if arranged != opaque {
		if len(body) < 4 {
			return fmt.Errorf("an entry of type %d without a mask", e.Type)
		}
		e.Mask, body = Rights(binary.LittleEndian.Uint32(body)), body[4:]
	}
	if arranged == withObject {
		if len(body) < 4 {
			return fmt.Errorf("an entry of type %d without flags", e.Type)
		}
		var flags uint32
		flags, body = binary.LittleEndian.Uint32(body), body[4:]
		for _, field := range []struct {
			bit uint32
			to  **GUID
		}{{objectPresent, &e.Object}, {inheritedPresent, &e.Inherited}} {
			if flags&field.bit == 0 {
				continue
			}
			if len(body) < len(GUID{}) {
				return fmt.Errorf("an entry of type %d with half a GUID", e.Type)
			}
			g := GUID(body[:len(GUID{})])
			*field.to, body = &g, body[len(g):]
		}
	}
	if arranged != opaque {
		sid, n, err := SIDFrom(body)
		if err != nil {
			return err
		}
		e.SID, body = sid, body[n:]
	}
	if len(body) > 0 {
		e.Data = bytes.Clone(body)
	}
	return nil
}

// append writes the entry.
func (e ACE) append(to []byte) []byte {
	start := len(to)
	to = append(to, byte(e.Type), byte(e.Flags), 0, 0)
	arranged := e.Type.layout()
	if arranged != opaque {
		to = binary.LittleEndian.AppendUint32(to, uint32(e.Mask))
	}
	if arranged == withObject {
		at := len(to)
		to = append(to, 0, 0, 0, 0)
		if e.Object != nil {
			to[at] |= objectPresent
			to = append(to, e.Object[:]...)
		}
		if e.Inherited != nil {
			to[at] |= inheritedPresent
			to = append(to, e.Inherited[:]...)
		}
	}
	if arranged != opaque {
		to = append(to, e.SID...)
	}
	to = append(to, e.Data...)
	if size := len(to) - start; size <= maxList {
		binary.LittleEndian.PutUint16(to[start+2:], uint16(size))
	}
	return to
}
