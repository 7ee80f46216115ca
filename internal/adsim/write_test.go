package adsim_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/go-ldap/ldap/v3"
)

func newUser(dn string, attributes ...string) *ldap.AddRequest {
	request := ldap.NewAddRequest(dn, nil)
	request.Attribute("objectClass", []string{"user"})
	for i := 0; i < len(attributes); i += 2 {
		request.Attribute(attributes[i], []string{attributes[i+1]})
	}
	return request
}

func TestAdd_user(t *testing.T) {
	d := startSeed(t, seed)
	c := d.admin(t)
	dn := "CN=Zoë\\, Jr,OU=Staff," + base
	wantCode(t, c.Add(newUser(dn, "sAMAccountName", "zoe", "userPassword", "Z0e!!!!!", "userAccountControl", "512", "msIIS-FTPDir", "zoe")), 0)
	e := read(t, c, dn)
	for name, want := range map[string]string{"cn": "Zoë, Jr", "sAMAccountName": "zoe", "userAccountControl": "512", "distinguishedName": dn} {
		if got := e.GetAttributeValue(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if got := names(t, c, ask("(sAMAccountName=zoe)")); len(got) != 1 {
		t.Errorf("got %q by name, want one", got)
	}
	wantCode(t, d.dialTLS(t).Bind("zoe@corp.example.com", "Z0e!!!!!"), 0)
	if got := d.Stats().Adds; got != 1 {
		t.Errorf("got %d adds, want 1", got)
	}
}

// As on a DC, a user added without userAccountControl cannot log on yet.
func TestAdd_userIsDisabledByDefault(t *testing.T) {
	d := startSeed(t, seed)
	c := d.admin(t)
	wantCode(t, c.Add(newUser("CN=New,"+base, "userPassword", "N3w!!!!!")), 0)
	wantText(t, d.dialTLS(t).Bind("CN=New,"+base, "N3w!!!!!"), "data 533,")
	if got := read(t, c, "CN=New,"+base).GetAttributeValue("userAccountControl"); got != "546" {
		t.Errorf("got %s, want 546", got)
	}
}

func TestAdd_refusals(t *testing.T) {
	d := startSeed(t, seed)
	c := d.admin(t)
	class := func(dn, class string) *ldap.AddRequest {
		request := ldap.NewAddRequest(dn, nil)
		if class != "" {
			request.Attribute("objectClass", []string{class})
		}
		return request
	}
	tests := []struct {
		name    string
		request *ldap.AddRequest
		code    uint16
	}{
		{"entry exists", newUser("cn=ALICE,ou=staff," + base), ldap.LDAPResultEntryAlreadyExists},
		{"account name exists", newUser("CN=Other,"+base, "sAMAccountName", "ALICE"), ldap.LDAPResultEntryAlreadyExists},
		{"no parent", newUser("CN=x,OU=None," + base), ldap.LDAPResultNoSuchObject},
		{"no class", class("CN=x,"+base, ""), ldap.LDAPResultObjectClassViolation},
		{"unknown class", class("CN=x,"+base, "printer"), ldap.LDAPResultObjectClassViolation},
		{"only top", class("CN=x,"+base, "top"), ldap.LDAPResultObjectClassViolation},
		{"unit named by cn", class("CN=x,"+base, "organizationalUnit"), ldap.LDAPResultNamingViolation},
		{"two-valued name", newUser("CN=x+OU=y," + base), ldap.LDAPResultNamingViolation},
		{"no name", newUser("x"), ldap.LDAPResultInvalidDNSyntax},
		{"root", newUser(""), ldap.LDAPResultInvalidDNSyntax},
		{"other domain", newUser("CN=x,DC=example,DC=org"), ldap.LDAPResultReferral},
		{"unknown attribute", newUser("CN=x,"+base, "nosuch", "1"), ldap.LDAPResultNoSuchAttribute},
		{"system attribute", newUser("CN=x,"+base, "objectSid", "S-1-5-21-1-2-3-500"), ldap.LDAPResultConstraintViolation},
		{"value too long", newUser("CN=x,"+base, "msIIS-FTPDir", string(bytes.Repeat([]byte("x"), 257))), ldap.LDAPResultInvalidAttributeSyntax},
		{"name too long", newUser("CN=" + string(bytes.Repeat([]byte("x"), 65)) + "," + base), ldap.LDAPResultInvalidAttributeSyntax},
		{"attribute twice", newUser("CN=x,"+base, "mail", "a", "MAIL", "b"), ldap.LDAPResultAttributeOrValueExists},
		{"home on a group", func() *ldap.AddRequest {
			request := class("CN=x,"+base, "group")
			request.Attribute("msIIS-FTPDir", []string{"x"})
			return request
		}(), ldap.LDAPResultObjectClassViolation},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			wantCode(t, c.Add(test.request), test.code)
		})
	}
	clear := d.dial(t)
	wantCode(t, clear.Bind(adminDN, "Adm1n!!"), 0)
	wantCode(t, clear.Add(newUser("CN=x,"+base, "userPassword", "secret")), ldap.LDAPResultUnwillingToPerform)
	wantCode(t, d.as(t, aliceDN, "Wonder1and!").Add(newUser("CN=x,"+base)), ldap.LDAPResultInsufficientAccessRights)
	wantCode(t, d.dial(t).Add(newUser("CN=x,"+base)), ldap.LDAPResultOperationsError)
}

