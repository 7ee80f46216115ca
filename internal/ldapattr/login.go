//go:build !windows

package ldapattr

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jcmturner/gokrb5/v8/credentials"
	"github.com/jcmturner/gokrb5/v8/crypto"
	"github.com/jcmturner/gokrb5/v8/iana/errorcode"
	"github.com/jcmturner/gokrb5/v8/iana/keyusage"
	"github.com/jcmturner/gokrb5/v8/iana/patype"
	"github.com/jcmturner/gokrb5/v8/messages"
	"github.com/jcmturner/gokrb5/v8/types"
)

// Bounds of string-to-key, since its parameters come from whoever answers first:
// too many iterations would cost hours, and with few the password could be guessed
// from what we would send next. Real domains say 4,096 (RFC 3962) or 32,768
// (RFC 8009).
const (
	minIterations = 4096
	maxIterations = 1 << 20
)

// login is the AS exchange (RFC 4120, section 3.1).
func (d *dialer) login(ctx context.Context, kdcs *kdcList, creds *credentials.Credentials, conf krb5Conf) (tgt, error) {
	kinds, err := keyTypes(creds)
	if err != nil {
		return tgt{}, err
	}
	request, err := messages.NewASReqForTGT(creds.Realm(), libraryConfig(conf), creds.CName())
	if err != nil {
		return tgt{}, err
	}
	request.ReqBody.EType = kinds // the answer must be under a key that we have
	answer, err := d.sendAS(ctx, kdcs, request)
	var refused messages.KRBError
	if errors.As(err, &refused) && refused.ErrorCode == errorcode.KDC_ERR_PREAUTH_REQUIRED {
		var hints types.PADataSequence
		if err := hints.Unmarshal(refused.EData); err != nil {
			return tgt{}, err
		}
		key, version, err := keyFor(creds, hints, 0)
		if err != nil {
			return tgt{}, err
		}
		if request.PAData, err = timeStamp(key, version); err != nil {
			return tgt{}, err
		}
		if answer, err = d.sendAS(ctx, kdcs, request); err != nil {
			return tgt{}, err
		}
		return acceptTGT(answer, request, creds, asHints{hints, conf.clockSkew})
	}
	if err != nil {
		return tgt{}, err
	}
	return acceptTGT(answer, request, creds, asHints{nil, conf.clockSkew})
}

// sendAS sends an AS-REQ; the KDC's refusal is the error.
func (d *dialer) sendAS(ctx context.Context, kdcs *kdcList, request messages.ASReq) ([]byte, error) {
	octets, err := request.Marshal()
	if err != nil {
		return nil, err
	}
	return d.askKDC(ctx, kdcs, octets)
}

// timeStamp proves that we know the key (PA-ENC-TIMESTAMP).
func timeStamp(key types.EncryptionKey, version int) (types.PADataSequence, error) {
	stamp, err := types.GetPAEncTSEncAsnMarshalled()
	if err != nil {
		return nil, err
	}
	sealed, err := crypto.GetEncryptedData(stamp, key, keyusage.AS_REQ_PA_ENC_TIMESTAMP, version)
	if err != nil {
		return nil, err
	}
	octets, err := sealed.Marshal()
	return types.PADataSequence{{PADataType: patype.PA_ENC_TIMESTAMP, PADataValue: octets}}, err
}

// asHints is what an AS answer is read with.
type asHints struct {
	keys types.PADataSequence // from the KDC's first answer
	skew time.Duration        // how far clocks may differ
}

// acceptTGT checks that the answer belongs to the request and was made by who
// knows the user's key.
func acceptTGT(answer []byte, request messages.ASReq, creds *credentials.Credentials, hints asHints) (tgt, error) {
	var reply messages.ASRep
	if err := reply.Unmarshal(answer); err != nil {
		return tgt{}, err
	}
	key, _, err := keyFor(creds, append(reply.PAData, hints.keys...), reply.EncPart.EType)
	if err != nil {
		return tgt{}, err
	}
	octets, err := crypto.DecryptEncPart(reply.EncPart, key, keyusage.AS_REP_ENCPART)
	if err != nil {
		return tgt{}, fmt.Errorf("%w: %w", errKDCReply, err)
	}
	var part messages.EncKDCRepPart
	if err := part.Unmarshal(octets); err != nil {
		return tgt{}, fmt.Errorf("%w: %w", errKDCReply, err)
	}
	if part.Nonce != request.ReqBody.Nonce || !part.SName.Equal(request.ReqBody.SName) || part.SRealm != creds.Realm() {
		return tgt{}, errKDCReply
	}
	if time.Since(part.AuthTime).Abs() > hints.skew {
		return tgt{}, messages.KRBError{ErrorCode: errorcode.KRB_AP_ERR_SKEW, STime: part.AuthTime}
	}
	return tgt{reply.Ticket, part.Key, reply.CName, reply.CRealm}, nil
}

