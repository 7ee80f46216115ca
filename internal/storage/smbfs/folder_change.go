package smbfs

import (
	"context"
	"encoding/binary"

	"github.com/cloudsoda/go-smb2"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Mkdir makes one directory, with the access list that its parent gives to new
// ones. What stands there already, of whatever kind, is winerr.AlreadyExists.
func (f *Folder) Mkdir(ctx context.Context, path string) error {
	parts, err := f.reach(ctx, path)
	if err == nil && len(parts) == 0 {
		err = winerr.AlreadyExists
	}
	if err == nil {
		err = f.call(ctx, func(share *smb2.Share) error { return share.Mkdir(join(parts), writable) })
	}
	return wrap("mkdir", path, err)
}

// RemoveEmpty deletes an empty directory. One that is not empty is
// winerr.DirNotEmpty, anything else winerr.Directory, one marked read-only and the
// share's root winerr.AccessDenied.
func (f *Folder) RemoveEmpty(ctx context.Context, path string) error {
	parts, stat, err := f.entry(ctx, path)
	switch {
	case err != nil:
	case !stat.IsDir():
		err = winerr.Directory
	case len(parts) == 0, stat.Mode()&ownerWrites == 0:
		err = winerr.AccessDenied
	default:
		err = f.call(ctx, func(share *smb2.Share) error { return share.Remove(join(parts)) })
	}
	return wrap("remove", path, err)
}

// The longest descriptor that NTFS keeps, and the shortest there is.
const (
	longestDescriptor  = 64 << 10
	shortestDescriptor = 20
)

// Descriptor returns owner, group and access list of an entry as a self-relative
// security descriptor [MS-DTYP 2.4.6]. The right to read it is enough. What the
// server sends is not looked at.
func (f *Folder) Descriptor(ctx context.Context, path string) ([]byte, error) {
	const wanted = smb2.OwnerSecurityInformation | smb2.GroupSecurityInformation | smb2.DACLSecurityInformation
	parts, _, err := f.entry(ctx, path)
	var raw []byte
	if err == nil {
		err = f.call(ctx, func(share *smb2.Share) (err error) {
			raw, err = share.SecurityInfoRaw(join(parts), wanted)
			return err
		})
	}
	if err == nil && (len(raw) < shortestDescriptor || len(raw) > longestDescriptor) {
		err = winerr.InvalidData
	}
	if err != nil {
		return nil, wrap("read the descriptor of", path, err)
	}
	return raw, nil
}

// SetDescriptor gives an entry the owner, with him the group, and the access list
// that raw, a self-relative descriptor, has; what raw lacks stays. The audit list
// is never touched. The server is asked by path: who may replace a directory on
// the way can lead the change elsewhere in the share between the look at it and the
// change, so no directory above should be one that users may write to. What lies below a directory is not: Windows' own tools pass
// inherited entries on from the client's side, and this does not. To set an owner
// other than oneself takes the privilege to restore files.
func (f *Folder) SetDescriptor(ctx context.Context, path string, raw []byte) error {
	flags, err := descriptorParts(raw)
	var parts []string
	if err == nil {
		parts, _, err = f.entry(ctx, path)
	}
	if err == nil {
		err = f.call(ctx, func(share *smb2.Share) error { return share.SetSecurityInfoRaw(join(parts), flags, encoded(raw)) })
	}
	return wrap("set the descriptor of", path, err)
}

// descriptorParts tells which parts a descriptor has [MS-DTYP 2.4.6].
func descriptorParts(raw []byte) (flags smb2.SecurityInformationRequestFlags, err error) {
	const selfRelative, hasDACL = 0x8000, 0x0004
	if len(raw) < shortestDescriptor || len(raw) > longestDescriptor || raw[0] != 1 {
		return 0, winerr.InvalidParameter
	}
	control := binary.LittleEndian.Uint16(raw[2:])
	if control&selfRelative == 0 {
		return 0, winerr.InvalidParameter
	}
	if owner, group := binary.LittleEndian.Uint32(raw[4:]), binary.LittleEndian.Uint32(raw[8:]); owner != 0 {
		flags |= smb2.OwnerSecurityInformation
		if group != 0 {
			flags |= smb2.GroupSecurityInformation
		}
	}
	if control&hasDACL != 0 {
		flags |= smb2.DACLSecurityInformation
	}
	if flags == 0 {
		return 0, winerr.InvalidParameter
	}
	return flags, nil
}

// encoded is a descriptor in the form in which the library takes it.
type encoded []byte

func (e encoded) Size() int { return len(e) }

func (e encoded) Encode(to []byte) { copy(to, e) }
