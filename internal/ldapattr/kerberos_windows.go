package ldapattr

import (
	"context"
	"crypto/tls"
	"errors"

	"github.com/go-ldap/ldap/v3/gssapi"
)

// sealsOn389: SSPI's seal layer is not used, so Kerberos needs TLS on Windows.
const sealsOn389 = false

// usesKeys: it is always the current user.
func usesKeys(Bind) bool { return false }

// checkKerberos refuses a connection that nothing would protect.
func checkKerberos(t target) error {
	if t.encrypted() {
		return nil
	}
	return &Error{Kind: ErrPlaintext, Op: "bind with Kerberos to", Object: t.String(),
		Err:  errors.New("on Windows Kerberos is used over TLS only"),
		Hint: "use ldaps:// or --starttls"}
}

// bindKerberos binds as the current user through SSPI, with the TLS channel bound
// in, so that domain controllers that demand channel binding accept it.
func (d *dialer) bindKerberos(_ context.Context, c *channel) error {
	secured, ok := c.Conn.(*tls.Conn)
	if !ok {
		return errOddAnswer
	}
	certificates := secured.ConnectionState().PeerCertificates
	if len(certificates) == 0 {
		return errOddAnswer
	}
	sspi, err := gssapi.NewSSPIClientWithChannelBinding(certificates[0])
	if err != nil {
		return err
	}
	defer sspi.Close()
	return saslRounds(c.Conn, "ldap/"+c.target.host, sspi)
}

// explainKerberos has nothing to add to SSPI's own texts.
func explainKerberos(*Error, error) bool { return false }

// isAnothersTicket: SSPI asks another KDC by itself.
func isAnothersTicket(error) bool { return false }
