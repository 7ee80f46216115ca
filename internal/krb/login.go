package krb

import (
	"context"
	"errors"
	"time"

	"github.com/jcmturner/gokrb5/v8/crypto"
	"github.com/jcmturner/gokrb5/v8/iana/errorcode"
	"github.com/jcmturner/gokrb5/v8/iana/keyusage"
	"github.com/jcmturner/gokrb5/v8/iana/nametype"
	"github.com/jcmturner/gokrb5/v8/iana/patype"
	"github.com/jcmturner/gokrb5/v8/messages"
	"github.com/jcmturner/gokrb5/v8/types"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// TGT is a ticket-granting ticket with its session key. It has one user at a time.
type TGT struct {
	finder *finder
	ticket messages.Ticket
	key    types.EncryptionKey
	name   types.PrincipalName
	realm  string
	since  time.Time // by the KDC's clock
}

// Realm returns the realm of the user.
func (t *TGT) Realm() string { return t.realm }

// Login proves to a KDC of the user's realm who the user is (RFC 4120, section
// 3.1). The password or keytab is not kept. Errors are an *Error, or carry the end
// of ctx if the caller has ended it; then no packet is on its way any more.
func (c *Client) Login(ctx context.Context, who Principal, with Keys) (*TGT, error) {
	var granted *TGT
	err := c.within(ctx, func(ctx context.Context) (err error) {
		user := &account{who: who, keys: with, name: types.NewPrincipalName(nametype.KRB_NT_PRINCIPAL, "")}
		user.name.NameString = []string{who.Name}
		granted, err = user.login(ctx, &finder{client: c})
		return err
	})
	return granted, err
}

// login asks without a proof first, because only the KDC knows how the key is made.
func (a *account) login(ctx context.Context, f *finder) (*TGT, error) {
	kinds, err := a.kinds()
	if err != nil {
		return nil, err
	}
	request, err := messages.NewASReqForTGT(a.who.Realm, libraryConfig(), a.name)
	if err != nil {
		return nil, err
	}
	request.ReqBody.EType = kinds // the answer must be under a key that we have
	kdcs := f.of(a.who.Realm)
	answer, err := kdcs.sendAS(ctx, request)
	var refused *Error
	var hints types.PADataSequence
	if errors.As(err, &refused) && refused.Code == errorcode.KDC_ERR_PREAUTH_REQUIRED {
		if err := hints.Unmarshal(refused.data); err != nil {
			return nil, wrongReply(err)
		}
		key, version, err := a.key(hints, 0)
		if err != nil {
			return nil, err
		}
		if request.PAData, err = timeStamp(key, version); err != nil {
			return nil, err
		}
		answer, err = kdcs.sendAS(ctx, request)
		if err != nil {
			return nil, err
		}
	} else if err != nil {
		return nil, err
	}
	granted, err := a.accept(answer, request, hints)
	if err != nil {
		return nil, err
	}
	if time.Since(granted.since).Abs() > f.client.skew() {
		return nil, refusedBy(messages.KRBError{ErrorCode: errorcode.KRB_AP_ERR_SKEW, STime: granted.since})
	}
	granted.finder = f
	return granted, nil
}

// sendAS sends an AS-REQ; the KDC's refusal is the error.
func (k *kdcList) sendAS(ctx context.Context, request messages.ASReq) ([]byte, error) {
	octets, err := request.Marshal()
	if err != nil {
		return nil, err
	}
	return k.ask(ctx, octets)
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

// accept checks that the answer belongs to the request and was made by who knows
// the user's key.
func (a *account) accept(answer []byte, request messages.ASReq, hints types.PADataSequence) (*TGT, error) {
	var reply messages.ASRep
	if err := reply.Unmarshal(answer); err != nil {
		return nil, wrongReply(err)
	}
	key, _, err := a.key(append(reply.PAData, hints...), reply.EncPart.EType)
	if err != nil {
		return nil, err
	}
	octets, err := crypto.DecryptEncPart(reply.EncPart, key, keyusage.AS_REP_ENCPART)
	if err != nil && len(request.PAData) == 0 {
		// The account needs no proof, so this is the first that shows a wrong password.
		return nil, &Error{Win32: winerr.LogonFailure, Err: err, Hint: hintWrongKey}
	}
	if err != nil {
		return nil, wrongReply(err)
	}
	var part messages.EncKDCRepPart
	if err := part.Unmarshal(octets); err != nil {
		return nil, wrongReply(err)
	}
	if part.Nonce != request.ReqBody.Nonce || !part.SName.Equal(request.ReqBody.SName) || part.SRealm != a.who.Realm {
		return nil, wrongReply(nil)
	}
	return &TGT{ticket: reply.Ticket, key: part.Key, name: reply.CName, realm: reply.CRealm, since: part.AuthTime}, nil
}
