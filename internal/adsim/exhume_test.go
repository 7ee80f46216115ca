package adsim_test

import (
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
)

// What was deleted is seen by administrators who ask for it, page by page, with the two
// attributes that it had.
func TestSearch_whatWasDeleted(t *testing.T) {
	d := startSeed(t, seed)
	admin, plain := d.admin(t), d.as(t, bobDN, "Bui1der!!")
	const graveyard = "CN=Deleted Objects," + base
	ask := func(c *ldap.Conn, filter string, controls ...ldap.Control) ([]string, []ldap.Control, error) {
		found, err := c.Search(ldap.NewSearchRequest(graveyard, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 0, false, filter, []string{"cn", "msIIS-FTPDir", "sAMAccountName"}, controls))
		if err != nil {
			return nil, nil, err
		}
		var got []string
		for _, e := range found.Entries {
			if !strings.Contains(e.DN, `\0ADEL:`) || !strings.HasSuffix(e.DN, ","+graveyard) {
				t.Errorf("got %s", e.DN)
			}
			got = append(got, e.GetAttributeValue("sAMAccountName")+" "+e.GetAttributeValue("msIIS-FTPDir"))
		}
		return got, found.Controls, nil
	}
	deleted := ldap.NewControlMicrosoftShowDeleted()
	if err := admin.Add(&ldap.AddRequest{DN: "OU=Gone," + base, Attributes: []ldap.Attribute{{Type: "objectClass", Vals: []string{"organizationalUnit"}}}}); err != nil {
		t.Fatal(err)
	}
	if got, _, err := ask(admin, "(objectClass=*)", deleted); err != nil || len(got) != 0 {
		t.Errorf("before: got %q, %v", got, err)
	}
	for _, dn := range []string{aliceDN, "OU=Gone," + base} {
		if err := admin.Del(ldap.NewDelRequest(dn, nil)); err != nil {
			t.Fatal(err)
		}
	}
	if got, _, err := ask(admin, "(msIIS-FTPDir=*)", deleted); err != nil || len(got) == 0 || !strings.HasPrefix(got[0], "alice alice") {
		t.Errorf("got %q, %v", got, err)
	}
	paging := ldap.NewControlPaging(1)
	var all []string
	for range 5 {
		got, answer, err := ask(admin, "(isDeleted=TRUE)", deleted, paging)
		if err != nil || len(got) > 1 {
			t.Fatalf("got %q, %v", got, err)
		}
		all = append(all, got...)
		cookie := ldap.FindControl(answer, ldap.ControlTypePaging).(*ldap.ControlPaging).Cookie
		if paging.SetCookie(cookie); len(cookie) == 0 {
			break
		}
	}
	if len(all) != 2 {
		t.Errorf("page by page: got %q", all)
	}
	if _, _, err := ask(admin, "(objectClass=*)"); !ldap.IsErrorWithCode(err, ldap.LDAPResultNoSuchObject) {
		t.Errorf("without the control: %v", err)
	}
	if _, _, err := ask(plain, "(objectClass=*)", deleted); !ldap.IsErrorWithCode(err, ldap.LDAPResultNoSuchObject) {
		t.Errorf("as a plain user: %v", err)
	}
}
