//go:build !windows

package ldapattr_test

import (
	"bufio"
	"bytes"
	"encoding/asn1"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
	"github.com/jcmturner/gokrb5/v8/asn1tools"
	"github.com/jcmturner/gokrb5/v8/crypto"
	"github.com/jcmturner/gokrb5/v8/crypto/etype"
	"github.com/jcmturner/gokrb5/v8/iana/keyusage"
	"github.com/jcmturner/gokrb5/v8/messages"
	"github.com/jcmturner/gokrb5/v8/types"
)

// acceptor is a domain controller's Kerberos side in front of an embedded
// directory: it takes SASL GSSAPI binds, opens what clients seal, passes it on,
// and seals the answers. It is written from RFC 4121 and 4752 alone, without the
// code under test. Its switches are set before a client comes.
type acceptor struct {
	t      testing.TB
	url    string
	kdc    *kdc
	behind string // host:port of the directory
	tls    bool   // passes StartTLS on to the directory

	layers    byte   // offered
	buffer    uint32 // largest frame taken
	noSubkey  bool   // leaves the key to the client
	oldStamp  bool   // answers with another request's time stamp
	earlyData []byte // sent in clear behind the answer to the last bind
	spoil     func(frame []byte) []byte
	frames    atomic.Int32 // received
}

func newAcceptor(t testing.TB, k *kdc, behind *sim) *acceptor {
	t.Helper()
	a := &acceptor{t: t, kdc: k, behind: strings.TrimPrefix(behind.ldap, "ldap://"), layers: 7, buffer: 65536}
	_, port, _ := net.SplitHostPort(accept(t, a.serve))
	a.url = "ldap://localhost:" + port
	return a
}

// side is the acceptor's end of one security context.
type side struct {
	key    types.EncryptionKey
	etype  etype.EType
	subkey byte
	send   uint64
	expect uint64
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

func (a *acceptor) handshake(conn net.Conn) (*side, error) {
	id, token, err := readBind(conn)
	if err != nil {
		return nil, err
	}
	reply, s, err := a.accept(token)
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
	if err := answerBind(conn, id, 14, s.sign(offer)); err != nil {
		return nil, err
	}
	if id, token, err = readBind(conn); err != nil {
		return nil, err
	}
	if choice := s.check(a.t, token); len(choice) < 4 || choice[0] != 4 {
		a.t.Errorf("the client chose % x, want confidentiality", choice)
	}
	message := bindAnswer(id, 0, nil)
	_, err = conn.Write(append(message, a.earlyData...))
	return s, err
}

// accept opens the AP-REQ and makes the AP-REP.
func (a *acceptor) accept(token []byte) ([]byte, *side, error) {
	var outer asn1.RawValue
	if _, err := asn1.Unmarshal(token, &outer); err != nil {
		return nil, nil, err
	}
	const mechanism, tokenID = 11, 2
	var request messages.APReq
	if err := request.Unmarshal(outer.Bytes[mechanism+tokenID:]); err != nil {
		return nil, nil, err
	}
	if err := request.Ticket.DecryptEncPart(a.kdc.service, nil); err != nil {
		return nil, nil, err
	}
	session := request.Ticket.DecryptedEncPart.Key
	if err := request.DecryptAuthenticator(session); err != nil {
		return nil, nil, err
	}
	client := request.Authenticator
	if got := binary.LittleEndian.Uint32(client.Cksum.Checksum[20:]); got != 0x3e {
		a.t.Errorf("context flags %#x, want mutual, replay, sequence, confidentiality, integrity", got)
	}
	et, _ := crypto.GetEtype(aes256)
	s := &side{key: client.SubKey, etype: et, send: 4711, expect: uint64(client.SeqNumber)}
	stamp := client.CTime
	if a.oldStamp {
		stamp = stamp.Add(-time.Second)
	}
	part := sequence(tagged(0, ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagGeneralizedTime, stamp.UTC().Format("20060102150405Z"), "")),
		tagged(1, number(int64(client.Cusec))))
	if !a.noSubkey {
		s.key = types.EncryptionKey{KeyType: aes256, KeyValue: bytes.Repeat([]byte{7}, 32)}
		s.subkey = 4
		part.AppendChild(tagged(2, sequence(tagged(0, number(int64(aes256))), tagged(1, octetString(s.key.KeyValue)))))
	}
	part.AppendChild(tagged(3, number(int64(s.send))))
	sealed, err := crypto.GetEncryptedData(application(27, part), session, keyusage.AP_REP_ENCPART, 0)
	if err != nil {
		return nil, nil, err
	}
	cipher := ber.DecodePacket(must(sealed.Marshal()))
	reply := application(15, sequence(tagged(0, number(5)), tagged(1, number(15)), tagged(2, cipher)))
	return asn1tools.AddASNAppTag(append(append(bytes.Clone(outer.Bytes[:mechanism]), 2, 0), reply...), 0), s, nil
}

