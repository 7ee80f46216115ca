package ldapattr

import (
	"context"

	"github.com/go-ldap/ldap/v3"
)

// Suffixes returns what stands behind the @ of names that the whole forest knows: the
// DNS names of its domains, and the suffixes that its administrators have registered
// (uPNSuffixes, MS-ADTS 6.1.1.2.1). Errors: ErrUnreachable, ErrServer, ErrRights.
func (f *Forest) Suffixes(ctx context.Context) ([]string, error) {
	const op = "read the UPN suffixes of"
	d := f.Home()
	suffixes := []string{d.domain.info.DNSName}
	for _, other := range d.domain.partitions {
		suffixes = append(suffixes, other.dns)
	}
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
		entries, err := read(ctx, l, search{"CN=Partitions," + root.configuration, ldap.ScopeBaseObject, "(objectClass=*)"}, "uPNSuffixes")
		for _, entry := range entries {
			suffixes = append(suffixes, entry.GetEqualFoldAttributeValues("uPNSuffixes")...)
		}
		return err
	})
	if err != nil {
		return nil, explain(op, "the forest", err)
	}
	return suffixes, nil
}
