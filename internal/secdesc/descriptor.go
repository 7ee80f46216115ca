package secdesc

import (
	"encoding/binary"
	"fmt"
)

const (
	descriptorHeader = 20
	// maxDescriptor is octets: two lists of the largest size, two SIDs and room
	// between them.
	maxDescriptor = 1 << 18
)

// Control are the flags of a descriptor (MS-DTYP 2.4.6).
type Control uint16

// The flags. Those of the SACL are the same as those of the DACL, one bit further.
const (
	OwnerDefaulted Control = 0x0001
	GroupDefaulted Control = 0x0002
	DACLPresent    Control = 0x0004
	DACLDefaulted  Control = 0x0008
	SACLPresent    Control = 0x0010
	SACLDefaulted  Control = 0x0020
	DACLInheritReq Control = 0x0100
	SACLInheritReq Control = 0x0200
	DACLInherited  Control = 0x0400 // the list knows which of its entries are inherited
	SACLInherited  Control = 0x0800
	DACLProtected  Control = 0x1000 // nothing is inherited
	SACLProtected  Control = 0x2000
	ManagerValid   Control = 0x4000
	SelfRelative   Control = 0x8000
)

// Descriptor is a security descriptor. A DACL of nil is none at all, which lets
// everybody do everything, whether DACLPresent is set (a null DACL) or not; what
// was asked for without a DACL has none either. An empty DACL lets nobody in.
type Descriptor struct {
	Control      Control
	Owner, Group SID // "": absent
	DACL, SACL   *ACL
}

// Parse reads the self-relative form (MS-DTYP 2.4.6). What lies between its parts
// is not looked at.
func Parse(octets []byte) (Descriptor, error) {
	if len(octets) < descriptorHeader || len(octets) > maxDescriptor {
		return Descriptor{}, fmt.Errorf("a security descriptor of %d octets", len(octets))
	}
	if octets[0] != 1 {
		return Descriptor{}, fmt.Errorf("a security descriptor of revision %d", octets[0])
	}
	d := Descriptor{Control: Control(binary.LittleEndian.Uint16(octets[2:]))}
	part := func(name string, field int, read func([]byte) error) error {
		offset := binary.LittleEndian.Uint32(octets[field:])
		if offset == 0 {
			return nil
		}
		if offset < descriptorHeader || uint64(offset) >= uint64(len(octets)) {
			return fmt.Errorf("a security descriptor whose %s is at %d of %d octets", name, offset, len(octets))
		}
		if err := read(octets[offset:]); err != nil {
			return fmt.Errorf("the %s of a security descriptor: %w", name, err)
		}
		return nil
	}
	sid := func(to *SID) func([]byte) error {
		return func(b []byte) (err error) {
			*to, _, err = SIDFrom(b)
			return err
		}
	}
	list := func(to **ACL, present Control) func([]byte) error {
		return func(b []byte) (err error) {
			if d.Control&present != 0 {
				*to, err = parseACL(b)
			}
			return err
		}
	}
	for _, p := range []struct {
		name  string
		field int
		read  func([]byte) error
	}{
		{"owner", 4, sid(&d.Owner)}, {"group", 8, sid(&d.Group)},
		{"SACL", 12, list(&d.SACL, SACLPresent)}, {"DACL", 16, list(&d.DACL, DACLPresent)},
	} {
		if err := part(p.name, p.field, p.read); err != nil {
			return Descriptor{}, err
		}
	}
	return d, nil
}

// Bytes returns the self-relative form, nil where a list is larger than the 65,535
// octets that the format has for it. A list that is there is marked as present.
func (d Descriptor) Bytes() []byte {
	control := d.Control | SelfRelative
	if d.DACL != nil {
		control |= DACLPresent
	}
	if d.SACL != nil {
		control |= SACLPresent
	}
	octets := make([]byte, descriptorHeader, 1<<10)
	octets[0] = 1
	binary.LittleEndian.PutUint16(octets[2:], uint16(control))
	for _, part := range []struct {
		field int
		sid   SID
	}{{4, d.Owner}, {8, d.Group}} {
		if part.sid != "" {
			binary.LittleEndian.PutUint32(octets[part.field:], uint32(len(octets)))
			octets = append(octets, part.sid...)
		}
	}
	for _, part := range []struct {
		field int
		list  *ACL
	}{{12, d.SACL}, {16, d.DACL}} {
		if part.list == nil {
			continue
		}
		for len(octets)%4 != 0 { // lists begin at words
			octets = append(octets, 0)
		}
		binary.LittleEndian.PutUint32(octets[part.field:], uint32(len(octets)))
		var ok bool
		if octets, ok = part.list.append(octets); !ok {
			return nil
		}
	}
	return octets
}
