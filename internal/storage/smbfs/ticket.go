package smbfs

import (
	"context"
	"encoding/asn1"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/krb"
)

// ticket gets a ticket for the server, in no more time than one answer of the
// server may take.
func ticket(ctx context.Context, l Login, server string, timeout time.Duration) (krb.Ticket, error) {
	realm := strings.ToUpper(l.Kerberos.Realm)
	client := &krb.Client{Timeout: min(timeout, krb.DefaultTimeout), KDCs: func(of string) krb.KDCs {
		if of == realm && len(l.Kerberos.KDCs) > 0 {
			return krb.KDCs{Addresses: l.Kerberos.KDCs}
		}
		return krb.KDCs{DNS: true}
	}}
	granting, err := client.Login(ctx, krb.Principal{Name: l.User, Realm: realm}, krb.Password(l.Password))
	if err != nil {
		return krb.Ticket{}, fmt.Errorf("log in to the realm %s: %w", realm, err)
	}
	found, err := granting.Service(ctx, server)
	if err != nil {
		return krb.Ticket{}, fmt.Errorf("get a ticket for %s: %w", server, err)
	}
	return found, nil
}

// isRefused says that the KDC refuses the account or its password, which would
// count a second time if it were tried in another way.
func isRefused(err error) bool {
	var refused *krb.Error
	return errors.As(err, &refused) && refused.Refused()
}

// initiator gives a ticket to the SMB library. The library's own takes one from a
// client that asks KDCs, and panics if the server chooses no key.
type initiator struct {
	ticket  krb.Ticket
	begun   *krb.Initiator
	context *krb.Context
	refused error // why the server's answer is none; of that the library keeps the text alone
}

// OID names the mechanism, Kerberos 5 (RFC 4121).
func (*initiator) OID() asn1.ObjectIdentifier {
	return asn1.ObjectIdentifier{1, 2, 840, 113554, 1, 2, 2}
}

// InitSecContext returns the first token.
func (i *initiator) InitSecContext() (token []byte, err error) {
	i.begun, token, err = i.ticket.Initiate()
	return token, err
}

// AcceptSecContext takes the server's token and needs no other.
func (i *initiator) AcceptSecContext(token []byte) ([]byte, error) {
	i.context, i.refused = i.begun.Accept(token)
	return []byte{}, i.refused
}

// Sum vouches for a text, the list of mechanisms that were offered.
func (i *initiator) Sum(text []byte) []byte {
	mic, err := i.context.MIC(text)
	if err != nil {
		return nil
	}
	return mic
}

// SessionKey returns the first 16 octets of the key that both have [MS-SMB2
// 3.2.5.3.1].
func (i *initiator) SessionKey() []byte { return i.context.Key()[:16] }
