package internal_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// records are types that may have more than maxFields fields although they have methods: their fields are the
// lines of a file or the columns of a row, and the methods only look at them.
var records = map[string]string{
	"internal/config.Connection": "the keys of a section of the file; the methods only look at them",
	"internal/config.Site":       "a section of the file; the methods only check its keys",
	"internal/ldapattr.Config":   "what a caller says; the methods only fill in what it leaves out",
}

// packageNames are the exported names and the types of a package, gathered from all its files.
type packageNames struct {
	doc      bool
	exported map[string]bool // what counts against maxExported
	fields   map[string]int
	plain    map[string]bool // struct types whose fields are all exported
	methods  map[string]map[string]bool
	problems []violation
}

// checkRooms measures what belongs to a package and not to a file.
func checkRooms(files []sourceFile) []violation {
	rooms := map[string]*packageNames{}
	for _, f := range files {
		p := rooms[f.room()]
		if p == nil {
			p = &packageNames{
				exported: map[string]bool{}, fields: map[string]int{}, plain: map[string]bool{}, methods: map[string]map[string]bool{},
			}
			rooms[f.room()] = p
		}
		p.read(f)
	}
	var found []violation
	for room, p := range rooms {
		found = append(found, p.check(room)...)
	}
	slices.SortFunc(found, func(a, b violation) int { return strings.Compare(a.String(), b.String()) })
	return found
}

func (p *packageNames) check(room string) []violation {
	found := p.problems
	add := func(format string, args ...any) {
		found = append(found, violation{room, fmt.Sprintf(format, args...)})
	}
	if !p.doc {
		add("has no package comment")
	}
	n := 0
	for name := range p.exported {
		if p.plain[name] && len(p.methods[name]) == 0 {
			continue // a pure data record
		}
		n++
	}
	if n > maxExported {
		add("exports %d names, more than %d", n, maxExported)
	}
	for name, m := range p.methods {
		if len(m) > maxMethods {
			add("type %s has %d methods, more than %d", name, len(m), maxMethods)
		}
		if _, exempt := records[room+"."+name]; p.fields[name] > maxFields && !exempt {
			add("type %s has methods and %d fields, more than %d", name, p.fields[name], maxFields)
		}
	}
	return found
}

// read gathers the names of one file. Files for different systems declare the same names; they count once.
func (p *packageNames) read(f sourceFile) {
	p.doc = p.doc || f.ast.Doc != nil
	for _, d := range f.ast.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			p.function(f, d)
		case *ast.GenDecl:
			p.declaration(f, d)
		}
	}
}

func (p *packageNames) function(f sourceFile, d *ast.FuncDecl) {
	receiver := ""
	if d.Recv != nil {
		receiver = typeName(d.Recv.List[0].Type)
		if p.methods[receiver] == nil {
			p.methods[receiver] = map[string]bool{}
		}
		p.methods[receiver][d.Name.Name] = true
	} else if d.Name.IsExported() {
		p.exported[d.Name.Name] = true
	}
	if d.Name.IsExported() && (receiver == "" || ast.IsExported(receiver)) && d.Doc == nil {
		p.undocumented(f, d.Name)
	}
}

func (p *packageNames) declaration(f sourceFile, d *ast.GenDecl) {
	kind := "" // of a constant; later lines of a block inherit it
	for _, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			p.typeSpec(f, d, s)
		case *ast.ValueSpec:
			if s.Type != nil {
				kind = typeName(s.Type)
			} else if len(s.Values) > 0 {
				kind = ""
			}
			for _, name := range s.Names {
				if !name.IsExported() {
					continue
				}
				if d.Doc == nil && s.Doc == nil && s.Comment == nil {
					p.undocumented(f, name)
				}
				if d.Tok == token.CONST && kind != "" {
					p.exported["constants of "+kind] = true
				} else {
					p.exported[name.Name] = true
				}
			}
		}
	}
}

