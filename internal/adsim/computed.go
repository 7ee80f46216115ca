package adsim

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// values returns what an entry has for a type: what was written, else what the
// server derives from the rest. Constructed attributes are in constructed.
func (d *directory) values(r *record, t *attrType) []string {
	if values := r.stored(t); values != nil && t != d.schema.known.memberOf {
		return values
	}
	if compute, ok := d.computed[t]; ok {
		return compute(r)
	}
	return nil
}

// computations is the table of derived attributes, with the order of answers.
func (d *directory) computations() (map[*attrType]func(*record) []string, []*attrType) {
	table := make(map[*attrType]func(*record) []string)
	var order []*attrType
	add := func(t *attrType, compute func(*record) []string) {
		table[t] = compute
		order = append(order, t)
	}
	k := &d.schema.known
	account := func(value string) func(*record) []string {
		return func(r *record) []string { return onlyIf(r.isAccount(), value) }
	}
	add(k.distinguishedName, func(r *record) []string { return []string{r.dn} })
	add(k.name, func(r *record) []string { return nameOf(r) })
	add(k.objectGUID, func(r *record) []string { return []string{r.guid} })
	add(k.objectSid, func(r *record) []string { return onlyIf(r.sid != "", r.sid) })
	add(k.objectCategory, func(r *record) []string { return r.class.objectCategory })
	add(k.memberOf, d.memberOf)
	add(k.whenCreated, func(r *record) []string { return []string{timeText(r.created)} })
	add(k.whenChanged, func(r *record) []string { return []string{timeText(r.changed)} })
	add(k.usnCreated, func(r *record) []string { return []string{strconv.FormatInt(r.usnCreated, 10)} })
	add(k.usnChanged, func(r *record) []string { return []string{strconv.FormatInt(r.usnChanged, 10)} })
	add(k.uac, account(strconv.Itoa(uacNormal)))
	add(k.primaryGroup, account("513"))
	add(k.accountExpires, account("9223372036854775807"))
	add(k.pwdLastSet, func(r *record) []string {
		return onlyIf(r.isAccount(), strconv.FormatInt(fileTime(r.created), 10))
	})
	add(k.accountType, func(r *record) []string { return onlyIf(r.isPrincipal(), accountTypeOf(r)) })
	return table, order
}

func onlyIf(holds bool, value string) []string {
	if !holds {
		return nil
	}
	return []string{value}
}

// nameOf returns the value of the first component of the DN.
func nameOf(r *record) []string {
	name, err := parseDN(r.dn)
	if err != nil || len(name) == 0 {
		return nil
	}
	return []string{name[0].value}
}

func timeText(unix int64) string { return time.Unix(unix, 0).UTC().Format(timeForm) }

// accountTypeOf returns sAMAccountType (MS-SAMR 2.2.1.9).
func accountTypeOf(r *record) string {
	switch {
	case r.class.is("computer"):
		return "805306369"
	case r.isAccount():
		return "805306368"
	}
	return "268435456"
}

// memberOf returns the groups an entry is in: those its seed names and those
// whose member names it, without the primary group, as on a DC.
func (d *directory) memberOf(r *record) []string {
	groups := r.stored(d.schema.known.memberOf)
	found, _ := d.store.equal(d.schema.known.member, r.norm)
	if len(found) == 0 {
		return groups
	}
	groups = slices.Clone(groups)
	for _, n := range found {
		group := n.current.Load()
		if group == nil || slices.ContainsFunc(groups, func(g string) bool { return strings.EqualFold(g, group.dn) }) {
			continue
		}
		groups = append(groups, group.dn)
	}
	return groups
}
