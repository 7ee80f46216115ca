//go:build !windows

package ldapattr

import (
	"bytes"
	"crypto/hmac"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/jcmturner/gokrb5/v8/crypto"
	"github.com/jcmturner/gokrb5/v8/crypto/etype"
	"github.com/jcmturner/gokrb5/v8/iana/etypeID"
	"github.com/jcmturner/gokrb5/v8/types"
)

// Wrap tokens (RFC 4121, section 4.2.6.2): a header of 16 octets, then either
// the text and its checksum or, sealed, an encryption of text and header.
const (
	wrapHeader     = 16
	wrapFiller     = 0xff
	flagAcceptor   = 0x01 // sent by the server
	flagSealed     = 0x02
	flagSubkey     = 0x04 // under the subkey that the server chose
	usageAcceptor  = 22   // key usage of the server's wrap tokens
	usageInitiator = 24   // and of ours (RFC 4121, section 2)
)

// errWrap says no more: which check failed helps only an attacker.
var errWrap = errors.New("the domain controller sent a wrong or forged security token")

// wrapper makes and opens the wrap tokens of one connection.
type wrapper struct {
	key    types.EncryptionKey
	etype  etype.EType
	subkey byte // flagSubkey or 0
	send   uint64
	expect uint64 // sequence number of the server's next token
}

// newWrapper starts with the sequence numbers that both sides have told.
func newWrapper(key types.EncryptionKey, subkey bool, send, expect uint64) (*wrapper, error) {
	switch key.KeyType {
	case etypeID.AES256_CTS_HMAC_SHA1_96, etypeID.AES128_CTS_HMAC_SHA1_96,
		etypeID.AES256_CTS_HMAC_SHA384_192, etypeID.AES128_CTS_HMAC_SHA256_128:
	default:
		// RC4 tokens (RFC 4757) have another form and are broken anyway.
		return nil, fmt.Errorf("the ticket's key is of type %d, not AES: %w", key.KeyType, errWeakTicket)
	}
	et, err := crypto.GetEtype(key.KeyType)
	if err != nil {
		return nil, err
	}
	w := &wrapper{key: key, etype: et, send: send, expect: expect}
	if subkey {
		w.subkey = flagSubkey
	}
	return w, nil
}

// overhead is how much longer a sealed token is than its text.
func (w *wrapper) overhead() int {
	return wrapHeader + w.etype.GetConfounderByteSize() + wrapHeader + w.checksumSize()
}

// checksumSize is the length of the truncated HMAC.
func (w *wrapper) checksumSize() int { return w.etype.GetHMACBitLength() / 8 }

// header counts: every token has a number, so none can be repeated or left out.
func (w *wrapper) header(flags byte) []byte {
	header := make([]byte, wrapHeader)
	header[0], header[1], header[2], header[3] = 5, 4, flags|w.subkey, wrapFiller
	binary.BigEndian.PutUint64(header[8:], w.send)
	w.send++
	return header
}

// seal encrypts a text into a token.
func (w *wrapper) seal(text []byte) ([]byte, error) {
	header := w.header(flagSealed)
	_, cipher, err := w.etype.EncryptMessage(w.key.KeyValue, append(bytes.Clone(text), header...), usageInitiator)
	if err != nil {
		return nil, err
	}
	return append(header, cipher...), nil
}

// sign makes a token with the text in clear and a checksum.
func (w *wrapper) sign(text []byte) ([]byte, error) {
	header := w.header(0) // the checksum counts EC as zero
	sum, err := w.etype.GetChecksumHash(w.key.KeyValue, append(bytes.Clone(text), header...), usageInitiator)
	if err != nil {
		return nil, err
	}
	binary.BigEndian.PutUint16(header[4:], uint16(len(sum)))
	return append(append(header, text...), sum...), nil
}

// open returns the text of the server's next token, which must be sealed or not
// as asked, in sequence, and untouched.
func (w *wrapper) open(token []byte, sealed bool) ([]byte, error) {
	header, body, extra, err := w.parse(token, sealed)
	if err != nil {
		return nil, err
	}
	var text []byte
	if sealed {
		text, err = w.decrypt(header, body, extra)
	} else {
		text, err = w.verify(header, body, extra)
	}
	if err != nil {
		return nil, err
	}
	w.expect++
	return text, nil
}

