//go:build lab

package ldapattr_test

import (
	"crypto/tls"
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func TestLab_update(t *testing.T) {
	t.Setenv("KRB5CCNAME", lab.FTPAdmin.Kinit(t))
	for way, cfg := range map[string]ldapattr.Config{
		"LDAPS":    ldaps(t, lab.FTPAdmin),
		"StartTLS": {Servers: []string{"ldap://" + lab.DC}, StartTLS: true, RootCAs: labRoots(t), Bind: ldaps(t, lab.FTPAdmin).Bind},
		"sealed":   {Servers: []string{"ldap://" + lab.DC}, Bind: ldapattr.Bind{Kerberos: true}},
	} {
		t.Run(way, func(t *testing.T) {
			d := labOpen(t, cfg)
			testSwap(t, d, string(lab.Grace))
			testRaces(t, d, string(lab.Grace))
		})
	}
}

func TestLab_updateNeedsRights(t *testing.T) {
	d := labOpen(t, ldaps(t, lab.Alice))
	u := labLookup(t, d, lab.Grace)
	dir := "elsewhere"
	_, err := d.Update(t.Context(), u, ldapattr.Update{Dir: &dir})
	if e := asError(t, err, ldapattr.ErrRights); !strings.Contains(e.Hint, "msIIS-FTPRoot") || winerr.Of(err) != winerr.AccessDenied {
		t.Errorf("hint %q, code %d", e.Hint, winerr.Of(err))
	}
	if now := labLookup(t, d, lab.Grace); now != u {
		t.Errorf("grace was changed to %+v", now)
	}
}

// Between reading and writing grace is moved, and another user gets her old name.
func TestLab_updateFollowsTheObject(t *testing.T) {
	d := labOpen(t, ldaps(t, lab.Administrator))
	u := labLookup(t, d, lab.Grace)
	admin, err := ldap.DialURL("ldaps://"+lab.DC, ldap.DialWithTLSConfig(&tls.Config{RootCAs: labRoots(t), MinVersion: tls.VersionTLS12}))
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	if err := admin.Bind(lab.Administrator.UPN(), lab.Administrator.Password(t).Reveal()); err != nil {
		t.Fatal(err)
	}
	rdn, above, _ := strings.Cut(u.DN, ",")
	const elsewhere = "OU=Services," + lab.BaseDN
	move := func(from, to string) {
		t.Helper()
		if err := admin.ModifyDN(ldap.NewModifyDNRequest(rdn+","+from, rdn, true, to)); err != nil {
			t.Fatal(err)
		}
	}
	move(above, elsewhere)
	defer move(elsewhere, above)
	add := ldap.NewAddRequest(u.DN, nil)
	add.Attribute("objectClass", []string{"user"})
	add.Attribute("sAMAccountName", []string{"grace2"})
	if err := admin.Add(add); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := admin.Del(ldap.NewDelRequest(u.DN, nil)); err != nil {
			t.Error(err)
		}
	}()
	testMoved(t, d, u, lookup(t, d, "grace2"))
	// The newcomer has the same values, and grace is named by the DN that she had.
	now, newcomer := lookup(t, d, u.GUID.String()), lookup(t, d, "grace2")
	newcomer, err = d.Update(t.Context(), newcomer, ldapattr.Update{Root: &now.Root, Dir: &now.Dir})
	if err != nil {
		t.Fatal(err)
	}
	now.DN = u.DN
	f := openForest(t, ldaps(t, lab.Administrator))
	o := f.UpdateAll(t.Context(), readAt(time.Now(), newDirs([]ldapattr.User{now}, "third")))[0]
	if o.State != ldapattr.Done || lookup(t, d, u.GUID.String()).Dir != "third" {
		t.Errorf("by DN: %+v", o)
	}
	if read := lookup(t, d, "grace2"); read != newcomer {
		t.Errorf("another user was changed: %+v, want %+v", read, newcomer)
	}
}
