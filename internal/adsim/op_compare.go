package adsim

import (
	"context"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// opCompare says whether an entry has a value (RFC 4511, 4.10).
func opCompare(_ context.Context, c *conn, r *request) (result, error) {
	parts, err := fields(r.body, 2)
	if err != nil {
		return result{}, err
	}
	name, err := octets(parts[0])
	if err != nil {
		return result{}, err
	}
	pair, err := members(parts[1], ber.TagSequence)
	if err != nil {
		return result{}, err
	}
	assertion := filter{kind: filterEqual}
	decoder := filterDecoder{dir: c.server.dir}
	if err := decoder.assertion(&assertion, pair); err != nil {
		return result{}, err
	}
	return compare(c.server.dir, name, &assertion)
}

// compare evaluates the assertion as an equality filter on one entry.
func compare(d *directory, name string, assertion *filter) (result, error) {
	n, err := d.resolve(name)
	if err != nil {
		return result{}, err
	}
	entry := n.current.Load()
	if entry == nil {
		return result{}, refuseObject("")
	}
	t := assertion.typ
	if t == nil {
		return result{}, refuse(undefinedAttributeType, errInvalidParameter, "no such attribute in the schema")
	}
	if t.secret || t.constructed || len(d.values(entry, t)) == 0 {
		return result{}, refuseAttribute(noSuchAttribute, errNoAttribute, "1001 (NO_ATTRIBUTE_OR_VAL)", t.name)
	}
	if !assertion.valid {
		return result{}, refuseAttribute(invalidAttributeSyntax, errAttributeSyntax, "1002 (INVALID_ATT_SYNTAX)", t.name)
	}
	if assertion.eval(func(t *attrType) []string { return d.values(entry, t) }) == yes {
		return result{code: compareTrue}, nil
	}
	return result{code: compareFalse}, nil
}