func TestDelete(t *testing.T) {
	d := startSeed(t, seed)
	c := d.admin(t)
	staff := "OU=Staff," + base
	wantCode(t, c.Del(ldap.NewDelRequest(staff, nil)), ldap.LDAPResultNotAllowedOnNonLeaf)
	wantCode(t, c.Del(ldap.NewDelRequest(base, nil)), ldap.LDAPResultUnwillingToPerform)
	wantCode(t, c.Del(ldap.NewDelRequest(bobDN, nil)), 0)
	wantCode(t, c.Del(ldap.NewDelRequest(bobDN, nil)), ldap.LDAPResultNoSuchObject)
	wantText(t, d.dialTLS(t).Bind(`CORP\bob`, "Bui1der!!"), "data 525,")
	wantCode(t, c.Del(ldap.NewDelRequest(staff, []ldap.Control{ldap.NewControlSubtreeDelete()})), 0)
	if got := names(t, c, ask("(|(sAMAccountName=alice)(ou=Staff))")); len(got) != 0 {
		t.Errorf("got %q, want nothing left", got)
	}
}

// An entry made anew under an old name is another entry.
func TestDelete_identifiersAreNotUsedAgain(t *testing.T) {
	c := startSeed(t, seed).admin(t)
	before := read(t, c, bobDN)
	wantCode(t, c.Del(ldap.NewDelRequest(bobDN, nil)), 0)
	wantCode(t, c.Add(newUser(bobDN, "sAMAccountName", "bob")), 0)
	after := read(t, c, bobDN)
	for _, name := range []string{"objectGUID", "objectSid"} {
		if bytes.Equal(before.GetRawAttributeValue(name), after.GetRawAttributeValue(name)) {
			t.Errorf("%s: got the old value %x", name, after.GetRawAttributeValue(name))
		}
	}
}

// A connection whose account has gone keeps reading but writes no more.
func TestDelete_ofOneself(t *testing.T) {
	d := startSeed(t, seed)
	c := d.admin(t)
	wantCode(t, c.Del(ldap.NewDelRequest(adminDN, nil)), 0)
	wantCode(t, c.Modify(modify(aliceDN, replace("description", "x"))), ldap.LDAPResultInsufficientAccessRights)
}

