package report_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/report"
)

// What the rules themselves say of what was not checked names nobody, so all of it stays.
func TestRedact_keepsReasonsOfRules(t *testing.T) {
	reasons := reasonsOfRules(t)
	if len(reasons) < 25 {
		t.Fatalf("%d reasons are found: %q", len(reasons), reasons)
	}
	for _, reason := range reasons {
		r := sample()
		r.Results[3].Reasons = []audit.Reason{{Text: reason, Count: 1}}
		if got := report.Redact(r).Results[3].Reasons[0].Text; got != reason {
			t.Errorf("got %q, want %q", got, reason)
		}
	}
}

// reasonsOfRules are the texts that the rules give to notChecked, as they stand in the
// sources: as literals and as constants.
func reasonsOfRules(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob("../audit/rules/*.go")
	if err != nil {
		t.Fatal(err)
	}
	constants := map[string]string{}
	var given []ast.Expr
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				for i, name := range n.Names {
					if i < len(n.Values) {
						constants[name.Name] = text(n.Values[i])
					}
				}
			case *ast.CallExpr:
				if called, ok := n.Fun.(*ast.Ident); ok && called.Name == "notChecked" {
					given = append(given, n.Args...)
				}
			}
			return true
		})
	}
	var reasons []string
	for _, e := range given {
		reason := text(e)
		if name, ok := e.(*ast.Ident); ok {
			reason = constants[name.Name]
		}
		if reason != "" {
			reasons = append(reasons, reason)
		}
	}
	return reasons
}

// text is the text of a literal, "" of anything else.
func text(e ast.Expr) string {
	literal, ok := e.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return ""
	}
	unquoted, _ := strconv.Unquote(literal.Value) // the compiler has read it, too
	return unquoted
}
