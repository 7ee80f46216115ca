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

// Where several domain controllers are configured their values are compared; one alone
// is no reason to say that all agree.
func TestAudit_comparesDomainControllers(t *testing.T) {
	const early, late = "20200101000000.0Z", "20200101000500.0Z"
	w, _, urls := domainOfTwo(t,
		[]member{{name: "same", dir: "a", id: 0}, {name: "moved", dir: "new", changed: late, id: 1}},
		[]member{{name: "same", dir: "a", id: 0}, {name: "moved", dir: "old", changed: early, id: 1}},
	)
	if code := w.run(t, "audit", "-q", "--rules", "C08", "--fail-on", "medium", "-o", "jsonl"); code != 4 || strings.Count(w.out.String(), `"rule":"C08"`) != 1 ||
		!strings.Contains(w.out.String(), `"login":"moved"`) || !strings.Contains(w.out.String(), urls[1]) || !strings.Contains(w.out.String(), `"changed","value":"2020-01-01T00:05:00Z"`) {
		t.Errorf("exit code %d: %s\n%s", code, &w.err, &w.out)
	}
	const want = "C08 was not checked 1 time: one domain controller is configured, so no other is asked\n"
	if code := w.run(t, "audit", "-q", "--rules", "C08", "--server", urls[0], "-o", "table"); code != 0 || !strings.Contains(w.out.String(), want) {
		t.Errorf("exit code %d: %s\n%s", code, &w.err, &w.out)
	}
}
