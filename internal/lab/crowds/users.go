// Package crowds makes many users in the lab's domain, and measures OpenLDAP's tools against them, at hand and over a
// long line.
package crowds

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// OU holds the users that Make makes. It lies below OU=Staff, so that lab.FTPAdmin may write their attributes.
const OU = "OU=Crowd,OU=Staff," + lab.BaseDN

// Name is the sAMAccountName of user i of the crowd.
func Name(i int) string { return fmt.Sprintf("crowd%05d", i) }

// DN is the DN of user i of the crowd.
func DN(i int) string { return "CN=" + Name(i) + "," + OU }

// First is the LDAP filter of the first thousands of the crowd: tests before may have made more.
func First(thousands int) string {
	var filter strings.Builder
	filter.WriteString("(|")
	for i := range thousands {
		fmt.Fprintf(&filter, "(sAMAccountName=%s*)", strings.TrimSuffix(Name(1000*i), "000"))
	}
	return filter.String() + ")"
}

// Make makes sure that there are users 0 to n-1 of the crowd, without a password and without either attribute when
// new. They stay until the lab ends, for every test to come: a test sets what it needs to begin with, and counts only
// users of its own. They are written straight into the database in one transaction, some milliseconds each.
func Make(tb testing.TB, n int) {
	tb.Helper()
	marker := filepath.Join(lab.Dir(), "crowd")
	text, err := os.ReadFile(marker)
	if err != nil && !os.IsNotExist(err) {
		tb.Fatal(err)
	}
	have, _ := strconv.Atoi(string(text))
	if have >= n {
		return
	}
	var ldif strings.Builder
	if have == 0 {
		fmt.Fprintf(&ldif, "dn: %s\nobjectClass: organizationalUnit\n\n", OU)
	}
	for i := have; i < n; i++ {
		fmt.Fprintf(&ldif, "dn: %s\nobjectClass: user\nsAMAccountName: %s\nuserPrincipalName: %[2]s@%s\nuserAccountControl: 514\n\n",
			DN(i), Name(i), lab.Domain)
	}
	cmd := exec.CommandContext(tb.Context(), "ldbadd", "-H", filepath.Join(lab.Dir(), "dc1", "private", "sam.ldb"),
		"--configfile="+filepath.Join(lab.Dir(), "dc1", "etc", "smb.conf"))
	cmd.Stdin = strings.NewReader(ldif.String())
	if out, err := cmd.CombinedOutput(); err != nil {
		tb.Fatalf("ldbadd: %v\n%s", err, tail(out))
	}
	if err := os.WriteFile(marker, []byte(strconv.Itoa(n)), 0o600); err != nil {
		tb.Fatal(err)
	}
}

// tail is the end of what a program printed.
func tail(out []byte) []byte {
	const most = 2000
	return bytes.TrimSpace(out[max(0, len(out)-most):])
}
