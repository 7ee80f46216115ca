package secdesc

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

const (
	// A security identifier (MS-DTYP 2.4.2.2) has at most 15 sub-authorities.
	maxSubAuthorities = 15
	sidHeader         = 8 // octets before the sub-authorities
	sidPrefix         = "S-1-"
)

// SID is a security identifier: the octets of its binary form, so that SIDs can be
// compared and be keys. "" is none. ParseSID and SIDFrom make valid ones.
type SID string

// ParseSID reads S-1-5-21-…, in either letter case. The authority is decimal, or
// hexadecimal behind 0x (MS-DTYP 2.4.2.1).
func ParseSID(text string) (SID, error) {
	if len(text) < len(sidPrefix) || !strings.EqualFold(text[:len(sidPrefix)], sidPrefix) {
		return "", errors.New("is not a SID: it does not begin with S-1-")
	}
	parts := strings.Split(text[len(sidPrefix):], "-")
	if len(parts)-1 > maxSubAuthorities {
		return "", fmt.Errorf("is not a SID: it has %d parts", len(parts)-1)
	}
	authority, err := parseAuthority(parts[0])
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
	return SID(octets), nil
}

func parseAuthority(text string) (uint64, error) {
	if len(text) > 2 && strings.EqualFold(text[:2], "0x") {
		return strconv.ParseUint(text[2:], 16, 48)
	}
	return strconv.ParseUint(text, 10, 48)
}

// SIDFrom reads the SID that octets begin with and returns how many it has.
func SIDFrom(octets []byte) (sid SID, n int, err error) {
	if len(octets) < sidHeader {
		return "", 0, fmt.Errorf("a SID of %d octets", len(octets))
	}
	if octets[0] != 1 {
		return "", 0, fmt.Errorf("a SID of revision %d", octets[0])
	}
	count := int(octets[1])
	n = sidHeader + 4*count
	if count > maxSubAuthorities || n > len(octets) {
		return "", 0, fmt.Errorf("a SID of %d parts in %d octets", count, len(octets))
	}
	return SID(octets[:n]), n, nil
}

// String returns S-1-5-21-…, "" for none.
func (s SID) String() string {
	if !s.valid() {
		return ""
	}
	authority := binary.BigEndian.Uint64([]byte(s[:sidHeader])) & (1<<48 - 1)
	text := []byte(sidPrefix)
	// From 32 bits on it is hexadecimal, with twelve digits (MS-DTYP 2.4.2.1).
	if authority>>32 != 0 {
		text = fmt.Appendf(text, "0x%012x", authority)
	} else {
		text = strconv.AppendUint(text, authority, 10)
	}
	for i := range int(s[1]) {
		text = append(text, '-')
		text = strconv.AppendUint(text, uint64(s.part(i)), 10)
	}
	return string(text)
}

// Bytes returns the binary form.
func (s SID) Bytes() []byte { return []byte(s) }

// valid says whether the octets are those of one SID.
func (s SID) valid() bool {
	return len(s) >= sidHeader && s[0] == 1 && s[1] <= maxSubAuthorities && len(s) == sidHeader+4*int(s[1])
}

func (s SID) part(i int) uint32 {
	return binary.LittleEndian.Uint32([]byte(s[sidHeader+4*i : sidHeader+4*i+4]))
}

// RID returns the last part, which tells accounts of one domain apart; 0 where
// there is none.
func (s SID) RID() uint32 {
	if !s.valid() || s[1] == 0 {
		return 0
	}
	return s.part(int(s[1]) - 1)
}

// Domain returns the SID without its last part: the domain of an account. It is
// "" where nothing would be left.
func (s SID) Domain() SID {
	if !s.valid() || s[1] < 2 {
		return ""
	}
	return s[:1] + SID([]byte{s[1] - 1}) + s[2:len(s)-4]
}

// WithRID returns the account of the domain s that has a relative identifier, ""
// where s is no domain.
func (s SID) WithRID(rid uint32) SID {
	if !s.valid() || s[1] == maxSubAuthorities {
		return ""
	}
	return s[:1] + SID([]byte{s[1] + 1}) + s[2:] + SID(binary.LittleEndian.AppendUint32(nil, rid))
}
