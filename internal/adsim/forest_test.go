package adsim_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
)

const salesBase = "DC=sales," + base

const salesSeed = `
dn: CN=Sam,CN=Users,DC=sales,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: sam
userPassword: S4lesman!

dn: CN=Boss,CN=Users,DC=sales,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: boss
userPassword: B0ssy!!!
memberOf: CN=Domain Admins,CN=Users,DC=sales,DC=corp,DC=example,DC=com
`

// startForest serves corp.example.com and, below it, sales.corp.example.com.
func startForest(t *testing.T) (corp, sales *domain) {
	t.Helper()
	enterprise := seed + "memberOf: CN=Enterprise Admins,CN=Users," + base + "\n"
	one, err := adsim.New(adsim.Config{Domain: "corp.example.com", NetBIOS: "CORP", Seed: strings.NewReader(enterprise)})
	if err != nil {
		t.Fatal(err)
	}
	two, err := adsim.New(adsim.Config{Domain: "sales.corp.example.com", ForestRoot: "corp.example.com", Seed: strings.NewReader(salesSeed)})
	if err != nil {
		t.Fatal(err)
	}
	if err := adsim.Join(one, two); err != nil {
		t.Fatal(err)
	}
	corp, sales = &domain{Server: one}, &domain{Server: two}
	corp.addr, sales.addr = corp.listen(t, one.Serve), sales.listen(t, two.Serve)
	return corp, sales
}

// bound is a clear connection of somebody.
func (d *domain) bound(t *testing.T, name, password string) *ldap.Conn {
	t.Helper()
	c := d.dial(t)
	if err := c.Bind(name, password); err != nil {
		t.Fatalf("bind as %s: %v", name, err)
	}
	return c
}

func TestForest_partitionsAreTheSameEverywhere(t *testing.T) {
	corp, sales := startForest(t)
	for _, d := range []*domain{corp, sales} {
		c := d.bound(t, `SALES\sam`, "S4lesman!")
		root := read(t, c, "", "configurationNamingContext", "rootDomainNamingContext")
		config := root.GetAttributeValue("configurationNamingContext")
		if config != "CN=Configuration,"+base || root.GetAttributeValue("rootDomainNamingContext") != base {
			t.Errorf("the rootDSE says %v", root.Attributes)
		}
		found, err := c.Search(ldap.NewSearchRequest("CN=Partitions,"+config, ldap.ScopeSingleLevel, ldap.NeverDerefAliases, 0, 0, false,
			"(systemFlags:1.2.840.113556.1.4.803:=3)", []string{"nETBIOSName", "dnsRoot", "nCName"}, nil))
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, e := range found.Entries {
			lines = append(lines, e.GetAttributeValue("nETBIOSName")+" "+e.GetAttributeValue("dnsRoot")+" "+e.GetAttributeValue("nCName"))
		}
		slices.Sort(lines)
		if want := []string{"CORP corp.example.com " + base, "SALES sales.corp.example.com " + salesBase}; !slices.Equal(lines, want) {
			t.Errorf("got %q, want %q", lines, want)
		}
	}
}

