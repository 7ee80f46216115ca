//go:build lab

package lab_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// dnOf asks the domain for the DN of a user.
func dnOf(t *testing.T, user lab.Account) string {
	t.Helper()
	out := ldapTool(t, "", "ldapsearch", "-LLL", "-o", "ldif-wrap=no", "-b", "OU=Staff,"+lab.BaseDN, "(sAMAccountName="+string(user)+")", "1.1")
	dn, _, _ := strings.Cut(out, "\n")
	return strings.TrimPrefix(dn, "dn: ")
}

// group makes a group with one member, for the time of the test.
func group(t *testing.T, name, member string) (dn string) {
	t.Helper()
	dn = "CN=" + name + ",OU=Staff," + lab.BaseDN
	ldapTool(t, fmt.Sprintf("dn: %s\nobjectClass: group\nsAMAccountName: %s\nmember: %s\n", dn, name, member), "ldapadd")
	t.Cleanup(func() { ldapTool(t, "", "ldapdelete", dn) })
	return dn
}

// What a real domain controller says of groups in groups decides who may read and
// who may write; a reload brings the rules to a service with sessions in it.
func TestRights_nestedGroups(t *testing.T) {
	outer := group(t, "FTP Outer", group(t, "FTP Inner", dnOf(t, lab.Alice)))
	s := serve(t)
	before := login(t, s, lab.Alice)
	s.reload(t, "ssl: {", `authorization:
        - {accessType: Allow, roles: ["FTP Outer"], permissions: Read}
        - {accessType: Allow, users: ["CORP\\bob"], permissions: "Read, Write"}
        - {accessType: Deny, roles: ["`+outer+`"], permissions: Write}
      ssl: {`)
	if got := before.cmd("MKD made-before-the-reload"); got.code != 257 {
		t.Errorf("a session that was there: %v", got)
	}
	before.cmd("RMD made-before-the-reload")

	alice := login(t, s, lab.Alice)
	if got := alice.cmd("MKD refused"); got.code != 550 || got.text != "Access is denied. " {
		t.Errorf("alice may read alone: %v", got)
	}
	if got := alice.cmd("SIZE absent"); got.code != 550 || got.text == "Access is denied. " {
		t.Errorf("alice may read: %v", got)
	}
	s.waitForRow(t, "cs-method=MKD sc-status=550 sc-win32-status=5 sc-substatus=1")
	bob := login(t, s, lab.Bob)
	if got := bob.cmd("MKD granted"); got.code != 257 {
		t.Errorf("bob may write: %v", got)
	}
	bob.cmd("RMD granted")
	if got := dial(t, s).try(string(lab.Grace), lab.Grace.Password(t).Reveal()); got.code != 530 || got.text != "User cannot log in, home directory inaccessible." {
		t.Errorf("grace is in no rule: %v", got)
	}
	s.waitForRow(t, "cs-method=PASS sc-status=530 sc-win32-status=5 sc-substatus=1")

	// Out of the inner group, out of the outer one.
	ldapTool(t, "dn: CN=FTP Inner,OU=Staff,"+lab.BaseDN+"\nchangetype: modify\ndelete: member\nmember: "+dnOf(t, lab.Alice)+"\n-\n", "ldapmodify")
	if got := dial(t, s).try(string(lab.Alice), lab.Alice.Password(t).Reveal()); got.code != 530 {
		t.Errorf("alice has left the group: %v", got)
	}
}
