//go:build !windows

package ldapattr_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/krb/krbtest"
)

// acceptor is a domain controller's Kerberos side in front of an embedded
// directory: it takes SASL GSSAPI binds, opens what clients seal, passes it on,
// and seals the answers. It is written from RFC 4121 and 4752 alone, without the
// code under test. Its switches are set before a client comes.
type acceptor struct {
	t      testing.TB
	url    string
	kdc    *krbtest.KDC
	accept krbtest.Acceptor
	behind string // host:port of the directory
	tls    bool   // passes StartTLS on to the directory

	layers    byte   // offered
	buffer    uint32 // largest frame taken
	earlyData []byte // sent in clear behind the answer to the last bind
	spoil     func(frame []byte) []byte
	frames    atomic.Int32 // received
}

func newAcceptor(t testing.TB, k *krbtest.KDC, behind *sim) *acceptor {
	t.Helper()
	a := &acceptor{t: t, kdc: k, accept: krbtest.Acceptor{T: t, Keys: k.Service}, behind: strings.TrimPrefix(behind.ldap, "ldap://"), layers: 7, buffer: 65536}
	_, port, _ := net.SplitHostPort(accept(t, a.serve))
	a.url = "ldap://localhost:" + port
	return a
}

func (a *acceptor) serve(conn net.Conn) {
	defer conn.Close()
	if a.tls {
		begun := bufio.NewReader(conn)
		if first, _ := begun.Peek(6); bytes.HasSuffix(first, []byte{0x77}) {
			relay(oneWay{conn, begun}, a.behind, func(conn, behind net.Conn) { _, _ = io.Copy(conn, behind) })
			return
		}
		conn = oneWay{conn, begun}
	}
	s, err := a.handshake(conn)
	if err != nil {
		return // the client's test sees it
	}
	a.relay(conn, s)
}

func (a *acceptor) handshake(conn net.Conn) (*krbtest.Side, error) {
	id, token, err := readBind(conn)
	if err != nil {
		return nil, err
	}
	reply, s, err := a.accept.Accept(token)
	if err != nil {
		return nil, err
	}
	if err := answerBind(conn, id, 14, reply); err != nil {
		return nil, err
	}
	if id, _, err = readBind(conn); err != nil {
		return nil, err
	}
	offer := binary.BigEndian.AppendUint32(nil, a.buffer)
	offer[0] = a.layers
	if err := answerBind(conn, id, 14, s.Sign(offer)); err != nil {
		return nil, err
	}
	if id, token, err = readBind(conn); err != nil {
		return nil, err
	}
	if choice := s.Check(a.t, token); len(choice) < 4 || choice[0] != 4 {
		a.t.Errorf("the client chose % x, want confidentiality", choice)
	}
	message := bindAnswer(id, 0, nil)
	_, err = conn.Write(append(message, a.earlyData...))
	return s, err
}

// relay passes requests on, as the administrator, and answers back.
func (a *acceptor) relay(conn net.Conn, s *krbtest.Side) {
	behind, err := net.Dial("tcp", a.behind)
	if err != nil {
		return // the directory is gone, the test over
	}
	defer behind.Close()
	bind := sequence(number(1), ber.NewSequence(""))
	bind.Children[1] = ber.Encode(ber.ClassApplication, ber.TypeConstructed, 0, nil, "")
	for _, child := range []*ber.Packet{number(3), octetString([]byte("admin@corp.example.com")), ber.NewString(ber.ClassContext, ber.TypePrimitive, 0, adminPass, "")} {
		bind.Children[1].AppendChild(child)
	}
	message := sequence(number(1), bind.Children[1])
	_, _ = behind.Write(message.Bytes())
	if _, err := ber.ReadPacket(behind); err != nil {
		return
	}
	var back sync.WaitGroup
	back.Go(func() { a.answers(conn, behind, s) })
	defer back.Wait()
	defer behind.Close()
	for {
		frame, err := nextFrame(conn)
		if err != nil {
			return
		}
		a.frames.Add(1)
		if uint32(len(frame)) > a.buffer {
			a.t.Errorf("a frame of %d octets, the server takes %d", len(frame), a.buffer)
		}
		text, err := s.Open(frame)
		if err != nil {
			a.t.Error(err)
			return
		}
		if _, err := behind.Write(text); err != nil {
			return
		}
	}
}

func (a *acceptor) answers(conn, behind net.Conn, s *krbtest.Side) {
	var text [3000]byte // smaller than many answers, so frames end anywhere
	for {
		n, err := behind.Read(text[:])
		if err != nil {
			return
		}
		frame := s.Seal(text[:n])
		if a.spoil != nil {
			frame = a.spoil(frame)
		}
		_, _ = conn.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(frame))), frame...))
	}
}

func nextFrame(r io.Reader) ([]byte, error) {
	var size [4]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return nil, err
	}
	frame := make([]byte, binary.BigEndian.Uint32(size[:])&0xffffff)
	_, err := io.ReadFull(r, frame)
	return frame, err
}

// readBind returns the message ID and the SASL credentials of a bind.
// Asked for TLS, it says that there is none.
func readBind(rw io.ReadWriter) (id int64, token []byte, err error) {
	packet, err := ber.ReadPacket(rw)
	if err != nil {
		return 0, nil, err
	}
	id, _ = packet.Children[0].Value.(int64)
	if packet.Children[1].Tag == ldap.ApplicationExtendedRequest {
		_, _ = rw.Write([]byte{0x30, 0x0c, 2, 1, byte(id), 0x78, 7, 10, 1, ldap.LDAPResultUnavailable, 4, 0, 4, 0})
		return 0, nil, errors.New("no TLS here")
	}
	if sasl := packet.Children[1].Children[2]; len(sasl.Children) > 1 {
		token = sasl.Children[1].Data.Bytes()
	}
	return id, token, nil
}

func answerBind(w io.Writer, id, code int64, token []byte) error {
	_, err := w.Write(bindAnswer(id, code, token))
	return err
}

func bindAnswer(id, code int64, token []byte) []byte {
	op := ber.Encode(ber.ClassApplication, ber.TypeConstructed, 1, nil, "")
	op.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagEnumerated, code, ""))
	op.AppendChild(octetString(nil))
	op.AppendChild(octetString(nil))
	if token != nil {
		op.AppendChild(ber.NewString(ber.ClassContext, ber.TypePrimitive, 7, string(token), ""))
	}
	return sequence(number(id), op).Bytes()
}
