package adsim

import (
	"context"
	"crypto/rand"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// opAdd creates an entry (RFC 4511, 4.7).
func opAdd(_ context.Context, c *conn, r *request) (result, error) {
	text, attributes, err := decodeAdd(r.body)
	if err != nil {
		return result{}, err
	}
	name, err := parseDN(text)
	if err != nil || len(name) == 0 {
		return result{}, refuseName(text)
	}
	d := c.server.dir
	if _, err := d.resolve(name.parent().text()); err != nil {
		return result{}, err
	}
	if !isAdmin(d, c.who) {
		return result{}, refuseRights()
	}
	for _, a := range attributes {
		if t, ok := d.schema.attribute(a.name); ok && t.secret && !c.secure {
			return result{}, refuse(unwillingToPerform, 0x1f, "a password is set over TLS only")
		}
	}
	added, err := (&composer{dir: d, name: name, from: fromClient}).compose(attributes)
	if err != nil {
		return result{}, err
	}
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	if err := d.add(added); err != nil {
		return result{}, err
	}
	c.log.Debug("add", "dn", added.dn, "by", c.who.name)
	return result{}, nil
}

// add puts a composed entry into the tree; the caller holds the store's lock. The
// parent is looked for again, since it may have gone or been renamed meanwhile.
func (d *directory) add(added *record) error {
	parent := d.store.byDN[parentNorm(added.norm)]
	if parent == nil {
		return refuseObject("")
	}
	if d.store.byDN[added.norm] != nil {
		return refuseUpdate(entryAlreadyExists, errObjectExists, "6005 (ENTRY_EXISTS)")
	}
	if err := d.unique(added, nil); err != nil {
		return err
	}
	added.nameBelow(parent.current.Load())
	// Not by name alone: an entry made anew after a deletion is another entry.
	d.identify(added, rand.Text())
	d.store.insert(added, parent)
	return nil
}

// nameAndList decodes what add and modify have in common: a DN, and a sequence of
// attributes or of changes (RFC 4511, sections 4.6 and 4.7).
func nameAndList(p *ber.Packet) (name string, list []*ber.Packet, err error) {
	parts, err := fields(p, 2)
	if err != nil {
		return "", nil, err
	}
	if name, err = octets(parts[0]); err != nil {
		return "", nil, err
	}
	list, err = members(parts[1], ber.TagSequence)
	return name, list, err
}

func decodeAdd(p *ber.Packet) (string, []partial, error) {
	name, list, err := nameAndList(p)
	if err != nil {
		return "", nil, err
	}
	var attributes []partial
	seen := make(map[string]bool)
	for _, element := range list {
		attribute, err := decodePartial(element)
		if err != nil {
			return "", nil, err
		}
		if seen[fold(attribute.name)] {
			return "", nil, refuseAttribute(attributeOrValueExists, errValueExists, "1006 (ATT_OR_VALUE_EXISTS)", attribute.name)
		}
		seen[fold(attribute.name)] = true
		attributes = append(attributes, attribute)
	}
	return name, attributes, nil
}
