package cli

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// tree returns the command tree by path, without the program's name: "set",
// "shares check".
func tree(t *testing.T) map[string]*cobra.Command {
	t.Helper()
	found := map[string]*cobra.Command{}
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		for _, child := range cmd.Commands() {
			found[strings.TrimPrefix(child.CommandPath(), "ftpisoctl ")] = child
			walk(child)
		}
	}
	walk((&app{env: Env{Stdin: strings.NewReader(""), Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{}}}).root())
	return found
}

// Where is the command "shares check"? In cmd_shares_check.go, beginning at
// newSharesCheckCommand; and no other command is there.
func TestLayout_oneFilePerCommand(t *testing.T) {
	commands := tree(t)
	for path := range commands {
		name := fileOf(path)
		file, err := parser.ParseFile(token.NewFileSet(), "cmd_"+name+".go", nil, 0)
		if err != nil {
			t.Errorf("%s has no file of its own: %v", path, err)
			continue
		}
		var constructors []string
		for _, declaration := range file.Decls {
			if f, ok := declaration.(*ast.FuncDecl); ok && strings.HasPrefix(f.Name.Name, "new") && strings.HasSuffix(f.Name.Name, "Command") {
				constructors = append(constructors, f.Name.Name)
			}
		}
		want := "new" + strings.Join(capitalized(strings.Split(name, "_")), "") + "Command"
		if len(constructors) != 1 || constructors[0] != want {
			t.Errorf("cmd_%s.go has %q, want %s alone", name, constructors, want)
		}
	}
	files, err := filepath.Glob("cmd_*.go")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for path := range commands {
		names[fileOf(path)] = true
	}
	for _, file := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(file, "cmd_"), ".go")
		if !names[name] && !strings.HasSuffix(name, "_test") {
			t.Errorf("%s is no command of the tree", file)
		}
	}
}

// fileOf is the part of a file's name that stands for a command: neither a blank nor
// a dash can be in one.
func fileOf(path string) string { return strings.NewReplacer(" ", "_", "-", "_").Replace(path) }

func capitalized(words []string) []string {
	for i, word := range words {
		words[i] = strings.ToUpper(word[:1]) + word[1:]
		if word == "acl" { // letters of their own keep one case
			words[i] = "ACL"
		}
	}
	return words
}

func TestLayout_everyCommandExplainsItself(t *testing.T) {
	for path, cmd := range tree(t) {
		if cmd.Short == "" || cmd.Long == "" {
			t.Errorf("%s has no help", path)
		}
		if !cmd.HasSubCommands() && cmd.Args == nil {
			t.Errorf("%s does not say which arguments it takes", path)
		}
		for _, line := range strings.Split(cmd.Long, "\n") {
			if len([]rune(line)) > 90 {
				t.Errorf("%s: a line of the help is wider than a terminal: %s", path, line)
			}
		}
	}
}

func TestLayout_noFlagTakesAPassword(t *testing.T) {
	for path, cmd := range tree(t) {
		for _, name := range []string{"password", "bind-password", "pass", "secret"} {
			if cmd.Flags().Lookup(name) != nil || cmd.InheritedFlags().Lookup(name) != nil {
				t.Errorf("%s has the flag --%s", path, name)
			}
		}
	}
}

// The front door stays small.
func TestLayout_mainIsAnAdapter(t *testing.T) {
	text, err := os.ReadFile("../../cmd/ftpisoctl/main.go")
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(text, []byte("\n")); n > 25 {
		t.Errorf("main.go has %d lines, more than 25", n)
	}
}

// The list in doc.go is a map, so it has every file, and no place that is gone.
func TestLayout_docListsEveryFile(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, match := range regexp.MustCompile(`(?m)^//\t(\S+\.go) `).FindAllSubmatch(text, -1) {
		pattern := string(match[1])
		if found, err := filepath.Glob(pattern); err != nil || len(found) == 0 {
			t.Errorf("doc.go lists %s, which is not there", pattern)
		}
		listed = append(listed, pattern)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if file == "doc.go" || strings.HasPrefix(file, "cmd_") || strings.HasSuffix(file, "_test.go") {
			continue
		}
		if !slices.ContainsFunc(listed, func(pattern string) bool { ok, _ := filepath.Match(pattern, file); return ok }) {
			t.Errorf("doc.go does not list %s", file)
		}
	}
}
