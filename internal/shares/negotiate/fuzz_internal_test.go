package negotiate

import (
	"slices"
	"testing"
)

// FuzzOffer: whatever comes back, an offer holds only what was asked about, and
// fits on a page.
func FuzzOffer(f *testing.F) {
	q := everything()
	f.Add(q.message())
	f.Add(smb1Message())
	plain := make([]byte, headerSize+64)
	copy(plain, "\xfeSMB")
	little.PutUint16(plain[4:], headerSize)
	plain[flagsAt] = flagResponse
	little.PutUint16(plain[headerSize:], 65)
	little.PutUint16(plain[headerSize+4:], dialect302)
	f.Add(plain)
	full := slices.Clone(plain)
	little.PutUint16(full[headerSize+4:], dialect311)
	little.PutUint16(full[headerSize+6:], 3)
	little.PutUint32(full[headerSize+60:], uint32(len(full)))
	for _, context := range [][]byte{
		{contextPreauth, 0, 6, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0},
		{contextEncryption, 0, 4, 0, 0, 0, 0, 0, 1, 0, 2, 0, 0, 0, 0, 0},
		{contextSigning, 0, 4, 0, 0, 0, 0, 0, 1, 0, 1, 0},
	} {
		full = append(full, context...)
	}
	if a, err := q.parse(full); err != nil || !a.hasCipher || !a.hasSigning {
		f.Fatalf("the seed parses as %+v, %v", a, err)
	}
	f.Add(full)
	f.Fuzz(func(t *testing.T, m []byte) {
		if offer, ok := parseSMB1(m); ok && (!offer.SMB1Only || offer.Dialect != "") {
			t.Errorf("SMB1: %+v", offer)
		}
		a, err := q.parse(m)
		if err != nil {
			return
		}
		offer := a.offer()
		if a.dialect == dialect311 {
			a.addTo(&offer)
			complete(&offer)
		}
		if offer.Dialect == "" || len(offer.GUID) != 36 || offer.Encryption != (len(offer.Ciphers) > 0) || len(offer.SigningAlgorithms) == 0 ||
			slices.Contains(offer.Ciphers, "") || slices.Contains(offer.SigningAlgorithms, "") {
			t.Errorf("an offer of %+v", offer)
		}
		if _, err := offer.ServerTime.MarshalJSON(); err != nil {
			t.Error(err)
		}
		next, more := q.without(&a)
		if left := len(next.ciphers) + len(next.signing); left >= len(q.ciphers)+len(q.signing) || more != (left > 0) {
			t.Errorf("the next question is %+v, %v", next, more)
		}
	})
}
