package rules_test

import (
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

func TestC01(t *testing.T) {
	nobody, _, _ := strings.Cut(domain, "\ndn: CN=al,")
	const schema = "\ndn: CN=ms-IIS-FTP-%,CN=Schema,CN=Configuration,DC=corp,DC=example,DC=com\nobjectClass: attributeSchema\nlDAPDisplayName: somethingElse\n"
	bare := nobody + strings.ReplaceAll(schema, "%", "Root") + strings.ReplaceAll(schema, "%", "Dir")
	result, findings := ask(t, "C01", directory(t, bare), audit.Settings{})
	if len(findings) != 1 || findings[0].Message != "the schema lacks msIIS-FTPRoot and msIIS-FTPDir" || findings[0].Severity != audit.Critical {
		t.Errorf("a schema without: got %+v, %+v", result, findings)
	}
	if result, findings := ask(t, "C01", directory(t, nobody), audit.Settings{}); result.Passed != 1 || len(findings) != 0 {
		t.Errorf("nobody has a home yet: got %+v, %+v", result, findings)
	}
	if result, _ := judge(t, "C01", audit.Settings{}, user("al", home("", ""))); result.NotChecked != 1 {
		t.Errorf("nobody to ask: got %+v", result)
	}
	if result, _ := judge(t, "C01", audit.Settings{}, user("al")); result.Passed != 1 {
		t.Errorf("somebody has both: got %+v", result)
	}
}
