package secdesc

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// maxText bounds SDDL, in octets: what the largest descriptor prints as.
const maxText = 4 * maxDescriptor

// ParseSDDL reads a descriptor in SDDL. Letters that stand for an account of a
// domain, such as DA for its Domain Admins, need the SID of that domain; EA, SA and
// RO mean its accounts, too, so they are right only where it is the forest's root.
// "" knows no domain and refuses such letters. Conditions and attributes are read
// as hexadecimal octets alone, the way SDDL writes them here.
func ParseSDDL(text string, domain SID) (Descriptor, error) {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > maxText {
		return Descriptor{}, fmt.Errorf("a security descriptor of %d characters", len(text))
	}
	r := reader{rest: text, domain: domain}
	var seen string
	for r.rest != "" {
		if len(r.rest) < 2 || r.rest[1] != ':' || !strings.Contains("OGDS", r.rest[:1]) {
			return Descriptor{}, fmt.Errorf("SDDL goes on with %.20q where O:, G:, D: or S: is due", r.rest)
		}
		part := r.rest[:1]
		r.rest = r.rest[2:]
		if strings.Contains(seen, part) {
			return Descriptor{}, fmt.Errorf("SDDL has %s: twice", part)
		}
		seen += part
		if err := r.part(part); err != nil {
			return Descriptor{}, fmt.Errorf("%s: of SDDL: %w", part, err)
		}
	}
	r.made.Control |= SelfRelative
	if r.made.Bytes() == nil {
		return Descriptor{}, errors.New("SDDL with a list of more than 65,535 octets")
	}
	return r.made, nil
}

// reader is what is left of the text, and what has been made of it.
type reader struct {
	rest   string
	domain SID
	made   Descriptor
}

func (r *reader) part(name string) (err error) {
	switch name {
	case "O":
		r.made.Owner, err = r.owner()
	case "G":
		r.made.Group, err = r.owner()
	case "D":
		var control Control
		r.made.DACL, control, err = r.list()
		r.made.Control |= DACLPresent | control
	case "S":
		var control Control
		r.made.SACL, control, err = r.list()
		r.made.Control |= SACLPresent | control<<1
	}
	return err
}

// owner takes a SID up to the letter of the next part: D is a digit as well.
func (r *reader) owner() (SID, error) {
	end := len(r.rest)
	if colon := strings.IndexByte(r.rest, ':'); colon >= 0 {
		end = max(colon-1, 0)
	}
	text := r.rest[:end]
	r.rest = r.rest[end:]
	return parseTrustee(text, r.domain)
}

func (r *reader) list() (*ACL, Control, error) {
	var control Control
	null := false
flags:
	for {
		for _, f := range listFlags() {
			if rest, ok := strings.CutPrefix(r.rest, f.text); ok {
				control |= f.flag
				r.rest = rest
				continue flags
			}
		}
		rest, ok := strings.CutPrefix(r.rest, noList)
		if !ok {
			break
		}
		null, r.rest = true, rest
	}
	list := &ACL{}
	for strings.HasPrefix(r.rest, "(") {
		text, rest, ok := strings.Cut(r.rest[1:], ")")
		if !ok {
			return nil, 0, errors.New("the last entry has no end")
		}
		e, err := parseEntry(text, r.domain)
		if err != nil {
			return nil, 0, fmt.Errorf("entry %d, %.200q: %w", len(list.Entries)+1, text, err)
		}
		list.Entries = append(list.Entries, e)
		r.rest = rest
	}
	if null {
		if len(list.Entries) > 0 {
			return nil, 0, errors.New(noList + " goes with no entry")
		}
		return nil, control, nil
	}
	list.Revision = list.revision()
	return list, control, nil
}

