package krbtest

import (
	"encoding/binary"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
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

// Names that the double knows.
const (
	Realm   = "CORP.EXAMPLE.COM"
	East    = "EAST.EXAMPLE.COM" // a realm that trusts it
	User    = "svc"              // the only user, unless told otherwise
	AES256  = etypeID.AES256_CTS_HMAC_SHA1_96
	AES128  = etypeID.AES128_CTS_HMAC_SHA1_96
	RC4     = etypeID.RC4_HMAC
	krbSalt = "a salt that is not the default"
)

// KDC is a Kerberos key distribution centre with one user and the services
// ldap/localhost and cifs/fs.example.com. Its switches are set before it is asked.
type KDC struct {
	Switches
	Addr    string         // host:port
	Service *keytab.Keytab // keys of krbtgt and of the services
	Stamps  atomic.Int32   // pre-authentications received
	Asked   atomic.Int32   // connections accepted

	t        testing.TB
	password string
}

// Switches change what a KDC says.
type Switches struct {
	User      string        // the only one
	Refuse    int32         // error code instead of any ticket
	Status    uint32        // NTSTATUS behind that error, as Active Directory has it
	Ahead     time.Duration // how far its clock is ahead
	KeyTypes  []int32       // what it says it has keys of
	Reply     []byte        // instead of anything
	Silent    bool          // takes requests and says nothing
	Refer     bool          // the service belongs to the other realm
	NoProof   bool          // gives tickets without pre-authentication
	S2KParams []byte        // of string-to-key
}

// New starts a KDC on loopback, which ends with the test.
func New(t testing.TB, password string) *KDC {
	t.Helper()
	k := &KDC{t: t, password: password, Service: keytab.New(),
		Switches: Switches{User: User, S2KParams: []byte{0, 0, 0x10, 0}, KeyTypes: []int32{RC4, AES256, AES128}}}
	for _, principal := range [][2]string{{"krbtgt/" + Realm, Realm}, {"krbtgt/" + East, Realm}, {"ldap/localhost", Realm}, {"ldap/localhost", East},
		{"cifs/fs.example.com", Realm}} {
		if err := k.Service.AddEntry(principal[0], principal[1], "secret of "+principal[0]+principal[1], time.Now(), 1, AES256); err != nil {
			t.Fatal(err)
		}
	}
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	k.Addr = ln.Addr().String()
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			k.Asked.Add(1)
			running.Go(func() { k.serve(conn) })
		}
	})
	t.Cleanup(func() { _ = ln.Close(); running.Wait() })
	return k
}

// Conf writes a krb5.conf that leads to the KDC, after others at the given
// addresses, and returns its path.
func (k *KDC) Conf(before ...string) string {
	path := filepath.Join(k.t.TempDir(), "krb5.conf")
	first := ""
	for _, address := range before {
		first += "  kdc = " + address + "\n"
	}
	text := "[libdefaults]\n dns_canonicalize_hostname = fallback\n[realms]\n " + Realm + " = {\n" + first + "  kdc = " + k.Addr + "\n }\n " +
		East + " = { \n kdc = " + k.Addr + "\n }\n[domain_realm]\n localhost = " + Realm + "\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		k.t.Fatal(err)
	}
	return path
}

// Keytab writes a keytab with a key of the user of one type, and another user's,
// and returns its path.
func (k *KDC) Keytab(kind int32) string {
	keys := keytab.New()
	if err := keys.AddEntry("other", Realm, "x", time.Now(), 1, AES256); err != nil {
		k.t.Fatal(err)
	}
	keys.Entries = append(keys.Entries, keys.Entries[0])
	keys.Entries[1].Principal.Components = []string{k.User}
	keys.Entries[1].Key = k.userKey(kind)
	path := filepath.Join(k.t.TempDir(), "keytab")
	if err := os.WriteFile(path, must(keys.Marshal()), 0o600); err != nil {
		k.t.Fatal(err)
	}
	return path
}

func (k *KDC) serve(conn net.Conn) {
	defer conn.Close()
	var size [4]byte
	if _, err := io.ReadFull(conn, size[:]); err != nil {
		return
	}
	request := make([]byte, binary.BigEndian.Uint32(size[:]))
	if _, err := io.ReadFull(conn, request); err != nil {
		return
	}
	reply := k.Reply
	if k.Silent {
		_, _ = io.Copy(io.Discard, conn)
		return
	}
	if reply == nil {
		octets := k.answer(request)
		reply = append(binary.BigEndian.AppendUint32(nil, uint32(len(octets))), octets...)
	}
	_, _ = conn.Write(reply)
}

