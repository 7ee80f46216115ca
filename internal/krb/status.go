package krb

import (
	"encoding/asn1"
	"encoding/binary"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// kerbErrorData is what Active Directory puts behind its errors [MS-KILE 2.2.1].
type kerbErrorData struct {
	Type  int    `asn1:"explicit,tag:1"`
	Value []byte `asn1:"explicit,tag:2"`
}

// extendedStatus returns the NTSTATUS behind an error, as Win32: it tells a locked
// account from a disabled one, for which RFC 4120 has one number. What is behind
// other errors has other forms, and counts for nothing here.
func extendedStatus(data []byte) (winerr.Code, bool) {
	const extended, size = 3, 12 // KERB_ERR_TYPE_EXTENDED, KERB_EXT_ERROR [MS-KILE 2.2.2]
	var found kerbErrorData
	rest, err := asn1.Unmarshal(data, &found)
	if err != nil || len(rest) > 0 || found.Type != extended || len(found.Value) != size {
		return 0, false
	}
	return winerr.OfLogonStatus(binary.LittleEndian.Uint32(found.Value))
}
