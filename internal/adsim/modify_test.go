package adsim_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/go-ldap/ldap/v3"
)

// step is one change of a modify request.
type step struct {
	kind      uint // ldap.AddAttribute, …
	attribute string
	values    []string
}

func add(attribute string, values ...string) step { return step{ldap.AddAttribute, attribute, values} }
func remove(attribute string, values ...string) step {
	return step{ldap.DeleteAttribute, attribute, values}
}
func replace(attribute string, values ...string) step {
	return step{ldap.ReplaceAttribute, attribute, values}
}

func modify(dn string, steps ...step) *ldap.ModifyRequest {
	request := ldap.NewModifyRequest(dn, nil)
	for _, s := range steps {
		request.Changes = append(request.Changes, ldap.Change{
			Operation: s.kind, Modification: ldap.PartialAttribute{Type: s.attribute, Vals: s.values},
		})
	}
	return request
}

// The two attributes take what AD takes, and refuse with its codes.
func TestModify_homeAttributes(t *testing.T) {
	const dir = "msIIS-FTPDir"
	long := strings.Repeat("x", 256)
	tests := []struct {
		name  string
		dn    string // Alice has "alice", Bob has none
		steps []step
		code  uint16
		want  string // of msIIS-FTPDir afterwards
	}{
		{"swap", aliceDN, []step{remove(dir, "alice"), add(dir, "new")}, 0, "new"},
		{"swap in another case", aliceDN, []step{remove(dir, "ALICE"), add(dir, "new")}, 0, "new"},
		{"swap of a stale value", aliceDN, []step{remove(dir, "stale"), add(dir, "new")}, 16, "alice"},
		{"add where none is", bobDN, []step{add(dir, "bob")}, 0, "bob"},
		{"add where one is", aliceDN, []step{add(dir, "second")}, 20, "alice"},
		{"add the same again", aliceDN, []step{add(dir, "alice")}, 20, "alice"},
		{"add two", bobDN, []step{add(dir, "a", "b")}, 20, ""},
		{"replace", aliceDN, []step{replace(dir, "new")}, 0, "new"},
		{"replace by two", aliceDN, []step{replace(dir, "a", "b")}, 20, "alice"},
		{"clear", aliceDN, []step{replace(dir)}, 0, ""},
		{"clear where none is", bobDN, []step{replace(dir)}, 0, ""},
		{"delete", aliceDN, []step{remove(dir)}, 0, ""},
		{"delete where none is", bobDN, []step{remove(dir)}, 16, ""},
		{"delete a value where none is", bobDN, []step{remove(dir, "x")}, 16, ""},
		{"empty value", bobDN, []step{replace(dir, "")}, 21, ""},
		{"256 characters", bobDN, []step{replace(dir, long)}, 0, long},
		{"257 characters", bobDN, []step{replace(dir, long+"x")}, 21, ""},
		{"129 characters of two UTF-16 units", bobDN, []step{replace(dir, strings.Repeat("𝄞", 129))}, 21, ""},
		{"not UTF-8", bobDN, []step{replace(dir, "\xff")}, 21, ""},
		{"all or nothing", aliceDN, []step{replace(dir, "new"), add("nosuch", "x")}, 16, "alice"},
		{"other case of the name", aliceDN, []step{replace("MSIIS-ftpdir", "new")}, 0, "new"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := startSeed(t, seed).admin(t)
			wantCode(t, c.Modify(modify(test.dn, test.steps...)), test.code)
			if got := read(t, c, test.dn, dir).GetAttributeValue(dir); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestModify_refusals(t *testing.T) {
	c := startSeed(t, seed).admin(t)
	group, ou := "CN=Domain Admins,CN=Users,"+base, "OU=Staff,"+base
	tests := []struct {
		name, dn string
		step     step
		code     uint16
		text     string
	}{
		{"on a group", group, replace("msIIS-FTPRoot", `\\fs01\ftp$`), ldap.LDAPResultObjectClassViolation, "msIIS-FTPRoot"},
		{"on an organizational unit", ou, add("msIIS-FTPDir", "x"), ldap.LDAPResultObjectClassViolation, "msIIS-FTPDir"},
		{"unknown attribute", aliceDN, add("noSuchAttribute", "x"), ldap.LDAPResultNoSuchAttribute, "00000057: "},
		{"system attribute", aliceDN, replace("objectSid", "x"), ldap.LDAPResultConstraintViolation, "objectSid"},
		{"back link", aliceDN, add("memberOf", group), ldap.LDAPResultConstraintViolation, "memberOf"},
		{"constructed attribute", aliceDN, replace("tokenGroups", "x"), ldap.LDAPResultConstraintViolation, "tokenGroups"},
		{"the name", aliceDN, replace("cn", "Alicia"), ldap.LDAPResultNotAllowedOnRDN, "00002016: "},
		{"object class", aliceDN, add("objectClass", "computer"), ldap.LDAPResultUnwillingToPerform, "objectClass"},
		{"number that is none", aliceDN, replace("userAccountControl", "x"), ldap.LDAPResultInvalidAttributeSyntax, "userAccountControl"},
		{"name that is none", aliceDN, replace("manager", "x"), ldap.LDAPResultInvalidAttributeSyntax, "manager"},
		{"value too long", aliceDN, replace("msIIS-FTPRoot", strings.Repeat("x", 257)), ldap.LDAPResultInvalidAttributeSyntax,
			"00002082: AtrErr: DSID-"},
		{"add without a value", aliceDN, add("description"), ldap.LDAPResultConstraintViolation, "description"},
		{"account name of another", aliceDN, replace("sAMAccountName", "BOB"), ldap.LDAPResultEntryAlreadyExists, "sAMAccountName"},
		{"no account name", aliceDN, replace("sAMAccountName"), ldap.LDAPResultObjectClassViolation, "sAMAccountName"},
		{"no such entry", "CN=Nobody," + base, replace("description", "x"), ldap.LDAPResultNoSuchObject, "0000208D: NameErr: "},
		{"no name", "nobody", replace("description", "x"), ldap.LDAPResultInvalidDNSyntax, "00002032: "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := c.Modify(modify(test.dn, test.step))
			wantCode(t, err, test.code)
			wantText(t, err, test.text)
		})
	}
}

func TestModify_rights(t *testing.T) {
	d := startSeed(t, seed+`
dn: CN=Helpers,OU=Staff,DC=corp,DC=example,DC=com
objectClass: group
memberOf: CN=Domain Admins,CN=Users,DC=corp,DC=example,DC=com

dn: CN=Nested,OU=Staff,DC=corp,DC=example,DC=com
objectClass: user
userPassword: N3sted!!
memberOf: CN=Helpers,OU=Staff,DC=corp,DC=example,DC=com

dn: CN=Impostor,OU=Staff,DC=corp,DC=example,DC=com
objectClass: user
userPassword: Imp0stor
memberOf: CN=Domain Admins,OU=Staff,DC=corp,DC=example,DC=com

dn: CN=Enterprise Admins,CN=Users,DC=corp,DC=example,DC=com
objectClass: group
member: CN=Root,OU=Staff,DC=corp,DC=example,DC=com

dn: CN=Root,OU=Staff,DC=corp,DC=example,DC=com
objectClass: user
userPassword: R00t!!!!
`)
	tests := []struct {
		name, dn, password string
		code               uint16
	}{
		{"administrator", adminDN, "Adm1n!!", 0},
		{"member of a member group", "CN=Nested,OU=Staff," + base, "N3sted!!", 0},
		{"member by the group's list", "CN=Root,OU=Staff," + base, "R00t!!!!", 0},
		{"user on another", bobDN, "Bui1der!!", ldap.LDAPResultInsufficientAccessRights},
		{"user on itself", aliceDN, "Wonder1and!", ldap.LDAPResultInsufficientAccessRights},
		{"group of that name elsewhere", "CN=Impostor,OU=Staff," + base, "Imp0stor", ldap.LDAPResultInsufficientAccessRights},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := d.as(t, test.dn, test.password)
			wantCode(t, c.Modify(modify(aliceDN, replace("description", test.name))), test.code)
			add := ldap.NewAddRequest("CN=New "+test.name+","+base, nil)
			add.Attribute("objectClass", []string{"container"})
			wantCode(t, c.Add(add), test.code)
			wantCode(t, c.Del(ldap.NewDelRequest("CN=New "+test.name+","+base, nil)), map[bool]uint16{true: 0, false: ldap.LDAPResultNoSuchObject}[test.code == 0])
			wantCode(t, c.ModifyDN(ldap.NewModifyDNRequest(bobDN, "CN=Bob", true, "")), test.code)
		})
	}
}

