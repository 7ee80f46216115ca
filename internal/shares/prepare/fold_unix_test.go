//go:build unix

package prepare_test

import "github.com/ftpisoctl/ftpisoctl/internal/ldapattr"

type ldapUser = ldapattr.User

// foldsCase says whether folders of this machine tell names apart by letter case.
func foldsCase() bool { return false }
