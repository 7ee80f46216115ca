package adsim

import (
	"slices"
	"time"
)

// origin says how much an entry's author may state.
type origin int

const (
	fromSeed   origin = iota // everything, system attributes included
	fromClient               // what a client may add
)

// composer makes the record of a new entry from its name and attributes. It checks
// what the schema asks; the tree around it is the caller's business.
type composer struct {
	dir    *directory
	name   dn
	from   origin
	record *record
}

func (c *composer) compose(attributes []partial) (*record, error) {
	context, ok := c.dir.contextOf(c.name.norm())
	if !ok {
		return nil, refuseUpdate(unwillingToPerform, errUnwilling, "5003 (WILL_NOT_PERFORM): outside of this server's naming contexts")
	}
	at := now()
	c.record = &record{dn: c.name.text(), norm: c.name.norm(), context: context, created: at, changed: at}
	if err := c.classify(attributes); err != nil {
		return nil, err
	}
	for _, a := range attributes {
		if err := c.take(a); err != nil {
			return nil, err
		}
	}
	c.complete()
	return c.record, nil
}

// classify finds the object class and checks the first component of the name.
func (c *composer) classify(attributes []partial) error {
	r, leaf, k := c.record, c.name[0], &c.dir.schema.known
	i := slices.IndexFunc(attributes, func(p partial) bool { return fold(p.name) == fold(k.objectClass.name) })
	if i < 0 {
		return refuseUpdate(objectClassViolation, errClassViolation, "5006 (OBJ_CLASS_VIOLATION): no objectClass")
	}
	var unknown string
	if r.class, unknown = c.dir.schema.classOf(attributes[i].values); r.class == nil {
		return refuseUpdate(objectClassViolation, errClassViolation, "5006 (OBJ_CLASS_VIOLATION): class '"+unknown+"'")
	}
	if leaf.attribute != r.class.naming || leaf.norm != rdnNorm(leaf) {
		return refuseUpdate(namingViolation, errNaming, "5005 (NAMING_VIOLATION): the name must begin with "+r.class.naming)
	}
	r.attributes = append(r.attributes, attribute{k.objectClass, r.class.chain})
	naming, _ := c.dir.schema.attribute(r.class.naming)
	if err := checkValue(naming, leaf.value); err != nil {
		return err
	}
	r.attributes = append(r.attributes, attribute{naming, []string{leaf.value}})
	return nil
}

// rdnNorm is what norm must be for a component of one attribute.
func rdnNorm(r rdn) string { return r.attribute + "=" + escapeNorm(squeeze(fold(r.value))) }

// take checks one attribute and puts it where it belongs.
func (c *composer) take(a partial) error {
	t, ok := c.dir.schema.attribute(a.name)
	if !ok {
		return refuseUnknown(a.name)
	}
	r, k := c.record, &c.dir.schema.known
	switch {
	case t == k.objectClass, t.name == c.name[0].attribute:
		return nil // classify has them
	case len(a.values) == 0:
		return refuseAttribute(constraintViolation, errInvalidParameter, "1005 (CONSTRAINT_ATT_TYPE)", t.name)
	case t == k.unicodePwd || t == k.userPassword:
		return takePassword(c.dir, r, attribute{t, a.values})
	case t.secret || t.constructed || (t.system && c.from == fromClient):
		return refuseAttribute(constraintViolation, errOwnedBySystem, "1005 (CONSTRAINT_ATT_TYPE)", t.name)
	case !r.class.holds(t):
		return refuseUpdate(objectClassViolation, errClassViolation, "5006 (OBJ_CLASS_VIOLATION): "+t.name)
	}
	if err := checkValues(t, a.values); err != nil {
		return err
	}
	if c.from == fromSeed && c.takeSystem(t, a.values[0]) {
		return nil
	}
	r.attributes = append(r.attributes, attribute{t, a.values})
	return nil
}

// takeSystem stores seed values that live in fields of the record, and drops
// those that must follow from the rest.
func (c *composer) takeSystem(t *attrType, value string) bool {
	r, k := c.record, &c.dir.schema.known
	switch t {
	case k.objectGUID:
		r.guid, _ = normalize(t, value)
	case k.objectSid:
		r.sid, _ = normalize(t, value)
	case k.whenCreated, k.whenChanged:
		var at time.Time
		at, _ = parseTime(value) // checked by checkValues
		if t == k.whenCreated {
			r.created = at.Unix()
		} else {
			r.changed = at.Unix()
		}
	case k.distinguishedName, k.name, k.objectCategory, k.usnCreated, k.usnChanged, k.accountType:
	default:
		return false
	}
	return true
}

// complete adds what AD adds to every new entry.
func (c *composer) complete() {
	r, k := c.record, &c.dir.schema.known
	if r.isPrincipal() && r.stored(k.samName) == nil {
		r.attributes = append(r.attributes, attribute{k.samName, []string{c.name[0].value}})
	}
	if r.class.is("group") && r.stored(k.groupType) == nil {
		r.attributes = append(r.attributes, attribute{k.groupType, []string{"-2147483646"}})
	}
	if c.from == fromClient && r.isAccount() && r.stored(k.uac) == nil {
		// A DC disables what comes without userAccountControl (MS-SAMR 3.1.1.8.10).
		r.attributes = append(r.attributes, attribute{k.uac, []string{"546"}})
	}
}

// checkValues checks each value, their number and that none comes twice.
func checkValues(t *attrType, values []string) error {
	seen := make(map[string]bool, len(values))
	for _, value := range values {
		if err := checkValue(t, value); err != nil {
			return err
		}
		key, _ := normalize(t, value)
		if seen[key] {
			return refuseAttribute(attributeOrValueExists, errValueExists, "1006 (ATT_OR_VALUE_EXISTS)", t.name)
		}
		seen[key] = true
	}
	if t.single && len(values) > 1 {
		return refuseAttribute(attributeOrValueExists, errSingleValue, "1006 (ATT_OR_VALUE_EXISTS)", t.name)
	}
	return nil
}
