package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Each cause has its id, whatever is wrapped around it, and each id is explained.
func TestErrorID(t *testing.T) {
	document, err := os.ReadFile("../../docs/errors.md")
	if err != nil {
		t.Fatal(err)
	}
	auth := func(subCode string) error {
		return &ldapattr.Error{Kind: ldapattr.ErrAuth, Op: "bind", SubCode: subCode}
	}
	for _, tt := range []struct {
		err  error
		want string
	}{
		{&ldapattr.Error{Kind: ldapattr.ErrPlaintext}, "LDAP-8"},
		{&ldapattr.Error{Kind: ldapattr.ErrConflict}, "LDAP-16"},
		{&ldapattr.Error{Kind: ldapattr.ErrRights}, "LDAP-50"},
		{auth("52e"), "LDAP-49-52e"}, {auth("525"), "LDAP-49-525"}, {auth("530"), "LDAP-49-530"}, {auth("531"), "LDAP-49-531"}, {auth("532"), "LDAP-49-532"},
		{auth("533"), "LDAP-49-533"}, {auth("701"), "LDAP-49-701"}, {auth("773"), "LDAP-49-773"}, {auth("775"), "LDAP-49-775"}, {auth("80090346"), "LDAP-49-80090346"},
		{auth("KRB 6"), "KRB-6"}, {auth("KRB 7"), "KRB-7"}, {auth("KRB 18"), "KRB-18"}, {auth("KRB 23"), "KRB-23"}, {auth("KRB 24"), "KRB-24"}, {auth("KRB 37"), "KRB-37"},
		{fmt.Errorf("ticket: %w", winerr.TimeSkew), "KRB-37"},
		{fmt.Errorf("mount: %w", winerr.BadNetName), "SMB-C00000CC"},
		{fmt.Errorf("%w: %w", smbfs.ErrDFS, winerr.BadNetPath), "SMB-C0000257"},
		{auth(""), ""}, {&ldapattr.Error{Kind: ldapattr.ErrNotFound}, ""}, {errors.New("x"), ""}, {winerr.BadNetPath, ""},
	} {
		for _, err := range []error{tt.err, fmt.Errorf("outside: %w", tt.err), hint(tt.err, "advice"), &exitError{exitFailed, tt.err, ""}} {
			if got := errorID(err); got != tt.want {
				t.Errorf("%v: got %q, want %q", err, got, tt.want)
			}
		}
		if tt.want != "" && !strings.Contains(string(document), "`"+tt.want+"`") {
			t.Errorf("%s is not in docs/errors.md", tt.want)
		}
	}
}
