package ldapattr_test

import (
	"slices"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

const accountsSeed = seed + `
dn: CN=Editors,OU=Other,DC=corp,DC=example,DC=com
objectClass: group
sAMAccountName: editors
member: CN=Full,OU=Other,DC=corp,DC=example,DC=com

dn: CN=Full,OU=Other,DC=corp,DC=example,DC=com
objectClass: inetOrgPerson
sAMAccountName: full
userAccountControl: 262688
pwdLastSet: 0
adminCount: 1
lastLogonTimestamp: 133485408000000000
userWorkstations: WS1,WS2
logonHours:: AAAAAAAAAAAAAAAAAAAAAAAAAAAA

dn: CN=box,OU=Other,DC=corp,DC=example,DC=com
objectClass: computer
sAMAccountName: box$
msIIS-FTPDir: box

dn: CN=bare,OU=Other,DC=corp,DC=example,DC=com
objectClass: computer
sAMAccountName: bare$

`

func accounts(t *testing.T, scope ldapattr.Scope) map[string]ldapattr.Account {
	t.Helper()
	forest, err := ldapattr.OpenForest(t.Context(), newSim(t, "corp.example.com", accountsSeed).asAdmin())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = forest.Close() })
	found := map[string]ldapattr.Account{}
	p := ldapattr.Permissions{Forest: forest}
	for a, err := range p.Accounts(t.Context(), scope) {
		if err != nil {
			t.Fatal(err)
		}
		found[a.SAMAccountName] = a
	}
	return found
}

func TestAccounts_readsWhatTellsWhoMayLogOn(t *testing.T) {
	full := accounts(t, ldapattr.Scope{})["full"]
	if full.AdminCount != 1 || full.Flags != 262688 || full.Workstations != "WS1,WS2" || len(full.LogonHours) != 21 || !full.Account.MustChange {
		t.Errorf("got %+v", full)
	}
	if want := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC); !full.LastLogon.Equal(want) {
		t.Errorf("last logon: got %v, want %v", full.LastLogon, want)
	}
	if got := full.Groups; !slices.Equal(got, []string{"CN=Editors,OU=Other," + baseDN}) || full.MoreGroups {
		t.Errorf("groups: got %q", got)
	}
	if !slices.Contains(full.Classes, "inetOrgPerson") || time.Since(full.Created) > time.Hour || !full.PasswordSet.IsZero() {
		t.Errorf("got classes %v, created %v, password set %v", full.Classes, full.Created, full.PasswordSet)
	}
}

func TestAccounts_tellsWhenPasswordsExpire(t *testing.T) {
	all := accounts(t, ldapattr.Scope{})
	alice := all["alice"]
	if age := alice.PasswordExpires.Sub(alice.PasswordSet); !alice.PasswordExpires.IsZero() && age < 24*time.Hour {
		t.Errorf("alice's password lasts %v", age)
	}
	if !all["full"].PasswordExpires.IsZero() {
		t.Errorf("a password that is to be changed expires %v", all["full"].PasswordExpires)
	}
}

// What is no user comes only where nobody has said which users are meant, and only
// with one of the attributes.
func TestAccounts_stragglers(t *testing.T) {
	for _, tt := range []struct {
		name  string
		scope ldapattr.Scope
		want  bool
	}{
		{"everything", ldapattr.Scope{}, true},
		{"their OU", ldapattr.Scope{OU: "OU=Other," + baseDN}, true},
		{"another OU", ldapattr.Scope{OU: "OU=Staff," + baseDN}, false},
		{"a filter", ldapattr.Scope{Filter: "(cn=*)"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			all := accounts(t, tt.scope)
			if _, got := all["box$"]; got != tt.want {
				t.Errorf("box: got %v, want %v", got, tt.want)
			}
			if _, got := all["bare$"]; got {
				t.Error("a computer without an attribute is an account")
			}
		})
	}
}

func TestAccounts_ofNoDomainIsAnError(t *testing.T) {
	forest, err := ldapattr.OpenForest(t.Context(), newCorp(t).asAdmin())
	if err != nil {
		t.Fatal(err)
	}
	defer forest.Close()
	p := ldapattr.Permissions{Forest: forest}
	for _, scope := range []ldapattr.Scope{{OU: "nonsense"}, {Filter: "("}, {Group: accountName(t, `NOWHERE\x`)}} {
		n := 0
		for _, err := range p.Accounts(t.Context(), scope) {
			if n++; err == nil {
				t.Errorf("%+v yields something", scope)
			}
		}
		if n != 1 {
			t.Errorf("%+v yields %d errors, want 1", scope, n)
		}
	}
}
