package krb

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
)

// SASL security layers (RFC 4752, section 3.3).
const (
	layerNone         = 1
	layerConfidential = 4
)

// ChooseLayer answers the server's offer of SASL security layers: confidentiality,
// or none where TLS protects the connection already. serverMax is for Seal.
func (c *Context) ChooseLayer(offer []byte, encrypted bool) (answer []byte, serverMax int, err error) {
	text, err := c.Open(offer, false)
	if err != nil {
		return nil, 0, err
	}
	if len(text) != 4 {
		return nil, 0, ErrToken
	}
	layers := text[0]
	serverMax = int(binary.BigEndian.Uint32(text) & maxFrame)
	choice := []byte{layerConfidential, maxFrame >> 16, maxFrame >> 8 & 0xff, maxFrame & 0xff}
	switch {
	case encrypted:
		// A layer inside TLS is not allowed (MS-ADTS 5.1.1.1.2).
		choice = []byte{layerNone, 0, 0, 0}
	case layers&layerConfidential == 0:
		return nil, 0, errors.New("the server offers no encryption with Kerberos")
	}
	answer, err = c.Sign(choice)
	return answer, serverMax, err
}

// sealedConn is a connection whose octets travel in sealed tokens, each behind
// its length in four octets (RFC 4422, section 3.7).
type sealedConn struct {
	net.Conn
	context *Context
	most    int    // octets of text that the server takes in one token
	text    []byte // received, not yet read
}

// maxFrame is what we tell the server that we take: the largest that the
// three octets of RFC 4752 can say.
const maxFrame = 1<<24 - 1

// Seal seals everything from here on. Frames that the peer sends in another way are
// an ErrToken.
func Seal(conn net.Conn, with *Context, serverMax int) (net.Conn, error) {
	most := serverMax - with.Overhead()
	if most < 1 {
		return nil, fmt.Errorf("the server takes only %d octets at a time", serverMax)
	}
	return &sealedConn{Conn: conn, context: with, most: most}, nil
}

// Read returns opened text. Frames that are too long, not sealed, out of order
// or forged end the connection.
func (s *sealedConn) Read(p []byte) (int, error) {
	for len(s.text) == 0 {
		token, err := readFrame(s.Conn, s.context.Overhead())
		if err != nil {
			return 0, err
		}
		if s.text, err = s.context.Open(token, true); err != nil {
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
		return nil, fmt.Errorf("a frame of %d octets: %w", length, ErrToken)
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
		token, err := s.context.Seal(part)
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