func TestModifyDN(t *testing.T) {
	d := startSeed(t, seed)
	c := d.admin(t)
	guid := read(t, c, aliceDN).GetRawAttributeValue("objectGUID")
	wantCode(t, c.ModifyDN(ldap.NewModifyDNRequest(aliceDN, "CN=Alicia", true, "CN=Users,"+base)), 0)
	moved := "CN=Alicia,CN=Users," + base
	e := read(t, c, moved)
	if e.GetAttributeValue("cn") != "Alicia" || e.GetAttributeValue("name") != "Alicia" || !bytes.Equal(guid, e.GetRawAttributeValue("objectGUID")) {
		t.Errorf("got %v, want Alicia with the same objectGUID", e)
	}
	_, err := c.Search(ldap.NewSearchRequest(aliceDN, ldap.ScopeBaseObject, 0, 0, 0, false, "(cn=*)", nil, nil))
	wantCode(t, err, ldap.LDAPResultNoSuchObject)

	// A renamed unit takes along what is below it.
	wantCode(t, c.ModifyDN(ldap.NewModifyDNRequest("OU=Staff,"+base, "OU=People, Inc", true, "")), ldap.LDAPResultInvalidDNSyntax)
	wantCode(t, c.ModifyDN(ldap.NewModifyDNRequest("OU=Staff,"+base, `OU=People\, Inc`, true, "")), 0)
	unit := `OU=People\, Inc,` + base
	if got := names(t, c, ldap.NewSearchRequest(unit, ldap.ScopeSingleLevel, 0, 0, 0, false, "(objectClass=user)", nil, nil)); !slices.Equal(got, []string{"Bob"}) {
		t.Errorf("got %q, want Bob", got)
	}
	if got := read(t, c, "CN=Bob,"+unit).GetAttributeValue("distinguishedName"); got != "CN=Bob,"+unit {
		t.Errorf("got %q, want the new name", got)
	}
	wantCode(t, d.dialTLS(t).Bind("CN=Bob,"+unit, "Bui1der!!"), 0)
	wantCode(t, c.Del(ldap.NewDelRequest("CN=Bob,"+unit, nil)), 0)
	wantCode(t, c.Del(ldap.NewDelRequest(unit, nil)), 0)
}

func TestModifyDN_refusals(t *testing.T) {
	c := startSeed(t, seed).admin(t)
	tests := []struct {
		name, dn, rdn, parent string
		deleteOld             bool
		code                  uint16
	}{
		{"no such entry", "CN=x," + base, "CN=y", "", true, ldap.LDAPResultNoSuchObject},
		{"no such parent", aliceDN, "CN=Alice", "OU=None," + base, true, ldap.LDAPResultNoSuchObject},
		{"name taken", aliceDN, "CN=bob", "", true, ldap.LDAPResultEntryAlreadyExists},
		{"wrong attribute", aliceDN, "OU=Alice", "", true, ldap.LDAPResultNamingViolation},
		{"two components", aliceDN, "CN=a,CN=b", "", true, ldap.LDAPResultInvalidDNSyntax},
		{"empty name", aliceDN, "CN=", "", true, ldap.LDAPResultInvalidAttributeSyntax},
		{"old name kept", aliceDN, "CN=Alicia", "", false, ldap.LDAPResultUnwillingToPerform},
		{"below itself", "OU=Staff," + base, "OU=Staff", aliceDN, true, ldap.LDAPResultUnwillingToPerform},
		{"other naming context", aliceDN, "CN=Alice", "CN=Partitions,CN=Configuration," + base, true, ldap.LDAPResultUnwillingToPerform},
		{"head of the domain", base, "DC=x", "", true, ldap.LDAPResultUnwillingToPerform},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			wantCode(t, c.ModifyDN(ldap.NewModifyDNRequest(test.dn, test.rdn, test.deleteOld, test.parent)), test.code)
		})
	}
	// Only the case of a name may change in place.
	wantCode(t, c.ModifyDN(ldap.NewModifyDNRequest(aliceDN, "CN=ALICE", true, "")), 0)
	if got := read(t, c, aliceDN).DN; got != "CN=ALICE,OU=Staff,"+base {
		t.Errorf("got %q, want ALICE", got)
	}
}

func TestCompare(t *testing.T) {
	c := startSeed(t, seed).admin(t)
	tests := []struct {
		name, dn, attribute, value string
		want                       bool
		code                       uint16
	}{
		{"equal", aliceDN, "msIIS-FTPDir", "ALICE", true, 0},
		{"different", aliceDN, "msIIS-FTPDir", "bob", false, 0},
		{"computed", aliceDN, "userAccountControl", "512", true, 0},
		{"absent", aliceDN, "mail", "x", false, ldap.LDAPResultNoSuchAttribute},
		{"password", aliceDN, "userPassword", "Wonder1and!", false, ldap.LDAPResultNoSuchAttribute},
		{"unknown", aliceDN, "nosuch", "x", false, ldap.LDAPResultUndefinedAttributeType},
		{"not of the syntax", aliceDN, "userAccountControl", "x", false, ldap.LDAPResultInvalidAttributeSyntax},
		{"no such entry", "CN=x," + base, "cn", "x", false, ldap.LDAPResultNoSuchObject},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := c.Compare(test.dn, test.attribute, test.value)
			wantCode(t, err, test.code)
			if got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}
