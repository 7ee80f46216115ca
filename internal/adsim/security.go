package adsim

import (
	"slices"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
)

// Parts of a descriptor in the control SD_FLAGS (MS-ADTS 3.1.1.3.4.1.11).
const (
	partOwner = 1
	partGroup = 2
	partDACL  = 4
	partSACL  = 8
	partsAll  = partOwner | partGroup | partDACL | partSACL
)

// decodeParts reads the control's value: which parts a request is about. None at
// all means all of them.
func decodeParts(value string) (int, error) {
	packet, err := parsePDU([]byte(value))
	if err != nil {
		return 0, err
	}
	fields, err := members(packet, ber.TagSequence)
	if err != nil {
		return 0, err
	}
	if len(fields) != 1 {
		return 0, malformed("SD flags of %d parts", len(fields))
	}
	parts, err := small(fields[0], ber.TagInteger)
	if parts &= partsAll; parts == 0 {
		parts = partsAll
	}
	return parts, err
}

// guidOfClass returns the schemaIDGUID that entries for heirs of a class name it by
// (Microsoft's AD schema reference), nil for classes that nobody delegates.
func guidOfClass(name string) *secdesc.GUID {
	text := map[string]string{
		"user": "bf967aba-0de6-11d0-a285-00aa003049e2", "computer": "bf967a86-0de6-11d0-a285-00aa003049e2",
		"group": "bf967a9c-0de6-11d0-a285-00aa003049e2", "organizationalUnit": "bf967aa5-0de6-11d0-a285-00aa003049e2",
	}[name]
	guid, err := secdesc.ParseGUID(text)
	if err != nil {
		return nil
	}
	return &guid
}

// targets are the GUIDs that entries for one attribute name it by.
func (t *attrType) targets() []secdesc.GUID {
	text := map[string]string{
		"msIIS-FTPRoot": "2a7827a4-1483-49a5-9d84-52e3812156b4", "msIIS-FTPDir": "8a5c99e9-2230-46eb-b8e8-e59d712eb9ee",
	}[t.name]
	guid, err := secdesc.ParseGUID(text)
	if err != nil {
		return nil
	}
	return []secdesc.GUID{guid}
}

// ownDescriptor is what an entry has of its own: what was written, else that
// administrators may do everything and who has logged on may read.
func ownDescriptor(d *directory, r *record) secdesc.Descriptor {
	if stored := r.stored(d.schema.known.descriptor); len(stored) == 1 {
		if own, err := secdesc.Parse([]byte(stored[0])); err == nil {
			return own
		}
	}
	admins := secdesc.SID(d.domain.sid).WithRID(512)
	return secdesc.Descriptor{
		Control: secdesc.SelfRelative | secdesc.DACLPresent | secdesc.DACLInherited, Owner: admins, Group: admins,
		DACL: &secdesc.ACL{Revision: 4, Entries: []secdesc.ACE{
			{Type: secdesc.Allowed, Mask: secdesc.ObjectFull, SID: admins},
			{Type: secdesc.Allowed, Mask: secdesc.ObjectFull, SID: secdesc.System},
			{Type: secdesc.Allowed, Mask: secdesc.GenericRead.Expand(secdesc.Object), SID: secdesc.AuthenticatedUsers},
		}},
	}
}

// descriptorOf adds what the entries above hand down (MS-ADTS 5.1.3, MS-DTYP 2.5.3.4).
func descriptorOf(d *directory, r *record) secdesc.Descriptor {
	whole := ownDescriptor(d, r)
	if whole.DACL == nil {
		return whole
	}
	list := secdesc.ACL{Revision: whole.DACL.Revision, Entries: slices.Clone(whole.DACL.Entries)}
	above := whole
	for norm, near := parentNorm(r.norm), true; above.Control&secdesc.DACLProtected == 0; norm, near = parentNorm(norm), false {
		n := d.store.byDN[norm]
		if n == nil {
			break
		}
		above = ownDescriptor(d, n.current.Load())
		if above.DACL == nil {
			break
		}
		for _, e := range above.DACL.Entries {
			if handed, ok := handDown(e, r.class, near); ok {
				list.Entries = append(list.Entries, handed)
			}
		}
	}
	whole.DACL = &list
	return whole
}

