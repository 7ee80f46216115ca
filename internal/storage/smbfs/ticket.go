package smbfs

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/jcmturner/gokrb5/v8/client"
	"github.com/jcmturner/gokrb5/v8/config"
	"github.com/jcmturner/gokrb5/v8/krberror"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// credentialError says that the KDC refused the account or its password.
type credentialError struct{ err error }

// Error says so.
func (e *credentialError) Error() string { return "the KDC refuses the login: " + e.err.Error() }

// Unwrap gives the code: the library keeps the KDC's own number to itself.
func (e *credentialError) Unwrap() error { return winerr.LogonFailure }

// ticket returns a Kerberos client that holds a ticket for the principal. The
// library knows no contexts; what it does after ctx has ended is bounded by its
// own time-outs of five seconds for each KDC.
func ticket(ctx context.Context, l Login, principal string) (*client.Client, error) {
	cfg, err := realmConfig(ctx, *l.Kerberos)
	if err != nil {
		return nil, err
	}
	type result struct {
		client *client.Client
		err    error
	}
	done := make(chan result, 1)
	go func() {
		c, err := obtain(l, cfg, principal)
		done <- result{c, err}
	}()
	select {
	case r := <-done:
		return r.client, r.err
	case <-ctx.Done():
		go func() {
			if r := <-done; r.client != nil {
				r.client.Destroy()
			}
		}()
		return nil, ctx.Err()
	}
}

// obtain asks for both tickets, with a panic of the library, which a hostile KDC
// can cause, turned into an error.
func obtain(l Login, cfg *config.Config, principal string) (c *client.Client, err error) {
	c = client.NewWithPassword(l.User, l.Kerberos.realm(), l.Password.Reveal(), cfg, client.DisablePAFXFAST(true))
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("kerberos library: %v: %w", r, winerr.GenFailure)
		}
		if err != nil {
			c.Destroy()
			c = nil
		}
	}()
	if err := c.Login(); err != nil {
		return c, loginError(err)
	}
	if _, _, err := c.GetServiceTicket(principal); err != nil {
		return c, fmt.Errorf("no Kerberos ticket for %s: %w: %w", principal, winerr.NoLogonServers, err)
	}
	return c, nil
}

func loginError(err error) error {
	var k krberror.Krberror
	if errors.As(err, &k) && k.RootCause == krberror.NetworkingError {
		return fmt.Errorf("no KDC answers: %w: %w", winerr.NoLogonServers, err)
	}
	return &credentialError{err}
}

func (k Kerberos) realm() string { return strings.ToUpper(k.Realm) }

// Encryption types [RFC 3962, RFC 8009]: AES only.
const (
	aes128SHA1, aes256SHA1 = 17, 18
	aes128SHA2, aes256SHA2 = 19, 20
)

// realmConfig makes the library's configuration in memory, so that no krb5.conf
// is needed and none can lead to another KDC.
func realmConfig(ctx context.Context, k Kerberos) (*config.Config, error) {
	kdcs, err := k.addresses(ctx)
	if err != nil {
		return nil, err
	}
	cfg := config.New()
	d := &cfg.LibDefaults
	d.DefaultRealm = k.realm()
	d.DNSLookupKDC, d.DNSLookupRealm, d.DNSCanonicalizeHostname, d.RDNS = false, false, false, false
	d.UDPPreferenceLimit = 1 // TCP: tickets with group lists do not fit a datagram
	types := []int32{aes256SHA1, aes128SHA1, aes256SHA2, aes128SHA2}
	d.DefaultTktEnctypeIDs, d.DefaultTGSEnctypeIDs, d.PermittedEnctypeIDs = types, types, types
	d.PreferredPreauthTypes = []int{aes256SHA1, aes128SHA1}
	cfg.Realms = []config.Realm{{Realm: k.realm(), KDC: kdcs}}
	return cfg, nil
}

// addresses gives the KDCs as host:port.
func (k Kerberos) addresses(ctx context.Context) ([]string, error) {
	const port = "88"
	var found []string
	for _, kdc := range k.KDCs {
		if _, _, err := net.SplitHostPort(kdc); err != nil {
			kdc = net.JoinHostPort(kdc, port)
		}
		found = append(found, kdc)
	}
	if len(found) > 0 {
		return found, nil
	}
	var resolver net.Resolver
	_, records, err := resolver.LookupSRV(ctx, "kerberos", "tcp", strings.ToLower(k.Realm))
	if err != nil {
		return nil, fmt.Errorf("find the KDCs of %s: %w: %w", k.Realm, winerr.NoLogonServers, err)
	}
	for _, r := range records {
		found = append(found, net.JoinHostPort(strings.TrimSuffix(r.Target, "."), strconv.Itoa(int(r.Port))))
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("find the KDCs of %s: %w", k.Realm, winerr.NoLogonServers)
	}
	return found, nil
}
