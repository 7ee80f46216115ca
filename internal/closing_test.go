package internal_test

import (
	"go/ast"
	"strings"
	"testing"
)

// checkClosing finds files that a function opens for writing and closes with a bare defer. Closing is where writing
// fails, and the linter lets a bare defer pass, because it cannot tell what was only read.
func checkClosing(f sourceFile) []violation {
	var found []violation
	for _, d := range f.ast.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		written := map[string]bool{}
		ast.Inspect(fn, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				if call, ok := n.Rhs[0].(*ast.CallExpr); ok && opensForWriting(call) {
					written[expression(n.Lhs[0])] = true
				}
			case *ast.DeferStmt:
				if s, ok := n.Call.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "Close" && written[expression(s.X)] {
					found = append(found, violation{f.path, fn.Name.Name + " closes " + expression(s.X) + ", which it writes, and does not look at the error"})
				}
			}
			return true
		})
	}
	return found
}

// opensForWriting recognises Create, CreateTemp, and OpenFile with a flag that is for writing.
func opensForWriting(call *ast.CallExpr) bool {
	s, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	switch s.Sel.Name {
	case "Create", "CreateTemp":
		return true
	case "OpenFile":
	default:
		return false
	}
	writes := false
	for _, arg := range call.Args {
		ast.Inspect(arg, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				switch id.Name {
				case "O_WRONLY", "O_RDWR", "O_CREATE", "O_APPEND", "O_TRUNC":
					writes = true
				}
			}
			return true
		})
	}
	return writes
}

// expression is a variable or a chain of fields as it is written, "" for anything else.
func expression(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return expression(e.X) + "." + e.Sel.Name
	}
	return ""
}

func TestClosing_ofWrittenFilesIsLookedAt(t *testing.T) {
	for _, f := range tree(t) {
		if !f.test() {
			report(t, checkClosing(f))
		}
	}
}

func TestClosing_plantedViolationsAreFound(t *testing.T) {
	for _, test := range []struct {
		body  string
		found bool
	}{
		{`f, err := os.Create("x"); defer f.Close()`, true},
		{`f, err := os.CreateTemp("", "x"); if err != nil { return }; defer f.Close()`, true},
		{`f, err := root.OpenFile("x", os.O_WRONLY|os.O_CREATE, 0o600); defer f.Close()`, true},
		{`u.file, err = root.OpenFile("x", os.O_RDWR, 0); defer u.file.Close()`, true},
		{`f, err := os.OpenFile("x", os.O_RDONLY, 0); defer f.Close()`, false},
		{`f, err := os.Open("x"); defer f.Close()`, false},
		{`f, err := os.Create("x"); defer func() { err = errors.Join(err, f.Close()) }()`, false},
		{`f, err := os.Create("x"); defer g.Close()`, false},
	} {
		file := parse(t, "internal/x/x.go", "package x\n\nfunc f() {\n"+strings.ReplaceAll(test.body, "; ", "\n")+"\n}\n")
		if got := len(checkClosing(file)) > 0; got != test.found {
			t.Errorf("%s: found %v, want %v", test.body, got, test.found)
		}
	}
}