func TestModify_permissive(t *testing.T) {
	c := startSeed(t, seed).admin(t)
	permissive := []ldap.Control{ldap.NewControlString(ldap.ControlTypeMicrosoftPermissiveModify, true, "")}
	tests := []struct {
		name string
		step []step
		code uint16
	}{
		{"add what is there", []step{add("msIIS-FTPDir", "alice")}, 0},
		{"delete what is not there", []step{remove("mail")}, 0},
		{"delete a value that is not there", []step{remove("msIIS-FTPDir", "x")}, 0},
		{"swap of a stale value", []step{remove("msIIS-FTPDir", "stale"), add("msIIS-FTPDir", "new")}, 20},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			request := modify(aliceDN, test.step...)
			request.Controls = permissive
			wantCode(t, c.Modify(request), test.code)
			if got := read(t, c, aliceDN).GetAttributeValue("msIIS-FTPDir"); got != "alice" {
				t.Errorf("got %q, want alice", got)
			}
		})
	}
}

func TestModify_multiValued(t *testing.T) {
	c := startSeed(t, seed).admin(t)
	wantCode(t, c.Modify(modify(bobDN, add("description", "one", "two"))), 0)
	wantCode(t, c.Modify(modify(bobDN, add("description", "three"), remove("description", "ONE"))), 0)
	got := read(t, c, bobDN).GetAttributeValues("description")
	if slices.Sort(got); !slices.Equal(got, []string{"three", "two"}) {
		t.Errorf("got %q, want three and two", got)
	}
	wantCode(t, c.Modify(modify(bobDN, replace("description", "x", "X"))), ldap.LDAPResultAttributeOrValueExists)
}