// parseEntry reads what is between the parentheses.
func parseEntry(text string, domain SID) (ACE, error) {
	fields := strings.Split(text, ";")
	const least, most = 6, 7
	if len(fields) < least || len(fields) > most {
		return ACE{}, fmt.Errorf("has %d fields", len(fields))
	}
	var e ACE
	var err error
	if e.Type, err = parseType(fields[0]); err != nil {
		return ACE{}, err
	}
	if e.Flags, err = parseFlags(fields[1]); err != nil {
		return ACE{}, err
	}
	if len(fields) == most {
		digits, ok := strings.CutPrefix(fields[6], "0x")
		e.Data, err = hex.DecodeString(digits)
		if !ok || err != nil || len(e.Data) == 0 {
			return ACE{}, errors.New("has a condition or attributes, and those are not read")
		}
	}
	return e, e.parseRest(fields, domain)
}

// parseRest reads what entries of an unknown type do not have.
func (e *ACE) parseRest(fields []string, domain SID) error {
	arranged := e.Type.layout()
	guids := fields[3] + fields[4]
	if arranged == opaque && fields[2]+guids+fields[5] != "" || arranged == plain && guids != "" {
		return errors.New("has fields that its type does not have")
	}
	if arranged == opaque {
		return nil
	}
	var err error
	if e.Mask, err = parseRights(fields[2]); err != nil {
		return err
	}
	for _, field := range []struct {
		text string
		to   **GUID
	}{{fields[3], &e.Object}, {fields[4], &e.Inherited}} {
		if field.text == "" {
			continue
		}
		g, err := ParseGUID(field.text)
		if err != nil {
			return fmt.Errorf("%q %w", field.text, err)
		}
		*field.to = &g
	}
	e.SID, err = parseTrustee(fields[5], domain)
	return err
}

func parseType(text string) (ACEType, error) {
	for _, row := range typeLetters() {
		if row.text == text {
			return row.kind, nil
		}
	}
	if digits, ok := strings.CutPrefix(text, "0x"); ok {
		if n, err := strconv.ParseUint(digits, 16, 8); err == nil {
			return ACEType(n), nil
		}
	}
	return 0, fmt.Errorf("%q is no type of entry", text)
}

func parseFlags(text string) (ACEFlags, error) {
	var flags ACEFlags
	for rest := text; rest != ""; rest = rest[2:] {
		var found ACEFlags
		for _, row := range flagLetters() {
			if strings.HasPrefix(rest, row.text) {
				found = row.flag
			}
		}
		if found == 0 {
			return 0, fmt.Errorf("%q are no flags of an entry", text)
		}
		flags |= found
	}
	return flags, nil
}

// parseRights reads letters, or a number in decimal, octal or hexadecimal.
func parseRights(text string) (Rights, error) {
	if text != "" && text[0] >= '0' && text[0] <= '9' {
		n, err := strconv.ParseUint(text, 0, 32)
		if err != nil {
			return 0, fmt.Errorf("%q are no rights", text)
		}
		return Rights(n), nil
	}
	tables := [][]rightRow{rightLetters(), wholeLetters(), keyLetters(), labelLetters()}
	var rights Rights
	for rest := text; rest != ""; rest = rest[2:] {
		found := false
		for _, table := range tables {
			for _, row := range table {
				if strings.HasPrefix(rest, row.text) {
					rights |= row.mask
					found = true
				}
			}
		}
		if !found {
			return 0, fmt.Errorf("%q are no rights", text)
		}
	}
	return rights, nil
}

// parseTrustee reads a SID, or letters for one.
func parseTrustee(text string, domain SID) (SID, error) {
	const letters = 2
	if len(text) != letters {
		sid, err := ParseSID(text)
		if err != nil {
			return "", fmt.Errorf("%.200q %w", text, err)
		}
		return sid, nil
	}
	for _, k := range wellKnown() {
		if k.alias == text {
			return ParseSID(k.sid)
		}
	}
	for _, row := range domainLetters() {
		if row.text != text {
			continue
		}
		if sid := domain.WithRID(row.rid); sid != "" {
			return sid, nil
		}
		return "", fmt.Errorf("%s is an account of a domain, and it is not said of which", text)
	}
	return "", fmt.Errorf("%q stands for no account", text)
}
