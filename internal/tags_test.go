package internal_test

import (
	"go/build/constraint"
	"maps"
	"slices"
	"strings"
	"testing"
)

// systems are the ones we build for, with the tags that Go itself sets there.
var systems = map[string][]string{
	"linux":   {"linux", "unix", "amd64"},
	"windows": {"windows", "amd64"},
}

// views are what scripts/vet.sh and scripts/lint.sh look at: every tag of ours on Linux, and none on Windows.
var views = map[string][]string{
	"linux":   {"embedded", "lab"},
	"windows": nil,
}

// unseen says which build constraint keeps a file out of every view, "" for a file that one of them has, and for one
// that is for other systems alone.
func unseen(f sourceFile) string {
	text, expression := buildConstraint(f)
	if expression == nil {
		return ""
	}
	built := false
	for system, given := range systems {
		for _, other := range slices.Sorted(maps.Keys(systems)) {
			if other != system && strings.HasSuffix(strings.TrimSuffix(strings.TrimSuffix(f.path, ".go"), "_test"), "_"+other) {
				given = []string{} // the name says that the file is not for this system
			}
		}
		if len(given) == 0 {
			continue
		}
		if expression.Eval(func(tag string) bool { return slices.Contains(given, tag) || slices.Contains(views[system], tag) }) {
			return ""
		}
		built = built || satisfiable(expression, given)
	}
	if built {
		return text
	}
	return ""
}

// buildConstraint is the go:build line above the package clause; the expression is nil where there is none.
func buildConstraint(f sourceFile) (string, constraint.Expr) {
	for _, group := range f.ast.Comments {
		for _, comment := range group.List {
			if comment.Pos() < f.ast.Package && constraint.IsGoBuild(comment.Text) {
				expression, _ := constraint.Parse(comment.Text)
				return comment.Text, expression
			}
		}
	}
	return "", nil
}

// satisfiable tries the tags that Go does not set by itself, which are ours, both ways.
func satisfiable(expression constraint.Expr, given []string) bool {
	var ours []string
	expression.Eval(func(tag string) bool {
		if !slices.Contains([]string{"linux", "windows", "unix", "darwin", "amd64", "arm64", "race", "cgo"}, tag) {
			ours = append(ours, tag)
		}
		return true
	})
	for choice := range 1 << len(ours) {
		ok := expression.Eval(func(tag string) bool {
			i := slices.Index(ours, tag)
			return slices.Contains(given, tag) || i >= 0 && choice>>i&1 == 1
		})
		if ok {
			return true
		}
	}
	return false
}

func TestTags_noFileIsOutOfTheLintersSight(t *testing.T) {
	for _, f := range tree(t) {
		if rule := unseen(f); rule != "" {
			t.Errorf("%s: neither vetted nor linted, because of %s", f.path, rule)
		}
	}
}

func TestTags_plantedViolationsAreFound(t *testing.T) {
	for _, test := range []struct {
		path, rule string
		found      bool
	}{
		{"internal/x/x_test.go", "//go:build !lab", false},
		{"internal/x/x_test.go", "//go:build lab && unix", false},
		{"internal/x/x_test.go", "//go:build !race", false},
		{"internal/x/x.go", "//go:build !linux", false},
		{"internal/x/x.go", "//go:build unix && !linux", false}, // compiles for nobody here
		{"internal/x/x_windows_test.go", "//go:build embedded", true},
		{"internal/x/x_linux_test.go", "//go:build !embedded", true},
		{"internal/x/x_test.go", "//go:build unix && !lab", true},
		{"internal/x/x_test.go", "//go:build wine", true},
	} {
		got := unseen(parse(t, test.path, test.rule+"\n\npackage x\n"))
		if (got != "") != test.found {
			t.Errorf("%s in %s: got %q, want it found: %v", test.rule, test.path, got, test.found)
		}
	}
}
