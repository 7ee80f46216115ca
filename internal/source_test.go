package internal_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// module is the module path in front of our own import paths.
const module = "github.com/ftpisoctl/ftpisoctl/"

// sourceFile is one Go file of the tree. Files of every build tag and system count alike.
type sourceFile struct {
	path string // below the module, with slashes
	text []byte
	fset *token.FileSet
	ast  *ast.File
}

func (f sourceFile) room() string         { return filepath.ToSlash(filepath.Dir(f.path)) }
func (f sourceFile) test() bool           { return strings.HasSuffix(f.path, "_test.go") }
func (f sourceFile) lines() int           { return bytes.Count(f.text, []byte("\n")) }
func (f sourceFile) line(p token.Pos) int { return f.fset.Position(p).Line }

// span is the number of lines from one position to another, both included.
func (f sourceFile) span(from, to token.Pos) int { return f.line(to) - f.line(from) + 1 }

// parse makes a source file of a text; the tests of the checks plant their violations with it.
func parse(t *testing.T, path, text string) sourceFile {
	t.Helper()
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, path, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("parse %s: %v", path, err)
	}
	return sourceFile{path: path, text: []byte(text), fset: fset, ast: tree}
}

// tree reads every Go file of the module.
func tree(t *testing.T) []sourceFile {
	t.Helper()
	var files []sourceFile
	for _, top := range []string{"cmd", "internal"} {
		err := filepath.WalkDir(filepath.Join("..", top), func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && d.Name() == "testdata":
				return filepath.SkipDir
			case d.IsDir() || !strings.HasSuffix(path, ".go"):
				return nil
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			below, err := filepath.Rel("..", path)
			files = append(files, parse(t, filepath.ToSlash(below), string(text)))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(files) == 0 {
		t.Fatal("no Go files found")
	}
	return files
}

// archives reads the dialogs and scripts: the txtar files below the folders testdata.
func archives(t *testing.T) [][]byte {
	t.Helper()
	var texts [][]byte
	for _, top := range []string{"cmd", "internal"} {
		err := filepath.WalkDir(filepath.Join("..", top), func(path string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".txtar" || !strings.Contains(filepath.ToSlash(path), "/testdata/") {
				return err
			}
			text, err := os.ReadFile(path)
			texts = append(texts, text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(texts) == 0 {
		t.Fatal("no archives found")
	}
	return texts
}

// violation is one broken rule.
type violation struct {
	where, rule string
}

func (v violation) String() string { return v.where + ": " + v.rule }

func report(t *testing.T, violations []violation) {
	t.Helper()
	for _, v := range violations {
		t.Error(v)
	}
}
