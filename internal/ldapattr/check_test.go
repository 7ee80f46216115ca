package ldapattr_test

import (
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// What Check refuses Open refuses as well, in the same words, and nobody is asked.
func TestCheck_refusesConfigurations(t *testing.T) {
	var contacts atomic.Int32
	address := accept(t, func(conn net.Conn) { contacts.Add(1); _ = conn.Close() })
	plain, server := []string{"ldap://" + address}, []string{"ldaps://" + address}
	bind := ldapattr.Bind{User: "admin", Password: secret.New("x")}
	for name, tt := range map[string]struct {
		cfg  ldapattr.Config
		kind error
	}{
		"no server":                {ldapattr.Config{Bind: bind}, ldapattr.ErrUsage},
		"global catalog":           {ldapattr.Config{Servers: []string{"ldap://dc1:3268"}, Bind: bind}, ldapattr.ErrUsage},
		"global catalog with TLS":  {ldapattr.Config{Servers: []string{"ldaps://dc1:3269"}, Bind: bind}, ldapattr.ErrUsage},
		"not a URL":                {ldapattr.Config{Servers: []string{"dc1.corp.example.com"}, Bind: bind}, ldapattr.ErrUsage},
		"other scheme":             {ldapattr.Config{Servers: []string{"ldapi://x"}, Bind: bind}, ldapattr.ErrUsage},
		"no host":                  {ldapattr.Config{Servers: []string{"ldaps://:636"}, Bind: bind}, ldapattr.ErrUsage},
		"URL with more":            {ldapattr.Config{Servers: []string{"ldaps://dc1/DC=corp??sub"}, Bind: bind}, ldapattr.ErrUsage},
		"password in the URL":      {ldapattr.Config{Servers: []string{"ldaps://admin:secretword@dc1"}, Bind: bind}, ldapattr.ErrUsage},
		"bad domain":               {ldapattr.Config{Domain: "corp..example.com", Bind: bind}, ldapattr.ErrUsage},
		"bad pin":                  {ldapattr.Config{Servers: server, PinSHA256: "1234", Bind: bind}, ldapattr.ErrUsage},
		"bad base":                 {ldapattr.Config{Servers: server, BaseDN: "nonsense", Bind: bind}, ldapattr.ErrUsage},
		"no user":                  {ldapattr.Config{Servers: server}, ldapattr.ErrUsage},
		"no password":              {ldapattr.Config{Servers: server, Bind: ldapattr.Bind{User: "admin"}}, ldapattr.ErrUsage},
		"NUL in the user":          {ldapattr.Config{Servers: server, Bind: ldapattr.Bind{User: "admin\x00", Password: bind.Password}}, ldapattr.ErrUsage},
		"password in clear":        {ldapattr.Config{Servers: plain, Bind: bind}, ldapattr.ErrPlaintext},
		"clear as the second one":  {ldapattr.Config{Servers: append(server, plain...), Bind: bind}, ldapattr.ErrPlaintext},
		"NUL in Kerberos' user":    {ldapattr.Config{Servers: server, Bind: ldapattr.Bind{User: "a\x00", Kerberos: true}}, ldapattr.ErrUsage},
		"bad domain with Kerberos": {ldapattr.Config{Domain: "-..", Bind: ldapattr.Bind{Kerberos: true}}, ldapattr.ErrUsage},
	} {
		t.Run(name, func(t *testing.T) {
			e := openError(t, tt.cfg, tt.kind)
			if strings.Contains(e.Error(), "secretword") {
				t.Errorf("the error shows the password: %v", e)
			}
			if err := ldapattr.Check(tt.cfg); err == nil || err.Error() != e.Error() {
				t.Errorf("Check says %v, Open %v", err, e)
			}
		})
	}
	if n := contacts.Load(); n != 0 {
		t.Errorf("the server was contacted %d times", n)
	}
}

func TestCheck_allows(t *testing.T) {
	bind := ldapattr.Bind{User: `CORP\svc`, Password: secret.New("x")}
	for name, cfg := range map[string]ldapattr.Config{
		"LDAPS":             {Servers: []string{"ldaps://dc1.corp.example.com", "ldaps://10.0.0.1:1636"}, Bind: bind},
		"StartTLS":          {Servers: []string{"ldap://dc1.corp.example.com"}, StartTLS: true, Bind: bind},
		"domain":            {Domain: "corp.example.com.", BaseDN: "OU=Staff,DC=corp,DC=example,DC=com", Bind: bind},
		"clear, as allowed": {Servers: []string{"ldap://dc1"}, AllowPlaintext: true, Bind: bind},
		"Kerberos":          {Servers: []string{"ldaps://dc1.corp.example.com"}, Bind: ldapattr.Bind{Kerberos: true}},
	} {
		if err := ldapattr.Check(cfg); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