func (k *KDC) answer(request []byte) []byte {
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

func (k *KDC) error(code int32, data []byte) []byte {
	e := messages.NewKRBError(types.PrincipalName{NameType: 2, NameString: []string{"krbtgt", Realm}}, Realm, code, "")
	e.STime, e.EData = e.STime.Add(k.Ahead).Truncate(time.Second), data
	return must(e.Marshal())
}

func (k *KDC) userKey(kind int32) types.EncryptionKey {
	et, _ := crypto.GetEtype(kind)
	value, err := et.StringToKey(k.password, krbSalt, "00001000")
	if err != nil {
		k.t.Error(err)
	}
	return types.EncryptionKey{KeyType: kind, KeyValue: value}
}

func (k *KDC) answerAS(as messages.ASReq) []byte {
	if as.ReqBody.CName.PrincipalNameString() != k.User {
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
	switch {
	case len(stamp.Cipher) > 0:
		k.Stamps.Add(1)
	case !k.NoProof:
		return k.error(errorcode.KDC_ERR_PREAUTH_REQUIRED, k.hints())
	}
	if k.Refuse != 0 {
		return k.error(k.Refuse, k.status())
	}
	if !k.NoProof {
		if _, err := crypto.DecryptEncPart(stamp, k.userKey(stamp.EType), keyusage.AS_REQ_PA_ENC_TIMESTAMP); err != nil {
			return k.error(errorcode.KDC_ERR_PREAUTH_FAILED, nil)
		}
	}
	// The client's order decides, whatever key it has used before (RFC 4120, section 3.1.3).
	fields := k.ticket(as.ReqBody, k.userKey(as.ReqBody.EType[0]), keyusage.AS_REP_ENCPART)
	fields.MsgType = msgtype.KRB_AS_REP
	if k.NoProof {
		var hints types.PADataSequence
		if err := hints.Unmarshal(k.hints()); err != nil {
			k.t.Error(err)
		}
		fields.PAData = hints
	}
	reply := messages.ASRep{KDCRepFields: fields}
	return must(reply.Marshal())
}

func (k *KDC) answerTGS(tgs messages.TGSReq) []byte {
	var request messages.APReq
	if err := request.Unmarshal(tgs.PAData[0].PADataValue); err != nil {
		k.t.Error(err)
	}
	if err := request.Ticket.DecryptEncPart(k.Service, nil); err != nil {
		k.t.Error(err)
	}
	if k.Refer && tgs.ReqBody.Realm == Realm { // RFC 6806, section 8
		tgs.ReqBody.SName = types.PrincipalName{NameType: 2, NameString: []string{"krbtgt", East}}
	}
	if _, _, err := k.Service.GetEncryptionKey(tgs.ReqBody.SName, tgs.ReqBody.Realm, 1, AES256); err != nil {
		return k.error(errorcode.KDC_ERR_S_PRINCIPAL_UNKNOWN, nil)
	}
	fields := k.ticket(tgs.ReqBody, request.Ticket.DecryptedEncPart.Key, keyusage.TGS_REP_ENCPART_SESSION_KEY)
	fields.MsgType = msgtype.KRB_TGS_REP
	reply := messages.TGSRep{KDCRepFields: fields}
	return must(reply.Marshal())
}

// ticket grants what is asked for, under a new session key.
func (k *KDC) ticket(asked messages.KDCReqBody, key types.EncryptionKey, usage uint32) messages.KDCRepFields {
	now := time.Now().UTC().Add(k.Ahead).Truncate(time.Second)
	end := now.Add(time.Hour)
	granted, session, err := messages.NewTicket(asked.CName, Realm, asked.SName, asked.Realm, types.NewKrbFlags(), k.Service, AES256, 1, now, now, end, end)
	if err != nil {
		k.t.Error(err)
	}
	part := messages.EncKDCRepPart{Key: session, LastReqs: []messages.LastReq{{LRValue: now}}, Nonce: asked.Nonce, Flags: types.NewKrbFlags(),
		AuthTime: now, StartTime: now, EndTime: end, RenewTill: end, SRealm: asked.Realm, SName: asked.SName}
	sealed, err := crypto.GetEncryptedData(must(part.Marshal()), key, usage, 1)
	if err != nil {
		k.t.Error(err)
	}
	return messages.KDCRepFields{PVNO: 5, CRealm: Realm, CName: asked.CName, Ticket: granted, EncPart: sealed}
}

// hints is METHOD-DATA with one ETYPE-INFO2 (RFC 4120, section 5.2.7.5).
func (k *KDC) hints() []byte {
	infos := ber.NewSequence("ETYPE-INFO2")
	for _, kind := range k.KeyTypes {
		infos.AppendChild(sequence(
			tagged(0, number(int64(kind))),
			tagged(1, ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagGeneralString, krbSalt, "")),
			tagged(2, octetString(k.S2KParams))))
	}
	return sequence(sequence(
		tagged(1, number(int64(patype.PA_ETYPE_INFO2))),
		tagged(2, octetString(infos.Bytes())))).Bytes()
}

// status is KERB-ERROR-DATA with a KERB_EXT_ERROR [MS-KILE 2.2.1, 2.2.2].
func (k *KDC) status() []byte {
	if k.Status == 0 {
		return nil
	}
	value := binary.LittleEndian.AppendUint32(nil, k.Status)
	value = append(value, 0, 0, 0, 0, 1, 0, 0, 0)
	return sequence(tagged(1, number(3)), tagged(2, octetString(value))).Bytes()
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

func sequence(children ...*ber.Packet) *ber.Packet {
	p := ber.NewSequence("")
	for _, child := range children {
		p.AppendChild(child)
	}
	return p
}

func number(n int64) *ber.Packet {
	return ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, n, "")
}

func octetString(octets []byte) *ber.Packet {
	return ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, string(octets), "")
}