// parse checks the header and undoes the rotation; extra is the EC field.
func (w *wrapper) parse(token []byte, sealed bool) (header, body []byte, extra int, err error) {
	if len(token) < w.minimum(sealed) || token[0] != 5 || token[1] != 4 || token[3] != wrapFiller {
		return nil, nil, 0, errWrap
	}
	want := flagAcceptor | w.subkey
	if sealed {
		want |= flagSealed
	}
	if token[2] != want || binary.BigEndian.Uint64(token[8:]) != w.expect {
		return nil, nil, 0, errWrap
	}
	extra = int(binary.BigEndian.Uint16(token[4:]))
	rotation := int(binary.BigEndian.Uint16(token[6:]))
	header, body = bytes.Clone(token[:wrapHeader]), token[wrapHeader:]
	header[6], header[7] = 0, 0 // what was signed has no rotation
	rotation %= len(body)
	return header, append(bytes.Clone(body[rotation:]), body[:rotation]...), extra, nil
}

// minimum is the length of a token without text; gokrb5 slices without looking.
func (w *wrapper) minimum(sealed bool) int {
	if sealed {
		return w.overhead()
	}
	return wrapHeader + w.checksumSize()
}

// decrypt opens a sealed token. The header inside must be the one outside, or
// somebody has changed flags or number.
func (w *wrapper) decrypt(header, body []byte, extra int) ([]byte, error) {
	text, err := w.etype.DecryptMessage(w.key.KeyValue, body, usageAcceptor)
	if err != nil || len(text) < extra+wrapHeader {
		return nil, errWrap
	}
	// Behind the text come EC octets of filler and a copy of the header.
	if !hmac.Equal(text[len(text)-wrapHeader:], header) {
		return nil, errWrap
	}
	return text[:len(text)-wrapHeader-extra], nil
}

// verify checks a token that is only signed; its EC is the checksum's length.
func (w *wrapper) verify(header, body []byte, extra int) ([]byte, error) {
	if extra != w.checksumSize() {
		return nil, errWrap
	}
	text, sum := body[:len(body)-extra], body[len(body)-extra:]
	header[4], header[5] = 0, 0
	want, err := w.etype.GetChecksumHash(w.key.KeyValue, append(bytes.Clone(text), header...), usageAcceptor)
	if err != nil || !hmac.Equal(want, sum) {
		return nil, errWrap
	}
	return text, nil
}

// sealedConn is a connection whose octets travel in sealed tokens, each behind
// its length in four octets (RFC 4422, section 3.7).
type sealedConn struct {
	net.Conn
	wrapper *wrapper
	most    int    // octets of text that the server takes in one token
	text    []byte // received, not yet read
}

// maxFrame is what we tell the server that we take: the largest that the
// three octets of RFC 4752 can say.
const maxFrame = 1<<24 - 1

// newSealedConn seals everything from here on.
func newSealedConn(conn net.Conn, w *wrapper, serverMax int) (*sealedConn, error) {
	most := serverMax - w.overhead()
	if most < 1 {
		return nil, fmt.Errorf("the domain controller takes only %d octets at a time", serverMax)
	}
	return &sealedConn{Conn: conn, wrapper: w, most: most}, nil
}

// Read returns opened text. Frames that are too long, not sealed, out of order
// or forged end the connection.
func (s *sealedConn) Read(p []byte) (int, error) {
	for len(s.text) == 0 {
		token, err := readFrame(s.Conn, s.wrapper.overhead())
		if err != nil {
			return 0, err
		}
		if s.text, err = s.wrapper.open(token, true); err != nil {
			return 0, err
		}
	}
	n := copy(p, s.text)
	s.text = s.text[n:]
	return n, nil
}

// readFrame reads one token. Memory grows with what really arrives, not with
// the length that somebody claims.
func readFrame(r io.Reader, least int) ([]byte, error) {
	var prefix [4]byte
	if _, err := io.ReadFull(r, prefix[:]); err != nil {
		return nil, err
	}
	length := int64(binary.BigEndian.Uint32(prefix[:]))
	if length < int64(least) || length > maxFrame {
		return nil, fmt.Errorf("a frame of %d octets: %w", length, errWrap)
	}
	var token bytes.Buffer
	if _, err := io.CopyN(&token, r, length); err != nil {
		return nil, errors.Join(io.ErrUnexpectedEOF, err)
	}
	return token.Bytes(), nil
}

// Write seals p, in as many tokens as the server's buffer demands.
func (s *sealedConn) Write(p []byte) (int, error) {
	written := 0
	for written < len(p) {
		part := p[written:min(len(p), written+s.most)]
		token, err := s.wrapper.seal(part)
		if err != nil {
			return written, err
		}
		frame := append(binary.BigEndian.AppendUint32(nil, uint32(len(token))), token...)
		if _, err := s.Conn.Write(frame); err != nil {
			return written, err
		}
		written += len(part)
	}
	return written, nil
}
