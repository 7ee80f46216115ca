package secdesc

import (
	"encoding/hex"
	"fmt"
	"strings"
)

// noList is how SDDL writes that a list is there and null.
const noList = "NO_ACCESS_CONTROL"

// listFlags are the control flags of a DACL with their letters; those of a SACL
// are one bit further.
func listFlags() []struct {
	text string
	flag Control
} {
	return []struct {
		text string
		flag Control
	}{{"P", DACLProtected}, {"AR", DACLInheritReq}, {"AI", DACLInherited}}
}

// SDDL returns the descriptor as text. SIDs are written by letters where these mean
// the same in every domain, else in full. What SDDL cannot say is not in it:
// defaulted owners and lists, the revision of lists.
func (d Descriptor) SDDL() string {
	var b strings.Builder
	if d.Owner != "" {
		b.WriteString("O:" + d.Owner.sddl())
	}
	if d.Group != "" {
		b.WriteString("G:" + d.Group.sddl())
	}
	if d.DACL != nil || d.Control&DACLPresent != 0 {
		b.WriteString("D:" + listText(d.DACL, d.Control))
	}
	if d.SACL != nil || d.Control&SACLPresent != 0 {
		b.WriteString("S:" + listText(d.SACL, d.Control>>1))
	}
	return b.String()
}

func listText(list *ACL, control Control) string {
	var b strings.Builder
	for _, f := range listFlags() {
		if control&f.flag != 0 {
			b.WriteString(f.text)
		}
	}
	if list == nil {
		return b.String() + noList
	}
	for _, e := range list.Entries {
		b.WriteString(e.SDDL())
	}
	return b.String()
}

// sddl is the SID by its letters, or in full.
func (s SID) sddl() string {
	text := s.String()
	for _, k := range wellKnown() {
		if k.sid == text && k.alias != "" {
			return k.alias
		}
	}
	return text
}

// SDDL returns the entry as text, in parentheses.
func (e ACE) SDDL() string {
	var b strings.Builder
	b.WriteString("(" + e.Type.sddl() + ";" + e.Flags.sddl() + ";")
	if e.Type.layout() == opaque {
		b.WriteString(";;;")
	} else {
		b.WriteString(e.Mask.sddl(e.Type) + ";" + guidText(e.Object) + ";" + guidText(e.Inherited) + ";" + e.SID.sddl())
	}
	if len(e.Data) > 0 {
		b.WriteString(";0x" + hex.EncodeToString(e.Data))
	}
	b.WriteString(")")
	return b.String()
}

func guidText(g *GUID) string {
	if g == nil {
		return ""
	}
	return g.String()
}

func (t ACEType) sddl() string {
	for _, row := range typeLetters() {
		if row.kind == t {
			return row.text
		}
	}
	return fmt.Sprintf("0x%x", uint8(t))
}

func (f ACEFlags) sddl() string {
	var b strings.Builder
	for _, row := range flagLetters() {
		if f&row.flag != 0 {
			b.WriteString(row.text)
		}
	}
	return b.String()
}

// sddl writes a mask by letters where these say all of it, else as a number.
func (r Rights) sddl(t ACEType) string {
	letters := rightLetters()
	if t == MandatoryLabel {
		letters = labelLetters()
	} else {
		for _, row := range wholeLetters() {
			if r == row.mask {
				return row.text
			}
		}
	}
	text, left := "", r
	for _, row := range letters {
		if r&row.mask != 0 {
			text += row.text
			left &^= row.mask
		}
	}
	if left != 0 {
		return fmt.Sprintf("0x%x", uint32(r))
	}
	return text
}
