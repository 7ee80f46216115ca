package adsim_test

import (
	"slices"
	"testing"

	"github.com/go-ldap/ldap/v3"
)

const filterSeed = seed + `
dn: CN=Carol,OU=Staff,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: carol
userAccountControl: 514
description: first
description: Second Value
mail: carol@example.com
objectGUID:: AAECAwQFBgcICQoLDA0ODw==
objectSid: S-1-5-21-1-2-3-4444
whenCreated: 20200101000000.0Z

dn: CN=Friend,OU=Staff,DC=corp,DC=example,DC=com
objectClass: contact
mail: friend@example.org
showInAdvancedViewOnly: TRUE

dn: CN=Team,OU=Staff,DC=corp,DC=example,DC=com
objectClass: group
member: CN=Bob,OU=Staff,DC=corp,DC=example,DC=com
member: CN=Carol,OU=Staff,DC=corp,DC=example,DC=com

dn: CN=Star*Paren(Back\\,OU=Staff,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: star
`

func TestFilter_kinds(t *testing.T) {
	c := startSeed(t, filterSeed).admin(t)
	tests := []struct {
		name, filter string
		want         []string
	}{
		{"equality in any case", "(samaccountname=ALICE)", []string{"Alice"}},
		{"equality, several values", "(description=second value)", []string{"Carol"}},
		{"equality of nothing", "(sAMAccountName=)", nil},
		{"approximately", "(cn~=alice)", []string{"Alice"}},
		{"presence", "(msIIS-FTPRoot=*)", []string{"Alice"}},
		{"initial", "(sAMAccountName=AL*)", []string{"Alice"}},
		{"final", "(cn=*OL)", []string{"Carol"}},
		{"any", "(displayName=*ce*idd*)", []string{"Alice"}},
		{"any in the wrong order", "(displayName=*idd*ce*)", nil},
		{"pieces must not overlap", "(cn=ali*ice)", nil},
		{"all three", "(cn=a*i*e)", []string{"Alice"}},
		{"greater", "(&(sAMAccountName>=bob)(sAMAccountName<=carol))", []string{"Bob", "Carol"}},
		{"numbers compare as numbers", "(&(objectCategory=person)(userAccountControl>=99)(!(userAccountControl<=513)))", []string{"Carol"}},
		{"times", "(whenCreated<=20200101000000.0Z)", []string{"Carol"}},
		{"boolean", "(showInAdvancedViewOnly=TRUE)", []string{"Friend"}},
		{"bit and", "(userAccountControl:1.2.840.113556.1.4.803:=2)", []string{"Carol"}},
		{"bit and, all bits", "(&(cn=carol)(userAccountControl:1.2.840.113556.1.4.803:=514))", []string{"Carol"}},
		{"bit and, one bit missing", "(&(cn=carol)(userAccountControl:1.2.840.113556.1.4.803:=515))", nil},
		{"bit or", "(&(cn=carol)(userAccountControl:1.2.840.113556.1.4.804:=3))", []string{"Carol"}},
		{"bit or of none", "(&(cn=carol)(userAccountControl:1.2.840.113556.1.4.804:=1))", nil},
		{"extensible without a rule", "(cn:=carol)", []string{"Carol"}},
		{"unknown rule", "(cn:1.2.3:=carol)", nil},
		{"unknown rule, negated", "(!(cn:1.2.3:=carol))", nil},
		{"dn attributes are ignored", "(ou:dn:=Staff)", []string{"Staff"}},
		{"and", "(&(objectClass=user)(cn=c*))", []string{"Carol"}},
		{"empty and", "(&)", nil}, // every entry; checked by number below
		{"empty or", "(|)", nil},
		{"or", "(|(sAMAccountName=alice)(sAMAccountName=bob)(sAMAccountName=bob))", []string{"Alice", "Bob"}},
		{"or of index and scan", "(|(sAMAccountName=alice)(mail=friend*))", []string{"Alice", "Friend"}},
		{"not", "(&(objectCategory=person)(!(sAMAccountName=*)))", []string{"Friend"}},
		{"unknown attribute", "(nosuch=1)", nil},
		{"unknown attribute, negated", "(!(nosuch=1))", nil},
		{"unknown attribute under or", "(|(nosuch=1)(cn=alice))", []string{"Alice"}},
		{"class", "(&(objectClass=organizationalperson)(cn=friend))", []string{"Friend"}},
		{"category by class name", "(&(objectCategory=user)(cn=alice))", []string{"Alice"}},
		{"category by DN", "(&(objectCategory=CN=Group,CN=Schema,CN=Configuration," + base + ")(cn=team))", []string{"Team"}},
		{"category of no class", "(objectCategory=nosuch)", nil},
		{"DN in other spelling", "(distinguishedName=cn=alice, OU=staff,dc=corp,dc=example,dc=com)", []string{"Alice"}},
		{"member", "(member=cn=bob,ou=staff," + base + ")", []string{"Team"}},
		{"memberOf follows member", "(memberOf=CN=Team,OU=Staff," + base + ")", []string{"Bob", "Carol"}},
		{"substring of a DN is undefined", "(distinguishedName=*staff*)", nil},
		{"GUID as bytes", `(objectGUID=\00\01\02\03\04\05\06\07\08\09\0a\0b\0c\0d\0e\0f)`, []string{"Carol"}},
		{"GUID as text", "(objectGUID=03020100-0504-0706-0809-0a0b0c0d0e0f)", []string{"Carol"}},
		{"SID as bytes", `(objectSid=\01\05\00\00\00\00\00\05\15\00\00\00\01\00\00\00\02\00\00\00\03\00\00\00\5c\11\00\00)`, []string{"Carol"}},
		{"SID as text", "(objectSid=S-1-5-21-1-2-3-4444)", []string{"Carol"}},
		{"escaped specials", `(cn=star\2aparen\28back\5c)`, []string{`Star*Paren(Back\\`}},
		{"passwords cannot be searched", "(userPassword=*)", nil},
		{"passwords cannot be excluded", "(!(userPassword=Wonder1and!))", nil},
		{"constructed cannot be searched", "(msDS-User-Account-Control-Computed=0)", nil},
		{"number that is none", "(userAccountControl=abc)", nil},
	}
	for _, test := range tests {
		if test.name == "empty and" {
			continue
		}
		t.Run(test.name, func(t *testing.T) {
			got := names(t, c, ask(test.filter, "1.1"))
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	all := names(t, c, ask("(objectClass=*)", "1.1"))
	if got := names(t, c, ask("(&)", "1.1")); !slices.Equal(got, all) {
		t.Errorf("empty and: got %d entries, want all %d", len(got), len(all))
	}
	if got := names(t, c, ask("(!(|))", "1.1")); !slices.Equal(got, all) {
		t.Errorf("not of an empty or: got %d entries, want all %d", len(got), len(all))
	}
}

// What a test of injection looks at: the structure that arrived.
func TestStats_filtersAsReceived(t *testing.T) {
	d := startSeed(t, seed)
	c := d.admin(t)
	for _, filter := range []string{
		"(sAMAccountName=alice)",
		`(&(cn=a\2ab)(!(cn=\28))(|(a>=1)(b<=2)(c~=3)))`,
		"(cn=a*b*c)", "(cn=*b*)", "(cn=*)",
		"(userAccountControl:1.2.840.113556.1.4.803:=2)", "(ou:dn:=x)", "(:1.2.3:=x)",
	} {
		if _, err := c.Search(ask(filter)); err != nil {
			t.Fatal(err)
		}
		if got := d.Stats().LastFilter(); got != filter {
			t.Errorf("got %s, want %s", got, filter)
		}
	}
	for range 100 {
		names(t, c, ask("(cn=Alice)"))
	}
	if got := len(d.Stats().Filters); got != 64 {
		t.Errorf("got %d filters, want the latest 64", got)
	}
}

func TestFilter_tooManyTerms(t *testing.T) {
	c := startSeed(t, seed).admin(t)
	filter := []byte("(|")
	for range 5000 {
		filter = append(filter, "(cn=a)"...)
	}
	_, err := c.Search(ask(string(append(filter, ')'))))
	wantCode(t, err, ldap.LDAPResultAdminLimitExceeded)
}
