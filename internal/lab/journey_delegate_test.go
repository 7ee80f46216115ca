//go:build lab

package lab_test

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

const delegatedOU = "OU=Delegated," + lab.BaseDN

// The people of this journey: iris is in the group that gets the rights, heidi has a home to be managed.
const (
	iris  lab.Account = "iris"
	heidi lab.Account = "heidi"
)

// delegates makes an OU with heidi, and a group with iris, who is a plain user besides.
func delegates(t *testing.T) {
	t.Helper()
	const users, group = "CN=Users," + lab.BaseDN, "CN=Home Keepers,CN=Users," + lab.BaseDN
	dns := []string{group, "CN=iris," + users, "CN=heidi," + delegatedOU, delegatedOU}
	t.Cleanup(func() { ldapTool(t, "", "ldapdelete", dns...) })
	ldapTool(t, "dn: "+delegatedOU+"\nobjectClass: organizationalUnit\n\n"+person(t, iris, users)+person(t, heidi, delegatedOU)+
		"dn: "+group+"\nobjectClass: group\nsAMAccountName: Home Keepers\nmember: CN=iris,"+users+"\n", "ldapadd")
}

// person is the LDIF of a new user with a password, which the account's file holds from then on.
func person(t *testing.T, account lab.Account, below string) string {
	t.Helper()
	password := fmt.Sprintf("Lab-%x-Pa55", os.Getpid())
	if err := os.WriteFile(account.PasswordFile(), []byte(password+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Remove(account.PasswordFile()) })
	var quoted []byte
	for _, unit := range utf16.Encode([]rune(`"` + password + `"`)) {
		quoted = binary.LittleEndian.AppendUint16(quoted, unit)
	}
	return fmt.Sprintf("dn: CN=%s,%s\nobjectClass: user\nsAMAccountName: %[1]s\nuserPrincipalName: %[3]s\nuserAccountControl: 512\nunicodePwd:: %[4]s\n\n",
		account, below, account.UPN(), base64.StdEncoding.EncodeToString(quoted))
}

// allow puts entries into the list of the OU, with other people's tool.
func allow(t *testing.T, sddl string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "samba-tool", "dsacl", "set", "-H", "ldap://"+lab.DC, "-U", string(lab.Administrator),
		"--action=allow", "--objectdn="+delegatedOU, "--sddl="+sddl)
	cmd.Env = append(os.Environ(), "PASSWD_FILE="+lab.Administrator.PasswordFile())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("samba-tool: %v\n%s", err, out)
	}
}

// writable is what delegate --check says about heidi.
type writable struct {
	Root, Dir bool
	Other     []string
}

func checkWritable(t *testing.T, as lab.Account) (writable, int) {
	t.Helper()
	got := ftpisoctl(t, ldaps(as), "delegate", "--check", "heidi", "-o", "json")
	var list struct{ Users []writable }
	if err := json.Unmarshal([]byte(got.stdout), &list); err != nil || len(list.Users) != 1 {
		t.Fatalf("delegate --check as %s: %v, %v", as, err, got)
	}
	return list.Users[0], got.code
}

// The printed entries, put into a real domain: before, a plain user may write nothing; afterwards the two attributes
// of the users below the OU, and nothing else of anybody.
func TestDelegate_printedEntriesGiveExactlyTheTwoAttributes(t *testing.T) {
	delegates(t)
	set := func(user string) outcome {
		t.Helper()
		return ftpisoctl(t, ldaps(iris), "set", user, "--root", homes, "--dir", "delegated")
	}
	if got := set("heidi"); got.code != 6 {
		t.Fatalf("before, iris sets heidi's home: %v, want exit 6", got)
	}
	printed := func(flags ...string) string {
		t.Helper()
		got := ftpisoctl(t, ldaps(lab.Service), append([]string{"delegate", "--to", "Home Keepers", "--ou", delegatedOU, "-o", "sddl"}, flags...)...)
		if got.code != 0 {
			t.Fatalf("delegate: %v", got)
		}
		return strings.TrimSpace(got.stdout)
	}

	allow(t, printed("--read"))
	if got, code := checkWritable(t, iris); code != 6 || got.Root || got.Dir {
		t.Errorf("with the right to read: got %+v, exit %d", got, code)
	}

	allow(t, printed())
	if got, code := checkWritable(t, iris); code != 0 || !got.Root || !got.Dir || len(got.Other) != 0 {
		t.Errorf("with the right to write: got %+v, exit %d, want the two and no other", got, code)
	}
	if got, code := checkWritable(t, lab.Service); code != 6 || got.Root || got.Dir {
		t.Errorf("who is not in the group: got %+v, exit %d", got, code)
	}
	if got := set("heidi"); got.code != 0 {
		t.Errorf("iris sets heidi's home: %v", got)
	}
	found := ldapTool(t, "", "ldapsearch", "-LLL", "-o", "ldif-wrap=no", "-b", delegatedOU, "(sAMAccountName=heidi)", "msIIS-FTPRoot", "msIIS-FTPDir")
	if !strings.Contains(found, "msIIS-FTPRoot: "+homes+"\n") || !strings.Contains(found, "msIIS-FTPDir: delegated\n") {
		t.Errorf("ldapsearch finds:\n%s", found)
	}
	if got := ftpisoctl(t, ldaps(iris), "clear", "heidi"); got.code != 0 {
		t.Errorf("iris clears heidi's home: %v", got)
	}
	if got := set("grace"); got.code != 6 {
		t.Errorf("iris sets a home outside the OU: %v, want exit 6", got)
	}
	for _, attribute := range []string{"description", "homeDirectory", "scriptPath", "userAccountControl"} {
		if out, refused := modifiedAs(t, iris, "CN=heidi,"+delegatedOU, attribute); !refused {
			t.Errorf("iris may write %s: %s", attribute, out)
		}
	}
	if out, refused := modifiedAs(t, iris, delegatedOU, "description"); !refused {
		t.Errorf("iris may write to the OU itself: %s", out)
	}
}

