package ftpsrv_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
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

// The table is the second door: a verb is named there once, and nowhere else.
func TestLayout_verbsStandInTheTable(t *testing.T) {
	table, err := os.ReadFile("commands.go")
	if err != nil {
		t.Fatal(err)
	}
	for verb, alias := range ftpsrv.Verbs() {
		for _, name := range []string{verb, alias} {
			if n := len(regexp.MustCompile(`(verb|alias): "`+name+`"`).FindAllString(string(table), -1)); name != "" && n != 1 {
				t.Errorf("commands.go names %s %d times, want once", name, n)
			}
		}
	}
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

// Every dialog is named in the table of behaviours, and that table names no other.
func TestLayout_behavioursAreWrittenDown(t *testing.T) {
	page, err := os.ReadFile("../../docs/ftp-behaviour.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("testdata/dialog/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		if !strings.Contains(string(page), "`"+name+"`") {
			t.Errorf("docs/ftp-behaviour.md does not name the dialog %s", name)
		}
	}
}
