package krb

import (
	"crypto/rand"
	"encoding/asn1"
	"encoding/binary"
	"fmt"

	"github.com/jcmturner/gokrb5/v8/asn1tools"
	"github.com/jcmturner/gokrb5/v8/crypto"
	"github.com/jcmturner/gokrb5/v8/iana/chksumtype"
	"github.com/jcmturner/gokrb5/v8/iana/flags"
	"github.com/jcmturner/gokrb5/v8/iana/keyusage"
	"github.com/jcmturner/gokrb5/v8/messages"
	"github.com/jcmturner/gokrb5/v8/types"
)

// GSS-API context flags (RFC 4121, section 4.1.1.1).
const (
	gssMutual       = 2
	gssReplay       = 4
	gssSequence     = 8
	gssConfidential = 16
	gssIntegrity    = 32
)

// Initiator is our side of one GSS-API context until the server has answered.
type Initiator struct {
	ticket        Ticket
	authenticator types.Authenticator
}

// krb5Mechanism is the DER of OID 1.2.840.113554.1.2.2.
var krb5Mechanism = string([]byte{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02})

// Token identifiers (RFC 4121, section 4.1).
const (
	tokenAPReq = "\x01\x00"
	tokenAPRep = "\x02\x00"
	tokenError = "\x03\x00"
)

// Initiate makes the first token for a server: an AP-REQ with mutual
// authentication and a subkey of our own.
func (t Ticket) Initiate() (*Initiator, []byte, error) {
	i := &Initiator{ticket: t}
	var token []byte
	err := guarded(func() (err error) {
		token, err = i.request()
		return err
	})
	return i, token, err
}

func (i *Initiator) request() ([]byte, error) {
	auth, err := types.NewAuthenticator(i.ticket.realm, i.ticket.name)
	if err != nil {
		return nil, err
	}
	et, err := crypto.GetEtype(i.ticket.key.KeyType)
	if err != nil {
		return nil, err
	}
	subkey := make([]byte, keySize(et))
	if _, err := rand.Read(subkey); err != nil {
		return nil, err
	}
	auth.SubKey = types.EncryptionKey{KeyType: i.ticket.key.KeyType, KeyValue: subkey}
	auth.Cksum = types.Checksum{CksumType: chksumtype.GSSAPI, Checksum: contextChecksum()}
	i.authenticator = auth
	request, err := messages.NewAPReq(i.ticket.ticket, i.ticket.key, auth)
	if err != nil {
		return nil, err
	}
	types.SetFlag(&request.APOptions, flags.APOptionMutualRequired)
	octets, err := request.Marshal()
	if err != nil {
		return nil, err
	}
	return asn1tools.AddASNAppTag(append([]byte(krb5Mechanism+tokenAPReq), octets...), 0), nil
}

// contextChecksum holds no channel bindings and our flags (RFC 4121, section 4.1.1).
func contextChecksum() []byte {
	const bindings = 16
	sum := binary.LittleEndian.AppendUint32(nil, bindings)
	sum = append(sum, make([]byte, bindings)...)
	return binary.LittleEndian.AppendUint32(sum, gssMutual|gssReplay|gssSequence|gssConfidential|gssIntegrity)
}

// Accept checks the server's answer: only who could open the ticket knows our time
// stamp and the session key. An answer that is a refusal is an *Error.
func (i *Initiator) Accept(token []byte) (*Context, error) {
	var c *Context
	err := guarded(func() (err error) {
		c, err = i.accept(token)
		return err
	})
	return c, err
}

func (i *Initiator) accept(token []byte) (*Context, error) {
	reply, err := parseAPRep(token)
	if err != nil {
		return nil, err
	}
	octets, err := crypto.DecryptEncPart(reply.EncPart, i.ticket.key, keyusage.AP_REP_ENCPART)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrToken, err)
	}
	var part messages.EncAPRepPart
	if err := part.Unmarshal(octets); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrToken, err)
	}
	if part.CTime.Unix() != i.authenticator.CTime.Unix() || part.Cusec != i.authenticator.Cusec {
		return nil, fmt.Errorf("%w: it answers another request", ErrToken)
	}
	key, chosen := i.authenticator.SubKey, false
	if len(part.Subkey.KeyValue) > 0 {
		key, chosen = part.Subkey, true
	}
	return newContext(key, chosen, uint64(i.authenticator.SeqNumber), uint64(uint32(part.SequenceNumber)))
}

// parseAPRep takes the server's token apart (RFC 2743, section 3.1): an AP-REP, or
// a KRB-ERROR, which becomes the error.
func parseAPRep(token []byte) (messages.APRep, error) {
	var reply messages.APRep
	var outer asn1.RawValue
	rest, err := asn1.Unmarshal(token, &outer)
	if err != nil || len(rest) > 0 || outer.Class != asn1.ClassApplication || outer.Tag != 0 {
		return reply, ErrToken
	}
	body := string(outer.Bytes)
	if len(body) < len(krb5Mechanism)+2 || body[:len(krb5Mechanism)] != krb5Mechanism {
		return reply, ErrToken
	}
	body = body[len(krb5Mechanism):]
	switch body[:2] {
	case tokenAPRep:
		err := reply.Unmarshal([]byte(body[2:]))
		return reply, err
	case tokenError:
		var refused messages.KRBError
		if err := refused.Unmarshal([]byte(body[2:])); err != nil {
			return reply, err
		}
		return reply, refusedBy(refused)
	}
	return reply, ErrToken
}
