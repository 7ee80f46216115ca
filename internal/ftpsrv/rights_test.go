package ftpsrv_test

import (
	"slices"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
)

// A verb that looks at files or changes them must say so in the table, or the
// authorization rules do not hold for it. These do neither. CWD tells that a
// directory is there: a drop box may have several.
func TestRights_everyFileVerbWantsOne(t *testing.T) {
	free := []string{
		"ABOR", "ACCT", "ALLO", "CCC", "CDUP", "CWD", "EPRT", "EPSV", "MODE", "PASV", "PORT", "PWD", "REIN", "REST", "SMNT", "STRU", "TYPE",
	}
	for _, verb := range ftpsrv.UnrightedVerbs() {
		if !slices.Contains(free, verb) {
			t.Errorf("%s needs a login and no right: mark its row with reads or writes", verb)
		}
	}
}
