package cli

import (
	"errors"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// The ids of failures whose cause is somewhere else, and whose remedy is known. An id
// never changes its meaning; docs/errors.md explains each.
const (
	idProtect   = "LDAP-8"       // strongerAuthRequired
	idConflict  = "LDAP-16"      // what was to be replaced is not there any more
	idRights    = "LDAP-50"      // insufficientAccessRights
	idLogon     = "LDAP-49-"     // and the sub-code of Active Directory, such as 52e
	idKerberos  = "KRB-"         // and the KDC's error code
	idNoShare   = "SMB-C00000CC" // STATUS_BAD_NETWORK_NAME
	idNamespace = "SMB-C0000257" // STATUS_PATH_NOT_COVERED
	idClock     = "KRB-37"       // the same, wherever it was noticed
	krbSubCode  = "KRB "         // how ldapattr writes a KDC's code
)

// errorID returns the id of a failure, "" for one without.
func errorID(err error) string {
	var directory *ldapattr.Error
	if errors.As(err, &directory) && directory.SubCode != "" {
		if code, ok := strings.CutPrefix(directory.SubCode, krbSubCode); ok {
			return idKerberos + code
		}
		return idLogon + directory.SubCode
	}
	for _, row := range []struct {
		kind error
		id   string
	}{
		{ldapattr.ErrPlaintext, idProtect}, {ldapattr.ErrConflict, idConflict}, {ldapattr.ErrRights, idRights}, {smbfs.ErrDFS, idNamespace},
		{winerr.BadNetName, idNoShare}, {winerr.TimeSkew, idClock},
	} {
		if errors.Is(err, row.kind) {
			return row.id
		}
	}
	return ""
}
