package adsim_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
)

const (
	visible     = ldap.DirSyncObjectSecurity
	incremental = ldap.DirSyncIncrementalValues
)

// follower asks for changes, one answer after the other.
type follower struct {
	t      *testing.T
	c      *ldap.Conn
	flags  int64
	octets int64
	cookie []byte
	more   bool
}

// one asks once; the key of an entry is its DN and the names of what has changed.
func (f *follower) one(request *ldap.SearchRequest) ([]string, error) {
	f.t.Helper()
	request.Controls = []ldap.Control{ldap.NewRequestControlDirSync(f.flags, f.octets, f.cookie)}
	found, err := f.c.Search(request)
	if err != nil {
		return nil, err
	}
	answer, ok := ldap.FindControl(found.Controls, ldap.ControlTypeDirSync).(*ldap.ControlDirSync)
	if !ok {
		f.t.Fatal("the answer has no control")
	}
	f.cookie, f.more = answer.Cookie, answer.Flags != 0
	var told []string
	for _, entry := range found.Entries {
		leaf, _, _ := strings.Cut(entry.DN, ",")
		text := leaf + ":"
		for _, a := range entry.Attributes {
			text += " " + a.Name
			if strings.HasPrefix(a.Name, "member") || a.Name == "msIIS-FTPDir" {
				text += "=" + strings.Join(a.Values, "|")
			}
		}
		told = append(told, strings.TrimSuffix(text, " objectGUID"))
	}
	return told, nil
}

// all asks until there is no more.
func (f *follower) all(filter string, attributes ...string) []string {
	f.t.Helper()
	var told []string
	for {
		some, err := f.one(ask(filter, attributes...))
		if err != nil {
			f.t.Fatal(err)
		}
		if told = append(told, some...); !f.more {
			return told
		}
	}
}

func rewrite(t *testing.T, c *ldap.Conn, dn, attribute string, values ...string) {
	t.Helper()
	request := ldap.NewModifyRequest(dn, nil)
	request.Replace(attribute, values)
	if err := c.Modify(request); err != nil {
		t.Fatal(err)
	}
}

const followed = "(|(objectClass=user)(objectClass=group)(objectClass=organizationalUnit))"

func watched() []string {
	return []string{"sAMAccountName", "msIIS-FTPDir", "member", "name", "isDeleted"}
}

func TestDirSync_tellsWhatHasChanged(t *testing.T) {
	d := startSeed(t, seed)
	admin := d.admin(t)
	f := &follower{t: t, c: d.as(t, bobDN, "Bui1der!!"), flags: visible | incremental}
	if got := f.all(followed, watched()...); !slices.Contains(got, "CN=Alice: sAMAccountName msIIS-FTPDir=alice name") {
		t.Errorf("the first time: got %q", got)
	}
	group := "CN=Domain Users,CN=Users," + base
	steps := []struct {
		name string
		do   func()
		want []string
	}{
		{"nothing", func() {}, nil},
		{"a value", func() { rewrite(t, admin, aliceDN, "msIIS-FTPDir", "new") }, []string{"CN=Alice: msIIS-FTPDir=new"}},
		{"a value goes", func() { rewrite(t, admin, aliceDN, "msIIS-FTPDir") }, []string{"CN=Alice: msIIS-FTPDir="}},
		{"a value that nobody asked for", func() { rewrite(t, admin, aliceDN, "title", "Dr.") }, nil},
		{"members", func() { rewrite(t, admin, group, "member", aliceDN, bobDN) }, []string{"CN=Domain Users: member;range=1-1=" + aliceDN + "|" + bobDN}},
		{"a member goes", func() { rewrite(t, admin, group, "member", bobDN) }, []string{"CN=Domain Users: member;range=0-0=" + aliceDN}},
		{"a rename", func() {
			if err := admin.ModifyDN(ldap.NewModifyDNRequest("OU=Staff,"+base, "OU=People", true, "")); err != nil {
				t.Fatal(err)
			}
		}, []string{"OU=People: name"}},
		{"a new entry", func() {
			request := ldap.NewAddRequest("CN=Eve,CN=Users,"+base, nil)
			request.Attribute("objectClass", []string{"user"})
			request.Attribute("sAMAccountName", []string{"eve"})
			if err := admin.Add(request); err != nil {
				t.Fatal(err)
			}
		}, []string{"CN=Eve: sAMAccountName name"}},
		{"a deletion", func() {
			if err := admin.Del(ldap.NewDelRequest("CN=Eve,CN=Users,"+base, nil)); err != nil {
				t.Fatal(err)
			}
		}, []string{": isDeleted"}},
	}
	for _, step := range steps {
		step.do()
		if got := f.all(followed, watched()...); !slices.Equal(got, step.want) {
			t.Errorf("%s: got %q, want %q", step.name, got, step.want)
		}
	}
	f.c, f.flags = admin, 0
	rewrite(t, admin, group, "member", bobDN, adminDN)
	if got, want := f.all(followed, watched()...), []string{"CN=Domain Users: member=" + bobDN + "|" + adminDN}; !slices.Equal(got, want) {
		t.Errorf("members as a whole: got %q, want %q", got, want)
	}
}

