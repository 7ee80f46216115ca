package adsim

import (
	"cmp"
	"context"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// opModify changes one entry, all or nothing (RFC 4511, 4.6).
func opModify(_ context.Context, c *conn, r *request) (result, error) {
	name, changes, err := decodeModify(r.body)
	if err != nil {
		return result{}, err
	}
	d := c.server.dir
	n, err := c.changeable(name, changes)
	if err != nil {
		return result{}, err
	}
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	before, err := n.alive()
	if err != nil {
		return result{}, err
	}
	draft := &draft{dir: d, record: *before, permissive: r.controls.permissive, secure: c.secure, parts: cmp.Or(r.controls.parts, partsAll)}
	for _, change := range changes {
		if err := draft.apply(change); err != nil {
			return result{}, err
		}
	}
	changed, err := draft.finish(n)
	if err != nil {
		return result{}, err
	}
	d.store.replace(n, changed)
	c.log.Debug("modify", "dn", changed.dn, "by", c.who.name)
	return result{}, nil
}

func decodeModify(p *ber.Packet) (string, []change, error) {
	name, list, err := nameAndList(p)
	if err != nil {
		return "", nil, err
	}
	var changes []change
	for _, element := range list {
		pair, err := members(element, ber.TagSequence)
		if err != nil {
			return "", nil, err
		}
		if len(pair) != 2 {
			return "", nil, malformed("change of %d parts", len(pair))
		}
		kind, err := small(pair[0], ber.TagEnumerated)
		if err != nil {
			return "", nil, err
		}
		if kind > changeReplace {
			return "", nil, malformed("change of kind %d", kind)
		}
		attribute, err := decodePartial(pair[1])
		if err != nil {
			return "", nil, err
		}
		changes = append(changes, change{kind, attribute})
	}
	return name, changes, nil
}
