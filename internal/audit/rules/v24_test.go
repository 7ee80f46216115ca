package rules_test

import (
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

func TestV24(t *testing.T) {
	try(t, "V24",
		example{name: "contact", account: user("al", func(a *ldapattr.Account) { a.Classes = []string{"top", "person", "contact"} }), want: "is no user"},
		example{name: "deleted", account: user("al", func(a *ldapattr.Account) { a.DN = `CN=al\0ADEL:1,CN=Deleted Objects,DC=corp` }), want: "is no user"},
		example{name: "deleted ones are not read", account: user("al"), want: "not checked: there is no directory to ask"},
		example{name: "unread", account: user("al", hidden), want: "not checked: "},
	)
}

func TestV24_passesUsers(t *testing.T) {
	result, _ := judge(t, "V24", audit.Settings{}, user("al"), user("bob", home("", "")))
	if result.Passed != 1 || result.Found != 0 {
		t.Errorf("got %+v", result)
	}
}

// What was deleted keeps its values where the Recycle Bin is on; those who may not see
// it know nothing.
func TestV24_deleted(t *testing.T) {
	const plain = "\ndn: CN=bob,CN=Users,DC=corp,DC=example,DC=com\nobjectClass: user\nsAMAccountName: bob\nuserPassword: Adm1n!!!\n"
	server, err := adsim.New(adsim.Config{Domain: "corp.example.com", NetBIOS: "CORP", Seed: strings.NewReader(domain + plain)})
	if err != nil {
		t.Fatal(err)
	}
	url := serving(t, server)
	p := opened(t, ldapattr.Config{Servers: []string{url}})
	if result, findings := ask(t, "V24", p, audit.Settings{}); len(findings) != 0 || result.Passed != 2 || result.NotChecked != 0 {
		t.Errorf("before: got %+v, %+v", result, findings)
	}
	remove(t, url, "CN=al,OU=Staff,DC=corp,DC=example,DC=com", "CN=desk,CN=Users,DC=corp,DC=example,DC=com")
	result, findings := ask(t, "V24", p, audit.Settings{})
	if len(findings) != 1 || findings[0].Login != "al" || findings[0].Message != "the object was deleted, and would come back with its values" || !strings.Contains(findings[0].DN, `\0ADEL:`) {
		t.Errorf("got %+v, %+v", result, findings)
	}
	if result, _ := ask(t, "V24", p, audit.Settings{Narrowed: true}); result.NotChecked != 1 {
		t.Errorf("within a scope: got %+v", result)
	}
	forest, err := ldapattr.OpenForest(t.Context(), ldapattr.Config{Servers: []string{url}, AllowPlaintext: true, Bind: ldapattr.Bind{User: `CORP\bob`, Password: secret.New("Adm1n!!!")}})
	if err != nil {
		t.Fatal(err)
	}
	defer forest.Close()
	if result, findings := ask(t, "V24", &ldapattr.Permissions{Forest: forest}, audit.Settings{}); len(findings) != 0 || result.NotChecked != 1 || !strings.HasPrefix(result.Reasons[0].Text, "deleted objects cannot be read: ") {
		t.Errorf("as a plain user: got %+v, %+v", result, findings)
	}
}

// remove deletes entries as the administrator.
func remove(t *testing.T, url string, dns ...string) {
	t.Helper()
	conn, err := ldap.DialURL(url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	err = conn.Bind(`CORP\ada`, "Adm1n!!!")
	for _, dn := range dns {
		if err == nil {
			err = conn.Del(ldap.NewDelRequest(dn, nil))
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}