func (p *packageNames) typeSpec(f sourceFile, d *ast.GenDecl, s *ast.TypeSpec) {
	if st, ok := s.Type.(*ast.StructType); ok {
		p.fields[s.Name.Name] = st.Fields.NumFields()
		p.plain[s.Name.Name] = !slices.ContainsFunc(st.Fields.List, func(field *ast.Field) bool {
			return slices.ContainsFunc(field.Names, func(n *ast.Ident) bool { return !n.IsExported() })
		})
	}
	if !s.Name.IsExported() {
		return
	}
	p.exported[s.Name.Name] = true
	if d.Doc == nil && s.Doc == nil {
		p.undocumented(f, s.Name)
	}
}

func (p *packageNames) undocumented(f sourceFile, name *ast.Ident) {
	p.problems = append(p.problems, violation{fmt.Sprintf("%s:%d", f.path, f.line(name.Pos())), name.Name + " has no doc comment"})
}

// typeName is the name of a type without package, pointer and parameters.
func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.StarExpr:
		return typeName(e.X)
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.IndexExpr:
		return typeName(e.X)
	case *ast.IndexListExpr:
		return typeName(e.X)
	}
	return ""
}

func TestRooms_plantedViolationsAreFound(t *testing.T) {
	var names, typed, methods, fields strings.Builder
	for i := range 31 {
		fmt.Fprintf(&names, "// F%d is.\nfunc F%d() {}\n", i, i)
		fmt.Fprintf(&typed, "\tK%d Kind = %d\n", i, i)
		if i < 16 {
			fmt.Fprintf(&methods, "func (t *t) m%d() {}\n", i)
		}
		if i < 13 {
			fmt.Fprintf(&fields, "\tf%d int\n", i)
		}
	}
	kind := "// Kind is.\ntype Kind int\n\n// Kinds.\nconst (\n" + typed.String() + ")\n"
	tests := []struct{ name, text, want string }{
		{"exported names", "// Package x is.\npackage x\n" + names.String(), "exports 31 names, more than 30"},
		{"constants of one type", "// Package x is.\npackage x\n" + kind, ""},
		{"methods", "// Package x is.\npackage x\ntype t int\n" + methods.String(), "type t has 16 methods, more than 15"},
		{"fields", "// Package x is.\npackage x\ntype t struct {\n" + fields.String() + "}\nfunc (t) m() {}\n", "type t has methods and 13 fields, more than 12"},
		{"fields without methods", "// Package x is.\npackage x\ntype t struct {\n" + fields.String() + "}\n", ""},
		{"package comment", "package x\n", "has no package comment"},
		{"function", "// Package x is.\npackage x\nfunc F() {}\n", "F has no doc comment"},
		{"method", "// Package x is.\npackage x\n// T is.\ntype T int\nfunc (T) M() {}\n", "M has no doc comment"},
		{"method of a private type", "// Package x is.\npackage x\ntype t int\nfunc (t) M() {}\n", ""},
		{"type", "// Package x is.\npackage x\ntype T int\n", "T has no doc comment"},
		{"variable", "// Package x is.\npackage x\nvar V int\n", "V has no doc comment"},
		{"variable with a line comment", "// Package x is.\npackage x\nvar (\n\tV int // V is\n)\n", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := ""
			for _, v := range checkRooms([]sourceFile{parse(t, "internal/x/x.go", test.text)}) {
				got += v.rule
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestRooms_namesOfOneTreeAreGathered(t *testing.T) {
	first := parse(t, "internal/x/a.go", "// Package x is.\npackage x\ntype t struct{ "+strings.Repeat("_ int; ", 13)+"}\n")
	second := parse(t, "internal/x/b.go", "package x\nfunc (t) m() {}\n")
	if got := checkRooms([]sourceFile{first, second}); len(got) != 1 {
		t.Errorf("type and method in two files: got %v, want one violation", got)
	}
	var methods strings.Builder
	for i := range maxMethods {
		fmt.Fprintf(&methods, "func (t) m%d() {}\n", i)
	}
	unix := parse(t, "internal/x/a_unix.go", "// Package x is.\npackage x\ntype t int\n"+methods.String())
	windows := parse(t, "internal/x/a_windows.go", "package x\n"+methods.String())
	if got := checkRooms([]sourceFile{unix, windows}); len(got) != 0 {
		t.Errorf("the same methods for two systems: got %v, want no violation", got)
	}
}