func TestDirSync_administratorsSeeWhoWasDeleted(t *testing.T) {
	d := startSeed(t, seed)
	admin := d.admin(t)
	f := &follower{t: t, c: admin}
	f.all("(cn=nobody)", watched()...)
	if err := admin.Del(ldap.NewDelRequest(bobDN, nil)); err != nil {
		t.Fatal(err)
	}
	got := f.all("(objectClass=user)", watched()...)
	if len(got) != 1 || !strings.HasPrefix(got[0], `CN=Bob\0ADEL:`) || !strings.Contains(got[0], "isDeleted") {
		t.Errorf("got %q, want the tombstone", got)
	}
}

func TestDirSync_goesOnWhereAnAnswerEnds(t *testing.T) {
	d := startSeed(t, crowd(1300))
	f := &follower{t: t, c: d.admin(t), octets: 2000}
	told := map[string]bool{}
	answers := 0
	for f.more = true; f.more; answers++ {
		some, err := f.one(ask("(cn=p0*)", "sAMAccountName"))
		if err != nil {
			t.Fatal(err)
		}
		if len(some) > 100 {
			t.Fatalf("got %d entries in 2,000 octets", len(some))
		}
		for _, text := range some {
			if told[text] {
				t.Errorf("%q comes again", text)
			}
			told[text] = true
		}
	}
	if len(told) != 1300 || answers < 13 {
		t.Errorf("got %d entries in %d answers: %q", len(told), answers, slices.Sorted(maps.Keys(told))[:3])
	}
}

func TestDirSync_refuses(t *testing.T) {
	d, other := startSeed(t, seed), startSeed(t, seed)
	bob := d.as(t, bobDN, "Bui1der!!")
	f := &follower{t: t, c: bob, flags: visible}
	f.all("(cn=nobody)")
	foreign := &follower{t: t, c: other.admin(t)}
	foreign.all("(cn=nobody)")
	below := ask("(cn=*)")
	below.BaseDN = "OU=Staff," + base
	spoilt := slices.Clone(f.cookie)
	spoilt[2] ^= 1
	for _, tt := range []struct {
		name    string
		flags   int64
		cookie  []byte
		request *ldap.SearchRequest
		want    uint16
	}{
		{"all is well", visible, f.cookie, ask("(cn=*)"), 0},
		{"without the right to replicate", 0, nil, ask("(cn=*)"), ldap.LDAPResultInsufficientAccessRights},
		{"part of a domain", visible, nil, below, ldap.LDAPResultUnwillingToPerform},
		{"part of a domain, with all rights", 0, nil, below, ldap.LDAPResultInsufficientAccessRights},
		{"another server's cookie", visible, foreign.cookie, ask("(cn=*)"), ldap.LDAPResultUnavailableCriticalExtension},
		{"a cookie with another bit", visible, spoilt, ask("(cn=*)"), ldap.LDAPResultUnavailableCriticalExtension},
		{"a short cookie", visible, f.cookie[:7], ask("(cn=*)"), ldap.LDAPResultUnavailableCriticalExtension},
		{"a long cookie", visible, make([]byte, 5000), ask("(cn=*)"), ldap.LDAPResultUnavailableCriticalExtension},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := (&follower{t: t, c: bob, flags: tt.flags, cookie: tt.cookie}).one(tt.request)
			wantCode(t, err, tt.want)
		})
	}
}

// A server keeps so many deletions; who has missed older ones is told so.
func TestDirSync_forgetsOldDeletions(t *testing.T) {
	d := start(t, adsim.Config{Seed: strings.NewReader(crowd(2001))})
	admin := d.admin(t)
	f := &follower{t: t, c: admin, flags: visible}
	f.all("(cn=nobody)")
	request := ldap.NewDelRequest("OU=Crowd,"+base, []ldap.Control{ldap.NewControlSubtreeDelete()})
	if err := admin.Del(request); err != nil {
		t.Fatal(err)
	}
	_, err := f.one(ask("(cn=nobody)"))
	wantCode(t, err, ldap.LDAPResultUnwillingToPerform)
	f.cookie = nil
	f.all("(cn=nobody)")
	rewrite(t, admin, aliceDN, "msIIS-FTPDir", "x")
	if got := fmt.Sprint(f.all("(cn=Alice)", "msIIS-FTPDir")); got != "[CN=Alice: msIIS-FTPDir=x]" {
		t.Errorf("afterwards: got %s", got)
	}
}
