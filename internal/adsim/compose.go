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

// compose makes the record of a new entry from its name and attributes. It checks
// what the schema asks; the tree around it is the caller's business.
func (d *directory) compose(name dn, attributes []partial, from origin) (*record, error) {
	context, ok := d.contextOf(name.norm())
	if !ok {
		return nil, refuseUpdate(unwillingToPerform, errUnwilling, "5003 (WILL_NOT_PERFORM): outside of this server's naming contexts")
	}
	at := now()
	r := &record{dn: name.text(), norm: name.norm(), context: context, created: at, changed: at}
	if err := d.classify(r, name, attributes); err != nil {
		return nil, err
	}
	for _, a := range attributes {
		if err := d.takeAttribute(r, name, a, from); err != nil {
			return nil, err
		}
	}
	d.complete(r, name, from)
	return r, nil
}

// classify finds the object class and checks the first component of the name.
func (d *directory) classify(r *record, name dn, attributes []partial) error {
	k := &d.schema.known
	i := slices.IndexFunc(attributes, func(p partial) bool { return fold(p.name) == fold(k.objectClass.name) })
	if i < 0 {
		return refuseUpdate(objectClassViolation, errClassViolation, "5006 (OBJ_CLASS_VIOLATION): no objectClass")
	}
	var unknown string
	if r.class, unknown = d.schema.classOf(attributes[i].values); r.class == nil {
		return refuseUpdate(objectClassViolation, errClassViolation, "5006 (OBJ_CLASS_VIOLATION): class '"+unknown+"'")
	}
	if name[0].attribute != r.class.naming || name[0].norm != rdnNorm(name[0]) {
		return refuseUpdate(namingViolation, errNaming, "5005 (NAMING_VIOLATION): the name must begin with "+r.class.naming)
	}
	r.attributes = append(r.attributes, attribute{k.objectClass, r.class.chain})
	naming, _ := d.schema.attribute(r.class.naming)
	if err := checkValue(naming, name[0].value); err != nil {
		return err
	}
	r.attributes = append(r.attributes, attribute{naming, []string{name[0].value}})
	return nil
}

// rdnNorm is what norm must be for a component of one attribute.
func rdnNorm(r rdn) string { return r.attribute + "=" + escapeNorm(squeeze(fold(r.value))) }

// takeAttribute checks one attribute and puts it where it belongs.
func (d *directory) takeAttribute(r *record, name dn, a partial, from origin) error {
	t, ok := d.schema.attribute(a.name)
	if !ok {
		return refuseUnknown(a.name)
	}
	k := &d.schema.known
	switch {
	case t == k.objectClass, t.name == name[0].attribute:
		return nil // classify has them
	case len(a.values) == 0:
		return refuseAttribute(constraintViolation, errInvalidParameter, "1005 (CONSTRAINT_ATT_TYPE)", t.name)
	case t == k.unicodePwd || t == k.userPassword:
		return d.takePassword(r, t, a.values, from)
	case t.secret || t.constructed || (t.system && from == fromClient):
		return refuseAttribute(constraintViolation, errOwnedBySystem, "1005 (CONSTRAINT_ATT_TYPE)", t.name)
	case !r.class.holds(t):
		return refuseUpdate(objectClassViolation, errClassViolation, "5006 (OBJ_CLASS_VIOLATION): "+t.name)
	}
	if err := checkValues(t, a.values); err != nil {
		return err
	}
	if from == fromSeed && d.takeSystem(r, t, a.values[0]) {
		return nil
	}
	r.attributes = append(r.attributes, attribute{t, a.values})
	return nil
}

// takeSystem stores seed values that live in fields of the record, and drops
// those that must follow from the rest.
func (d *directory) takeSystem(r *record, t *attrType, value string) bool {
	k := &d.schema.known
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
func (d *directory) complete(r *record, name dn, from origin) {
	k := &d.schema.known
	if r.isPrincipal() && r.stored(k.samName) == nil {
		r.attributes = append(r.attributes, attribute{k.samName, []string{name[0].value}})
	}
	if r.class.is("group") && r.stored(k.groupType) == nil {
		r.attributes = append(r.attributes, attribute{k.groupType, []string{"-2147483646"}})
	}
	if from == fromClient && r.isAccount() && r.stored(k.uac) == nil {
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
