package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func TestX03_shareWithHomesOfOthers(t *testing.T) {
	findings := group(t, "X03", audit.Settings{}, []ldapattr.Account{
		of("boss", "."), of("al", "al"), of("bob", `bob\inner`), of("own", ".", `\\fs01.corp.example.com\own$`), of("disk", `\`, `D:\`), of("d", `ftp`, `D:\`),
	}, "boss", "disk")
	if got := findings[0].Message; got != "2 homes of others are on this share" {
		t.Errorf("got %q", got)
	}
}

func TestX03_clean(t *testing.T) {
	group(t, "X03", audit.Settings{}, []ldapattr.Account{of("al", "al"), of("own", ".", `\\fs01.corp.example.com\own$`)})
}
