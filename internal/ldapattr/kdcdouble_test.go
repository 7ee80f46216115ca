//go:build !windows

package ldapattr_test

import (
	"encoding/binary"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/jcmturner/gokrb5/v8/crypto"
	"github.com/jcmturner/gokrb5/v8/iana/errorcode"
	"github.com/jcmturner/gokrb5/v8/iana/etypeID"
	"github.com/jcmturner/gokrb5/v8/iana/keyusage"
	"github.com/jcmturner/gokrb5/v8/iana/msgtype"
	"github.com/jcmturner/gokrb5/v8/iana/patype"
	"github.com/jcmturner/gokrb5/v8/keytab"
	"github.com/jcmturner/gokrb5/v8/messages"
	"github.com/jcmturner/gokrb5/v8/types"
)

const (
	realm   = "CORP.EXAMPLE.COM"
	east    = "EAST.EXAMPLE.COM" // a realm that trusts it
	krbSalt = "a salt that is not the default"
	aes256  = etypeID.AES256_CTS_HMAC_SHA1_96
	aes128  = etypeID.AES128_CTS_HMAC_SHA1_96
)

// kdc is a Kerberos key distribution centre with one user, svc, and one service,
// ldap/localhost. Its switches are set before it is asked.
type kdc struct {
	t       testing.TB
	addr    string
	service *keytab.Keytab // keys of krbtgt and of the service

	refuse    int32         // error code instead of any ticket
	ahead     time.Duration // how far its clock is ahead
	keyTypes  []int32       // what it says it has keys of
	reply     []byte        // instead of anything
	refer     bool          // the service belongs to the other realm
	before    []string      // addresses that krb5.conf names before it
	s2kParams []byte        // of string-to-key
	stamps    atomic.Int32  // pre-authentications received
}

func newKDC(t testing.TB) *kdc {
	t.Helper()
	k := &kdc{t: t, service: keytab.New(), s2kParams: []byte{0, 0, 0x10, 0}, keyTypes: []int32{etypeID.RC4_HMAC, aes256, aes128}}
	for _, principal := range [][2]string{{"krbtgt/" + realm, realm}, {"ldap/localhost", realm}, {"krbtgt/" + east, realm}, {"ldap/localhost", east}} {
		if err := k.service.AddEntry(principal[0], principal[1], "secret of "+principal[0]+principal[1], time.Now(), 1, aes256); err != nil {
			t.Fatal(err)
		}
	}
	k.addr = accept(t, k.serve)
	return k
}

// conf writes a krb5.conf that leads to the KDC.
func (k *kdc) conf() string {
	path := filepath.Join(k.t.TempDir(), "krb5.conf")
	first := ""
	for _, address := range k.before {
		first += "  kdc = " + address + "\n"
	}
	text := "[libdefaults]\n dns_canonicalize_hostname = fallback\n[realms]\n " + realm + " = {\n" + first + "  kdc = " + k.addr + "\n }\n " +
		east + " = { \n kdc = " + k.addr + "\n }\n[domain_realm]\n localhost = " + realm + "\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		k.t.Fatal(err)
	}
	return path
}

func (k *kdc) serve(conn net.Conn) {
	defer conn.Close()
	var size [4]byte
	if _, err := io.ReadFull(conn, size[:]); err != nil {
		return
	}
	request := make([]byte, binary.BigEndian.Uint32(size[:]))
	if _, err := io.ReadFull(conn, request); err != nil {
		return
	}
	reply := k.reply
	if reply == nil {
		octets := k.answer(request)
		reply = append(binary.BigEndian.AppendUint32(nil, uint32(len(octets))), octets...)
	}
	_, _ = conn.Write(reply)
}

func (k *kdc) answer(request []byte) []byte {
	var as messages.ASReq
	if as.Unmarshal(request) == nil {
		return k.answerAS(as)
	}
	var tgs messages.TGSReq
	if err := tgs.Unmarshal(request); err != nil {
		k.t.Errorf("the KDC cannot read a request: %v", err)
		return nil
	}
	return k.answerTGS(tgs)
}

func (k *kdc) error(code int32, data []byte) []byte {
	e := messages.NewKRBError(types.PrincipalName{NameType: 2, NameString: []string{"krbtgt", realm}}, realm, code, "")
	e.STime, e.EData = e.STime.Add(k.ahead).Truncate(time.Second), data
	return must(e.Marshal())
}

func (k *kdc) userKey(kind int32) types.EncryptionKey {
	et, _ := crypto.GetEtype(kind)
	value, err := et.StringToKey(alicePass, krbSalt, "00001000")
	if err != nil {
		k.t.Error(err)
	}
	return types.EncryptionKey{KeyType: kind, KeyValue: value}
}

