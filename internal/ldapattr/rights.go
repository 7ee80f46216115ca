package ldapattr

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

const attrWritable = "allowedAttributesEffective"

// WritableAttributes returns the attributes of one object that this Directory's
// account may write, as the domain controller itself computes them
// (allowedAttributesEffective, MS-ADTS 3.1.1.4.5.10). Errors: ErrNotFound,
// ErrUsage when dn is not in the domain, ErrUnreachable.
func (d *Directory) WritableAttributes(ctx context.Context, dn string) ([]string, error) {
	const op = "read what may be written of"
	if _, err := within(dn, d.domain.namingContext); err != nil {
		return nil, &Error{Kind: ErrUsage, Op: op, Object: abridge(dn), Err: err}
	}
	var names []string
	err := d.request(ctx, func(ctx context.Context, l *link) error {
		entries, err := read(ctx, l, search{base: dn, filter: "(objectClass=*)"}, attrWritable)
		if err != nil {
			return err
		}
		if len(entries) != 1 {
			return &Error{Kind: ErrNotFound, Op: op, Object: abridge(dn), Win32: winerr.NoSuchUser}
		}
		names = entries[0].GetEqualFoldAttributeValues(attrWritable)
		return nil
	})
	if err != nil {
		return nil, explain(op, abridge(dn), err)
	}
	return names, nil
}
