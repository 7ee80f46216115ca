package adsim_test

import (
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
)

func TestBind_nameForms(t *testing.T) {
	d := startSeed(t, seed+`
dn: CN=Escaped\, Comma,OU=Staff,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: comma
objectGUID:: AAECAwQFBgcICQoLDA0ODw==
objectSid: S-1-5-21-1-2-3-4444
userPassword: C0mma!!!
`)
	tests := []struct{ name, bindName, password, who string }{
		{"DN", aliceDN, "Wonder1and!", `u:CORP\alice`},
		{"DN in other case and spacing", "cn=ALICE, ou=staff ,dc=CORP,dc=example,dc=com", "Wonder1and!", `u:CORP\alice`},
		{"DN with escapes", `CN=Escaped\2c  comma,OU=Staff,` + base, "C0mma!!!", `u:CORP\comma`},
		{"explicit UPN", "ALICE@corp.example.com", "Wonder1and!", `u:CORP\alice`},
		{"implied UPN", "bob@CORP.example.com", "Bui1der!!", `u:CORP\bob`},
		{"down-level name", `corp\Bob`, "Bui1der!!", `u:CORP\bob`},
		{"GUID", "{03020100-0504-0706-0809-0a0b0c0d0e0f}", "C0mma!!!", `u:CORP\comma`},
		{"SID", "S-1-5-21-1-2-3-4444", "C0mma!!!", `u:CORP\comma`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := d.as(t, test.bindName, test.password)
			who, err := c.WhoAmI(nil)
			if err != nil {
				t.Fatal(err)
			}
			if who.AuthzID != test.who {
				t.Errorf("got %q, want %q", who.AuthzID, test.who)
			}
		})
	}
}

