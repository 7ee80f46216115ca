package ldapattr_test

import (
	"slices"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func TestControllers(t *testing.T) {
	const record = "_ldap._tcp.dc._msdcs.corp.example.com"
	useNameServer(t, map[string][]srv{record: {
		{0, "389", "dc1.corp.example.com"}, {10, "389", "dc2.corp.example.com"}, {20, "3268", "dc3.corp.example.com"}}})
	simple := ldapattr.Bind{User: "svc@corp.example.com", Password: newCorp(t).asAdmin().Bind.Password}
	for name, test := range map[string]struct {
		cfg  ldapattr.Config
		want []string
	}{
		"by DNS":            {ldapattr.Config{Domain: "corp.example.com", Bind: simple}, []string{"ldaps://dc1.corp.example.com:636", "ldaps://dc2.corp.example.com:636", "ldaps://dc3.corp.example.com:636"}},
		"by DNS, StartTLS":  {ldapattr.Config{Domain: "corp.example.com", StartTLS: true, Bind: simple}, []string{"ldap://dc1.corp.example.com:389", "ldap://dc2.corp.example.com:389"}},
		"as LDAPS or clear": {ldapattr.Config{Domain: "corp.example.com", AllowPlaintext: true, Bind: simple}, []string{"ldaps://dc1.corp.example.com:636", "ldaps://dc2.corp.example.com:636", "ldaps://dc3.corp.example.com:636"}},
		"as listed":         {ldapattr.Config{Servers: []string{"ldaps://b", "ldaps://a:1636"}, Bind: simple}, []string{"ldaps://b:636", "ldaps://a:1636"}},
	} {
		got, err := ldapattr.Controllers(t.Context(), test.cfg)
		if err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, %v, want %q", name, got, err, test.want)
		}
	}
	_, err := ldapattr.Controllers(t.Context(), ldapattr.Config{Bind: simple})
	asError(t, err, ldapattr.ErrUsage)
	_, err = ldapattr.Controllers(t.Context(), ldapattr.Config{Domain: "other.example.com", Bind: simple})
	asError(t, err, ldapattr.ErrUnreachable)
}

func TestWritableAttributes(t *testing.T) {
	s := newCorp(t)
	admin, alice := open(t, s.asAdmin()), open(t, s.as("alice@corp.example.com", alicePass))
	const bob = "CN=Bob,OU=Staff," + baseDN
	may := func(d *ldapattr.Directory, dn string) []string {
		names, err := d.WritableAttributes(t.Context(), dn)
		if err != nil {
			t.Fatal(err)
		}
		return names
	}
	if got := may(admin, bob); !slices.Contains(got, "msIIS-FTPRoot") || !slices.Contains(got, "msIIS-FTPDir") || slices.Contains(got, "objectSid") {
		t.Errorf("the administrator may write %q", got)
	}
	if got := may(admin, "OU=Staff,"+baseDN); slices.Contains(got, "msIIS-FTPDir") {
		t.Errorf("an OU has %q", got)
	}
	if got := may(alice, bob); len(got) != 0 {
		t.Errorf("alice may write %q", got)
	}
	for dn, kind := range map[string]error{"CN=Nobody," + baseDN: ldapattr.ErrNotFound, "CN=X,DC=other": ldapattr.ErrUsage, "nonsense": ldapattr.ErrUsage} {
		_, err := admin.WritableAttributes(t.Context(), dn)
		asError(t, err, kind)
	}
}
