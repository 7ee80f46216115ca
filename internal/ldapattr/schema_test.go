package ldapattr_test

import (
	"slices"
	"testing"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func TestMissingAttributes(t *testing.T) {
	s := newCorp(t)
	p := ldapattr.Permissions{Directory: open(t, s.asAdmin())}
	if missing, err := p.MissingAttributes(t.Context()); err != nil || len(missing) != 0 {
		t.Errorf("got %q, %v", missing, err)
	}
	const schema = ",CN=Schema,CN=Configuration," + baseDN
	if err := s.dial(t).Del(ldap.NewDelRequest("CN=ms-IIS-FTP-Dir"+schema, nil)); err != nil {
		t.Fatal(err)
	}
	if missing, err := p.MissingAttributes(t.Context()); err != nil || !slices.Equal(missing, []string{"msIIS-FTPDir"}) {
		t.Errorf("got %q, %v", missing, err)
	}
}
