package negotiate

import (
	"crypto/rand"
	"encoding/binary"
	"slices"
)

// The header that begins every message [MS-SMB2 2.2.1.2].
const (
	headerSize   = 64
	statusAt     = 8
	commandAt    = 12
	flagsAt      = 16
	nextAt       = 20
	messageIDAt  = 24
	flagResponse = 1
)

// Negotiate contexts [MS-SMB2 2.2.3.1].
const (
	contextPreauth    = 1
	contextEncryption = 2
	contextSigning    = 8
	contextAlignment  = 8

	hashSHA512 = 1
)

// ask is what the next question offers in 3.1.1. A server names only the one that
// it likes best, so what it named is left out of the question after it.
type ask struct{ ciphers, signing []uint16 }

func everything() ask {
	return ask{ciphers: []uint16{2, 4, 1, 3}, signing: []uint16{2, signCMAC, 0}}
}

// without is the next question, and whether there is one: the server has named
// something, and something is left.
func (q ask) without(a *answer) (ask, bool) {
	var next ask
	if a.hasCipher {
		next.ciphers = slices.DeleteFunc(slices.Clone(q.ciphers), func(c uint16) bool { return c == a.cipher })
	}
	if a.hasSigning {
		next.signing = slices.DeleteFunc(slices.Clone(q.signing), func(s uint16) bool { return s == a.signing })
	}
	return next, len(next.ciphers)+len(next.signing) > 0
}

var little = binary.LittleEndian

// message is the question [MS-SMB2 2.2.3], without the length in front.
func (q ask) message() []byte {
	const (
		structureSize   = 36
		allCapabilities = 0x7f // to be told which of them the server has
		salt            = 32
	)
	dialects := []uint16{dialect202, 0x0210, dialect300, dialect302, dialect311}
	m := make([]byte, headerSize, 256)
	copy(m, "\xfeSMB")
	little.PutUint16(m[4:], headerSize)
	little.PutUint16(m[14:], 1) // credits that we ask for
	m = little.AppendUint16(m, structureSize)
	m = little.AppendUint16(m, uint16(len(dialects)))
	m = little.AppendUint16(m, modeSigningEnabled)
	m = little.AppendUint16(m, 0)
	m = little.AppendUint32(m, allCapabilities)
	m = append(m, random(16)...) // the client's GUID
	contexts := len(m)           // where their offset goes
	m = append(m, make([]byte, 8)...)
	for _, d := range dialects {
		m = little.AppendUint16(m, d)
	}
	count := uint16(0)
	add := func(kind uint16, data []byte) {
		m = append(m, make([]byte, -len(m)&(contextAlignment-1))...)
		if count++; count == 1 {
			little.PutUint32(m[contexts:], uint32(len(m)))
		}
		m = little.AppendUint16(m, kind)
		m = little.AppendUint16(m, uint16(len(data)))
		m = append(m, 0, 0, 0, 0)
		m = append(m, data...)
	}
	preauth := []byte{1, 0, salt, 0, hashSHA512, 0}
	add(contextPreauth, append(preauth, random(salt)...))
	if len(q.ciphers) > 0 {
		add(contextEncryption, list(q.ciphers))
	}
	if len(q.signing) > 0 {
		add(contextSigning, list(q.signing))
	}
	little.PutUint16(m[contexts+4:], count)
	return m
}

// list is a count and so many numbers.
func list(numbers []uint16) []byte {
	data := little.AppendUint16(nil, uint16(len(numbers)))
	for _, n := range numbers {
		data = little.AppendUint16(data, n)
	}
	return data
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // it never fails
	return b
}
