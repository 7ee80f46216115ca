//go:build !windows

package ldapattr_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// Where Kerberos seals, plain LDAP needs no TLS; what it does need is a name to
// get a ticket for, and one to get it as.
func TestCheck_kerberos(t *testing.T) {
	if err := ldapattr.Check(ldapattr.Config{Servers: []string{"ldap://dc1.corp.example.com"}, Bind: ldapattr.Bind{Kerberos: true}}); err != nil {
		t.Error(err)
	}
	for name, cfg := range map[string]ldapattr.Config{
		"address":                 {Servers: []string{"ldap://10.0.0.1"}, Bind: ldapattr.Bind{Kerberos: true}},
		"keytab without a user":   {Servers: []string{"ldap://dc1"}, Bind: ldapattr.Bind{Kerberos: true, Keytab: "svc.keytab"}},
		"password without a user": {Servers: []string{"ldap://dc1"}, Bind: ldapattr.Bind{Kerberos: true, Password: secret.New("x")}},
	} {
		t.Run(name, func(t *testing.T) { asError(t, ldapattr.Check(cfg), ldapattr.ErrUsage) })
	}
}
