package secdesc

// Inherit returns the list that a new folder or file gets from its parent (MS-DTYP
// 2.5.3.4), with who owns it in place of CreatorOwner and CreatorGroup. nil says
// that the parent hands nothing down: then the server gives a list of its own.
func Inherit(parent Descriptor, owner, group SID, container bool) *ACL {
	if parent.DACL == nil {
		return nil
	}
	var entries []ACE
	for _, e := range parent.DACL.Entries {
		entries = append(entries, e.heirs(owner, group, container)...)
	}
	if len(entries) == 0 {
		return nil
	}
	list := &ACL{Entries: entries}
	list.Revision = list.revision()
	return list
}

const propagation = ObjectInherit | ContainerInherit | NoPropagate | InheritOnly

// heirs are the entries that one entry of the parent becomes: at most one that
// counts for the child and one that it only hands on.
func (e ACE) heirs(owner, group SID, container bool) []ACE {
	own, ok := e.heir(owner, group)
	counts := ok && e.Flags&ObjectInherit != 0
	if container {
		counts = ok && e.Flags&ContainerInherit != 0
	}
	further := e
	further.Flags |= Inherited | InheritOnly
	switch handed := container && e.Flags&NoPropagate == 0 && e.Flags&(ObjectInherit|ContainerInherit) != 0; {
	case !counts && !handed:
		return nil
	case !counts:
		return []ACE{further}
	case !handed:
		return []ACE{own}
	case own.SID != e.SID || own.Mask != e.Mask: // what is further below has another owner
		return []ACE{own, further}
	}
	own.Flags = e.Flags&^InheritOnly | Inherited
	return []ACE{own}
}

// heir is the entry as it counts for the child alone. ok is false where it cannot:
// for objects of a class, which files are not, and with nobody in the creator's place.
func (e ACE) heir(owner, group SID) (_ ACE, ok bool) {
	e.Flags = e.Flags&^propagation | Inherited
	switch e.SID {
	case CreatorOwner:
		e.SID = owner
	case CreatorGroup:
		e.SID = group
	}
	if e.Type.layout() == opaque {
		return e, true
	}
	if e.Mask.generic() {
		e.Mask = e.Mask.Expand(File)
	}
	return e, e.Inherited == nil && e.SID != ""
}