func TestBind_nameIsNoAccount(t *testing.T) {
	d := startSeed(t, seed)
	c := d.dialTLS(t)
	for _, name := range []string{
		"alice", "nobody@corp.example.com", "bob@example.com", `OTHER\bob`, `CORP\`, "@corp.example.com",
		"OU=Staff," + base, "CN=Domain Admins,CN=Users," + base, "CN=Nobody," + base, "{no-guid}", "S-1-5-99", "=", "\x00",
	} {
		t.Run(name, func(t *testing.T) {
			err := c.Bind(name, "Wonder1and!")
			wantCode(t, err, ldap.LDAPResultInvalidCredentials)
			wantText(t, err, "data 525,")
		})
	}
}

// The explicit UPN goes first: mallory takes bob's implied name, and bob's
// password is then wrong for it.
func TestBind_explicitUPNBeforeImplied(t *testing.T) {
	d := startSeed(t, seed+`
dn: CN=Mallory,OU=Staff,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: mallory
userPrincipalName: bob@corp.example.com
userPassword: M4llory!!
`)
	who, err := d.as(t, "bob@corp.example.com", "M4llory!!").WhoAmI(nil)
	if err != nil || who.AuthzID != `u:CORP\mallory` {
		t.Errorf("got %v, %v, want mallory", who, err)
	}
	err = d.dialTLS(t).Bind("bob@corp.example.com", "Bui1der!!")
	wantText(t, err, "data 52e,")
	if who, err := d.as(t, `CORP\bob`, "Bui1der!!").WhoAmI(nil); err != nil || who.AuthzID != `u:CORP\bob` {
		t.Errorf("got %v, %v, want bob", who, err)
	}
}

func TestBind_ambiguousUPN(t *testing.T) {
	d := startSeed(t, seed+`
dn: CN=Twin,OU=Staff,DC=corp,DC=example,DC=com
objectClass: user
userPrincipalName: ALICE@corp.example.com
userPassword: Wonder1and!
`)
	// The explicit form has two owners, so the implied one decides: alice.
	who, err := d.as(t, "alice@corp.example.com", "Wonder1and!").WhoAmI(nil)
	if err != nil || who.AuthzID != `u:CORP\alice` {
		t.Errorf("got %v, %v, want alice", who, err)
	}
}

// past is a FILETIME in the year 2001.
const past = "126227808000000000"

func TestBind_subCodes(t *testing.T) {
	thisHour := time.Now().UTC()
	allBut := make([]byte, 21) // every hour of the week but this one and the next
	for i := range allBut {
		allBut[i] = 0xff
	}
	for hour := range 2 {
		at := (int(thisHour.Weekday())*24 + thisHour.Hour() + hour) % 168
		allBut[at/8] &^= 1 << (at % 8)
	}
	tests := []struct{ name, attributes, password, want string }{
		{"right password", "", "P4ssword", ""},
		{"wrong password", "", "p4ssword", "52e"},
		{"no password set", "userPassword:", "", "bad seed"},
		{"disabled", "userAccountControl: 514", "P4ssword", "533"},
		{"disabled, wrong password", "userAccountControl: 514", "x", "52e"},
		{"account expired", "accountExpires: " + past, "P4ssword", "701"},
		{"account never expires", "accountExpires: 0", "P4ssword", ""},
		{"password expired by age", "pwdLastSet: " + past, "P4ssword", "532"},
		{"old password that never expires", "pwdLastSet: " + past + "\nuserAccountControl: 66048", "P4ssword", ""},
		{"password expired by flag", "userAccountControl: 8389120", "P4ssword", "532"},
		{"must change", "pwdLastSet: 0", "P4ssword", "773"},
		{"must change, but never expires", "pwdLastSet: 0\nuserAccountControl: 66048", "P4ssword", ""},
		{"locked", "lockoutTime: " + past, "P4ssword", "775"},
		{"locked, wrong password", "lockoutTime: " + past, "x", "775"},
		{"unlocked", "lockoutTime: 0", "P4ssword", ""},
		{"outside of hours", "logonHours:: " + base64.StdEncoding.EncodeToString(allBut), "P4ssword", "530"},
		{"within hours", "logonHours:: " + strings.Repeat("////", 7), "P4ssword", ""},
		{"other workstation", "userWorkstations: PC1,PC2", "P4ssword", "531"},
		{"workstation is the DC", "userWorkstations: pc1, DC1", "P4ssword", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ldif := strings.TrimSuffix("dn: CN=Eve,CN=Users,"+base+"\nobjectClass: user\nsAMAccountName: eve\n"+test.attributes, "\n") + "\n"
			if !strings.Contains(ldif, "userPassword") {
				ldif += "userPassword: P4ssword\n"
			}
			if test.want == "bad seed" {
				if _, err := adsim.New(adsim.Config{Domain: "corp.example.com", Seed: strings.NewReader(ldif)}); err == nil {
					t.Error("got a server, want an error")
				}
				return
			}
			err := startSeed(t, ldif).dialTLS(t).Bind(`CORP\eve`, test.password)
			if test.want == "" {
				wantCode(t, err, 0)
				return
			}
			wantCode(t, err, ldap.LDAPResultInvalidCredentials)
			wantText(t, err, "80090308: LdapErr: DSID-")
			wantText(t, err, fmt.Sprintf("data %s, v", test.want))
		})
	}
}

// AD says success to a name without a password (RFC 4513, 5.1.2): the trap.
func TestBind_emptyPasswordIsAnonymous(t *testing.T) {
	d := start(t, adsim.Config{Seed: strings.NewReader(seed), RequireTLS: true})
	c := d.dial(t)
	if err := c.UnauthenticatedBind(aliceDN); err != nil {
		t.Fatalf("got %v, want success", err)
	}
	if who, err := c.WhoAmI(nil); err != nil || who.AuthzID != "" {
		t.Errorf("got %v, %v, want nobody", who, err)
	}
	_, err := c.Search(ask("(sAMAccountName=alice)"))
	wantCode(t, err, ldap.LDAPResultOperationsError)
	wantText(t, err, "000004DC: LdapErr: DSID-")
	if err := c.UnauthenticatedBind(""); err != nil {
		t.Errorf("got %v for the anonymous bind, want success", err)
	}
	if got := d.Stats(); got.EmptyBinds != 1 || got.Binds != 0 {
		t.Errorf("got %d empty binds and %d binds, want 1 and 0", got.EmptyBinds, got.Binds)
	}
}

// A password without a name: an unknown user whose DN is not there must not make
// any password right. AD says success here as well.
func TestBind_passwordWithoutNameIsAnonymous(t *testing.T) {
	d := start(t, adsim.Config{Seed: strings.NewReader(seed), RequireTLS: true})
	c := d.as(t, aliceDN, "Wonder1and!")
	wantCode(t, c.Bind("", "Wonder1and!"), 0)
	if who, err := c.WhoAmI(nil); err != nil || who.AuthzID != "" {
		t.Errorf("got %v, %v, want nobody", who, err)
	}
	_, err := c.Search(ask("(sAMAccountName=alice)"))
	wantCode(t, err, ldap.LDAPResultOperationsError)
	wantCode(t, d.dial(t).Bind("", "Wonder1and!"), ldap.LDAPResultStrongAuthRequired)
	if got := d.Stats(); got.Binds != 3 || got.EmptyBinds != 0 {
		t.Errorf("got %d binds and %d empty binds, want 3 and 0", got.Binds, got.EmptyBinds)
	}
}

func TestBind_passwordInTheClear(t *testing.T) {
	d := start(t, adsim.Config{Seed: strings.NewReader(seed), RequireTLS: true})
	c := d.dial(t)
	err := c.Bind(aliceDN, "Wonder1and!")
	wantCode(t, err, ldap.LDAPResultStrongAuthRequired)
	wantText(t, err, "00002028: ")
	if err := c.StartTLS(&tls.Config{RootCAs: d.roots, ServerName: "localhost"}); err != nil {
		t.Fatal(err)
	}
	wantCode(t, c.Bind(aliceDN, "Wonder1and!"), 0)
	if got := d.Stats(); got.Binds != 2 || got.ClearBinds != 1 {
		t.Errorf("got %d binds, %d in the clear, want 2 and 1", got.Binds, got.ClearBinds)
	}
	lax := startSeed(t, seed)
	wantCode(t, lax.dial(t).Bind(aliceDN, "Wonder1and!"), 0)
}

func TestBind_failureLeavesAnonymous(t *testing.T) {
	d := startSeed(t, seed)
	c := d.as(t, aliceDN, "Wonder1and!")
	wantCode(t, c.Bind(aliceDN, "wrong"), ldap.LDAPResultInvalidCredentials)
	_, err := c.Search(ask("(objectClass=user)"))
	wantCode(t, err, ldap.LDAPResultOperationsError)
	wantCode(t, c.Modify(ldap.NewModifyRequest(aliceDN, nil)), ldap.LDAPResultOperationsError)
}

func TestBind_otherMethods(t *testing.T) {
	d := startSeed(t, seed)
	wantCode(t, d.dialTLS(t).ExternalBind(), ldap.LDAPResultAuthMethodNotSupported)
}

// A reset begins the age of the password anew, unless it says that the user must
// choose another one.
func TestBind_resetDatesThePassword(t *testing.T) {
	mustChange := func(request *ldap.ModifyRequest) { request.Replace("pwdLastSet", []string{"0"}) }
	reset := func(request *ldap.ModifyRequest) { request.Replace("userPassword", []string{"N3w!pass"}) }
	for name, tt := range map[string]struct {
		attribute string
		changes   []func(*ldap.ModifyRequest)
		want      string // "" is success
	}{
		"expired by age":              {"pwdLastSet: " + past, []func(*ldap.ModifyRequest){reset}, ""},
		"must change":                 {"pwdLastSet: 0", []func(*ldap.ModifyRequest){reset}, ""},
		"and must change again":       {"pwdLastSet: " + past, []func(*ldap.ModifyRequest){reset, mustChange}, "data 773,"},
		"must change, the other way":  {"pwdLastSet: " + past, []func(*ldap.ModifyRequest){mustChange, reset}, "data 773,"},
		"something else, not expired": {"description: x", []func(*ldap.ModifyRequest){reset}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := startSeed(t, seed+"\ndn: CN=Eve,"+base+"\nobjectClass: user\nuserPassword: 0ld!pass\n"+tt.attribute+"\n")
			request := ldap.NewModifyRequest("CN=Eve,"+base, nil)
			for _, change := range tt.changes {
				change(request)
			}
			c := d.admin(t)
			wantCode(t, c.Modify(request), 0)
			err := d.dialTLS(t).Bind("CN=Eve,"+base, "N3w!pass")
			if tt.want != "" {
				wantText(t, err, tt.want)
				return
			}
			wantCode(t, err, 0)
			if got := read(t, c, "CN=Eve,"+base).GetAttributeValue("pwdLastSet"); got <= past || len(got) != len(past) {
				t.Errorf("pwdLastSet is %s, want now", got)
			}
		})
	}
}

// A password is reset by an administrator, over TLS; the old one ends with it.
func TestBind_afterPasswordReset(t *testing.T) {
	d := startSeed(t, seed)
	c := d.admin(t)
	quoted := ""
	for _, unit := range `"N3w!pass"` {
		quoted += string(byte(unit)) + "\x00"
	}
	tests := []struct{ name, attribute, value, password string }{
		{"unicodePwd", "unicodePwd", quoted, "N3w!pass"},
		{"userPassword", "userPassword", "0ther!pass", "0ther!pass"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			reset := ldap.NewModifyRequest(bobDN, nil)
			reset.Replace(test.attribute, []string{test.value})
			wantCode(t, c.Modify(reset), 0)
			wantCode(t, d.dialTLS(t).Bind(bobDN, "Bui1der!!"), ldap.LDAPResultInvalidCredentials)
			wantCode(t, d.dialTLS(t).Bind(bobDN, test.password), 0)
		})
	}
	reset := ldap.NewModifyRequest(bobDN, nil)
	reset.Replace("unicodePwd", []string{"unquoted"})
	wantCode(t, c.Modify(reset), ldap.LDAPResultUnwillingToPerform)
	clear := d.dial(t)
	wantCode(t, clear.Bind(adminDN, "Adm1n!!"), 0)
	wantCode(t, clear.Modify(reset), ldap.LDAPResultUnwillingToPerform)
}
