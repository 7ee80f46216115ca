package cli

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
)

// What the README tells people to type and to write must be accepted.
func TestREADME(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindSubmatch(text)
	if block == nil {
		t.Fatal("no configuration in README.md")
	}
	file, err := config.Parse("README.md", block[1])
	if err != nil {
		t.Fatal(err)
	}
	if len(file.Sites) != 1 {
		t.Errorf("%d sites", len(file.Sites))
	}
	for _, line := range regexp.MustCompile(`(?m)^\$ ftpisoctl (.*)$`).FindAllSubmatch(text, -1) {
		root := (&app{env: Env{Stdin: strings.NewReader(""), Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{}}}).root()
		words, err := splitWords(string(line[1]))
		if err != nil {
			t.Fatal(err)
		}
		command, rest, err := root.Find(words)
		if err == nil {
			err = command.ParseFlags(rest)
		}
		if err == nil {
			err = command.ValidateArgs(command.Flags().Args())
		}
		if err != nil || command == root {
			t.Errorf("ftpisoctl %s: %v", line[1], err)
		}
	}
	for _, match := range regexp.MustCompile(`\]\(([a-zA-Z/.-]+)\)`).FindAllSubmatch(text, -1) {
		if _, err := os.Stat("../../" + string(match[1])); err != nil {
			t.Errorf("the README leads to nothing: %v", err)
		}
	}
}
