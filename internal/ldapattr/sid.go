package ldapattr

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
)

// sidStart tells a SID from a name that begins with "s-1-".
var sidStart = regexp.MustCompile(`^[Ss]-1-\d`)

// isSIDText says that a name is meant as a SID; whether it is one parseSID says.
func isSIDText(s string) bool { return sidStart.MatchString(s) }

// parseSID turns S-1-5-21-… into the octets that objectSid holds.
func parseSID(s string) (secdesc.SID, error) {
	sid, err := secdesc.ParseSID(s)
	if err == nil && sid.RID() == 0 && strings.Count(s, "-") < 3 {
		err = errors.New("is not a complete SID")
	}
	return sid, err
}

// readSID takes the value of an attribute for one SID and nothing else.
func readSID(octets string) (secdesc.SID, error) {
	sid, n, err := secdesc.SIDFrom([]byte(octets))
	if err == nil && n != len(octets) {
		err = fmt.Errorf("a SID with %d octets behind it", len(octets)-n)
	}
	if err != nil {
		return "", fmt.Errorf("%s is malformed: %w", attrSID, err)
	}
	return sid, nil
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
