package adsim

import (
	"context"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// rename is a decoded ModifyDNRequest (RFC 4511, 4.9).
type rename struct {
	entry, newRDN string
	deleteOld     bool
	newParent     string // "" keeps the parent
}

// opModifyDN renames or moves an entry with all that is below it. References to
// it elsewhere, such as member, keep the old name.
func opModifyDN(_ context.Context, c *conn, r *request) (result, error) {
	request, err := decodeRename(r.body)
	if err != nil {
		return result{}, err
	}
	n, err := c.writable(request.entry)
	if err != nil {
		return result{}, err
	}
	if !request.deleteOld {
		return result{}, refuseUpdate(unwillingToPerform, errUnwilling, "5003 (WILL_NOT_PERFORM): not without deleteoldrdn")
	}
	component, err := parseDN(request.newRDN)
	if err != nil || len(component) != 1 {
		return result{}, refuseName(request.newRDN)
	}
	d := c.server.dir
	var parent *node
	if request.newParent != "" {
		if parent, err = d.resolve(request.newParent); err != nil {
			return result{}, err
		}
	}
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	if err := d.rename(n, component[0], parent); err != nil {
		return result{}, err
	}
	c.log.Debug("rename", "dn", n.current.Load().dn, "by", c.who.name)
	return result{}, nil
}

func decodeRename(p *ber.Packet) (r rename, err error) {
	parts, err := fields(p, 3)
	if err != nil {
		return r, err
	}
	if r.entry, err = octets(parts[0]); err != nil {
		return r, err
	}
	if r.newRDN, err = octets(parts[1]); err != nil {
		return r, err
	}
	if r.deleteOld, err = boolean(parts[2]); err != nil {
		return r, err
	}
	if len(parts) > 3 {
		var ok bool
		if r.newParent, ok = tagged(parts[3], 0); !ok {
			return r, malformed("newSuperior in the wrong form")
		}
	}
	return r, nil
}

// rename checks and does it; the caller holds the store's lock.
func (d *directory) rename(n *node, to rdn, parent *node) error {
	before, err := n.alive()
	if err != nil {
		return err
	}
	if parent == nil {
		parent = n.parent
	}
	if before.norm == before.context {
		return refuseUpdate(unwillingToPerform, errUnwilling, "5003 (WILL_NOT_PERFORM): head of a naming context")
	}
	above, err := parent.alive()
	if err != nil {
		return err
	}
	if above.context != before.context || within(above.norm, before.norm) {
		return refuseUpdate(unwillingToPerform, errUnwilling, "5003 (WILL_NOT_PERFORM): below itself or in another naming context")
	}
	if to.attribute != before.class.naming || to.norm != rdnNorm(to) {
		return refuseUpdate(namingViolation, errNaming, "5005 (NAMING_VIOLATION): the name must begin with "+before.class.naming)
	}
	naming, _ := d.schema.attribute(before.class.naming)
	if err := checkValue(naming, to.value); err != nil {
		return err
	}
	norm := to.norm + "," + above.norm
	if other := d.store.byDN[norm]; other != nil && other != n {
		return refuseUpdate(entryAlreadyExists, errObjectExists, "6005 (ENTRY_EXISTS)")
	}
	below := d.store.below(n)
	after := *before
	after.dn, after.norm, after.changed = to.text+","+above.dn, norm, now()
	after.set(naming, []string{to.value})
	after.named = d.schema.known.name
	d.store.move(n, parent)
	d.store.replace(n, &after)
	for _, child := range below { // parents come before their children
		moved := *child.current.Load()
		moved.nameBelow(child.parent.current.Load())
		d.store.replace(child, &moved)
	}
	return nil
}
