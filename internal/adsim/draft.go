package adsim

import (
	"slices"
	"strconv"
)

// change is one element of a ModifyRequest (RFC 4511, 4.6).
type change struct {
	kind int // 0 add, 1 delete, 2 replace
	partial
}

const (
	changeAdd = iota
	changeDelete
	changeReplace
)

// draft is a record being modified; nothing is seen of it before the last change
// has been accepted.
type draft struct {
	dir        *directory
	record     record
	permissive bool // what is there already, or not there, is no error
	secure     bool // the connection is protected
	parts      int  // of a security descriptor that are written
	reset      bool // the password is new
	dated      bool // and the request itself says since when
}

// apply makes one change or says why not, in the order in which AD finds fault.
func (f *draft) apply(c change) error {
	d, r := f.dir, &f.record
	t, ok := d.schema.attribute(c.name)
	if !ok {
		return refuseUnknown(c.name)
	}
	k := &d.schema.known
	switch t {
	case k.unicodePwd, k.userPassword:
		return f.setPassword(t, c)
	case k.descriptor:
		return f.setDescriptor(t, c)
	}
	switch {
	case t == k.objectClass:
		return refuseUpdate(unwillingToPerform, errUnwilling, "5003 (WILL_NOT_PERFORM): objectClass")
	case t.system || t.constructed:
		return refuseAttribute(constraintViolation, errOwnedBySystem, "1005 (CONSTRAINT_ATT_TYPE)", t.name)
	case fold(t.name) == r.class.naming:
		return refuseUpdate(notAllowedOnRDN, errNotOnRDN, "5017 (CANT_ON_RDN): "+t.name)
	case !r.class.holds(t):
		return refuseUpdate(objectClassViolation, errClassViolation, "5006 (OBJ_CLASS_VIOLATION): "+t.name)
	}
	if t == k.pwdLastSet {
		f.dated = true
	}
	if c.kind != changeDelete {
		if err := checkEach(t, c.values); err != nil {
			return err
		}
	}
	switch c.kind {
	case changeAdd:
		return f.add(t, c.values)
	case changeDelete:
		return f.delete(t, c.values)
	}
	if err := checkValues(t, c.values); err != nil {
		return err
	}
	r.set(t, slices.Clone(c.values))
	return nil
}

func checkEach(t *attrType, values []string) error {
	for _, value := range values {
		if err := checkValue(t, value); err != nil {
			return err
		}
	}
	return nil
}

// add appends values; a second one on a single-valued type is result 20.
func (f *draft) add(t *attrType, values []string) error {
	if len(values) == 0 {
		return refuseAttribute(constraintViolation, errInvalidParameter, "1005 (CONSTRAINT_ATT_TYPE)", t.name)
	}
	current := slices.Clone(f.dir.values(&f.record, t))
	for _, value := range values {
		if indexOf(t, current, value) >= 0 {
			if f.permissive {
				continue
			}
			return refuseAttribute(attributeOrValueExists, errValueExists, "1006 (ATT_OR_VALUE_EXISTS)", t.name)
		}
		current = append(current, value)
	}
	if t.single && len(current) > 1 {
		return refuseAttribute(attributeOrValueExists, errSingleValue, "1006 (ATT_OR_VALUE_EXISTS)", t.name)
	}
	f.record.set(t, current)
	return nil
}

// delete removes the named values, compared as the type compares; none means all.
func (f *draft) delete(t *attrType, values []string) error {
	current := slices.Clone(f.dir.values(&f.record, t))
	absent := refuseAttribute(noSuchAttribute, errNoAttribute, "1001 (NO_ATTRIBUTE_OR_VAL)", t.name)
	if len(values) == 0 {
		if len(current) == 0 && !f.permissive {
			return absent
		}
		f.record.set(t, nil)
		return nil
	}
	for _, value := range values {
		i := indexOf(t, current, value)
		if i >= 0 {
			current = slices.Delete(current, i, i+1)
		} else if !f.permissive {
			return absent
		}
	}
	f.record.set(t, current)
	return nil
}

// indexOf finds a value among stored ones.
func indexOf(t *attrType, values []string, value string) int {
	key, ok := normalize(t, value)
	if !ok {
		return -1
	}
	return slices.IndexFunc(values, func(own string) bool { return equalTo(t, key, own) })
}

// setPassword is an administrator's reset; a DC takes one over TLS only (MS-ADTS
// 3.1.1.3.1.5).
func (f *draft) setPassword(t *attrType, c change) error {
	if c.kind != changeReplace || !f.secure {
		return refuse(unwillingToPerform, 0x1f, "a password is replaced, and over TLS")
	}
	f.reset = true
	return takePassword(f.dir, &f.record, attribute{t, c.values})
}

// finish checks the whole and returns the record to store.
func (f *draft) finish(self *node) (*record, error) {
	r := &f.record
	if r.isPrincipal() && r.stored(f.dir.schema.known.samName) == nil {
		return nil, refuseUpdate(objectClassViolation, errClassViolation, "5006 (OBJ_CLASS_VIOLATION): sAMAccountName")
	}
	if err := f.dir.unique(r, self); err != nil {
		return nil, err
	}
	r.changed = now()
	if f.reset && !f.dated {
		// MS-SAMR 3.1.1.8: the age of the password begins anew.
		r.set(f.dir.schema.known.pwdLastSet, []string{strconv.FormatInt(fileTime(r.changed), 10)})
	}
	return r, nil
}