func (k *kdc) answerAS(as messages.ASReq) []byte {
	if as.ReqBody.CName.PrincipalNameString() != "svc" {
		return k.error(errorcode.KDC_ERR_C_PRINCIPAL_UNKNOWN, nil)
	}
	var stamp types.EncryptedData
	for _, data := range as.PAData {
		if data.PADataType == patype.PA_ENC_TIMESTAMP {
			if err := stamp.Unmarshal(data.PADataValue); err != nil {
				k.t.Error(err)
			}
		}
	}
	if len(stamp.Cipher) > 0 {
		k.stamps.Add(1)
	} else {
		return k.error(errorcode.KDC_ERR_PREAUTH_REQUIRED, k.hints())
	}
	if k.refuse != 0 {
		return k.error(k.refuse, nil)
	}
	if _, err := crypto.DecryptEncPart(stamp, k.userKey(stamp.EType), keyusage.AS_REQ_PA_ENC_TIMESTAMP); err != nil {
		return k.error(errorcode.KDC_ERR_PREAUTH_FAILED, nil)
	}
	// The client's order decides, whatever key it has used before (RFC 4120, section 3.1.3).
	fields := k.ticket(as.ReqBody, k.userKey(as.ReqBody.EType[0]), keyusage.AS_REP_ENCPART)
	fields.MsgType = msgtype.KRB_AS_REP
	reply := messages.ASRep{KDCRepFields: fields}
	return must(reply.Marshal())
}

func (k *kdc) answerTGS(tgs messages.TGSReq) []byte {
	var request messages.APReq
	if err := request.Unmarshal(tgs.PAData[0].PADataValue); err != nil {
		k.t.Error(err)
	}
	if err := request.Ticket.DecryptEncPart(k.service, nil); err != nil {
		k.t.Error(err)
	}
	if k.refer && tgs.ReqBody.Realm == realm { // RFC 6806, section 8
		tgs.ReqBody.SName = types.PrincipalName{NameType: 2, NameString: []string{"krbtgt", east}}
	}
	if _, _, err := k.service.GetEncryptionKey(tgs.ReqBody.SName, tgs.ReqBody.Realm, 1, aes256); err != nil {
		return k.error(errorcode.KDC_ERR_S_PRINCIPAL_UNKNOWN, nil)
	}
	fields := k.ticket(tgs.ReqBody, request.Ticket.DecryptedEncPart.Key, keyusage.TGS_REP_ENCPART_SESSION_KEY)
	fields.MsgType = msgtype.KRB_TGS_REP
	reply := messages.TGSRep{KDCRepFields: fields}
	return must(reply.Marshal())
}

// ticket grants what is asked for, under a new session key.
func (k *kdc) ticket(asked messages.KDCReqBody, key types.EncryptionKey, usage uint32) messages.KDCRepFields {
	now := time.Now().UTC().Add(k.ahead).Truncate(time.Second)
	end := now.Add(time.Hour)
	granted, session, err := messages.NewTicket(asked.CName, realm, asked.SName, asked.Realm, types.NewKrbFlags(), k.service, aes256, 1, now, now, end, end)
	if err != nil {
		k.t.Error(err)
	}
	part := messages.EncKDCRepPart{Key: session, LastReqs: []messages.LastReq{{LRValue: now}}, Nonce: asked.Nonce, Flags: types.NewKrbFlags(),
		AuthTime: now, StartTime: now, EndTime: end, RenewTill: end, SRealm: asked.Realm, SName: asked.SName}
	sealed, err := crypto.GetEncryptedData(must(part.Marshal()), key, usage, 1)
	if err != nil {
		k.t.Error(err)
	}
	return messages.KDCRepFields{PVNO: 5, CRealm: realm, CName: asked.CName, Ticket: granted, EncPart: sealed}
}

// hints is METHOD-DATA with one ETYPE-INFO2 (RFC 4120, section 5.2.7.5).
func (k *kdc) hints() []byte {
	infos := ber.NewSequence("ETYPE-INFO2")
	for _, kind := range k.keyTypes {
		infos.AppendChild(sequence(
			tagged(0, ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, kind, "")),
			tagged(1, ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagGeneralString, krbSalt, "")),
			tagged(2, ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, string(k.s2kParams), ""))))
	}
	return sequence(sequence(
		tagged(1, ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, int64(patype.PA_ETYPE_INFO2), "")),
		tagged(2, ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, string(infos.Bytes()), "")))).Bytes()
}

func tagged(tag ber.Tag, child *ber.Packet) *ber.Packet {
	p := ber.Encode(ber.ClassContext, ber.TypeConstructed, tag, nil, "")
	p.AppendChild(child)
	return p
}

func must(octets []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return octets
}
