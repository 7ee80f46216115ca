package cli_test

import (
	"os"
	"strings"
	"testing"
)

// What docs/audit-rules.md says is what the rules say.
func TestAuditRules_documentIsUpToDate(t *testing.T) {
	w := &world{}
	if code := w.run(t, "audit", "rules", "--markdown"); code != 0 {
		t.Fatalf("exit code %d: %s", code, &w.err)
	}
	want := w.out.String()
	got, err := os.ReadFile("../../docs/audit-rules.md")
	if err != nil || strings.ReplaceAll(string(got), "\r\n", "\n") != want {
		t.Errorf("docs/audit-rules.md is not what the rules say; make docs writes it (%v)", err)
	}
	for _, heading := range []string{"\n## V01\n", "\n## X07\n", "\n## A11\n", "\n## C90\n"} {
		if !strings.Contains(want, heading) {
			t.Errorf("there is no %q", heading)
		}
	}
}
