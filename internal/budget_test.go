package internal_test

import (
	"fmt"
	"go/ast"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The budgets of the house. Good layout decays unless something measures it.
const (
	maxFileLines     = 500
	maxMedianLines   = 120
	maxFuncLines     = 80
	longFuncLines    = 60
	maxLongFuncShare = 0.01
	maxComplexity    = 15
	maxParameters    = 4 // a context not counted
	maxFields        = 12
	maxMethods       = 15
	maxInterface     = 3
	maxExported      = 30
	// Test lines over code lines. The archives of testdata count as test lines: a dialog or a script is a test in which
	// every line sends, expects or prepares something, and in Go the same would be a longer table.
	minTestShare    = 1.0
	maxTestShare    = 1.5
	minCommentShare = 0.12
	maxCommentShare = 0.20
)

// wideInterfaces are allowed more methods than maxInterface, each for a reason.
var wideInterfaces = map[string]int{
	"internal/storage.FS": 12, // the one shared contract, with three implementations
}

// testRooms hold files that are no tests themselves but that only tests run, so they count as test lines.
var testRooms = []string{"internal/lab", "internal/lab/crowds", "internal/krb/krbtest", "internal/storage/storagetest"}

func checkFile(f sourceFile) []violation {
	var found []violation
	add := func(format string, args ...any) {
		found = append(found, violation{f.path, fmt.Sprintf(format, args...)})
	}
	if n := f.lines(); n > maxFileLines {
		add("has %d lines, more than %d", n, maxFileLines)
	}
	for _, part := range strings.Split(strings.TrimSuffix(f.path, ".go"), "/") {
		if regexp.MustCompile(`(^|_)(utils?|commons?|helpers?|misc)(_|$)`).MatchString(part) {
			add("%s says nothing about what is inside", part)
		}
	}
	if strings.Contains(string(f.text), "//"+"nolint") {
		add("switches a linter off")
	}
	ast.Inspect(f.ast, func(n ast.Node) bool {
		if i, ok := n.(*ast.TypeSpec); ok {
			if t, ok := i.Type.(*ast.InterfaceType); ok {
				limit := max(maxInterface, wideInterfaces[f.room()+"."+i.Name.Name])
				if m := t.Methods.NumFields(); m > limit {
					add("interface %s has %d methods, more than %d", i.Name.Name, m, limit)
				}
			}
		}
		return true
	})
	for _, d := range f.ast.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok {
			for _, rule := range checkFunc(f, fn) {
				add("%s %s", fn.Name.Name, rule)
			}
		}
	}
	return found
}

func checkFunc(f sourceFile, fn *ast.FuncDecl) []string {
	var rules []string
	if n := f.span(fn.Pos(), fn.End()); n > maxFuncLines {
		rules = append(rules, fmt.Sprintf("has %d lines, more than %d", n, maxFuncLines))
	}
	if n := complexity(fn); n > maxComplexity {
		rules = append(rules, fmt.Sprintf("has complexity %d, more than %d", n, maxComplexity))
	}
	if n := parameters(fn); n > maxParameters {
		rules = append(rules, fmt.Sprintf("has %d parameters, more than %d", n, maxParameters))
	}
	if fn.Recv == nil && fn.Name.Name == "init" {
		rules = append(rules, "runs before main, where nobody looks for it")
	}
	return rules
}

// complexity counts the ways through a function: one, and one more for each branch, loop, case and shortcut.
func complexity(fn *ast.FuncDecl) int {
	n := 1
	ast.Inspect(fn, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.IfStmt, *ast.ForStmt, *ast.RangeStmt:
			n++
		case *ast.CaseClause:
			if node.List != nil {
				n++
			}
		case *ast.CommClause:
			if node.Comm != nil {
				n++
			}
		case *ast.BinaryExpr:
			if op := node.Op.String(); op == "&&" || op == "||" {
				n++
			}
		}
		return true
	})
	return n
}

func parameters(fn *ast.FuncDecl) int {
	n := 0
	for _, field := range fn.Type.Params.List {
		if s, ok := field.Type.(*ast.SelectorExpr); ok && s.Sel.Name == "Context" {
			continue
		}
		n += max(1, len(field.Names))
	}
	return n
}

