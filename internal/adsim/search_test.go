package adsim_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
)

func TestSearch_rootDSE(t *testing.T) {
	d := startSeed(t, seed)
	e := read(t, d.dial(t), "")
	want := map[string]string{
		"defaultNamingContext":       base,
		"rootDomainNamingContext":    base,
		"configurationNamingContext": "CN=Configuration," + base,
		"schemaNamingContext":        "CN=Schema,CN=Configuration," + base,
		"dnsHostName":                "dc1.corp.example.com",
		"supportedLDAPVersion":       "3",
	}
	for name, value := range want {
		if got := e.GetAttributeValue(name); got != value {
			t.Errorf("%s: got %q, want %q", name, got, value)
		}
	}
	for name, value := range map[string]string{
		"supportedControl": "1.2.840.113556.1.4.319", "supportedExtension": "1.3.6.1.4.1.1466.20037",
		"supportedCapabilities": "1.2.840.113556.1.4.800", "namingContexts": base,
	} {
		if !slices.Contains(e.GetAttributeValues(name), value) {
			t.Errorf("%s: got %q, want %q in it", name, e.GetAttributeValues(name), value)
		}
	}
	if _, err := time.Parse("20060102150405.0Z", e.GetAttributeValue("currentTime")); err != nil {
		t.Error(err)
	}
	e = read(t, d.dial(t), "", "DEFAULTNAMINGCONTEXT", "nosuch")
	if len(e.Attributes) != 1 || e.Attributes[0].Name != "defaultNamingContext" {
		t.Errorf("got %v, want defaultNamingContext alone", e.Attributes)
	}
}

