package negotiate

import (
	"fmt"
	"slices"
	"time"
)

// Offer is what a server said.
type Offer struct {
	Dialect  string // "3.1.1", "3.0.2", "3.0", "2.1", "2.0.2"; "" if SMB1Only
	SMB1Only bool   // it knows no SMB2, and ftpisoctl does not speak SMB1

	SigningEnabled    bool
	SigningRequired   bool     // it refuses sessions that are not signed or encrypted
	SigningAlgorithms []string // in its order: HMAC-SHA256, AES-CMAC, AES-GMAC
	// Encryption says that it can encrypt, not that it insists: that is told to
	// sessions and for each share.
	Encryption bool
	Ciphers    []string // in its order: AES-128-CCM, AES-128-GCM, AES-256-CCM, AES-256-GCM

	DFS          bool   // it takes part in DFS namespaces
	Multichannel bool   // one session may use several connections
	MaxTransact  uint32 // octets of one answer, such as a listing's
	MaxRead      uint32 // octets of one read
	MaxWrite     uint32 // octets of one write

	ServerTime time.Time // its clock, UTC; zero if it did not tell
	GUID       string    // names the server through all its addresses, such as 01234567-89ab-cdef-0123-456789abcdef
}

// Dialects, ciphers and signing algorithms by their numbers [MS-SMB2 2.2.3,
// 2.2.3.1.2, 2.2.3.1.7].
const (
	dialect202 = 0x0202
	dialect300 = 0x0300
	dialect302 = 0x0302
	dialect311 = 0x0311

	signCMAC = 1
)

var dialectNames = map[uint16]string{dialect202: "2.0.2", 0x0210: "2.1", dialect300: "3.0", dialect302: "3.0.2", dialect311: "3.1.1"}

var cipherNames = map[uint16]string{1: "AES-128-CCM", 2: "AES-128-GCM", 3: "AES-256-CCM", 4: "AES-256-GCM"}

var signingNames = map[uint16]string{0: "HMAC-SHA256", signCMAC: "AES-CMAC", 2: "AES-GMAC"}

// Bits of SecurityMode and Capabilities [MS-SMB2 2.2.4].
const (
	modeSigningEnabled  = 1
	modeSigningRequired = 2

	capDFS          = 0x01
	capMultichannel = 0x08
	capEncryption   = 0x40
)

// offer puts an answer into words. What 3.1.1 chooses in its contexts comes with
// addTo; older dialects know one algorithm each.
func (a *answer) offer() Offer {
	o := Offer{
		Dialect:        dialectNames[a.dialect],
		SigningEnabled: a.mode&(modeSigningEnabled|modeSigningRequired) != 0, SigningRequired: a.mode&modeSigningRequired != 0,
		DFS: a.capabilities&capDFS != 0, Multichannel: a.capabilities&capMultichannel != 0,
		MaxTransact: a.maxTransact, MaxRead: a.maxRead, MaxWrite: a.maxWrite,
		ServerTime: fileTime(a.time), GUID: guidText(a.guid),
	}
	switch a.dialect {
	case dialect311:
	case dialect300, dialect302:
		o.SigningAlgorithms = []string{signingNames[signCMAC]}
		if a.capabilities&capEncryption != 0 {
			o.Ciphers = []string{cipherNames[1]}
		}
	default:
		o.SigningAlgorithms = []string{signingNames[0]}
	}
	o.Encryption = len(o.Ciphers) > 0
	return o
}

// addTo notes what an answer in 3.1.1 has chosen of what was left to choose from.
func (a *answer) addTo(o *Offer) {
	if a.hasCipher {
		o.Ciphers = append(o.Ciphers, cipherNames[a.cipher])
		o.Encryption = true
	}
	if a.hasSigning {
		o.SigningAlgorithms = append(o.SigningAlgorithms, signingNames[a.signing])
	}
}

// complete adds what every server of 3.1.1 can do without saying so [MS-SMB2
// 3.2.5.2].
func complete(o *Offer) {
	if cmac := signingNames[signCMAC]; !slices.Contains(o.SigningAlgorithms, cmac) {
		o.SigningAlgorithms = append(o.SigningAlgorithms, cmac)
	}
}

// fileTime turns a FILETIME, 100 ns since 1601 [MS-DTYP 2.3.3], into a time that
// can be printed.
func fileTime(ticks uint64) time.Time {
	const perSecond, epoch, lastYear = 10_000_000, 11_644_473_600, 9999
	t := time.Unix(int64(ticks/perSecond)-epoch, int64(ticks%perSecond)*100).UTC()
	if ticks == 0 || t.Year() > lastYear {
		return time.Time{}
	}
	return t
}

// guidText prints a GUID as Windows does: the first three groups are
// little-endian numbers [MS-DTYP 2.3.4.3].
func guidText(g [16]byte) string {
	return fmt.Sprintf("%02x%02x%02x%02x-%02x%02x-%02x%02x-%x-%x", g[3], g[2], g[1], g[0], g[5], g[4], g[7], g[6], g[8:10], g[10:])
}
