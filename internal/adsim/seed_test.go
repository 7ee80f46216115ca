package adsim_test

import (
	"encoding/base64"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
)

func TestSeed_forms(t *testing.T) {
	c := startSeed(t, seed+strings.ReplaceAll(`
# A comment
#  that goes on
 in a folded line

version: 1
dn:: `+base64.StdEncoding.EncodeToString([]byte("CN=Zoë,OU=Staff,"+base))+`
changetype: add
objectClass: top
objectClass: user
SAMACCOUNTNAME: zoe
description:   leading blanks go, trailing ones stay  
info: a long line
  that is fol
 ded
comment:: `+base64.StdEncoding.EncodeToString([]byte(" blank \nand line\x00"))+`
msIIS-FTPRoot:\\fs01\ftp$
# in the middle
msIIS-FTPDir: zoe


dn: CN=Last,OU=Staff,DC=corp,DC=example,DC=com
objectClass: contact`, "\n", "\r\n")).admin(t)
	e := read(t, c, "CN=Zoë,OU=Staff,"+base)
	for name, want := range map[string]string{
		"sAMAccountName": "zoe", "description": "leading blanks go, trailing ones stay  ", "info": "a long line that is folded",
		"comment": " blank \nand line\x00", "msIIS-FTPRoot": `\\fs01\ftp$`, "msIIS-FTPDir": "zoe", "cn": "Zoë",
	} {
		if got := e.GetAttributeValue(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if got := read(t, c, "CN=Last,OU=Staff,"+base).GetAttributeValue("cn"); got != "Last" {
		t.Errorf("got %q, want the entry without a line end", got)
	}
}

// The author of a seed learns the line and the reason.
func TestSeed_errors(t *testing.T) {
	entry := "dn: CN=x," + base + "\nobjectClass: user\n"
	tests := []struct{ name, ldif, want string }{
		{"no dn", "objectClass: user\n", `line 1: "objectClass" where a record must begin with dn`},
		{"no colon", entry + "nonsense\n", "line 3: neither"},
		{"strange name", entry + "a b: c\n", "line 3: neither"},
		{"two dns", entry + "dn: CN=y\n", "line 3: a second dn"},
		{"not base64", entry + "info:: ***\n", "line 3: info is not base64"},
		{"by URL", entry + "info:< file:///etc/passwd\n", "line 3: info by URL is not supported"},
		{"not text", entry + "info: \xff\n", "line 3: info is not UTF-8"},
		{"change record", "dn: CN=x\nchangetype: modify\n", "line 2: changetype is not content"},
		{"other version", "version: 2\n\n" + entry, `line 1: LDIF version "2"`},
		{"continuation of nothing", " x\n", "line 1: a continuation of nothing"},
		{"bad name", "\n\ndn: x\nobjectClass: user\n", `line 3: "x" is not a distinguished name`},
		{"empty name", "dn:\nobjectClass: user\n", "line 1:"},
		{"no parent", "dn: CN=x,OU=None," + base + "\nobjectClass: user\n", `line 1: entry "CN=x,OU=None,DC=corp,DC=example,DC=com": its parent "OU=None`},
		{"other domain", "dn: CN=x,DC=example,DC=org\nobjectClass: user\n", `its parent "DC=example,DC=org" is not there`},
		{"twice", entry + "\n" + entry, "line 4: entry"},
		{"account name twice", entry + "sAMAccountName: a\n\ndn: CN=y," + base + "\nobjectClass: user\nsAMAccountName: A\n", "line 5: entry"},
		{"SID twice", entry + "objectSid: S-1-5-21-1-2-3-4\n\ndn: CN=y," + base + "\nobjectClass: user\nobjectSid: S-1-5-21-1-2-3-4\n", "objectSid"},
		{"unknown attribute", entry + "nosuch: 1\n", `attribute "nosuch" is not in the schema`},
		{"computed attribute", entry + "tokenGroups: x\n", `attribute "tokenGroups" cannot be set`},
		{"two values", entry + "mail: a\nMAIL: b\n", `attribute "mail" has a second value`},
		{"bad number", entry + "userAccountControl: x\n", `attribute "userAccountControl" has a value of the wrong form`},
		{"bad SID", entry + "objectSid: S-1-x\n", `attribute "objectSid" has a value of the wrong form`},
		{"bad time", entry + "whenCreated: yesterday\n", `attribute "whenCreated" has a value of the wrong form`},
		{"no class", "dn: CN=x," + base + "\ncn: x\n", "no objectClass"},
		{"unknown class", "dn: CN=x," + base + "\nobjectClass: printer\n", "class 'printer'"},
		{"home on a group", "dn: CN=x," + base + "\nobjectClass: group\nmsIIS-FTPDir: x\n", "msIIS-FTPDir"},
		{"password on a group", "dn: CN=x," + base + "\nobjectClass: group\nuserPassword: x\n", "userPassword"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := adsim.New(adsim.Config{Domain: "corp.example.com", Seed: strings.NewReader(test.ldif)})
			wantText(t, err, test.want)
			if err != nil && (strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "seed: line ")) {
				t.Errorf("got %q, want one line with a line number", err)
			}
		})
	}
}