func TestSearch_highestUSNFollowsWrites(t *testing.T) {
	d := startSeed(t, seed)
	c := d.admin(t)
	usn := func() int {
		n, err := strconv.Atoi(read(t, c, "", "highestCommittedUSN").GetAttributeValue("highestCommittedUSN"))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := usn()
	change := ldap.NewModifyRequest(bobDN, nil)
	change.Replace("description", []string{"x"})
	wantCode(t, c.Modify(change), 0)
	if got := usn(); got != before+1 {
		t.Errorf("got USN %d, want %d", got, before+1)
	}
	if got := read(t, c, bobDN).GetAttributeValue("uSNChanged"); got != strconv.Itoa(before+1) {
		t.Errorf("got uSNChanged %s, want %d", got, before+1)
	}
}

func TestSearch_anonymousSeesTheRootDSEOnly(t *testing.T) {
	c := startSeed(t, seed).dial(t)
	for _, request := range []*ldap.SearchRequest{
		ask("(objectClass=*)"),
		ldap.NewSearchRequest(aliceDN, ldap.ScopeBaseObject, 0, 0, 0, false, "(objectClass=*)", nil, nil),
		ldap.NewSearchRequest("", ldap.ScopeWholeSubtree, 0, 0, 0, false, "(objectClass=*)", nil, nil),
	} {
		_, err := c.Search(request)
		wantCode(t, err, ldap.LDAPResultOperationsError)
		wantText(t, err, "000004DC: ")
	}
}

func TestSearch_scope(t *testing.T) {
	c := startSeed(t, seed).admin(t)
	tests := []struct {
		name, base string
		scope      int
		want       []string
	}{
		{"base", "OU=Staff," + base, ldap.ScopeBaseObject, []string{"Staff"}},
		{"one level", "OU=Staff," + base, ldap.ScopeSingleLevel, []string{"Alice", "Bob"}},
		{"subtree", "OU=Staff," + base, ldap.ScopeWholeSubtree, []string{"Alice", "Bob", "Staff"}},
		{"leaf below", aliceDN, ldap.ScopeSingleLevel, nil},
		{"odd spelling", " ou=STAFF , dc=corp,DC=Example,dc=com", ldap.ScopeSingleLevel, []string{"Alice", "Bob"}},
		{"partitions", "CN=Partitions,CN=Configuration," + base, ldap.ScopeSingleLevel,
			[]string{"CORP", "Enterprise Configuration", "Enterprise Schema"}},
		{"configuration is no part of the domain", base, ldap.ScopeSingleLevel,
			[]string{"Builtin", "Computers", "Domain Controllers", "Staff", "Users"}},
		{"schema is no part of the configuration", "CN=Configuration," + base, ldap.ScopeSingleLevel, []string{"Partitions"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := names(t, c, ldap.NewSearchRequest(test.base, test.scope, 0, 0, 0, false, "(objectClass=*)", []string{"1.1"}, nil))
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestSearch_baseIsNotThere(t *testing.T) {
	c := startSeed(t, seed).admin(t)
	tests := []struct {
		name, base, matched string
		code                uint16
	}{
		{"below a leaf", "CN=x," + aliceDN, aliceDN, ldap.LDAPResultNoSuchObject},
		{"below the domain", "OU=a,OU=b," + base, base, ldap.LDAPResultNoSuchObject},
		{"another tree", "O=other", "", ldap.LDAPResultNoSuchObject},
		{"another domain", "DC=other,DC=org", "", ldap.LDAPResultReferral},
		{"no name", "not a name", "", ldap.LDAPResultInvalidDNSyntax},
		{"no such GUID", "<GUID=00000000-0000-0000-0000-000000000000>", "", ldap.LDAPResultNoSuchObject},
		{"no SID", "<SID=x>", "", ldap.LDAPResultInvalidDNSyntax},
		{"subtree of everything", "", "", ldap.LDAPResultNoSuchObject},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := c.Search(ldap.NewSearchRequest(test.base, ldap.ScopeWholeSubtree, 0, 0, 0, false, "(objectClass=*)", nil, nil))
			wantCode(t, err, test.code)
			if e, ok := err.(*ldap.Error); ok && e.MatchedDN != test.matched {
				t.Errorf("got matched DN %q, want %q", e.MatchedDN, test.matched)
			}
		})
	}
}

func TestSearch_baseByIdentifier(t *testing.T) {
	c := startSeed(t, seed).admin(t)
	e := read(t, c, aliceDN)
	guid, sid := e.GetRawAttributeValue("objectGUID"), e.GetRawAttributeValue("objectSid")
	for _, name := range []string{fmt.Sprintf("<GUID=%x>", guid), fmt.Sprintf("<SID=%x>", sid)} {
		if got := read(t, c, name).DN; got != aliceDN {
			t.Errorf("%s: got %s, want %s", name, got, aliceDN)
		}
	}
}

func TestSearch_attributeSelection(t *testing.T) {
	c := startSeed(t, seed).admin(t)
	tests := []struct {
		name       string
		attributes []string
		want       []string
	}{
		{"named, in the schema's case", []string{"SAMACCOUNTNAME", "msiis-ftproot"}, []string{"sAMAccountName", "msIIS-FTPRoot"}},
		{"none", []string{"1.1"}, nil},
		{"unknown", []string{"nosuchattribute"}, nil},
		{"absent", []string{"mail"}, nil},
		{"twice", []string{"cn", "CN"}, []string{"cn"}},
		{"none and one", []string{"1.1", "cn"}, []string{"cn"}},
		{"passwords never", []string{"userPassword", "unicodePwd", "cn"}, []string{"cn"}},
		{"with an option", []string{"cn;binary"}, []string{"cn"}},
		{"constructed", []string{"msDS-User-Account-Control-Computed"}, []string{"msDS-User-Account-Control-Computed"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, a := range read(t, c, aliceDN, test.attributes...).Attributes {
				got = append(got, a.Name)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	all := read(t, c, aliceDN, "*", "tokenGroups")
	for _, name := range []string{"cn", "objectGUID", "objectSid", "distinguishedName", "userAccountControl", "whenChanged", "tokenGroups"} {
		if !has(all, name) {
			t.Errorf("%s is not in *", name)
		}
	}
	for _, name := range []string{"userPassword", "msDS-User-Account-Control-Computed", "allowedAttributesEffective"} {
		if has(all, name) {
			t.Errorf("%s is in *", name)
		}
	}
}

func has(e *ldap.Entry, name string) bool {
	return slices.ContainsFunc(e.Attributes, func(a *ldap.EntryAttribute) bool { return a.Name == name })
}

func TestSearch_typesOnly(t *testing.T) {
	c := startSeed(t, seed).admin(t)
	request := ask("(sAMAccountName=alice)", "cn", "msIIS-FTPDir")
	request.TypesOnly = true
	found, err := c.Search(request)
	if err != nil || len(found.Entries) != 1 {
		t.Fatal(found, err)
	}
	for _, a := range found.Entries[0].Attributes {
		if len(a.Values) != 0 {
			t.Errorf("%s: got %q, want no value", a.Name, a.Values)
		}
	}
	if got := len(found.Entries[0].Attributes); got != 2 {
		t.Errorf("got %d types, want 2", got)
	}
}

func TestSearch_referenceToConfiguration(t *testing.T) {
	c := startSeed(t, seed).admin(t)
	request := ask("(sAMAccountName=alice)")
	found, err := c.Search(request)
	if err != nil || len(found.Referrals) != 1 || !strings.Contains(found.Referrals[0], "CN=Configuration") {
		t.Errorf("got %v, %v, want one reference to the configuration", found.Referrals, err)
	}
	request.Controls = []ldap.Control{ldap.NewControlString("1.2.840.113556.1.4.1339", true, "")}
	if found, err = c.Search(request); err != nil || len(found.Referrals) != 0 {
		t.Errorf("with domain scope: got %v, %v, want none", found.Referrals, err)
	}
}

// crowd is a seed with n users p00000 … below OU=Crowd.
func crowd(n int) string {
	var b strings.Builder
	b.WriteString(seed + "\ndn: OU=Crowd," + base + "\nobjectClass: organizationalUnit\n")
	for i := range n {
		fmt.Fprintf(&b, "\ndn: CN=p%05d,OU=Crowd,%s\nobjectClass: user\nsAMAccountName: p%05d\nuserPrincipalName: p%05d@corp.example.com\n"+
			"displayName: Person Number %d\nmsIIS-FTPRoot: \\\\fs01\\ftp$\nmsIIS-FTPDir: p%05d\n", i, base, i, i, i, i)
	}
	return b.String()
}

func TestSearch_sizeLimits(t *testing.T) {
	c := startSeed(t, crowd(1100)).admin(t)
	tests := []struct {
		name, filter string
		limit, want  int
		code         uint16
	}{
		{"more than 1,000", "(cn=p*)", 0, 1000, ldap.LDAPResultSizeLimitExceeded},
		{"client limit over the server's", "(cn=p*)", 5000, 1000, ldap.LDAPResultSizeLimitExceeded},
		{"exactly 1,000", "(cn<=p00999)", 0, 1000, 0},
		{"client limit", "(cn=p0000*)", 3, 3, ldap.LDAPResultSizeLimitExceeded},
		{"client limit reached, not exceeded", "(cn=p0000*)", 10, 10, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			request := ldap.NewSearchRequest("OU=Crowd,"+base, ldap.ScopeSingleLevel, 0, test.limit, 0, false, test.filter, []string{"1.1"}, nil)
			found, err := c.Search(request)
			wantCode(t, err, test.code)
			if len(found.Entries) != test.want {
				t.Errorf("got %d entries, want %d", len(found.Entries), test.want)
			}
		})
	}
}

// A delay counts against the client's time limit, as a slow disk would.
func TestSearch_timeLimit(t *testing.T) {
	d := startSeed(t, seed)
	c := d.admin(t)
	request := ask("(objectClass=*)")
	request.TimeLimit = 1
	if _, err := c.Search(request); err != nil {
		t.Fatal(err)
	}
	d.SetFaults(adsim.Faults{Delay: 1100 * time.Millisecond, Only: adsim.OpSearch})
	_, err := c.Search(request)
	wantCode(t, err, ldap.LDAPResultTimeLimitExceeded)
}

func TestSearch_computedAttributes(t *testing.T) {
	d := startSeed(t, seed+`
dn: CN=Editors,OU=Staff,DC=corp,DC=example,DC=com
objectClass: group
member: CN=Alice,OU=Staff,DC=corp,DC=example,DC=com

dn: CN=Locked,OU=Staff,DC=corp,DC=example,DC=com
objectClass: user
lockoutTime: 126227808000000000
pwdLastSet: 0
`)
	c := d.admin(t)
	e := read(t, c, aliceDN, "*", "tokenGroups", "allowedAttributesEffective")
	for name, want := range map[string]string{
		"distinguishedName": aliceDN, "name": "Alice", "userAccountControl": "512", "sAMAccountType": "805306368",
		"objectCategory": "CN=Person,CN=Schema,CN=Configuration," + base, "memberOf": "CN=Editors,OU=Staff," + base,
		"primaryGroupID": "513", "accountExpires": "9223372036854775807",
	} {
		if got := e.GetAttributeValue(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if got := e.GetAttributeValues("objectClass"); !slices.Equal(got, []string{"top", "person", "organizationalPerson", "user"}) {
		t.Errorf("got objectClass %q", got)
	}
	if n := len(e.GetRawAttributeValue("objectGUID")); n != 16 {
		t.Errorf("got an objectGUID of %d bytes, want 16", n)
	}
	sid := e.GetRawAttributeValue("objectSid")
	if len(sid) != 28 || sid[0] != 1 || sid[1] != 5 {
		t.Errorf("got objectSid %x, want S-1-5-21-…", sid)
	}
	editors := read(t, c, "CN=Editors,OU=Staff,"+base).GetRawAttributeValue("objectSid")
	if !slices.Contains(e.GetAttributeValues("tokenGroups"), string(editors)) || len(e.GetAttributeValues("tokenGroups")) != 3 {
		t.Errorf("got tokenGroups %x, want Editors, Domain Users and Users", e.GetAttributeValues("tokenGroups"))
	}
	locked := read(t, c, "CN=Locked,OU=Staff,"+base, "msDS-User-Account-Control-Computed", "sAMAccountName")
	if got := locked.GetAttributeValue("msDS-User-Account-Control-Computed"); got != strconv.Itoa(0x10|0x800000) {
		t.Errorf("got %s, want locked out and password expired", got)
	}
	if got := locked.GetAttributeValue("sAMAccountName"); got != "Locked" {
		t.Errorf("got sAMAccountName %q, want the name", got)
	}
}

// What the bound user may write decides what a tool offers.
func TestSearch_allowedAttributesEffective(t *testing.T) {
	d := startSeed(t, seed)
	admin := read(t, d.admin(t), aliceDN, "allowedAttributesEffective").GetAttributeValues("allowedAttributesEffective")
	if !slices.Contains(admin, "msIIS-FTPRoot") || slices.Contains(admin, "objectSid") {
		t.Errorf("got %d names, want msIIS-FTPRoot and not objectSid in it", len(admin))
	}
	group := read(t, d.admin(t), "CN=Domain Admins,CN=Users,"+base, "allowedAttributesEffective")
	if slices.Contains(group.GetAttributeValues("allowedAttributesEffective"), "msIIS-FTPRoot") {
		t.Error("a group offers msIIS-FTPRoot")
	}
	plain := d.as(t, aliceDN, "Wonder1and!")
	if got := read(t, plain, aliceDN, "allowedAttributesEffective").Attributes; len(got) != 0 {
		t.Errorf("got %v for a plain user, want nothing", got)
	}
}

func TestSearch_netBIOSName(t *testing.T) {
	c := start(t, adsim.Config{NetBIOS: "OLDCORP", Seed: strings.NewReader(seed)}).as(t, `oldcorp\admin`, "Adm1n!!")
	found, err := c.Search(ldap.NewSearchRequest("CN=Partitions,CN=Configuration,"+base, ldap.ScopeSingleLevel, 0, 0, 0, false,
		"(&(objectClass=crossRef)(nCName="+base+"))", []string{"nETBIOSName", "dnsRoot"}, nil))
	if err != nil || len(found.Entries) != 1 {
		t.Fatal(found, err)
	}
	if got := found.Entries[0].GetAttributeValue("nETBIOSName"); got != "OLDCORP" {
		t.Errorf("got %q, want OLDCORP", got)
	}
	if got := found.Entries[0].GetAttributeValue("dnsRoot"); got != "corp.example.com" {
		t.Errorf("got %q, want corp.example.com", got)
	}
}

// The same seed gives the same identifiers, so that a restarted demo is the same domain.
func TestSearch_identifiersAreStable(t *testing.T) {
	identifiers := func() string {
		e := read(t, startSeed(t, seed).admin(t), aliceDN)
		return fmt.Sprintf("%x %x", e.GetRawAttributeValue("objectGUID"), e.GetRawAttributeValue("objectSid"))
	}
	if a, b := identifiers(), identifiers(); a != b {
		t.Errorf("got %s and %s", a, b)
	}
}