// keyFor returns the user's key of one type, or, when kind is 0, of the strongest
// type that the KDC's hints name and we have, and its version.
func keyFor(creds *credentials.Credentials, hints types.PADataSequence, kind int32) (types.EncryptionKey, int, error) {
	infos, err := typeInfos(hints)
	if err != nil {
		return types.EncryptionKey{}, 0, err
	}
	if kind == 0 {
		kinds, err := keyTypes(creds)
		if err != nil {
			return types.EncryptionKey{}, 0, err
		}
		if kind, err = strongestOf(kinds, infos); err != nil {
			return types.EncryptionKey{}, 0, err
		}
	}
	if creds.HasKeytab() {
		key, version, err := creds.Keytab().GetEncryptionKey(creds.CName(), creds.Realm(), 0, kind)
		if err != nil {
			return key, 0, noKeyOf(creds)
		}
		return key, version, nil
	}
	key, err := keyFromPassword(creds, infos, kind)
	return key, 0, err
}

// keyTypes lists the types of which we have the user's key, strongest first: of a
// password all AES types can be made, a keytab may hold but one.
func keyTypes(creds *credentials.Credentials) ([]int32, error) {
	if !creds.HasKeytab() {
		return aesTypes(), nil
	}
	kinds := slices.DeleteFunc(aesTypes(), func(kind int32) bool {
		_, _, err := creds.Keytab().GetEncryptionKey(creds.CName(), creds.Realm(), 0, kind)
		return err != nil
	})
	if len(kinds) == 0 {
		return nil, noKeyOf(creds)
	}
	return kinds, nil
}

// noKeyOf says what a keytab lacks.
func noKeyOf(creds *credentials.Credentials) error {
	return &errNoTicket{reason: "the keytab has no AES key for " + creds.CName().PrincipalNameString() + "@" + creds.Realm(),
		hint: "list it with: klist -ekt FILE; names and realm are case-sensitive there"}
}

// keyFromPassword derives the key with the salt and the iterations that the KDC
// names; Active Directory's salt is not the default one for renamed accounts.
func keyFromPassword(creds *credentials.Credentials, infos types.ETypeInfo2, kind int32) (types.EncryptionKey, error) {
	et, err := crypto.GetEtype(kind)
	if err != nil {
		return types.EncryptionKey{}, fmt.Errorf("%w: %w", errWeakTicket, err)
	}
	salt, parameters := creds.CName().GetSalt(creds.Realm()), et.GetDefaultStringToKeyParams()
	for _, info := range infos {
		if info.EType != kind {
			continue
		}
		salt = info.Salt
		if len(info.S2KParams) > 0 {
			if !saneIterations(info.S2KParams) {
				return types.EncryptionKey{}, errKDCReply
			}
			parameters = hex.EncodeToString(info.S2KParams)
		}
		break
	}
	value, err := et.StringToKey(creds.Password(), salt, parameters)
	return types.EncryptionKey{KeyType: kind, KeyValue: value}, err
}

// saneIterations checks the parameters of string-to-key, a number in four octets
// (RFC 3962, section 4; RFC 8009, section 4).
func saneIterations(parameters []byte) bool {
	if len(parameters) != 4 {
		return false
	}
	n := binary.BigEndian.Uint32(parameters)
	return n >= minIterations && n <= maxIterations
}

// typeInfos collects ETYPE-INFO2, which every KDC of the last twenty years sends.
func typeInfos(hints types.PADataSequence) (types.ETypeInfo2, error) {
	var all types.ETypeInfo2
	for _, hint := range hints {
		if hint.PADataType != patype.PA_ETYPE_INFO2 {
			continue
		}
		infos, err := hint.GetETypeInfo2()
		if err != nil {
			return nil, err
		}
		all = append(all, infos...)
	}
	return all, nil
}

// strongestOf picks the first of our types that the KDC has a key of, too.
func strongestOf(kinds []int32, infos types.ETypeInfo2) (int32, error) {
	var offered []int32
	for _, info := range infos {
		offered = append(offered, info.EType)
	}
	for _, kind := range kinds {
		if slices.Contains(offered, kind) {
			return kind, nil
		}
	}
	return 0, fmt.Errorf("the KDC has keys of the types %v for this account, we of %v: %w", offered, kinds, errWeakTicket)
}