func TestControls_unknownCritical(t *testing.T) {
	c := startSeed(t, seed).admin(t)
	request := modify(aliceDN, replace("description", "x"))
	request.Controls = []ldap.Control{ldap.NewControlString("1.2.3.4", true, "")}
	wantCode(t, c.Modify(request), ldap.LDAPResultUnavailableCriticalExtension)
	if got := read(t, c, aliceDN).GetAttributeValue("description"); got != "" {
		t.Errorf("got %q, want no change", got)
	}
	request.Controls = []ldap.Control{ldap.NewControlString("1.2.3.4", false, ""), ldap.NewControlMicrosoftSDFlags()}
	wantCode(t, c.Modify(request), 0)
}

// Of many who swap the same value at a time exactly one wins, round after round.
func TestModify_swapIsAtomic(t *testing.T) {
	d := startSeed(t, seed)
	const writers, rounds = 4, 25
	connections := make([]*ldap.Conn, writers)
	for i := range connections {
		connections[i] = d.admin(t)
	}
	current := "alice"
	for round := range rounds {
		var won atomic.Int32
		var winner atomic.Value
		var all sync.WaitGroup
		for i, c := range connections {
			all.Go(func() {
				next := fmt.Sprintf("r%d-w%d", round, i)
				if err := c.Modify(modify(aliceDN, remove("msIIS-FTPDir", current), add("msIIS-FTPDir", next))); err == nil {
					won.Add(1)
					winner.Store(next)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 {
			t.Fatalf("round %d: got %d winners, want 1", round, won.Load())
		}
		current = winner.Load().(string)
		if got := read(t, connections[0], aliceDN).GetAttributeValue("msIIS-FTPDir"); got != current {
			t.Fatalf("round %d: got %q, want %q", round, got, current)
		}
	}
}
