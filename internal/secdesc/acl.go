package secdesc

import (
	"encoding/binary"
	"fmt"
)

const (
	listHeader = 8
	maxList    = 65535 // the size has 16 bits

	revisionPlain  = 2 // of lists without entries of object types
	revisionObject = 4
)

// ACL is a list of entries; their order decides.
type ACL struct {
	// Revision is 2 or, in directories and wherever entries of object types are, 4.
	// 0 becomes what the entries need.
	Revision uint8
	Entries  []ACE
}

// parseACL reads the list that octets begin with (MS-DTYP 2.4.5).
func parseACL(octets []byte) (*ACL, error) {
	if len(octets) < listHeader {
		return nil, fmt.Errorf("a list of %d octets", len(octets))
	}
	list := &ACL{Revision: octets[0]}
	if list.Revision < revisionPlain || list.Revision > revisionObject {
		return nil, fmt.Errorf("a list of revision %d", list.Revision)
	}
	size, count := int(binary.LittleEndian.Uint16(octets[2:])), int(binary.LittleEndian.Uint16(octets[4:]))
	if size < listHeader || size > len(octets) || count > (size-listHeader)/aceHeader {
		return nil, fmt.Errorf("a list of %d entries in %d octets where %d are left", count, size, len(octets))
	}
	rest := octets[listHeader:size]
	for n := range count {
		var e ACE
		var err error
		if e, rest, err = parseACE(rest); err != nil {
			return nil, fmt.Errorf("entry %d: %w", n+1, err)
		}
		list.Entries = append(list.Entries, e)
	}
	return list, nil
}

// append writes the list; ok is false where it is larger than its format.
func (a ACL) append(to []byte) (_ []byte, ok bool) {
	start := len(to)
	to = append(to, a.revision(), 0, 0, 0, 0, 0, 0, 0)
	for _, e := range a.Entries {
		to = e.append(to)
	}
	size := len(to) - start
	if size > maxList {
		return nil, false
	}
	binary.LittleEndian.PutUint16(to[start+2:], uint16(size))
	binary.LittleEndian.PutUint16(to[start+4:], uint16(len(a.Entries)))
	return to, true
}

// revision is the least that the entries allow.
func (a ACL) revision() uint8 {
	least := uint8(revisionPlain)
	for _, e := range a.Entries {
		if e.Type.layout() == withObject {
			least = revisionObject
		}
	}
	return max(least, a.Revision)
}