// The same by the program itself: given, in effect, in the journal, and taken back.
func TestDelegate_applyAndUndo(t *testing.T) {
	delegates(t)
	journal := "--journal=" + t.TempDir()
	before := descriptorText(t)
	apply := func(as lab.Account, flags ...string) outcome {
		t.Helper()
		return ftpisoctl(t, ldaps(as), append([]string{"delegate", "--apply", "--to", "Home Keepers", "--ou", delegatedOU, journal}, flags...)...)
	}
	if got := apply(iris, "--yes"); got.code != 6 || !strings.Contains(got.stderr, "WRITE_DAC") {
		t.Errorf("iris gives herself rights: %v, want exit 6", got)
	}
	if got := apply(lab.Administrator, "--dry-run"); got.code != 0 || strings.Count(got.stdout, "would change") != 2 {
		t.Errorf("dry run: %v", got)
	}
	if now := descriptorText(t); now != before {
		t.Errorf("nothing was to change, and it is %s", now)
	}
	if got := apply(lab.Administrator, "--yes"); got.code != 0 || strings.Count(got.stdout, "\tchanged") != 2 {
		t.Fatalf("delegate --apply: %v", got)
	}
	if got, code := checkWritable(t, iris); code != 0 || !got.Root || !got.Dir || len(got.Other) != 0 {
		t.Errorf("afterwards: got %+v, exit %d, want the two and no other", got, code)
	}
	if got := ftpisoctl(t, ldaps(iris), "set", "heidi", "--root", homes, "--dir", "applied"); got.code != 0 {
		t.Errorf("iris sets heidi's home: %v", got)
	}
	for _, attribute := range []string{"description", "homeDirectory", "userAccountControl"} {
		if out, refused := modifiedAs(t, iris, "CN=heidi,"+delegatedOU, attribute); !refused {
			t.Errorf("iris may write %s: %s", attribute, out)
		}
	}
	if got := apply(lab.Administrator, "--yes"); got.code != 0 || strings.Count(got.stdout, "\tunchanged") != 2 {
		t.Errorf("once more: %v", got)
	}
	if got := ftpisoctl(t, ldaps(lab.Administrator), "history", journal); got.code != 0 || strings.Count(got.stdout, "delegate --apply --to Home Keepers") != 2 {
		t.Errorf("history: %v", got)
	}
	if got := ftpisoctl(t, ldaps(lab.Administrator), "undo", "--yes", journal); got.code != 0 || strings.Count(got.stdout, "\tremove\t") != 2 {
		t.Fatalf("undo: %v", got)
	}
	if now := descriptorText(t); now != before {
		t.Errorf("taken back, it is\n%s\nand was\n%s", now, before)
	}
	if got := ftpisoctl(t, ldaps(iris), "clear", "heidi"); got.code != 6 {
		t.Errorf("after undo iris clears heidi's home: %v, want exit 6", got)
	}
}

// descriptorText is the list of the OU as other people's tool prints it.
func descriptorText(t *testing.T) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "samba-tool", "dsacl", "get", "-H", "ldap://"+lab.DC, "-U", string(lab.Administrator), "--objectdn="+delegatedOU)
	cmd.Env = append(os.Environ(), "PASSWD_FILE="+lab.Administrator.PasswordFile())
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("samba-tool: %v\n%s", err, out)
	}
	return string(out)
}

// modifiedAs tries to write another attribute with ldapmodify, and says whether the domain controller refused for want
// of rights, which is the tool's exit status 50.
func modifiedAs(t *testing.T, as lab.Account, dn, attribute string) (out string, refused bool) {
	t.Helper()
	secretFile := t.TempDir() + "/password"
	if err := os.WriteFile(secretFile, []byte(as.Password(t).Reveal()), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "ldapmodify", "-x", "-H", "ldaps://"+lab.DC, "-D", as.UPN(), "-y", secretFile)
	cmd.Env = append(os.Environ(), "LDAPTLS_CACERT="+lab.CAFile())
	cmd.Stdin = strings.NewReader("dn: " + dn + "\nchangetype: modify\nreplace: " + attribute + "\n" + attribute + ": 512\n")
	text, _ := cmd.CombinedOutput()
	return string(text), cmd.ProcessState.ExitCode() == 50
}
