package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func TestV19_shortHost(t *testing.T) {
	findings := group(t, "V19", audit.Settings{}, []ldapattr.Account{of("al", "al"), of("bob", "bob", `\\FS01\ftp$`), of("cy", "cy", `\\fs02\ftp$`), of("di", "di", `D:\x`)}, "bob")
	if fix := findings[0].Fix; fix == nil || fix.After.Root != share {
		t.Errorf("got %+v", fix)
	}
}

// Two machines of one first name: nobody can say which is meant.
func TestV19_guessesNothing(t *testing.T) {
	findings := group(t, "V19", audit.Settings{}, []ldapattr.Account{of("al", "al"), of("bob", "bob", `\\fs01\ftp$`), of("cy", "cy", `\\fs01.other.example\ftp$`)}, "bob")
	if findings[0].Fix != nil {
		t.Errorf("got %+v", findings[0].Fix)
	}
	group(t, "V19", audit.Settings{}, []ldapattr.Account{of("al", "al", `\\10.0.0.1\x`), of("bob", "bob", `\\10\x`)})
}

// Of many that it could be some are named.
func TestV19_namesSome(t *testing.T) {
	accounts := []ldapattr.Account{of("bob", "bob", `\\fs01\ftp$`)}
	for i := range 20 {
		accounts = append(accounts, of(fmt.Sprint("u", i), "x", fmt.Sprintf(`\\fs01.d%02d.example\ftp$`, i)))
	}
	findings := group(t, "V19", audit.Settings{}, accounts, "bob")
	if others := findings[0].Evidence[1].Value; strings.Count(others, ",") != 9 || !strings.HasPrefix(others, "fs01.d00.example, ") {
		t.Errorf("got %q", others)
	}
}
