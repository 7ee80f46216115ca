package ldapattr

import (
	"errors"
	"fmt"
	"io"
	"net"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

// Before a connection is handed to go-ldap, and on connections that only ever
// bind, requests and answers alternate strictly. Reading exactly one PDU at a
// time keeps what a man in the middle may add behind an answer out of the
// protected stream (the class of CVE-2011-0411).

const (
	// maxAnswer is octets of one answer here, where nobody has proved anything yet.
	// Real ones have a few hundred; a Kerberos token with a long list of groups
	// stays below MaxTokenSize, 48,000.
	maxAnswer   = 64 << 10
	oidStartTLS = "1.3.6.1.4.1.1466.20037"

	tagBindRequest      = ber.Tag(ldap.ApplicationBindRequest)
	tagBindResponse     = ber.Tag(ldap.ApplicationBindResponse)
	tagModifyRequest    = ber.Tag(ldap.ApplicationModifyRequest)
	tagModifyResponse   = ber.Tag(ldap.ApplicationModifyResponse)
	tagExtendedRequest  = ber.Tag(ldap.ApplicationExtendedRequest)
	tagExtendedResponse = ber.Tag(ldap.ApplicationExtendedResponse)
	tagSASL             = ber.Tag(3) // AuthenticationChoice.sasl
	tagSASLCredentials  = ber.Tag(7) // BindResponse.serverSaslCreds
	tagExtendedName     = ber.Tag(0) // ExtendedRequest.requestName
)

// errOddAnswer: the peer is no LDAP server, or somebody is trying something.
var errOddAnswer = errors.New("the server's answer is not a valid LDAP answer")

// exchange sends one request and reads its answer. The error is an *ldap.Error
// for every result but success and saslBindInProgress.
func exchange(conn net.Conn, id int64, request *ber.Packet, answer ber.Tag) (*ber.Packet, error) {
	message := ber.NewSequence("LDAPMessage")
	message.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, id, "messageID"))
	message.AppendChild(request)
	if _, err := conn.Write(message.Bytes()); err != nil {
		return nil, err
	}
	packet, err := ber.ReadPacket(io.LimitReader(conn, maxAnswer))
	if err != nil {
		return nil, err
	}
	return checkAnswer(packet, id, answer)
}

// checkAnswer accepts nothing but a result for this request: an answer that is
// merely "no error" must never pass for a successful bind.
func checkAnswer(packet *ber.Packet, id int64, answer ber.Tag) (*ber.Packet, error) {
	if packet.ClassType != ber.ClassUniversal || packet.Tag != ber.TagSequence || len(packet.Children) < 2 {
		return nil, errOddAnswer
	}
	if got, ok := packet.Children[0].Value.(int64); !ok || got != id {
		return nil, errOddAnswer
	}
	op := packet.Children[1]
	if op.ClassType != ber.ClassApplication || op.Tag != answer || len(op.Children) < 3 {
		return nil, errOddAnswer
	}
	code := op.Children[0]
	if code.ClassType != ber.ClassUniversal || code.Tag != ber.TagEnumerated {
		return nil, errOddAnswer
	}
	switch value, ok := code.Value.(int64); {
	case !ok:
		return nil, errOddAnswer
	case value == ldap.LDAPResultSuccess, value == ldap.LDAPResultSaslBindInProgress && answer == tagBindResponse:
		return op, nil
	}
	if err := ldap.GetLDAPError(packet); err != nil {
		return nil, err
	}
	return nil, errOddAnswer
}

// startTLS asks for TLS (RFC 4511, section 4.14). It is done here because
// go-ldap's own shakes hands without any deadline.
func startTLS(conn net.Conn) error {
	request := ber.Encode(ber.ClassApplication, ber.TypeConstructed, tagExtendedRequest, nil, "ExtendedRequest")
	request.AppendChild(ber.NewString(ber.ClassContext, ber.TypePrimitive, tagExtendedName, oidStartTLS, "requestName"))
	_, err := exchange(conn, 1, request, tagExtendedResponse)
	return err
}

// simpleBind succeeds only when the server says exactly success. The caller has
// refused empty names and passwords; this is the last line.
func simpleBind(conn net.Conn, id int64, name, password string) error {
	if name == "" || password == "" {
		return errors.New("empty name or password")
	}
	request := newBindRequest(name)
	request.AppendChild(ber.NewString(ber.ClassContext, ber.TypePrimitive, 0, password, "simple"))
	op, err := exchange(conn, id, request, tagBindResponse)
	if err != nil {
		return err
	}
	if code, _ := op.Children[0].Value.(int64); code != ldap.LDAPResultSuccess {
		return fmt.Errorf("result %d to a simple bind: %w", code, errOddAnswer)
	}
	return nil
}

// saslStep sends one GSSAPI token and returns the server's (RFC 4752); done says
// that the server is satisfied.
func saslStep(conn net.Conn, id int64, token []byte) (reply []byte, done bool, err error) {
	auth := ber.Encode(ber.ClassContext, ber.TypeConstructed, tagSASL, nil, "sasl")
	auth.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, "GSSAPI", "mechanism"))
	if len(token) > 0 {
		auth.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, string(token), "credentials"))
	}
	request := newBindRequest("")
	request.AppendChild(auth)
	op, err := exchange(conn, id, request, tagBindResponse)
	if err != nil {
		return nil, false, err
	}
	for _, child := range op.Children[3:] {
		if child.ClassType == ber.ClassContext && child.Tag == tagSASLCredentials && child.Data != nil {
			reply = child.Data.Bytes()
		}
	}
	code, _ := op.Children[0].Value.(int64)
	return reply, code == ldap.LDAPResultSuccess, nil
}

// newBindRequest begins a bind (RFC 4511, section 4.2); the caller adds the
// authentication choice.
func newBindRequest(name string) *ber.Packet {
	const version = 3
	request := ber.Encode(ber.ClassApplication, ber.TypeConstructed, tagBindRequest, nil, "BindRequest")
	request.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, version, "version"))
	request.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, name, "name"))
	return request
}
