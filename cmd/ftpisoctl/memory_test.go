//go:build !embedded

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/adsim/adsimtest"
)

// A list of any length takes the memory of a few pages: what is printed is gone.
func TestList_memoryStaysFlat(t *testing.T) {
	few, many := 2_000, 20_000
	if os.Getenv("FTPISOCTL_LOAD") != "" {
		many = 100_000
	}
	little := listMemory(t, few)
	much := listMemory(t, many)
	t.Logf("%d KiB resident for %d users, %d KiB for %d", little, few, much, many)
	room := 16 << 10
	if raced {
		room *= 4
	}
	if much > little+room || much > 60<<10 && !raced {
		t.Errorf("%d users take %d KiB, %d users %d KiB", few, little, many, much)
	}
}

// listMemory lists users of an embedded directory and returns the most memory that
// the program had resident, in KiB.
func listMemory(t *testing.T, users int) int {
	t.Helper()
	lines, resident := 0, 0
	highest := func(out io.Reader, look func() int) {
		for scanner := bufio.NewScanner(out); scanner.Scan(); lines++ {
			if lines%500 == 0 {
				resident = max(resident, look())
			}
		}
	}
	onDirectory(t, users, highest, "list", "-o", "jsonl")
	if lines != users+1 || resident == 0 && runtime.GOOS == "linux" {
		t.Errorf("%d lines for %d users and Ada, %d KiB", lines, users, resident)
	}
	return resident
}

// onDirectory runs the program on an embedded directory with so many users. What it
// prints is read, and its memory, in KiB, looked at meanwhile.
func onDirectory(t *testing.T, users int, read func(out io.Reader, look func() int), args ...string) {
	t.Helper()
	served := adsimtest.Start(t, adsim.Config{Domain: "corp.example.com", NetBIOS: "CORP", Seed: strings.NewReader(seedOf(users))})
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte("Adm1n-Pa55!\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	limit, stop := context.WithTimeout(t.Context(), 5*time.Minute)
	defer stop()
	cmd := exec.CommandContext(limit, "ftpisoctl", append(args, "--allow-plaintext", "--server", served.URL, "--bind-user", `CORP\ada`, "--password-file", password)...)
	var problems strings.Builder
	cmd.Stderr = &problems
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	read(out, func() int { return highWater(t, cmd.Process.Pid) })
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v: %s", err, &problems)
	}
}

// seedOf is a seed of many users, and Ada, who may read them.
func seedOf(users int) string {
	var text strings.Builder
	text.WriteString("dn: CN=Ada,CN=Users,DC=corp,DC=example,DC=com\nobjectClass: user\nsAMAccountName: ada\nuserPassword: Adm1n-Pa55!\n")
	for i := range users {
		fmt.Fprintf(&text, "\ndn: CN=User %d,CN=Users,DC=corp,DC=example,DC=com\nobjectClass: user\nsAMAccountName: user%d\nmsIIS-FTPRoot: \\\\fs01.corp.example.com\\ftp$\nmsIIS-FTPDir: user%d\n", i, i, i)
	}
	return text.String()
}

// highWater is the most memory that a process has had resident, in KiB; 0 if it has
// ended, or where only Linux would tell. (getrusage would count what this process had when it started the other.)
func highWater(t *testing.T, pid int) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if errors.Is(err, os.ErrNotExist) {
		return 0
	}
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "VmHWM:")
	if fields := strings.Fields(after); len(fields) > 0 {
		most, err := strconv.Atoi(fields[0])
		if err != nil {
			t.Fatal(err)
		}
		return most
	}
	return 0
}
