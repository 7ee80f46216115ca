package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func TestX04_shortAndFullHost(t *testing.T) {
	group(t, "X04", audit.Settings{}, []ldapattr.Account{of("al", "team"), of("bob", "Team", `\\FS01\ftp$`), of("cy", "cy", `\\fs01\ftp$`)}, "bob")
}

// What names cannot tell is not checked.
func TestX04_restIsNotChecked(t *testing.T) {
	result, findings := judge(t, "X04", audit.Settings{}, of("al", "al"), of("bob", "bob", `\\fs02\ftp$`), of("cy", "cy", `D:\x`))
	if len(findings) != 0 || result.NotChecked != 2 || result.Passed != 0 {
		t.Errorf("got %+v, %+v", result, findings)
	}
}
