//go:build lab

package lab_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// ldapTool runs one of OpenLDAP's tools as Administrator: what it sees and does had nothing to do with our code.
func ldapTool(t *testing.T, stdin, name string, args ...string) string {
	t.Helper()
	secretFile := t.TempDir() + "/password" // the tools take a line end as part of the password
	if err := os.WriteFile(secretFile, []byte(lab.Administrator.Password(t).Reveal()), 0o600); err != nil {
		t.Fatal(err)
	}
	flags := []string{"-x", "-H", "ldaps://" + lab.DC, "-D", lab.Administrator.UPN(), "-y", secretFile}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute) // also used when the test is over
	defer cancel()
	cmd := exec.CommandContext(ctx, name, append(flags, args...)...)
	cmd.Env = append(os.Environ(), "LDAPTLS_CACERT="+lab.CAFile())
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// attributes reads the two attributes of a user with ldapsearch; "" is an absent one.
func attributes(t *testing.T, user lab.Account) (root, dir string) {
	t.Helper()
	out := ldapTool(t, "", "ldapsearch", "-LLL", "-o", "ldif-wrap=no", "-b", "OU=Staff,"+lab.BaseDN,
		"(sAMAccountName="+string(user)+")", "msIIS-FTPRoot", "msIIS-FTPDir")
	for line := range strings.Lines(out) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch name {
		case "msIIS-FTPRoot":
			root = value
		case "msIIS-FTPDir":
			dir = value
		}
	}
	return root, dir
}

// write sets the two attributes with ldapmodify, whatever the values are, and puts the old ones back at the end.
func write(t *testing.T, user lab.Account, root, dir string) {
	t.Helper()
	oldRoot, oldDir := attributes(t, user)
	t.Cleanup(func() { modify(t, user, oldRoot, oldDir) })
	modify(t, user, root, dir)
}

func modify(t *testing.T, user lab.Account, root, dir string) {
	t.Helper()
	out := ldapTool(t, "", "ldapsearch", "-LLL", "-o", "ldif-wrap=no", "-b", "OU=Staff,"+lab.BaseDN, "(sAMAccountName="+string(user)+")", "1.1")
	dn, _, _ := strings.Cut(out, "\n")
	ldif := dn + "\nchangetype: modify\n"
	for _, row := range []struct{ name, value string }{{"msIIS-FTPRoot", root}, {"msIIS-FTPDir", dir}} {
		ldif += "replace: " + row.name + "\n"
		if row.value != "" {
			ldif += row.name + ": " + row.value + "\n"
		}
		ldif += "-\n"
	}
	ldapTool(t, ldif, "ldapmodify")
}
