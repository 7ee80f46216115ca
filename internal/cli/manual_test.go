package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// What docs/commands says is what the program says.
func TestManual_documentsAreUpToDate(t *testing.T) {
	const documents = "../../docs/commands"
	fresh := t.TempDir()
	w := &world{}
	if code := w.run(t, "man", "--markdown", fresh); code != 0 {
		t.Fatalf("exit code %d: %s", code, &w.err)
	}
	read := func(folder string) map[string]string {
		t.Helper()
		paths, err := filepath.Glob(filepath.Join(folder, "*.md"))
		if err != nil || len(paths) < 10 {
			t.Fatalf("%d pages in %s, %v", len(paths), folder, err)
		}
		pages := map[string]string{}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			pages[filepath.Base(path)] = strings.ReplaceAll(string(text), "\r\n", "\n")
		}
		return pages
	}
	want, got := read(fresh), read(documents)
	for name, page := range want {
		if got[name] != page {
			t.Errorf("docs/commands/%s is not what the help texts say; make docs writes it", name)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("docs/commands/%s is of no command; make docs removes it", name)
		}
	}
	// No page leads nowhere.
	for name, page := range want {
		for _, part := range strings.Split(page, "](")[1:] {
			target, _, _ := strings.Cut(part, ")")
			if _, ok := want[target]; !ok {
				t.Errorf("%s leads to %s, which is not there", name, target)
			}
		}
	}
}

func TestManual_pages(t *testing.T) {
	w, folder := &world{}, t.TempDir()
	if code := w.run(t, "man", folder); code != 0 {
		t.Fatalf("exit code %d: %s", code, &w.err)
	}
	pages, err := filepath.Glob(filepath.Join(folder, "*.1"))
	if err != nil || len(pages) < 10 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "ftpisoctl-shares-check.1"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		".TH \"FTPISOCTL\\-SHARES\\-CHECK\" \"1\"", "\n.SH SYNOPSIS\n.B ftpisoctl shares check [USER", "\n.TP\n\\fB\\-o, \\-\\-output\\fR FORM\n", "\n.BR ftpisoctl\\-shares (1)\n",
		"\n130\tinterrupted\n",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
			if strings.HasPrefix(line, ".") && !strings.Contains(".TH .SH .B .BR .PP .TP .nf .fi .TS .TE", word) {
				t.Errorf("%s: %q would be taken for a request", page, line)
			}
		}
		if groff, err := exec.LookPath("groff"); err == nil {
			out, err := exec.Command(groff, "-t", "-man", "-Tutf8", "-ww", "-z", page).CombinedOutput()
			if err != nil || len(out) > 0 {
				t.Errorf("%s: %v\n%s", page, err, out)
			}
		}
	}
	if code := w.run(t, "man"); code != 0 || !strings.HasPrefix(w.out.String(), ".TH \"FTPISOCTL\"") {
		t.Errorf("exit code %d: %s", code, &w.out)
	}
	if code := w.run(t, "man", filepath.Join(folder, "none")); code != 2 {
		t.Errorf("no folder: exit code %d: %s", code, &w.err)
	}
	if code := w.run(t, "man", "a", "b"); code != 2 {
		t.Errorf("two folders: exit code %d", code)
	}
}
