//go:build lab

package lab_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
	"github.com/ftpisoctl/ftpisoctl/internal/lab/crowds"
)

// auditedAttributes are what an audit reads of each account.
var auditedAttributes = []string{
	"objectGUID", "objectSid", "sAMAccountName", "userPrincipalName", "userAccountControl", "msDS-User-Account-Control-Computed", "accountExpires", "pwdLastSet",
	"msIIS-FTPRoot", "msIIS-FTPDir", "objectClass", "msDS-UserPasswordExpiryTimeComputed", "lastLogonTimestamp", "adminCount", "logonHours", "userWorkstations", "memberOf",
	"whenCreated",
}

// All rules of level 0, asked about a crowd with homes, take hardly longer than ldapsearch takes to page through the
// same attributes, and little memory.
func TestAudit_againstLdapsearch(t *testing.T) {
	n := 2000
	if os.Getenv("FTPISOCTL_LOAD") != "" { // more take long to make
		n = 10_000
	}
	crowds.Make(t, n)
	settle(t, n)
	resident := int64(0)
	crowds.Hold(t, fmt.Sprintf("audit of %d users, ldapsearch", n), 1.5, func(int) crowds.Race {
		ours, most := auditCrowd(t, n)
		resident = max(resident, most)
		count, theirs := crowds.Rival{Server: "ldaps://" + lab.DC, As: lab.Service}.Search(t, "(&(objectCategory=person)(objectClass=user))", auditedAttributes...)
		if count < n {
			t.Errorf("ldapsearch finds %d users, want %d", count, n)
		}
		return crowds.Race{Ours: ours, Theirs: theirs}
	})
	t.Logf("%d KiB resident", resident)
	if resident > 80<<10 {
		t.Errorf("%d KiB were resident for %d users, more than 80 MiB", resident, n)
	}
}

// settle gives homes to those of the crowd who have none: tests before may have done so.
func settle(t *testing.T, n int) {
	t.Helper()
	have, _ := crowds.Rival{Server: "ldaps://" + lab.DC, As: lab.Service}.Search(t, "(&(msIIS-FTPRoot=*)(msIIS-FTPDir=*))", "1.1")
	if have >= n {
		return
	}
	var text strings.Builder
	text.WriteString("user,root,dir\n")
	for i := range n {
		fmt.Fprintf(&text, "%s,%s,crowd\\%[1]s\n", crowds.Name(i), homes)
	}
	path := filepath.Join(t.TempDir(), "homes.csv")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	imported(t, environment(t), ldaps(lab.FTPAdmin), path, "0 refused")
}

// auditCrowd runs audit -o jsonl, and returns how long it took and the most memory that it had resident, in KiB.
func auditCrowd(t *testing.T, n int) (took time.Duration, resident int64) {
	t.Helper()
	args := append([]string{"audit", "--level", "0", "-o", "jsonl", "--fail-on", "none", "--ou", crowds.OU}, ldaps(lab.Service)...)
	cmd := exec.CommandContext(t.Context(), program(t), args...)
	cmd.Env = environment(t)
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	begin := time.Now()
	err := cmd.Run()
	took = time.Since(begin)
	if err != nil {
		t.Fatalf("%v: %s", err, &problems)
	}
	// Each of them is disabled, which is a finding for everybody with a home.
	if found := bytes.Count(out.Bytes(), []byte(`"rule":"A01"`)); found < n {
		t.Errorf("%d accounts are found to be disabled, want %d\n%.500s", found, n, &out)
	}
	usage, _ := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return took, usage.Maxrss
}
