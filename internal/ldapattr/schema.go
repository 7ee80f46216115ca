package ldapattr

import (
	"context"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

const attrDisplayName = "lDAPDisplayName"

// MissingAttributes returns which of the two attributes the schema of the forest does
// not have: Windows Server 2003 brought them. Errors: ErrUnreachable, ErrServer, and
// ErrNotFound or ErrRights when the schema cannot be read.
func (p *Permissions) MissingAttributes(ctx context.Context) ([]string, error) {
	const op = "read the schema of"
	wanted := []string{homedir.AttrRoot, homedir.AttrDir}
	d := p.home()
	err := d.request(ctx, func(ctx context.Context, l *link) error {
		var root rootDSE
		err := l.do(ctx, func(conn *ldap.Conn) error {
			var err error
			root, err = readRootDSE(conn)
			return err
		})
		if err != nil {
			return err
		}
		filter := "(|(" + attrDisplayName + "=" + homedir.AttrRoot + ")(" + attrDisplayName + "=" + homedir.AttrDir + "))"
		entries, err := read(ctx, l, search{"CN=Schema," + root.configuration, ldap.ScopeSingleLevel, filter}, attrDisplayName)
		if err != nil {
			return err
		}
		wanted = slices.DeleteFunc(wanted, func(name string) bool {
			return slices.ContainsFunc(entries, func(e *ldap.Entry) bool {
				return strings.EqualFold(e.GetEqualFoldAttributeValue(attrDisplayName), name)
			})
		})
		return nil
	})
	if err != nil {
		return nil, explain(op, d.domain.info.DNSName, err)
	}
	return wanted, nil
}
