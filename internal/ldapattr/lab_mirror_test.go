//go:build lab

package ldapattr_test

import (
	"crypto/tls"
	"slices"
	"testing"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// labAdmin is another tool's connection to the real domain controller.
func labAdmin(t *testing.T) *ldap.Conn {
	t.Helper()
	conn, err := ldap.DialURL("ldaps://"+lab.DC, ldap.DialWithTLSConfig(&tls.Config{RootCAs: labRoots(t), MinVersion: tls.VersionTLS12}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.Bind(lab.Administrator.UPN(), lab.Administrator.Password(t).Reveal()); err != nil {
		t.Fatal(err)
	}
	return conn
}

func labAdd(t *testing.T, c *ldap.Conn, dn, class, name string) {
	t.Helper()
	request := ldap.NewAddRequest(dn, nil)
	request.Attribute("objectClass", []string{class})
	if name != "" {
		request.Attribute("sAMAccountName", []string{name})
	}
	if err := c.Add(request); err != nil {
		t.Fatal(err)
	}
}

// A real domain controller tells an account that may only read what changes: who comes and goes, moves, or joins a
// group, and that an OU was renamed; of a deletion whoever asks for the account.
func TestLab_mirror(t *testing.T) {
	admin := labAdmin(t)
	const first, second = "OU=Mirror One," + lab.BaseDN, "OU=Mirror Two," + lab.BaseDN
	const mia, group = "CN=Mia Mirrored," + first, "CN=Mirrored," + second
	labAdd(t, admin, first, "organizationalUnit", "")
	labAdd(t, admin, second, "organizationalUnit", "")
	labAdd(t, admin, group, "group", "mirrored")
	t.Cleanup(func() {
		for _, ou := range []string{"OU=Mirror Three," + lab.BaseDN, first, second} {
			_ = admin.Del(ldap.NewDelRequest(ou, []ldap.Control{ldap.NewControlSubtreeDelete()}))
		}
	})
	all := mirror(t, ldaps(t, lab.Service), ldapattr.Scope{Filter: "(!(sAMAccountName=crowd*))"})
	one := mirror(t, ldaps(t, lab.Service), ldapattr.Scope{OU: first})

	labAdd(t, admin, mia, "user", "mia")
	all.news(1)
	one.news(1)
	replace(t, admin, mia, "msIIS-FTPDir", "mia")
	all.news(1)
	replace(t, admin, mia, "title", "Ms.")
	all.news(0)
	replace(t, admin, group, "member", mia)
	all.news(1)
	if got := all.account("mia"); got.Dir != "mia" || !slices.Equal(got.Groups, []string{group}) {
		t.Errorf("got %+v", got)
	}
	replace(t, admin, group, "member")
	all.news(1)
	if got := all.account("mia").Groups; len(got) != 0 {
		t.Errorf("still in %q", got)
	}

	if err := admin.ModifyDN(ldap.NewModifyDNRequest(mia, "CN=Mia Mirrored", true, second)); err != nil {
		t.Fatal(err)
	}
	one.news(1)
	if got := one.names(); len(got) != 0 {
		t.Errorf("the first OU still holds %q", got)
	}
	if err := admin.ModifyDN(ldap.NewModifyDNRequest(second, "OU=Mirror Three", true, "")); err != nil {
		t.Fatal(err)
	}
	all.everything()
	if got, want := all.account("mia").DN, "CN=Mia Mirrored,OU=Mirror Three,"+lab.BaseDN; got != want {
		t.Errorf("she is %s, want %s", got, want)
	}

	if err := admin.Del(ldap.NewDelRequest("CN=Mia Mirrored,OU=Mirror Three,"+lab.BaseDN, nil)); err != nil {
		t.Fatal(err)
	}
	all.news(1, all.account("mia").GUID) // Samba tells of tombstones only those who may read them
	if slices.Contains(all.names(), "mia") {
		t.Error("she is still there")
	}
	lab.StopDC(t)
	lab.StartDC(t)
	eventuallyRefreshed(t, all)
	all.news(0)
}

// eventuallyRefreshed wants changes to go on where they ended.
func eventuallyRefreshed(t *testing.T, m mirrored) {
	t.Helper()
	until(t, "the domain controller is back", func() bool {
		got, err := m.Refresh(t.Context(), false, nil)
		if err == nil && got.Everything {
			t.Error("the cookie did not outlive the restart")
		}
		return err == nil
	})
}
