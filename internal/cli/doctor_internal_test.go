package cli

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// A service account that does not see users, or their homes, lacks a right, however the
// directory puts that.
func TestReadBy(t *testing.T) {
	alice := ldapattr.User{SAMAccountName: "alice", NetBIOSDomain: "CORP", Root: `\\fs01\ftp$`, Dir: "alice"}
	hidden := alice
	hidden.Dir = ""
	for _, test := range []struct {
		seen ldapattr.User
		err  error
		code int // of a failure
		next string
	}{
		{alice, nil, 0, ""},
		{hidden, nil, exitRights, "let it read"},
		{ldapattr.User{}, fmt.Errorf("find: %w", ldapattr.ErrNotFound), exitRights, "let it see users"},
		{ldapattr.User{}, fmt.Errorf("find: %w", ldapattr.ErrRights), exitRights, "let it see users"},
		{ldapattr.User{}, fmt.Errorf("find: %w", ldapattr.ErrUnreachable), exitUnreachable, "check --server"},
	} {
		d := &doctor{watch: &progress{}}
		ok := d.check("service account", func() finding { return readBy(`CORP\svc`, alice, test.seen, test.err) })
		if c := d.checks[0]; ok != (test.code == 0) || c.code != test.code || !strings.HasPrefix(c.Next, test.next) || !strings.Contains(c.Evidence, "alice") && test.code != exitUnreachable {
			t.Errorf("%v: got %+v", test.err, c)
		}
	}
}
