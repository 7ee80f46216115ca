package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func TestX07_sharedHomeWithoutReason(t *testing.T) {
	accounts := []ldapattr.Account{of("al", "team"), of("bob", "team"), of("cy", "cy")}
	group(t, "X07", audit.Settings{Shared: []audit.Shared{{Place: share + `\TEAM`, Reason: " "}}}, accounts, "al")
	group(t, "X07", audit.Settings{Shared: []audit.Shared{{Place: share + `\TEAM`, Reason: "one office"}}}, accounts)
}
