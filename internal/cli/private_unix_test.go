//go:build !windows

package cli

import (
	"os"
	"strings"
	"testing"
)

func TestReadPasswordFile_openToOthers(t *testing.T) {
	for _, mode := range []os.FileMode{0o644, 0o604, 0o660, 0o606} {
		path := passwordFile(t, "hunter2")
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := readPasswordFile(path); exitCode(err) != exitUsage || !strings.HasPrefix(advice(err), "chmod 600 ") {
			t.Errorf("mode %o: %v", mode, err)
		}
	}
	for _, mode := range []os.FileMode{0o600, 0o400, 0o700} {
		path := passwordFile(t, "hunter2")
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := readPasswordFile(path); err != nil {
			t.Errorf("mode %o: %v", mode, err)
		}
	}
}

// Credentials of systemd have the mode 0440 and belong to root; the group of root is
// root, anybody else's is not.
func TestReadPasswordFile_readableByTheGroup(t *testing.T) {
	path := passwordFile(t, "hunter2")
	if err := os.Chmod(path, 0o440); err != nil {
		t.Fatal(err)
	}
	root := os.Getuid() == 0 && os.Getgid() == 0
	if _, err := readPasswordFile(path); (err == nil) != root {
		t.Errorf("as root %v: %v", root, err)
	}
	if root {
		if err := os.Chown(path, 0, 1234); err != nil {
			t.Fatal(err)
		}
		if _, err := readPasswordFile(path); exitCode(err) != exitUsage {
			t.Errorf("of another group: %v", err)
		}
	}
}
