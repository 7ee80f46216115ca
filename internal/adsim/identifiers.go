package adsim

import (
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"
)

// parseSID reads S-1-… text (MS-DTYP 2.4.2.1) into the bytes of objectSid.
func parseSID(text string) (string, bool) {
	parts := strings.Split(text, "-")
	if len(parts) < 3 || len(parts) > 3+15 || !strings.EqualFold(parts[0], "S") || parts[1] != "1" {
		return "", false
	}
	authority, err := strconv.ParseUint(parts[2], 10, 48)
	if err != nil {
		return "", false
	}
	sid := binary.BigEndian.AppendUint64(nil, authority)
	sid[0], sid[1] = 1, byte(len(parts)-3)
	for _, part := range parts[3:] {
		sub, err := strconv.ParseUint(part, 10, 32)
		if err != nil {
			return "", false
		}
		sid = binary.LittleEndian.AppendUint32(sid, uint32(sub))
	}
	return string(sid), true
}

// isSID tells whether bytes have the form of a SID.
func isSID(sid string) bool {
	return len(sid) >= 8 && sid[0] == 1 && sid[1] <= 15 && len(sid) == 8+4*int(sid[1])
}

// withRID returns the SID of a principal in the domain whose SID is given.
func withRID(domain string, rid uint32) string {
	sid := binary.LittleEndian.AppendUint32([]byte(domain), rid)
	sid[1]++
	return string(sid)
}

// parseGUID reads the text form, with or without braces, into the bytes of
// objectGUID: the first three groups are little-endian (MS-DTYP 2.3.4).
func parseGUID(text string) (string, bool) {
	text = strings.TrimSuffix(strings.TrimPrefix(text, "{"), "}")
	if len(text) != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return "", false
	}
	b, err := hex.DecodeString(strings.ReplaceAll(text, "-", ""))
	if err != nil || len(b) != 16 {
		return "", false
	}
	for _, group := range [][]byte{b[0:4], b[4:6], b[6:8]} {
		for i, j := 0, len(group)-1; i < j; i, j = i+1, j-1 {
			group[i], group[j] = group[j], group[i]
		}
	}
	return string(b), true
}
