package adsim_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
)

const (
	staffDN      = "OU=Staff," + base
	forFTPDir    = "8a5c99e9-2230-46eb-b8e8-e59d712eb9ee"
	forUsers     = "bf967aba-0de6-11d0-a285-00aa003049e2"
	sdAttribute  = "nTSecurityDescriptor"
	dirAttribute = "msIIS-FTPDir"
)

// parts is the control that narrows a request to parts of a descriptor.
func parts(flags byte) ldap.Control {
	return ldap.NewControlString("1.2.840.113556.1.4.801", true, string([]byte{0x30, 3, 2, 1, flags}))
}

func readDescriptor(t *testing.T, c *ldap.Conn, dn string, flags byte) secdesc.Descriptor {
	t.Helper()
	request := ldap.NewSearchRequest(dn, ldap.ScopeBaseObject, ldap.NeverDerefAliases, 0, 0, false, "(objectClass=*)", []string{sdAttribute}, []ldap.Control{parts(flags)})
	found, err := c.Search(request)
	if err != nil {
		t.Fatal(err)
	}
	d, err := secdesc.Parse(found.Entries[0].GetRawAttributeValue(sdAttribute))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func writeDescriptor(c *ldap.Conn, dn, sddl string, flags byte) error {
	d, err := secdesc.ParseSDDL(sddl, "")
	if err != nil {
		return err
	}
	request := modify(dn, replace(sdAttribute, string(d.Bytes())))
	request.Controls = []ldap.Control{parts(flags)}
	return c.Modify(request)
}

func TestDescriptor_parts(t *testing.T) {
	c := startSeed(t, seed).admin(t)
	whole := readDescriptor(t, c, aliceDN, 7)
	if whole.Owner == "" || whole.Group == "" || len(whole.DACL.Entries) < 3 {
		t.Errorf("got %s", whole.SDDL())
	}
	if d := readDescriptor(t, c, aliceDN, 4); d.Owner != "" || d.Group != "" || d.DACL == nil {
		t.Errorf("the DACL alone: got %s", d.SDDL())
	}
	if d := readDescriptor(t, c, aliceDN, 1); d.Owner != whole.Owner || d.Group != "" || d.Control&secdesc.DACLPresent != 0 {
		t.Errorf("the owner alone: got %s", d.SDDL())
	}
	if all := read(t, c, aliceDN); len(all.GetRawAttributeValue(sdAttribute)) != 0 {
		t.Error("a descriptor nobody asked for by name")
	}
	if d, err := secdesc.Parse(read(t, c, aliceDN, sdAttribute).GetRawAttributeValue(sdAttribute)); err != nil || d.SDDL() != whole.SDDL() {
		t.Errorf("without the control: got %s, %v", d.SDDL(), err)
	}
}

func TestDescriptor_inheritance(t *testing.T) {
	c := startSeed(t, seed+`
dn: CN=Group,OU=Staff,DC=corp,DC=example,DC=com
objectClass: group

dn: OU=Below,OU=Staff,DC=corp,DC=example,DC=com
objectClass: organizationalUnit

dn: CN=Carol,OU=Below,OU=Staff,DC=corp,DC=example,DC=com
objectClass: user
`).admin(t)
	const list = "(OA;CIIO;RPWP;" + forFTPDir + ";" + forUsers + ";BU)(A;CINP;RP;;;BG)(A;;RP;;;SU)"
	if err := writeDescriptor(c, staffDN, "D:"+list, 4); err != nil {
		t.Fatal(err)
	}
	const below = "OU=Below," + staffDN
	for _, test := range []struct{ dn, has, lacks string }{
		{staffDN, list, ";ID"},
		{aliceDN, "(OA;CIID;RPWP;" + forFTPDir + ";" + forUsers + ";BU)(A;CINPID;RP;;;BG)", ";SU)"},
		{"CN=Group," + staffDN, "(OA;CIIOID;RPWP;" + forFTPDir, ";SU)"},
		{"CN=Carol," + below, "(OA;CIID;RPWP;" + forFTPDir, ";BG)"},
	} {
		if got := readDescriptor(t, c, test.dn, 4).SDDL(); !strings.Contains(got, test.has) || strings.Contains(got, test.lacks) {
			t.Errorf("%s: got %s, want %s without %s", test.dn, got, test.has, test.lacks)
		}
	}
	if err := writeDescriptor(c, below, "D:P(A;CI;RP;;;AU)", 4); err != nil {
		t.Fatal(err)
	}
	if got := readDescriptor(t, c, "CN=Carol,"+below, 4).SDDL(); strings.Contains(got, forFTPDir) || !strings.Contains(got, "(A;CIID;RP;;;AU)") {
		t.Errorf("below one that is cut off: got %s", got)
	}
}

func TestDescriptor_refusals(t *testing.T) {
	d := startSeed(t, seed)
	c := d.admin(t)
	before := readDescriptor(t, c, staffDN, 7).SDDL()
	octets := string(readDescriptor(t, c, staffDN, 4).Bytes())
	for name, test := range map[string]struct {
		step step
		code uint16
	}{
		"no descriptor": {replace(sdAttribute, "nonsense"), ldap.LDAPResultConstraintViolation},
		"two":           {replace(sdAttribute, octets, octets), ldap.LDAPResultUnwillingToPerform},
		"none":          {replace(sdAttribute), ldap.LDAPResultUnwillingToPerform},
		"added":         {add(sdAttribute, octets), ldap.LDAPResultUnwillingToPerform},
		"without owner": {replace(sdAttribute, octets), ldap.LDAPResultConstraintViolation}, // all parts, for want of the control
	} {
		t.Run(name, func(t *testing.T) { wantCode(t, c.Modify(modify(staffDN, test.step)), test.code) })
	}
	bad := modify(staffDN, replace(sdAttribute, octets))
	bad.Controls = []ldap.Control{ldap.NewControlString("1.2.840.113556.1.4.801", true, "x")}
	if err := d.admin(t).Modify(bad); err == nil {
		t.Error("a control that is none is taken")
	}
	wantCode(t, writeDescriptor(d.as(t, bobDN, "Bui1der!!"), staffDN, "D:(A;;GA;;;WD)", 4), ldap.LDAPResultInsufficientAccessRights)
	if now := readDescriptor(t, d.admin(t), staffDN, 7).SDDL(); now != before {
		t.Errorf("it is %s by now, was %s", now, before)
	}
}

// Whom the descriptor lets write one attribute may write that one, of the users it is about, and nothing else.
func TestDescriptor_delegates(t *testing.T) {
	d := start(t, adsim.Config{Seed: strings.NewReader(seed + `
dn: CN=Keepers,CN=Users,DC=corp,DC=example,DC=com
objectClass: group
objectSid: S-1-5-21-1-2-3-4000
member: CN=Bob,OU=Staff,DC=corp,DC=example,DC=com
`)})
	admin, bob := d.admin(t), d.as(t, bobDN, "Bui1der!!")
	const refused = ldap.LDAPResultInsufficientAccessRights
	wantCode(t, bob.Modify(modify(aliceDN, replace(dirAttribute, "bob's"))), refused)
	if err := writeDescriptor(admin, staffDN, "D:(OA;CIIO;RPWP;"+forFTPDir+";"+forUsers+";S-1-5-21-1-2-3-4000)", 4); err != nil {
		t.Fatal(err)
	}
	wantCode(t, bob.Modify(modify(aliceDN, replace(dirAttribute, "bob's"))), 0)
	for _, attribute := range []string{"msIIS-FTPRoot", "description", "unicodePwd", "userAccountControl", sdAttribute, "noSuch"} {
		wantCode(t, bob.Modify(modify(aliceDN, replace(dirAttribute, "x"), replace(attribute, "512"))), refused)
	}
	wantCode(t, bob.Modify(modify(adminDN, replace(dirAttribute, "x"))), refused)
	wantCode(t, bob.Modify(modify(staffDN, replace("description", "x"))), refused)
	wantCode(t, bob.Del(ldap.NewDelRequest(aliceDN, nil)), refused)
	if got := read(t, bob, aliceDN, "allowedAttributesEffective").GetAttributeValues("allowedAttributesEffective"); !slices.Equal(got, []string{dirAttribute}) {
		t.Errorf("bob may write %v", got)
	}
	if got := read(t, admin, aliceDN, dirAttribute).GetAttributeValue(dirAttribute); got != "bob's" {
		t.Errorf("it is %q", got)
	}

	// Nor does a refusal in front leave anything of it.
	if err := writeDescriptor(admin, aliceDN, "D:(OD;;WP;"+forFTPDir+";;WD)", 4); err != nil {
		t.Fatal(err)
	}
	wantCode(t, bob.Modify(modify(aliceDN, replace(dirAttribute, "x"))), refused)
	// Who may change the list may give rights.
	if err := writeDescriptor(admin, aliceDN, "D:(A;;WD;;;S-1-5-21-1-2-3-4000)", 4); err != nil {
		t.Fatal(err)
	}
	wantCode(t, writeDescriptor(bob, aliceDN, "D:(A;;GA;;;AU)", 4), 0)
	wantCode(t, bob.Modify(modify(aliceDN, replace("description", "x"))), 0)
}
