//go:build !embedded

package main

import (
	"io"
	"os"
	"runtime"
	"testing"
	"time"
)

// An audit of 100,000 users, whose homes are all kept for comparison and all printed
// in the end, is done in two minutes and in 300 MiB. The usual runs ask fewer.
func TestAudit_manyUsers(t *testing.T) {
	users, bar := 2_000, 60<<10
	if os.Getenv("FTPISOCTL_LOAD") != "" {
		users, bar = 100_000, 300<<10
	}
	if raced {
		bar *= 4
	}
	began := time.Now()
	resident, octets := auditMemory(t, users)
	took := time.Since(began)
	t.Logf("%d users: %v with the start of the directory, %d KiB resident, %d KiB of report", users, took, resident, octets>>10)
	if resident > bar || resident == 0 && runtime.GOOS == "linux" {
		t.Errorf("%d users take %d KiB, more than %d", users, resident, bar)
	}
	if took > 2*time.Minute {
		t.Errorf("it took %v", took)
	}
}

// auditMemory audits an embedded directory and returns the most memory that the
// program had resident, in KiB, and the length of the report.
func auditMemory(t *testing.T, users int) (resident, octets int) {
	t.Helper()
	onDirectory(t, users, func(out io.Reader, look func() int) {
		buffer := make([]byte, 1<<16)
		for {
			n, err := out.Read(buffer)
			octets += n
			if err != nil {
				return
			}
			resident = max(resident, look())
		}
	}, "audit", "--level", "0", "-q", "-o", "json")
	return resident, octets
}
