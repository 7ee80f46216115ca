//go:build !windows

package cli

import (
	"os"
	"strings"
	"testing"
)

func TestReadPasswordFile_openToOthers(t *testing.T) {
	for _, mode := range []os.FileMode{0o644, 0o640, 0o604, 0o660, 0o606} {
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
