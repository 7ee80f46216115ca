package ldapattr

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The package comment tells where things are: all of them, and nothing else.
func TestDoc_listsEveryFile(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, word := range strings.Fields(string(text)) {
		if strings.HasSuffix(word, ".go") {
			listed[word] = true
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") && file != "doc.go" && !listed[file] {
			t.Errorf("%s is not listed", file)
		}
		delete(listed, file)
	}
	for file := range listed {
		t.Errorf("%s is listed, but not there", file)
	}
}
