package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
)

func suppressions(t *testing.T, text string) ([]config.Suppression, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "accepted.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return config.LoadSuppressions(path)
}

func TestLoadSuppressions(t *testing.T) {
	list, err := suppressions(t, "suppressions:\n- rule: V07\n  object: 'svc*'\n  reason: one server only, J. Doe\n  until: 2026-12-31\n- {rule: X01, object: '*', reason: test domain}\n")
	if err != nil || len(list) != 2 || list[0] != (config.Suppression{Rule: "V07", Object: "svc*", Reason: "one server only, J. Doe", Until: "2026-12-31"}) {
		t.Errorf("got %+v, %v", list, err)
	}
	if list, err := suppressions(t, ""); err != nil || len(list) != 0 {
		t.Errorf("an empty file: got %+v, %v", list, err)
	}
}

func TestLoadSuppressions_refuses(t *testing.T) {
	for text, want := range map[string]string{
		"suppressions:\n- {rule: V07, object: a}\n":                              "reason",
		"suppressions:\n- {rule: V07, object: a, reason: ' '}\n":                 "reason",
		"suppressions:\n- {rule: V07, object: a, reason: b, until: soon}\n":      "2026-12-31",
		"suppressions:\n- {rule: V07, object: a, reason: b, till: 2026-12-31}\n": "till",
		"suppress: []\n": "suppress",
		"{":              "YAML",
	} {
		if list, err := suppressions(t, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %+v, %v, want %s", text, list, err, want)
		}
	}
	if _, err := config.LoadSuppressions(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a file that is not there is read")
	}
}
