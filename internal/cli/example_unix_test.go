//go:build !windows

package cli_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

var update = flag.Bool("update", false, "rewrite docs/example-report.*")

// exampleFolders are the homes of the example that are there; homes of others, one
// that nobody has, and one that is missing make it worth reading.
var exampleFolders = []string{
	"fs01/orders/north", "fs01/orders/south", "fs01/carriers/one", "fs01/contractor", "fs01/left-behind", "fs02/press", "fs02/photos", "fs02/lab/results", "fs02/edi/in", "fs02/stock",
}

// The example report in docs is what an audit of the example says, with the time, the
// program's version, and the folder and space of the disk made the same everywhere.
func TestExampleReport(t *testing.T) {
	text, err := os.ReadFile("testdata/example.ldif")
	if err != nil {
		t.Fatal(err)
	}
	w, _ := domainOf(t, strings.ReplaceAll(string(text), "\r\n", "\n"))
	shares := t.TempDir()
	for i, folder := range exampleFolders {
		path := filepath.Join(shares, filepath.FromSlash(folder))
		if err := os.MkdirAll(path, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(path, "delivery.csv"), make([]byte, 700_000*(i%5+1)), 0o644); err != nil {
			t.Fatal(err)
		}
		day := time.Date(2026, 2, 11, 0, 0, 0, 0, time.UTC)
		if err := os.Chtimes(path, day, day); err != nil {
			t.Fatal(err)
		}
	}
	w.variables["FTPISOCTL_BIND_USER"] = `CORP\auditor`
	w.variables["FTPISOCTL_PASSWORD_FILE"] = file(t, "auditor.password", adaPassword)
	w.clock, w.begins = time.Nanosecond, time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC)
	settings := "localRoots: ['" + shares + "']\npathMap:\n- {from: '\\\\fs01.corp.example.com\\ftp$', to: '" + filepath.Join(shares, "fs01") + "'}\n" +
		"- {from: '\\\\fs02.corp.example.com\\partners$', to: '" + filepath.Join(shares, "fs02") + "'}\n"
	if code := w.run(t, "audit", "-q", "--config", file(t, "ftpisoctl.yaml", settings), "--level", "2", "--min-free", "0", "--fail-on", "none", "-o", "json"); code != 0 {
		t.Fatalf("exit code %d: %s", code, &w.err)
	}
	report := file(t, "report.json", exampleOf(t, strings.ReplaceAll(w.out.String(), shares, "/srv")))
	for _, form := range []string{"json", "html"} {
		if code := w.run(t, "audit", "render", report, "-o", form); code != 0 {
			t.Fatalf("exit code %d: %s", code, &w.err)
		}
		path := filepath.Join("..", "..", "docs", "example-report."+form)
		if *update {
			if err := os.WriteFile(path, w.out.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(bytes.ReplaceAll(got, []byte("\r\n"), []byte("\n")), w.out.Bytes()) {
			t.Errorf("%s is not what an audit of the example says; make docs writes it (%v)", path, err)
		}
	}
}

// exampleOf is a report with what differs from machine to machine made the same.
func exampleOf(t *testing.T, text string) string {
	t.Helper()
	var r audit.Report
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	r.Tool, r.Started, r.Took = "ftpisoctl", time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC), 0.4
	for i := range r.Findings {
		if f := &r.Findings[i]; strings.HasPrefix(f.Location, "/srv/") {
			f.Fingerprint = audit.FingerprintOf(f.Rule, f.Login, f.Location)
		}
	}
	for i := range r.Servers {
		for j := range r.Servers[i].Shares {
			if share := &r.Servers[i].Shares[j]; share.Total > 0 {
				share.Total, share.Free = 2<<40, uint64(300+500*i)<<30
			}
		}
	}
	fixed, err := json.Marshal(&r)
	if err != nil {
		t.Fatal(err)
	}
	return string(fixed)
}
