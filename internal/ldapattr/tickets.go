//go:build !windows

package ldapattr

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jcmturner/gokrb5/v8/config"
	"github.com/jcmturner/gokrb5/v8/credentials"
	"github.com/jcmturner/gokrb5/v8/iana/etypeID"
	"github.com/jcmturner/gokrb5/v8/iana/nametype"
	"github.com/jcmturner/gokrb5/v8/messages"
	"github.com/jcmturner/gokrb5/v8/types"
)

// aesTypes are the only encryption types asked for, strongest first: wrap tokens
// under RC4 have another form, and RC4 is broken.
func aesTypes() []int32 {
	return []int32{etypeID.AES256_CTS_HMAC_SHA1_96, etypeID.AES128_CTS_HMAC_SHA1_96,
		etypeID.AES256_CTS_HMAC_SHA384_192, etypeID.AES128_CTS_HMAC_SHA256_128}
}

// libraryConfig is what gokrb5's messages need; nothing of it is read from disk.
func libraryConfig(conf krb5Conf) *config.Config {
	c := config.New()
	c.LibDefaults.NoAddresses = true
	c.LibDefaults.Clockskew = conf.clockSkew
	c.LibDefaults.DefaultTktEnctypeIDs, c.LibDefaults.DefaultTGSEnctypeIDs = aesTypes(), aesTypes()
	return c
}

// errKDCReply: an answer that was not made for this request, or not with this key.
var errKDCReply = errors.New("the KDC's answer is wrong or forged")

// tgt is a ticket-granting ticket with its session key.
type tgt struct {
	messages.Ticket
	key   types.EncryptionKey
	name  types.PrincipalName
	realm string
}

// serviceTicket gets a ticket for the LDAP service of a host.
func (d *dialer) serviceTicket(ctx context.Context, host string) (ticket, error) {
	conf, err := loadKrb5Conf(d.cfg.Bind.Krb5Conf)
	if err != nil {
		return ticket{}, err
	}
	granting, err := d.grantingTicket(ctx, host, conf)
	if err != nil {
		return ticket{}, err
	}
	service := types.PrincipalName{NameType: nametype.KRB_NT_SRV_INST, NameString: []string{"ldap", strings.ToLower(host)}}
	realm := granting.realm
	for range 4 { // a referral leads to the realm of the service (RFC 6806, section 8)
		kdcs := d.kdcsOf(realm, host, conf)
		reply, err := d.exchangeTGS(ctx, kdcs, realm, granting, service)
		if err != nil {
			return ticket{}, err
		}
		got := reply.DecryptedEncPart
		if got.SName.Equal(service) {
			return ticket{reply.Ticket, got.Key, granting.realm, granting.name}, nil
		}
		if len(got.SName.NameString) != 2 || got.SName.NameString[0] != "krbtgt" {
			break
		}
		realm = got.SName.NameString[1]
		granting.Ticket, granting.key = reply.Ticket, got.Key
	}
	return ticket{}, fmt.Errorf("the KDC sent a ticket for something else than ldap/%s", host)
}

// exchangeTGS trades a TGT for a ticket (RFC 4120, section 3.3).
func (d *dialer) exchangeTGS(ctx context.Context, kdcs *kdcList, realm string, with tgt, service types.PrincipalName) (messages.TGSRep, error) {
	var reply messages.TGSRep
	request, err := messages.NewTGSReq(with.name, realm, libraryConfig(krb5Conf{}), with.Ticket, with.key, service, false)
	if err != nil {
		return reply, err
	}
	octets, err := request.Marshal()
	if err != nil {
		return reply, err
	}
	answer, err := d.askKDC(ctx, kdcs, octets)
	if err != nil {
		return reply, err
	}
	if err := reply.Unmarshal(answer); err != nil {
		return reply, err
	}
	if err := reply.DecryptEncPart(with.key); err != nil {
		return reply, fmt.Errorf("%w: %w", errKDCReply, err)
	}
	part := reply.DecryptedEncPart
	if part.Nonce != request.ReqBody.Nonce || !reply.CName.Equal(with.name) || reply.Ticket.Realm != realm {
		return reply, errKDCReply
	}
	return reply, nil
}

// grantingTicket takes the TGT out of the credential cache, or gets one with a
// keytab or a password.
func (d *dialer) grantingTicket(ctx context.Context, host string, conf krb5Conf) (tgt, error) {
	bind := d.cfg.Bind
	if !usesKeys(bind) {
		return cachedTGT(bind.CCache, time.Now())
	}
	name, realm, err := principal(bind.User, d.realmOf(host, conf))
	if err != nil {
		return tgt{}, err
	}
	creds := credentials.New(name, realm)
	if bind.Keytab != "" {
		keys, err := loadKeytab(bind.Keytab)
		if err != nil {
			return tgt{}, err
		}
		creds = creds.WithKeytab(keys)
	} else {
		creds = creds.WithPassword(bind.Password.Reveal())
	}
	return d.login(ctx, d.kdcsOf(realm, host, conf), creds, conf)
}
