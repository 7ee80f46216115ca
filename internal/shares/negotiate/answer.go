package negotiate

import (
	"fmt"
	"slices"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// answer is a server's NEGOTIATE response [MS-SMB2 2.2.4], as far as it is of use.
type answer struct {
	dialect, mode                  uint16
	capabilities                   uint32
	maxTransact, maxRead, maxWrite uint32
	time                           uint64
	guid                           [16]byte

	hasCipher, hasSigning bool
	cipher, signing       uint16
}

// errNotSMB2 says that something answered that is no server of SMB2.
var errNotSMB2 = fmt.Errorf("the answer is not SMB 2: %w", winerr.NotSupported)

// refusal is the NTSTATUS of a server that understood and did not want to.
type refusal uint32

// Error returns the status in hexadecimal.
func (r refusal) Error() string {
	return fmt.Sprintf("the server refuses with NTSTATUS 0x%08X", uint32(r))
}

// Unwrap returns winerr.NotSupported: whatever the status, it is about our
// question, and no login has been tried.
func (refusal) Unwrap() error { return winerr.NotSupported }

func malformed(what string) error { return fmt.Errorf("%s: %w", what, winerr.InvalidData) }

// parse reads the answer to a question. Nothing in it is trusted: what was not
// offered cannot have been chosen.
func (q ask) parse(m []byte) (answer, error) {
	const fixed, structureSize = 64, 65
	switch {
	case len(m) < headerSize || string(m[:4]) != "\xfeSMB":
		return answer{}, errNotSMB2
	case little.Uint16(m[4:]) != headerSize, little.Uint16(m[commandAt:]) != 0, little.Uint32(m[nextAt:]) != 0,
		little.Uint64(m[messageIDAt:]) != 0, little.Uint32(m[flagsAt:])&flagResponse == 0:
		return answer{}, malformed("an answer to another question")
	case little.Uint32(m[statusAt:]) != 0:
		return answer{}, refusal(little.Uint32(m[statusAt:]))
	case len(m) < headerSize+fixed || little.Uint16(m[headerSize:]) != structureSize:
		return answer{}, malformed("the answer is too short")
	}
	body := m[headerSize:]
	a := answer{
		mode: little.Uint16(body[2:]), dialect: little.Uint16(body[4:]), guid: [16]byte(body[8:24]),
		capabilities: little.Uint32(body[24:]), maxTransact: little.Uint32(body[28:]), maxRead: little.Uint32(body[32:]),
		maxWrite: little.Uint32(body[36:]), time: little.Uint64(body[40:]),
	}
	if _, known := dialectNames[a.dialect]; !known {
		return answer{}, malformed(fmt.Sprintf("the server chose the dialect 0x%04X, which was not offered", a.dialect))
	}
	if a.dialect != dialect311 {
		return a, nil
	}
	return a, q.contexts(&a, m, int(little.Uint32(body[60:])), int(little.Uint16(body[6:])))
}

// contexts reads count negotiate contexts that begin at m[at:].
func (q ask) contexts(a *answer, m []byte, at, count int) error {
	const head, most = 8, 16
	if count > most {
		return malformed("too many negotiate contexts")
	}
	seen := map[uint16]bool{}
	for range count {
		if at < headerSize || at > len(m)-head {
			return malformed("a negotiate context lies outside the answer")
		}
		kind, size := little.Uint16(m[at:]), int(little.Uint16(m[at+2:]))
		if size > len(m)-head-at {
			return malformed("a negotiate context is longer than the answer")
		}
		if seen[kind] {
			return malformed("a negotiate context comes twice")
		}
		seen[kind] = true
		if err := q.context(a, kind, m[at+head:][:size]); err != nil {
			return err
		}
		at += head + size
		at += -at & (contextAlignment - 1)
	}
	if !seen[contextPreauth] {
		return malformed("the answer does not protect the handshake")
	}
	return nil
}

func (q ask) context(a *answer, kind uint16, data []byte) (err error) {
	switch kind {
	case contextEncryption:
		a.cipher, a.hasCipher, err = chosen(data, q.ciphers, 0)
	case contextSigning:
		a.signing, a.hasSigning, err = chosen(data, q.signing, noAlgorithm)
	}
	return err
}

// noAlgorithm is no number of a signing algorithm: these begin with zero.
const noAlgorithm = 0xffff

// chosen reads the one number that a server has chosen; none says that it liked
// nothing that was offered.
func chosen(data []byte, offered []uint16, none uint16) (choice uint16, ok bool, err error) {
	if len(data) < 2 {
		return 0, false, malformed("a negotiate context is too short")
	}
	count := little.Uint16(data)
	if count == 0 {
		return 0, false, nil
	}
	if count != 1 || len(data) < 4 {
		return 0, false, malformed("the server chose more than one algorithm")
	}
	choice = little.Uint16(data[2:])
	switch {
	case choice == none:
		return 0, false, nil
	case !slices.Contains(offered, choice):
		return 0, false, malformed(fmt.Sprintf("the server chose the algorithm %d, which was not offered", choice))
	}
	return choice, true, nil
}