// A seed may hold homes that another tool wrote and we would refuse.
func TestSeed_hostileHomes(t *testing.T) {
	c := startSeed(t, seed+"\ndn: CN=x,"+base+"\nobjectClass: user\nmsIIS-FTPDir: ..\\bob\n").admin(t)
	if got := read(t, c, "CN=x,"+base).GetAttributeValue("msIIS-FTPDir"); got != `..\bob` {
		t.Errorf("got %q", got)
	}
}

// A child writes the names of those above it in its own way; answers print them
// in theirs, and a rename takes along whatever is below.
func TestSeed_parentsDecideHowTheyAreWritten(t *testing.T) {
	c := startSeed(t, seed+`
dn: OU=Big  Staff,DC=corp,DC=example,DC=com
objectClass: organizationalUnit

dn: OU=A\, B,ou=big staff,dc=CORP,dc=example,dc=com
objectClass: organizationalUnit

dn: CN=Zoe\, Jr,OU=a\2c  b,OU=BIG STAFF,DC=corp,DC=example,DC=com
objectClass: user

dn: ou=domain  controllers,DC=corp,DC=example,DC=com
objectClass: organizationalUnit
description: ours
`).admin(t)
	unit := "OU=Big  Staff," + base
	zoe := `CN=Zoe\, Jr,OU=A\, B,`
	for asked, want := range map[string]string{
		"cn=zoe\\, jr,ou=a\\, b,ou=big staff," + base: zoe + unit,
		"CN=DC1,OU=Domain Controllers," + base:        "CN=DC1,OU=Domain Controllers," + base,
		"OU=Domain Controllers," + base:               "OU=Domain Controllers," + base,
	} {
		e := read(t, c, asked)
		if e.DN != want || e.GetAttributeValue("distinguishedName") != want {
			t.Errorf("%s is called %q and %q, want %q", asked, e.DN, e.GetAttributeValue("distinguishedName"), want)
		}
	}
	if got := read(t, c, "OU=Domain Controllers,"+base).GetAttributeValue("description"); got != "ours" {
		t.Errorf("got the description %q of a builtin unit, want that of the seed", got)
	}
	for _, name := range []string{"OU=X", "OU=A very much longer name than the one before", `OU=Comma\, Inc`} {
		wantCode(t, c.ModifyDN(ldap.NewModifyDNRequest(unit, name, true, "")), 0)
		unit = name + "," + base
		if got := read(t, c, zoe+unit).DN; got != zoe+unit {
			t.Errorf("after a rename: got %q, want %q", got, zoe+unit)
		}
	}
	wantCode(t, c.ModifyDN(ldap.NewModifyDNRequest(`OU=A\, B,`+unit, "OU=A", true, "OU=Staff,"+base)), 0)
	if got, want := read(t, c, `CN=Zoe\, Jr,OU=A,OU=Staff,`+base).DN, `CN=Zoe\, Jr,OU=A,OU=Staff,`+base; got != want {
		t.Errorf("after a move: got %q, want %q", got, want)
	}
}

// What the seed says of a builtin entry replaces what it names, once.
func TestSeed_builtinEntries(t *testing.T) {
	changed := "dn: " + base + "\nobjectClass: domainDNS\nmaxPwdAge: 0\n\ndn: CN=Users," + base + "\nobjectClass: container\ndescription: mine\n"
	c := startSeed(t, changed+seed).admin(t)
	head := read(t, c, base)
	if head.GetAttributeValue("maxPwdAge") != "0" || head.GetAttributeValue("minPwdLength") != "7" || !has(head, "objectSid") {
		t.Errorf("got %v, want the new maxPwdAge and the old rest", head.Attributes)
	}
	if got := read(t, c, "CN=Users,"+base).GetAttributeValues("description"); len(got) != 1 || got[0] != "mine" {
		t.Errorf("got %q, want mine", got)
	}
	_, err := adsim.New(adsim.Config{Domain: "corp.example.com", Seed: strings.NewReader(changed + "\n" + changed)})
	wantText(t, err, "stands in the seed twice")
}

func TestSeed_readerFails(t *testing.T) {
	broken := errors.New("disk on fire")
	_, err := adsim.New(adsim.Config{Domain: "corp.example.com", Seed: io.MultiReader(strings.NewReader("# x\n"), iotest.ErrReader(broken))})
	if !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
	endless := io.MultiReader(strings.NewReader("dn: "), strings.NewReader(strings.Repeat("x", 2<<20)))
	_, err = adsim.New(adsim.Config{Domain: "corp.example.com", Seed: endless})
	wantText(t, err, "line 1: longer than")
	folded := "dn: x\n" + strings.Repeat(" "+strings.Repeat("x", 1000)+"\n", 2000)
	_, err = adsim.New(adsim.Config{Domain: "corp.example.com", Seed: strings.NewReader(folded)})
	wantText(t, err, "line 1: longer than")
}