// handDown is what an entry further up becomes for an entry of a class.
func handDown(e secdesc.ACE, class *class, near bool) (secdesc.ACE, bool) {
	if e.Flags&secdesc.ContainerInherit == 0 || e.Flags&secdesc.NoPropagate != 0 && !near {
		return e, false
	}
	fits := e.Inherited == nil
	for _, name := range class.chain {
		if guid := guidOfClass(name); guid != nil && e.Inherited != nil && *guid == *e.Inherited {
			fits = true
		}
	}
	e.Flags = e.Flags&^secdesc.InheritOnly | secdesc.Inherited
	if !fits {
		e.Flags |= secdesc.InheritOnly
	}
	return e, true
}

// descriptorParts are the octets that a reader asked for.
func descriptorParts(d *directory, r *record, parts int) string {
	d.store.mu.RLock()
	defer d.store.mu.RUnlock()
	whole := descriptorOf(d, r)
	if parts&partOwner == 0 {
		whole.Owner = ""
	}
	if parts&partGroup == 0 {
		whole.Group = ""
	}
	if parts&partDACL == 0 {
		whole.DACL, whole.Control = nil, whole.Control&^(secdesc.DACLPresent|secdesc.DACLInherited|secdesc.DACLProtected)
	}
	return string(whole.Bytes())
}

// setDescriptor takes over what was written of the parts that the request is about.
// What is inherited is worked out anew whenever somebody looks.
func (f *draft) setDescriptor(t *attrType, c change) error {
	if c.kind != changeReplace || len(c.values) != 1 {
		return refuse(unwillingToPerform, errUnwilling, "a security descriptor is replaced as a whole")
	}
	written, err := secdesc.Parse([]byte(c.values[0]))
	if err != nil {
		return refuse(constraintViolation, errDescriptor, "the security descriptor is not valid")
	}
	now := ownDescriptor(f.dir, &f.record)
	if f.parts&partOwner != 0 {
		now.Owner = written.Owner
	}
	if f.parts&partGroup != 0 {
		now.Group = written.Group
	}
	if now.Owner == "" || now.Group == "" {
		return refuse(constraintViolation, errDescriptor, "the security descriptor has no owner or no group")
	}
	if f.parts&partDACL != 0 {
		const ofDACL = secdesc.DACLPresent | secdesc.DACLProtected | secdesc.DACLInherited
		now.Control = now.Control&^ofDACL | written.Control&ofDACL
		now.DACL = nil
		if written.DACL != nil {
			list := secdesc.ACL{Revision: 4}
			for _, e := range written.DACL.Entries {
				if e.Flags&secdesc.Inherited == 0 {
					list.Entries = append(list.Entries, e)
				}
			}
			now.DACL = &list
		}
	}
	f.record.set(t, []string{string(now.Bytes())})
	return nil
}

// may tells whether somebody who is no administrator has a right on an entry: it
// was delegated to them, or to a group they are in.
func may(d *directory, who *identity, r *record, about delegable) bool {
	if who == nil || who.dir != d {
		return false
	}
	account := who.node.current.Load()
	if account == nil {
		return false
	}
	token := secdesc.Token{
		Kind: secdesc.Object, Self: secdesc.SID(r.sid), Targets: about.targets,
		SIDs: []secdesc.SID{secdesc.SID(account.sid), secdesc.Everyone, secdesc.AuthenticatedUsers},
	}
	for _, group := range groupsOf(d, account) {
		token.SIDs = append(token.SIDs, secdesc.SID(group.sid))
	}
	d.store.mu.RLock()
	whole := descriptorOf(d, r)
	d.store.mu.RUnlock()
	return secdesc.Effective(whole, token).Granted&about.right == about.right
}

// delegable is a right that may be delegated, for one attribute or for the object.
type delegable struct {
	right   secdesc.Rights
	targets []secdesc.GUID
}

// needs is the right that a write of the attribute takes.
func (s *schema) needs(t *attrType) delegable {
	if t == s.known.descriptor {
		return delegable{right: secdesc.WriteDACL}
	}
	return delegable{right: secdesc.WriteProperty, targets: t.targets()}
}
