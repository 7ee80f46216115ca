package internal_test

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// checklist is how many lines each section of the security checklist has that must hold; they are numbered from 1.
// Lines that only should hold are left out below.
var checklist = map[string]int{"A": 12, "L": 8, "T": 9, "D": 7, "P": 6, "W": 5, "F": 5, "G": 3}

var optional = []string{"L7"}

// unheld are the lines that no test is named after, in the form TestChecklist_A1_whatItHolds.
func unheld(files []sourceFile) []string {
	held := make(map[string]bool)
	for _, f := range files {
		for _, declaration := range f.ast.Decls {
			if function, ok := declaration.(*ast.FuncDecl); ok && f.test() {
				if line, what, named := strings.Cut(strings.TrimPrefix(function.Name.Name, "TestChecklist_"), "_"); named && what != "" {
					held[line] = true
				}
			}
		}
	}
	var missing []string
	for section, lines := range checklist {
		for i := range lines {
			if line := fmt.Sprint(section, i+1); !held[line] && !slices.Contains(optional, line) {
				missing = append(missing, line)
			}
		}
	}
	slices.Sort(missing)
	return missing
}

func TestChecklist_everyLineHasItsTest(t *testing.T) {
	if missing := unheld(tree(t)); len(missing) > 0 {
		t.Errorf("no test is named after %v", missing)
	}
}

func TestChecklist_plantedViolationsAreFound(t *testing.T) {
	files := tree(t)
	files = slices.DeleteFunc(files, func(f sourceFile) bool { return strings.HasSuffix(f.path, "/checklist_d_test.go") })
	files = append(files, parse(t, "internal/x/x_test.go", "package x\nfunc TestChecklist_D1(){}\nfunc TestChecklist_D2_privilegedPorts(){}\n"),
		parse(t, "internal/x/x.go", "package x\nfunc TestChecklist_D3_inNoTestFile(){}\n"))
	if got, want := unheld(files), []string{"D1", "D3", "D4", "D5", "D6", "D7"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