func TestForest_refersToEachOther(t *testing.T) {
	corp, sales := startForest(t)
	for _, test := range []struct {
		at           *domain
		dn, refersTo string
	}{
		{corp, "CN=Sam,CN=Users," + salesBase, "ldap://sales.corp.example.com/CN=Sam,CN=Users," + salesBase},
		{corp, salesBase, "ldap://sales.corp.example.com/" + salesBase},
		{sales, aliceDN, "ldap://corp.example.com/" + aliceDN},
		{sales, "CN=X,DC=other,DC=com", "ldap://other.com/CN=X,DC=other,DC=com"},
	} {
		_, err := test.at.bound(t, `CORP\alice`, "Wonder1and!").Search(ldap.NewSearchRequest(test.dn, ldap.ScopeBaseObject, 0, 0, 0, false, "(objectClass=*)", nil, nil))
		wantCode(t, err, ldap.LDAPResultReferral)
		result, _ := err.(*ldap.Error)
		if result == nil || !strings.Contains(string(result.Packet.Bytes()), test.refersTo) {
			t.Errorf("%s: %v does not refer to %s", test.dn, err, test.refersTo)
		}
	}
	found, err := corp.bound(t, `CORP\alice`, "Wonder1and!").Search(ask("(sAMAccountName=sam)"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"ldap://corp.example.com/CN=Configuration," + base, "ldap://sales.corp.example.com/" + salesBase}
	if len(found.Entries) != 0 || !slices.Equal(found.Referrals, want) {
		t.Errorf("%d entries, references %q, want %q", len(found.Entries), found.Referrals, want)
	}
}

func TestForest_trustsAccountsNotTheirDNs(t *testing.T) {
	corp, sales := startForest(t)
	for _, test := range []struct {
		at             *domain
		name, password string
		code           uint16
	}{
		{sales, `CORP\alice`, "Wonder1and!", 0},
		{sales, "alice@corp.example.com", "Wonder1and!", 0},
		{corp, "sam@sales.corp.example.com", "S4lesman!", 0},
		{corp, `SALES\sam`, "S4lesman!", 0},
		{corp, `SALES\sam`, "wrong", ldap.LDAPResultInvalidCredentials},
		{corp, "CN=Sam,CN=Users," + salesBase, "S4lesman!", ldap.LDAPResultInvalidCredentials},
		{sales, aliceDN, "Wonder1and!", ldap.LDAPResultInvalidCredentials},
	} {
		wantCode(t, test.at.dial(t).Bind(test.name, test.password), test.code)
	}
}

func TestForest_whoMayWriteWhere(t *testing.T) {
	corp, sales := startForest(t)
	for _, test := range []struct {
		at                 *domain
		name, password, dn string
		may                bool
	}{
		{corp, `CORP\admin`, "Adm1n!!", aliceDN, true},
		{sales, `CORP\admin`, "Adm1n!!", "CN=Sam,CN=Users," + salesBase, true}, // Enterprise Admins
		{sales, `SALES\boss`, "B0ssy!!!", "CN=Sam,CN=Users," + salesBase, true},
		{corp, `SALES\boss`, "B0ssy!!!", aliceDN, false},
		{sales, `CORP\alice`, "Wonder1and!", "CN=Sam,CN=Users," + salesBase, false},
	} {
		c := test.at.bound(t, test.name, test.password)
		change := ldap.NewModifyRequest(test.dn, nil)
		change.Replace("msIIS-FTPDir", []string{"x"})
		code := uint16(ldap.LDAPResultInsufficientAccessRights)
		if test.may {
			code = 0
		}
		wantCode(t, c.Modify(change), code)
		effective := read(t, c, test.dn, "allowedAttributesEffective").GetAttributeValues("allowedAttributesEffective")
		if slices.Contains(effective, "msIIS-FTPDir") != test.may || slices.Contains(effective, "objectGUID") {
			t.Errorf("%s at %s may write %v", test.name, test.dn, effective)
		}
	}
}

func TestJoin_refuses(t *testing.T) {
	make := func(domain, netbios, root string) *adsim.Server {
		s, err := adsim.New(adsim.Config{Domain: domain, NetBIOS: netbios, ForestRoot: root})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if err := adsim.Join(make("a.example.com", "", ""), make("b.example.com", "", "")); err == nil {
		t.Error("two forests are joined")
	}
	if err := adsim.Join(make("a.example.com", "SAME", ""), make("b.example.com", "SAME", "a.example.com")); err == nil {
		t.Error("two domains of one name are joined")
	}
	if _, err := adsim.New(adsim.Config{Domain: "a.example.com", ForestRoot: "a..b"}); err == nil {
		t.Error("a forest root that is no name is taken")
	}
}

// Groups in groups, and circles of them, are followed in both directions.
func TestFilter_inChain(t *testing.T) {
	group := func(name string, members ...string) string {
		text := "dn: CN=" + name + ",CN=Users," + base + "\nobjectClass: group\n"
		for _, m := range members {
			text += "member: CN=" + m + ",CN=Users," + base + "\n"
		}
		return text + "\n"
	}
	user := func(name string) string { return "dn: CN=" + name + ",CN=Users," + base + "\nobjectClass: user\n\n" }
	d := startSeed(t, seed+"\n"+user("Deep")+user("Flat")+user("Out")+
		group("Outer", "Inner", "Flat")+group("Inner", "Deep", "Circle")+group("Circle", "Outer"))
	c := d.admin(t)
	chain := func(attribute, name string) string {
		return "(" + attribute + ":1.2.840.113556.1.4.1941:=cn=" + name + ", CN=users," + base + ")"
	}
	for filter, want := range map[string][]string{
		chain("memberOf", "outer"):                                {"Circle", "Deep", "Flat", "Inner", "Outer"},
		"(&(objectClass=user)" + chain("memberOf", "inner") + ")": {"Deep", "Flat"},
		chain("member", "deep"):                                   {"Circle", "Inner", "Outer"},
		chain("memberOf", "nobody"):                               nil,
		chain("sAMAccountName", "deep"):                           nil, // no such thing as a name
	} {
		if got := names(t, c, ask(filter, "1.1")); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", filter, got, want)
		}
	}
}
