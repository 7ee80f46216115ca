package cli

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/iisftp"
)

// Both columns of the page must be accepted: the old lines by the reader of old
// lines, the new ones by the command that they name. Every operation is there.
func TestMigrating(t *testing.T) {
	text, err := os.ReadFile("../../docs/migrating-from-iisftp.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[iisftp.Operation]bool{}
	for _, match := range regexp.MustCompile("(?m)`iisftp (/[^`…]*)`|^    iisftp (/.*)$").FindAllSubmatch(text, -1) {
		line := string(match[1]) + string(match[2])
		call, err := iisftp.Parse(strings.Fields(line))
		if err != nil {
			t.Errorf("iisftp %s: %v", line, err)
		}
		seen[call.Operation] = true
	}
	for _, operation := range []iisftp.Operation{
		iisftp.GetADProp, iisftp.SetADProp, iisftp.Create, iisftp.Delete, iisftp.Start, iisftp.Stop, iisftp.Pause, iisftp.Query,
	} {
		if !seen[operation] {
			t.Errorf("the page does not tell of /%s", operation)
		}
	}
	root := (&app{env: Env{Stdin: strings.NewReader(""), Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{}}}).root()
	lines := regexp.MustCompile("(?m)`ftpisoctl ([^`…]*)`|^\\$ ftpisoctl (.*)$").FindAllSubmatch(text, -1)
	if len(lines) < 20 {
		t.Fatalf("only %d commands found", len(lines))
	}
	for _, match := range lines {
		line, _, _ := strings.Cut(string(match[1])+string(match[2]), " <")
		words := strings.Fields(line)
		command, rest, err := root.Find(words)
		if err == nil {
			err = command.ParseFlags(rest)
		}
		if err == nil {
			err = command.ValidateArgs(command.Flags().Args())
		}
		if err != nil || command == root {
			t.Errorf("ftpisoctl %s: %v", line, err)
		}
	}
}
