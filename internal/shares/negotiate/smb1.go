package negotiate

import (
	"context"
	"errors"
)

// The oldest protocol that anything still speaks [MS-CIFS 2.2.4.52, MS-SMB
// 2.2.4.5.2.1].
const (
	smb1Header    = 32
	smb1Negotiate = 0x72
	smb1Dialect   = "NT LM 0.12"

	smb1SigningEnabled  = 0x04
	smb1SigningRequired = 0x08
)

// smb1 looks at a server that did not understand SMB2: does it speak SMB1? That
// is worth a sentence of its own in a report. It is asked for nothing else.
func smb1(ctx context.Context, address string, why error) (Offer, bool) {
	if !errors.Is(why, errHungUp) && !errors.Is(why, errNotSMB2) {
		return Offer{}, false
	}
	m, err := exchange(ctx, address, smb1Message())
	if err != nil {
		return Offer{}, false
	}
	return parseSMB1(m)
}

func smb1Message() []byte {
	const pathsCanonical, unicodeStatusSecurity = 0x18, 0xc801
	m := make([]byte, smb1Header)
	copy(m, "\xffSMB")
	m[4], m[9] = smb1Negotiate, pathsCanonical
	little.PutUint16(m[10:], unicodeStatusSecurity)
	dialect := append([]byte{2}, smb1Dialect+"\x00"...)
	m = append(m, 0) // no words
	m = little.AppendUint16(m, uint16(len(dialect)))
	return append(m, dialect...)
}

// parseSMB1 reports whether an answer takes the one dialect that was offered.
func parseSMB1(m []byte) (Offer, bool) {
	const words = 17
	if len(m) < smb1Header+1+2*words || string(m[:4]) != "\xffSMB" || m[4] != smb1Negotiate || little.Uint32(m[5:]) != 0 ||
		m[smb1Header] != words || little.Uint16(m[smb1Header+1:]) != 0 {
		return Offer{}, false
	}
	mode := m[smb1Header+3]
	return Offer{SMB1Only: true, SigningEnabled: mode&(smb1SigningEnabled|smb1SigningRequired) != 0, SigningRequired: mode&smb1SigningRequired != 0}, true
}
