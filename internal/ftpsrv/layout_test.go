package ftpsrv_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
)

// Where is NLST handled? In cmdNLST of cmd_nlst.go: this test keeps it so.
func TestLayout_oneFilePerVerb(t *testing.T) {
	verbs := ftpsrv.Verbs()
	for verb := range verbs {
		file := "cmd_" + strings.ToLower(verb) + ".go"
		if !declares(t, file, "cmd"+verb) {
			t.Errorf("%s does not declare cmd%s", file, verb)
		}
	}
	files, err := filepath.Glob("cmd_*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		verb := strings.ToUpper(strings.TrimSuffix(strings.TrimPrefix(file, "cmd_"), ".go"))
		if _, known := verbs[verb]; !known && !strings.HasSuffix(file, "_test.go") {
			t.Errorf("%s is about no verb of the table", file)
		}
	}
}

// The table is the second door: a verb is named there once, and no other file makes
// a difference between verbs by their names.
func TestLayout_verbsStandInTheTable(t *testing.T) {
	named := make(map[string][]string) // verb to the files that have it as a string
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || file == "cmd_site.go" { // SITE has names of its own
			continue
		}
		for _, text := range literals(t, file) {
			named[text] = append(named[text], file)
		}
	}
	for verb, alias := range ftpsrv.Verbs() {
		for _, name := range []string{verb, alias} {
			want := []string{"commands.go"}
			if slices.Contains(ftpsrv.Features(), name) { // FEAT's line is the verb, too
				want = append(want, "commands.go")
			}
			if name == "MD5" { // and the algorithm's name
				want = append([]string{"checksum.go"}, want...)
			}
			if got := named[name]; name != "" && !slices.Equal(got, want) {
				t.Errorf("%s is named in %v, want %v", name, got, want)
			}
		}
	}
}

// literals returns the strings in a file.
func literals(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	ast.Inspect(parsed, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if text, err := strconv.Unquote(lit.Value); err == nil {
				found = append(found, text)
			}
		}
		return true
	})
	return found
}

func declares(t *testing.T, file, name string) bool {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Error(err)
		return false
	}
	for _, d := range parsed.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == name {
			return true
		}
	}
	return false
}

// Every dialog is named in the tables of behaviours, those of the lab with their
// folder, and the tables name no dialog that is not there.
func TestLayout_behavioursAreWrittenDown(t *testing.T) {
	page, err := os.ReadFile("../../docs/ftp-behaviour.md")
	if err != nil {
		t.Fatal(err)
	}
	dialogs := make(map[string]bool)
	for _, folder := range []string{"", "lab/"} {
		files, err := filepath.Glob("testdata/dialog/" + folder + "*.txtar")
		if err != nil || len(files) == 0 {
			t.Fatalf("no dialogs in %q: %v", folder, err)
		}
		for _, file := range files {
			dialogs[folder+strings.TrimSuffix(filepath.Base(file), ".txtar")] = true
		}
	}
	named := make(map[string]bool)
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		for _, m := range regexp.MustCompile("`([a-z0-9_/]+)`").FindAllStringSubmatch(cells[len(cells)-1], -1) {
			if len(cells) > 3 && m[1] != "dtp" && m[1] != "listing" {
				named[m[1]] = true
			}
		}
	}
	for name := range dialogs {
		if !named[name] {
			t.Errorf("docs/ftp-behaviour.md names the dialog %s in no table", name)
		}
	}
	for name := range named {
		if !dialogs[name] {
			t.Errorf("docs/ftp-behaviour.md names %s, which is no dialog", name)
		}
	}
}