// TestBudgets measures product files; tests may be long tables.
func TestBudgets(t *testing.T) {
	var product []sourceFile
	for _, f := range tree(t) {
		if !f.test() {
			product = append(product, f)
		}
	}
	for _, f := range product {
		report(t, checkFile(f))
	}
	report(t, checkRooms(product))
	var sizes []int
	var functions, long int
	for _, f := range product {
		sizes = append(sizes, f.lines())
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				functions++
				if f.span(fn.Pos(), fn.End()) > longFuncLines {
					long++
				}
			}
		}
	}
	slices.Sort(sizes)
	if median := sizes[len(sizes)/2]; median > maxMedianLines {
		t.Errorf("the median file has %d lines, more than %d", median, maxMedianLines)
	}
	if share := float64(long) / float64(functions); share > maxLongFuncShare {
		t.Errorf("%d of %d functions have more than %d lines, more than %.0f %%", long, functions, longFuncLines, 100*maxLongFuncShare)
	}
	t.Logf("%d files, median %d lines; %d functions, %d over %d lines", len(sizes), sizes[len(sizes)/2], functions, long, longFuncLines)
}

// TestBudgets_shares weighs tests and comments against code, over the whole tree: single rooms may differ for good
// reasons.
func TestBudgets_shares(t *testing.T) {
	var code, tests, comments int
	for _, text := range archives(t) {
		tests += filled(text)
	}
	written := tests
	for _, f := range tree(t) {
		if f.test() || slices.Contains(testRooms, f.room()) {
			tests += filled(f.text)
			continue
		}
		code += filled(f.text)
		for _, group := range f.ast.Comments {
			comments += f.span(group.Pos(), group.End())
		}
	}
	share := float64(tests) / float64(code)
	if share < minTestShare || share > maxTestShare {
		t.Errorf("test lines over code lines: got %d to %d, %.2f, want %.1f to %.1f", tests, code, share, minTestShare, maxTestShare)
	}
	commented := float64(comments) / float64(code)
	if commented < minCommentShare || commented > maxCommentShare {
		t.Errorf("share of comment lines: got %.2f, want %.2f to %.2f", commented, minCommentShare, maxCommentShare)
	}
	t.Logf("%d lines of code, %d of tests (%d in archives, %.2f), comments %.2f", code, tests, written, share, commented)
}

// filled counts the lines that are not blank.
func filled(text []byte) int {
	n := 0
	for line := range strings.Lines(string(text)) {
		if strings.TrimSpace(line) != "" {
			n++
		}
	}
	return n
}

func TestBudgets_plantedViolationsAreFound(t *testing.T) {
	lines := func(n int) string { return strings.Repeat("\t_ = 0\n", n) }
	tests := []struct{ name, path, text, want string }{
		{"long function", "internal/x/x.go", "func f() {\n" + lines(79) + "}\n", "f has 81 lines, more than 80"},
		{"function just right", "internal/x/x.go", "func f() {\n" + lines(78) + "}\n", ""},
		{"long file", "internal/x/x.go", strings.Repeat("var _ = 0\n", 499), "has 501 lines, more than 500"},
		{"branches", "internal/x/x.go", "func f(a bool) {\n" + strings.Repeat("\tif a {\n\t}\n", 15) + "}\n", "f has complexity 16, more than 15"},
		{
			"every kind of branch", "internal/x/x.go",
			"func f(a bool, c chan int) {\n" + strings.Repeat("\tfor a && a || a {\n\t}\n\tselect {\n\tcase <-c:\n\tdefault:\n\t}\n\tswitch {\n\tcase a:\n\tdefault:\n\t}\n", 3) + "}\n",
			"f has complexity 16, more than 15",
		},
		{"parameters", "internal/x/x.go", "func f(a, b, c int, d, e string) {}\n", "f has 5 parameters, more than 4"},
		{"context is free", "internal/x/x.go", "func f(ctx context.Context, a, b, c int, d string) {}\n", ""},
		{"interface", "internal/x/x.go", "type I interface {\n\ta()\n\tb()\n\tc()\n\tio.Reader\n}\n", "interface I has 4 methods, more than 3"},
		{"init", "internal/x/x.go", "func init() {}\n", "init runs before main, where nobody looks for it"},
		{"method named init", "internal/x/x.go", "func (T) init() {}\n", ""},
		{"name of a file", "internal/x/string_utils.go", "", "string_utils says nothing about what is inside"},
		{"name of a room", "internal/common/x.go", "", "common says nothing about what is inside"},
		{"linter", "internal/x/x.go", "var a = 1 //" + "nolint:all\n", "switches a linter off"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := ""
			for _, v := range checkFile(parse(t, test.path, "package x\n\n"+test.text)) {
				got += v.rule
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
