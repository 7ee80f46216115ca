package prepare

import (
	"errors"
	"io/fs"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
)

// lists says whether folders of this machine have access lists of Windows.
const lists = true

// identity tells two directories of one name apart, one after the other.
func identity(_ string, info fs.FileInfo) string {
	if sys, ok := info.Sys().(*syscall.Win32FileAttributeData); ok {
		return time.Unix(0, sys.CreationTime.Nanoseconds()).UTC().Format(time.RFC3339Nano)
	}
	return ""
}

const described = windows.OWNER_SECURITY_INFORMATION | windows.GROUP_SECURITY_INFORMATION | windows.DACL_SECURITY_INFORMATION

func describe(path string) (d secdesc.Descriptor, ok bool, err error) {
	found, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, described)
	if err != nil {
		return d, false, err
	}
	// Its text would have letters for groups of this machine's domain.
	d, err = secdesc.Parse(unsafe.Slice((*byte)(unsafe.Pointer(found)), found.Length()))
	return d, err == nil, err
}

// mkdir makes a directory that has its list from the first moment on.
func mkdir(path string, wanted secdesc.Descriptor) error {
	err := create(path, wanted)
	if errors.Is(err, windows.ERROR_INVALID_OWNER) || errors.Is(err, windows.ERROR_PRIVILEGE_NOT_HELD) {
		wanted.Owner = ""
		if err = create(path, wanted); err == nil {
			return ErrOwner
		}
	}
	return err
}

func create(path string, wanted secdesc.Descriptor) error {
	wanted.Group, wanted.SACL = "", nil
	descriptor, err := windows.SecurityDescriptorFromString(wanted.SDDL())
	if err != nil {
		return err
	}
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	attributes := windows.SecurityAttributes{SecurityDescriptor: descriptor}
	attributes.Length = uint32(unsafe.Sizeof(attributes))
	return windows.CreateDirectory(name, &attributes)
}

// redress gives a directory another list and, where that may be, another owner.
func redress(path string, wanted secdesc.Descriptor) error {
	descriptor, err := windows.SecurityDescriptorFromString(wanted.SDDL())
	if err != nil {
		return err
	}
	list, _, err := descriptor.DACL()
	if err != nil {
		return err
	}
	flags := windows.SECURITY_INFORMATION(windows.DACL_SECURITY_INFORMATION | windows.UNPROTECTED_DACL_SECURITY_INFORMATION)
	if wanted.Control&secdesc.DACLProtected != 0 {
		flags = windows.DACL_SECURITY_INFORMATION | windows.PROTECTED_DACL_SECURITY_INFORMATION
	}
	if err := windows.SetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, flags, nil, nil, list, nil); err != nil || wanted.Owner == "" {
		return err
	}
	owner, _, err := descriptor.Owner()
	if err != nil {
		return err
	}
	if windows.SetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION, owner, nil, nil, nil) != nil {
		return ErrOwner
	}
	return nil
}
