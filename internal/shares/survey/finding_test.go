package survey_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Each id is explained where an error says it is, and stands for one cause.
func TestID_isExplained(t *testing.T) {
	source, err := os.ReadFile("finding.go")
	if err != nil {
		t.Fatal(err)
	}
	document, err := os.ReadFile("../../../docs/errors.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, match := range regexp.MustCompile(`"([A-Z]\d\d)"`).FindAllStringSubmatch(string(source), -1) {
		id := match[1]
		if seen[id] {
			t.Errorf("%s stands for two causes", id)
		}
		seen[id] = true
		if !strings.Contains(string(document), "`"+id+"`") {
			t.Errorf("%s is not in docs/errors.md", id)
		}
	}
	if len(seen) < 20 {
		t.Errorf("found %d ids only", len(seen))
	}
}

func TestFinding_Win32(t *testing.T) {
	if got := (survey.Finding{}).Win32(); got != winerr.Success {
		t.Errorf("without a cause: %d", got)
	}
	if got := (survey.Finding{Err: winerr.BadNetName}).Win32(); got != winerr.BadNetName {
		t.Errorf("got %d", got)
	}
}
