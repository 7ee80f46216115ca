package krbtest

import (
	"bytes"
	"encoding/asn1"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/jcmturner/gokrb5/v8/asn1tools"
	"github.com/jcmturner/gokrb5/v8/crypto"
	"github.com/jcmturner/gokrb5/v8/crypto/etype"
	"github.com/jcmturner/gokrb5/v8/iana/keyusage"
	"github.com/jcmturner/gokrb5/v8/keytab"
	"github.com/jcmturner/gokrb5/v8/messages"
	"github.com/jcmturner/gokrb5/v8/types"
)

// Acceptor opens security contexts as a server does.
type Acceptor struct {
	T        testing.TB
	Keys     *keytab.Keytab // of the service
	NoSubkey bool           // leaves the key to the client
	OldStamp bool           // answers with another request's time stamp
}

// Side is the server's end of one security context.
type Side struct {
	Key    types.EncryptionKey
	etype  etype.EType
	subkey byte
	send   uint64
	expect uint64
}

// Accept opens an AP-REQ and makes the AP-REP.
func (a *Acceptor) Accept(token []byte) ([]byte, *Side, error) {
	var outer asn1.RawValue
	if _, err := asn1.Unmarshal(token, &outer); err != nil {
		return nil, nil, err
	}
	const mechanism, tokenID = 11, 2
	var request messages.APReq
	if err := request.Unmarshal(outer.Bytes[mechanism+tokenID:]); err != nil {
		return nil, nil, err
	}
	if err := request.Ticket.DecryptEncPart(a.Keys, nil); err != nil {
		return nil, nil, err
	}
	session := request.Ticket.DecryptedEncPart.Key
	if err := request.DecryptAuthenticator(session); err != nil {
		return nil, nil, err
	}
	client := request.Authenticator
	if got := binary.LittleEndian.Uint32(client.Cksum.Checksum[20:]); got != 0x3e {
		a.T.Errorf("context flags %#x, want mutual, replay, sequence, confidentiality, integrity", got)
	}
	et, _ := crypto.GetEtype(AES256)
	s := &Side{Key: client.SubKey, etype: et, send: 4711, expect: uint64(client.SeqNumber)}
	stamp := client.CTime
	if a.OldStamp {
		stamp = stamp.Add(-time.Second)
	}
	part := sequence(tagged(0, ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagGeneralizedTime, stamp.UTC().Format("20060102150405Z"), "")),
		tagged(1, number(int64(client.Cusec))))
	if !a.NoSubkey {
		s.Key = types.EncryptionKey{KeyType: AES256, KeyValue: bytes.Repeat([]byte{7}, 32)}
		s.subkey = 4
		part.AppendChild(tagged(2, sequence(tagged(0, number(int64(AES256))), tagged(1, octetString(s.Key.KeyValue)))))
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

func (s *Side) header(flags byte, rotation uint16) []byte {
	header := []byte{5, 4, flags | 1 | s.subkey, 0xff, 0, 0, 0, 0}
	header = binary.BigEndian.AppendUint64(header, s.send)
	binary.BigEndian.PutUint16(header[6:], rotation)
	return header
}

// Sign makes a token with the text in clear and a checksum.
func (s *Side) Sign(text []byte) []byte {
	header := s.header(0, 0)
	sum := must(s.etype.GetChecksumHash(s.Key.KeyValue, append(bytes.Clone(text), header...), keyusage.GSSAPI_ACCEPTOR_SEAL))
	s.send++
	binary.BigEndian.PutUint16(header[4:], uint16(len(sum)))
	binary.BigEndian.PutUint16(header[6:], uint16(len(sum))) // rotated: the sum comes first, as Windows does it
	return append(append(header, sum...), text...)
}

// Seal makes a sealed token, and rotates it by 28, as Windows does it.
func (s *Side) Seal(text []byte) []byte {
	const rotation = 28
	header := s.header(2, 0)
	_, cipher, err := s.etype.EncryptMessage(s.Key.KeyValue, append(bytes.Clone(text), header...), keyusage.GSSAPI_ACCEPTOR_SEAL)
	if err != nil {
		panic(err)
	}
	header = s.header(2, rotation)
	s.send++
	cut := len(cipher) - rotation
	return append(append(header, cipher[cut:]...), cipher[:cut]...)
}

// Open opens a sealed token of the client, which must be the next one.
func (s *Side) Open(token []byte) ([]byte, error) {
	if token[0] != 5 || token[1] != 4 || token[2] != 2|s.subkey || binary.BigEndian.Uint64(token[8:]) != s.expect {
		return nil, fmt.Errorf("a frame with the header % x, want number %d", token[:16], s.expect)
	}
	s.expect++
	text, err := s.etype.DecryptMessage(s.Key.KeyValue, token[16:], keyusage.GSSAPI_INITIATOR_SEAL)
	if err != nil || !bytes.HasSuffix(text, token[:16]) {
		return nil, errors.Join(err, errors.New("a frame that does not open"))
	}
	return text[:len(text)-16], nil
}

// Check returns the text of a token that is only signed, and complains if it is not in order.
func (s *Side) Check(t testing.TB, token []byte) []byte {
	const sum = 12
	if len(token) < 16+4+sum || token[2] != s.subkey || binary.BigEndian.Uint64(token[8:]) != s.expect {
		t.Errorf("the choice of a layer comes as % x", token)
		return nil
	}
	s.expect++
	text, header := token[16:len(token)-sum], bytes.Clone(token[:16])
	header[4], header[5] = 0, 0
	want := must(s.etype.GetChecksumHash(s.Key.KeyValue, append(bytes.Clone(text), header...), keyusage.GSSAPI_INITIATOR_SEAL))
	if !bytes.Equal(want, token[len(token)-sum:]) {
		t.Error("the choice of a layer has a wrong checksum")
	}
	return text
}

func application(tag int, p *ber.Packet) []byte { return asn1tools.AddASNAppTag(p.Bytes(), tag) }

// CheckMIC complains if the token does not vouch for the text.
func (s *Side) CheckMIC(t testing.TB, token, text []byte) {
	want := append([]byte{4, 4, s.subkey, 0xff, 0xff, 0xff, 0xff, 0xff}, make([]byte, 8)...)
	binary.BigEndian.PutUint64(want[8:], s.expect)
	s.expect++
	want = append(want, must(s.etype.GetChecksumHash(s.Key.KeyValue, append(bytes.Clone(text), want...), keyusage.GSSAPI_INITIATOR_SIGN))...)
	if !bytes.Equal(token, want) {
		t.Errorf("the MIC is % x, want % x", token, want)
	}
}
