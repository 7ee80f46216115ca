package krb

import (
	"context"
	"fmt"
	"strings"

	"github.com/jcmturner/gokrb5/v8/iana/nametype"
	"github.com/jcmturner/gokrb5/v8/messages"
	"github.com/jcmturner/gokrb5/v8/types"
)

// Ticket is a service ticket with its session key.
type Ticket struct {
	ticket messages.Ticket
	key    types.EncryptionKey
	realm  string // the client's
	name   types.PrincipalName
}

// maxReferrals is how many realms may lie between the user's and the service's.
const maxReferrals = 4

// Service gets a ticket for a service, such as ldap/dc1.corp.example.com, of the
// user's realm or of one that the KDCs lead to. Errors are as those of Login.
func (t *TGT) Service(ctx context.Context, service string) (Ticket, error) {
	var got Ticket
	err := t.finder.client.within(ctx, func(ctx context.Context) (err error) {
		got, err = t.service(ctx, types.PrincipalName{NameType: nametype.KRB_NT_SRV_INST, NameString: strings.Split(service, "/")})
		return err
	})
	return got, err
}

func (t *TGT) service(ctx context.Context, service types.PrincipalName) (Ticket, error) {
	realm, with := t.realm, *t
	for range maxReferrals { // a referral leads to the realm of the service (RFC 6806, section 8)
		reply, err := with.exchange(ctx, realm, service)
		if err != nil {
			return Ticket{}, err
		}
		got := reply.DecryptedEncPart
		if got.SName.Equal(service) {
			return Ticket{reply.Ticket, got.Key, t.realm, t.name}, nil
		}
		if len(got.SName.NameString) != 2 || got.SName.NameString[0] != "krbtgt" {
			break
		}
		realm = got.SName.NameString[1]
		with.ticket, with.key = reply.Ticket, got.Key
	}
	return Ticket{}, fmt.Errorf("the KDC sent a ticket for something else than %s", service.PrincipalNameString())
}

// exchange trades a TGT for a ticket (RFC 4120, section 3.3).
func (t *TGT) exchange(ctx context.Context, realm string, service types.PrincipalName) (messages.TGSRep, error) {
	var reply messages.TGSRep
	request, err := messages.NewTGSReq(t.name, realm, libraryConfig(), t.ticket, t.key, service, false)
	if err != nil {
		return reply, err
	}
	octets, err := request.Marshal()
	if err != nil {
		return reply, err
	}
	answer, err := t.finder.of(realm).ask(ctx, octets)
	if err != nil {
		return reply, err
	}
	if err := reply.Unmarshal(answer); err != nil {
		return reply, wrongReply(err)
	}
	if err := reply.DecryptEncPart(t.key); err != nil {
		return reply, wrongReply(err)
	}
	part := reply.DecryptedEncPart
	if part.Nonce != request.ReqBody.Nonce || !reply.CName.Equal(t.name) || reply.Ticket.Realm != realm {
		return reply, wrongReply(nil)
	}
	return reply, nil
}
