package secdesc

// Home returns the descriptor of a home folder that nobody else gets into: the user
// may modify what is in it, administrators and the system may do everything, and
// nothing is inherited from above. It belongs to the administrators, since an owner
// can give rights away.
func Home(user SID) Descriptor {
	return Descriptor{
		Control: SelfRelative | DACLPresent | DACLProtected | DACLInherited,
		Owner:   Administrators,
		DACL: &ACL{Revision: revisionPlain, Entries: []ACE{
			heritable(System, FileFull), heritable(Administrators, FileFull), heritable(user, FileModify),
		}},
	}
}

// HomeInherited returns the descriptor of a home folder with what its parent hands
// down and, in front of it, the user's right to modify.
func HomeInherited(parent Descriptor, user, group SID) Descriptor {
	list := ACL{Revision: revisionPlain, Entries: []ACE{heritable(user, FileModify)}}
	if inherited := Inherit(parent, Administrators, group, true); inherited != nil {
		list.Entries = append(list.Entries, inherited.Entries...)
		list.Revision = list.revision()
	}
	return Descriptor{Control: SelfRelative | DACLPresent | DACLInherited, Owner: Administrators, DACL: &list}
}

// heritable is an entry for a folder and all that comes to be in it.
func heritable(sid SID, rights Rights) ACE {
	return ACE{Type: Allowed, Flags: ObjectInherit | ContainerInherit, Mask: rights, SID: sid}
}
