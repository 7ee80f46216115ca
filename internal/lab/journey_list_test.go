//go:build lab

package lab_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
	"github.com/ftpisoctl/ftpisoctl/internal/lab/crowds"
)

// The whole program lists a crowd hardly slower than ldapsearch pages through it for the same attributes, and in
// little memory.
func TestJourney_listAgainstLdapsearch(t *testing.T) {
	sizes := []int{2000}
	if os.Getenv("FTPISOCTL_LOAD") != "" { // more take long to make
		sizes = append(sizes, 10_000)
	}
	for _, n := range sizes {
		crowds.Make(t, n)
		search := func() time.Duration {
			count, took := crowds.Rival{Server: "ldaps://" + lab.DC, As: lab.Service}.Search(t, "(&(objectCategory=person)(objectClass=user))",
				"objectGUID", "objectSid", "sAMAccountName", "userPrincipalName", "userAccountControl", "msDS-User-Account-Control-Computed",
				"accountExpires", "pwdLastSet", "msIIS-FTPRoot", "msIIS-FTPDir")
			if count < n {
				t.Errorf("ldapsearch finds %d users, want %d", count, n)
			}
			return took
		}
		resident := 0
		crowds.Hold(t, fmt.Sprintf("list of %d users, ldapsearch", n), 1.25, func(int) crowds.Race {
			took, most := listCrowd(t, n)
			resident = max(resident, most)
			return crowds.Race{Ours: took, Theirs: search()}
		})
		t.Logf("%d KiB resident", resident)
		if resident > 60<<10 {
			t.Errorf("%d KiB were resident for %d users, more than 60 MiB", resident, n)
		}
	}
}

// listCrowd runs list -o jsonl and returns how long it took, and the most memory that it had resident, in KiB.
func listCrowd(t *testing.T, n int) (took time.Duration, resident int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	args := append([]string{"list", "-o", "jsonl", "--ou", crowds.OU}, ldaps(lab.Service)...)
	cmd := exec.CommandContext(ctx, program(t), args...)
	cmd.Env = environment(t)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var problems strings.Builder
	cmd.Stderr = &problems
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := 0
	for scanner := bufio.NewScanner(out); scanner.Scan(); lines++ {
		if !strings.HasPrefix(scanner.Text(), `{"schema":1,"user":"`) {
			t.Errorf("line %d is %s", lines, scanner.Text())
		}
		if lines%200 == 0 {
			resident = max(resident, highWater(t, cmd.Process.Pid))
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v: %s", err, &problems)
	}
	took = time.Since(begin)
	if lines < n {
		t.Errorf("%d lines, want %d", lines, n)
	}
	return took, resident
}

// highWater is the most memory that a process has had resident, in KiB.
func highWater(t *testing.T, pid int) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0 // it has just ended
	}
	_, after, _ := strings.Cut(string(text), "VmHWM:")
	fields := strings.Fields(after)
	if len(fields) == 0 {
		return 0
	}
	most, err := strconv.Atoi(fields[0])
	if err != nil {
		t.Fatal(err)
	}
	return most
}
