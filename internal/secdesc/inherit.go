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
	counts := e.Flags&ObjectInherit != 0
	if container {
		counts = e.Flags&ContainerInherit != 0
	}
	// An entry for objects of a class counts for none of the file system.
	counts = counts && e.Inherited == nil
	handed := container && e.Flags&NoPropagate == 0 && e.Flags&(ObjectInherit|ContainerInherit) != 0

	own := e
	own.Flags = e.Flags&^propagation | Inherited
	switch own.SID {
	case CreatorOwner:
		own.SID = owner
	case CreatorGroup:
		own.SID = group
	}
	if own.Type.layout() != opaque && own.Mask.generic() {
		own.Mask = own.Mask.Expand(File)
	}
	further := e
	further.Flags = e.Flags | Inherited | InheritOnly

	switch changed := own.SID != e.SID || own.Mask != e.Mask; {
	case counts && own.SID == "" && e.Type.layout() != opaque: // nobody to put in the place
		counts = false
	case counts && handed && !changed:
		own.Flags = e.Flags&^InheritOnly | Inherited
		handed = false
	}
	var list []ACE
	if counts {
		list = append(list, own)
	}
	if handed {
		list = append(list, further)
	}
	return list
}