// relay passes requests on, as the administrator, and answers back.
func (a *acceptor) relay(conn net.Conn, s *side) {
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
		text, err := s.open(frame)
		if err != nil {
			a.t.Error(err)
			return
		}
		if _, err := behind.Write(text); err != nil {
			return
		}
	}
}

func (a *acceptor) answers(conn, behind net.Conn, s *side) {
	var text [3000]byte // smaller than many answers, so frames end anywhere
	for {
		n, err := behind.Read(text[:])
		if err != nil {
			return
		}
		frame := s.seal(text[:n])
		if a.spoil != nil {
			frame = a.spoil(frame)
		}
		_, _ = conn.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(frame))), frame...))
	}
}

func (s *side) header(flags byte, rotation uint16) []byte {
	header := []byte{5, 4, flags | 1 | s.subkey, 0xff, 0, 0, 0, 0}
	header = binary.BigEndian.AppendUint64(header, s.send)
	binary.BigEndian.PutUint16(header[6:], rotation)
	return header
}

func (s *side) sign(text []byte) []byte {
	header := s.header(0, 0)
	sum := must(s.etype.GetChecksumHash(s.key.KeyValue, append(bytes.Clone(text), header...), keyusage.GSSAPI_ACCEPTOR_SEAL))
	s.send++
	binary.BigEndian.PutUint16(header[4:], uint16(len(sum)))
	binary.BigEndian.PutUint16(header[6:], uint16(len(sum))) // rotated: the sum comes first, as Windows does it
	return append(append(header, sum...), text...)
}

// seal rotates by 28, as Windows does it.
func (s *side) seal(text []byte) []byte {
	const rotation = 28
	header := s.header(2, 0)
	_, cipher, err := s.etype.EncryptMessage(s.key.KeyValue, append(bytes.Clone(text), header...), keyusage.GSSAPI_ACCEPTOR_SEAL)
	if err != nil {
		panic(err)
	}
	header = s.header(2, rotation)
	s.send++
	cut := len(cipher) - rotation
	return append(append(header, cipher[cut:]...), cipher[:cut]...)
}

func (s *side) open(token []byte) ([]byte, error) {
	if token[0] != 5 || token[1] != 4 || token[2] != 2|s.subkey || binary.BigEndian.Uint64(token[8:]) != s.expect {
		return nil, fmt.Errorf("a frame with the header % x, want number %d", token[:16], s.expect)
	}
	s.expect++
	text, err := s.etype.DecryptMessage(s.key.KeyValue, token[16:], keyusage.GSSAPI_INITIATOR_SEAL)
	if err != nil || !bytes.HasSuffix(text, token[:16]) {
		return nil, errors.Join(err, errors.New("a frame that does not open"))
	}
	return text[:len(text)-16], nil
}

func (s *side) check(t testing.TB, token []byte) []byte {
	const sum = 12
	if len(token) < 16+4+sum || token[2] != s.subkey || binary.BigEndian.Uint64(token[8:]) != s.expect {
		t.Errorf("the choice of a layer comes as % x", token)
		return nil
	}
	s.expect++
	text, header := token[16:len(token)-sum], bytes.Clone(token[:16])
	header[4], header[5] = 0, 0
	want := must(s.etype.GetChecksumHash(s.key.KeyValue, append(bytes.Clone(text), header...), keyusage.GSSAPI_INITIATOR_SEAL))
	if !bytes.Equal(want, token[len(token)-sum:]) {
		t.Error("the choice of a layer has a wrong checksum")
	}
	return text
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

func application(tag int, p *ber.Packet) []byte { return asn1tools.AddASNAppTag(p.Bytes(), tag) }
