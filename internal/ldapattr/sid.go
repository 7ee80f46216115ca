package ldapattr

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A security identifier (MS-DTYP 2.4.2.2) has at most 15 sub-authorities.
const maxSubAuthorities = 15

// sidStart tells a SID from a name that begins with "s-1-".
var sidStart = regexp.MustCompile(`^[Ss]-1-\d`)

// isSIDText says that a name is meant as a SID; whether it is one parseSID says.
func isSIDText(s string) bool { return sidStart.MatchString(s) }

// parseSID turns S-1-5-21-… into the octets that objectSid holds.
func parseSID(s string) (string, error) {
	parts := strings.Split(s, "-")[2:]
	if len(parts) < 2 || len(parts)-1 > maxSubAuthorities {
		return "", errors.New("is not a complete SID")
	}
	authority, err := strconv.ParseUint(parts[0], 10, 48)
	if err != nil {
		return "", errors.New("is not a SID: its authority is not a number of 48 bits")
	}
	octets := binary.BigEndian.AppendUint64(nil, authority)
	octets[0], octets[1] = 1, byte(len(parts)-1)
	for _, part := range parts[1:] {
		sub, err := strconv.ParseUint(part, 10, 32)
		if err != nil {
			return "", errors.New("is not a SID: a part of it is not a number of 32 bits")
		}
		octets = binary.LittleEndian.AppendUint32(octets, uint32(sub))
	}
	return string(octets), nil
}

// formatSID turns the octets of objectSid into text.
func formatSID(octets []byte) (string, error) {
	const header = 8
	if len(octets) < header || octets[0] != 1 {
		return "", errors.New("objectSid is malformed")
	}
	count := int(octets[1])
	if count > maxSubAuthorities || len(octets) != header+4*count {
		return "", fmt.Errorf("objectSid has %d octets for %d parts", len(octets), count)
	}
	authority := binary.BigEndian.Uint64(octets[:header]) & (1<<48 - 1)
	text := strconv.AppendUint([]byte("S-1-"), authority, 10)
	for i := range count {
		text = append(text, '-')
		text = strconv.AppendUint(text, uint64(binary.LittleEndian.Uint32(octets[header+4*i:])), 10)
	}
	return string(text), nil
}

// guidText is 8-4-4-4-12 hexadecimal digits.
var guidText = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

// parseGUID reads a GUID with or without braces and returns its usual text and
// the octets that objectGUID holds.
func parseGUID(s string) (text, octets string, ok bool) {
	if strings.HasPrefix(s, "{") && strings.HasSuffix(s, "}") {
		s = s[1 : len(s)-1]
	}
	if !guidText.MatchString(s) {
		return "", "", false
	}
	b, err := hex.DecodeString(strings.ReplaceAll(s, "-", ""))
	if err != nil {
		return "", "", false
	}
	// The first three groups are little-endian (MS-DTYP 2.3.4.2).
	b[0], b[1], b[2], b[3] = b[3], b[2], b[1], b[0]
	b[4], b[5], b[6], b[7] = b[5], b[4], b[7], b[6]
	return strings.ToLower(s), string(b), true
}

// escapeOctets writes every octet as \xx, so that a filter compares the octets
// themselves (RFC 4515, section 3).
func escapeOctets(octets string) string {
	var b strings.Builder
	for i := range len(octets) {
		fmt.Fprintf(&b, `\%02x`, octets[i])
	}
	return b.String()
}
