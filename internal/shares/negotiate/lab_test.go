//go:build lab

package negotiate_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// says reports whether a server's smb.conf has the line.
func says(t *testing.T, server, line string) bool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(lab.Dir(), server, "etc", "smb.conf"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(strings.Join(strings.Fields(string(text)), " "), line)
}

// A domain controller of Samba demands signing by its role, a member only where
// its configuration says so.
func TestProbe_lab(t *testing.T) {
	for server, host := range map[string]string{"dc1": lab.DC, "fs01": lab.FileServer} {
		got := probe(t, host)
		t.Logf("%s: %+v", server, got)
		controller := says(t, server, "server role = active directory domain controller")
		if demands := controller || says(t, server, "server signing = mandatory"); got.SigningRequired != demands || controller != (server == "dc1") {
			t.Errorf("%s: signing required %v, by its configuration %v", server, got.SigningRequired, demands)
		}
		if got.Dialect != "3.1.1" || !got.SigningEnabled || !slices.Contains(got.SigningAlgorithms, "AES-CMAC") || !slices.Contains(got.Ciphers, "AES-128-GCM") {
			t.Errorf("%s: got %+v", server, got)
		}
		if off := time.Since(got.ServerTime).Abs(); off > time.Minute || got.MaxRead < 1<<20 || strings.Trim(got.GUID, "0-") == "" {
			t.Errorf("%s: clock off by %v, %+v", server, off, got)
		}
	}
}
