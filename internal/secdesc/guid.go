package secdesc

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strings"
)

// GUID is 128 bits in the order of Active Directory and of Windows' structures:
// the first three groups of its text are little-endian (MS-DTYP 2.3.4.2).
type GUID [16]byte

// guidDashes are the places of the dashes in the text.
const guidDashes = "8-4-4-4-12"

// ParseGUID reads 8-4-4-4-12 hexadecimal digits, in either letter case, with braces
// or without.
func ParseGUID(text string) (GUID, error) {
	malformed := errors.New("is not of the form " + guidDashes)
	if strings.HasPrefix(text, "{") && strings.HasSuffix(text, "}") && len(text) > 1 {
		text = text[1 : len(text)-1]
	}
	if len(text) != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return GUID{}, malformed
	}
	var g GUID
	if n, err := hex.Decode(g[:], []byte(strings.ReplaceAll(text, "-", ""))); err != nil || n != len(g) {
		return GUID{}, malformed
	}
	return g.swapped(), nil
}

// String returns the usual form, lower case and without braces.
func (g GUID) String() string {
	b := g.swapped()
	s := hex.EncodeToString(b[:])
	return s[0:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}

// swapped turns the order of the text into that of memory, and back.
func (g GUID) swapped() GUID {
	b := g
	binary.BigEndian.PutUint32(b[0:], binary.LittleEndian.Uint32(g[0:]))
	binary.BigEndian.PutUint16(b[4:], binary.LittleEndian.Uint16(g[4:]))
	binary.BigEndian.PutUint16(b[6:], binary.LittleEndian.Uint16(g[6:]))
	return b
}
