package internal_test

import (
	"go/ast"
	"testing"
)

// replySites are the calls of the reply writer in product files of ftpsrv. What a client sees is decided in one place.
func replySites(files []sourceFile) []violation {
	var sites []violation
	for _, f := range files {
		if f.test() || f.room() != "internal/ftpsrv" {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if s, ok := call.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "WriteReply" {
					sites = append(sites, violation{f.path, "writes a reply"})
				}
			}
			return true
		})
	}
	return sites
}

func TestReplies_haveOnePlace(t *testing.T) {
	if sites := replySites(tree(t)); len(sites) != 1 {
		t.Errorf("places that write a reply: got %v, want exactly one", sites)
	}
	planted := []sourceFile{
		parse(t, "internal/ftpsrv/conn.go", "package ftpsrv\nfunc (c *conn) send() { c.wire.WriteReply(1) }\n"),
		parse(t, "internal/ftpsrv/cmd_noop.go", "package ftpsrv\nfunc cmdNOOP(c *conn) { c.wire.WriteReply(2) }\n"),
		parse(t, "internal/ftpsrv/conn_test.go", "package ftpsrv\nfunc f(c *conn) { c.wire.WriteReply(3) }\n"),
	}
	if sites := replySites(planted); len(sites) != 2 {
		t.Errorf("planted places: got %v, want two", sites)
	}
}
