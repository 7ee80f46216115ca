package localfs

import (
	"errors"
	"os"
	"path"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// renameInfo is FILE_RENAME_INFORMATION with room for the longest component.
type renameInfo struct {
	replace   uint32
	directory windows.Handle
	length    uint32 // of the name, in octets
	name      [256]uint16
}

// renameNew renames within root and fails with fs.ErrExist where the new name is
// taken, even by a process that is faster: os.Root can only replace.
func renameNew(root *os.Root, from, to string) error {
	name, err := windows.UTF16FromString(path.Base(to))
	if err != nil {
		return err
	}
	info := renameInfo{length: uint32(2 * (len(name) - 1))}
	if len(name) > len(info.name) {
		return winerr.FilenameTooLong
	}
	copy(info.name[:], name)
	source, err := root.Open(path.Dir(from))
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := root.Open(path.Dir(to))
	if err != nil {
		return err
	}
	defer target.Close()
	info.directory = windows.Handle(target.Fd())
	entry, err := openToRename(windows.Handle(source.Fd()), path.Base(from))
	if err != nil {
		return errnoOf(err)
	}
	defer func() { _ = windows.CloseHandle(entry) }()
	return errnoOf(windows.NtSetInformationFile(entry, &windows.IO_STATUS_BLOCK{},
		(*byte)(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info)), windows.FileRenameInformation))
}

// openToRename opens the entry itself, also where it is a link.
func openToRename(dir windows.Handle, name string) (entry windows.Handle, err error) {
	object, err := windows.NewNTUnicodeString(name)
	if err != nil {
		return 0, err
	}
	attributes := &windows.OBJECT_ATTRIBUTES{RootDirectory: dir, ObjectName: object, Attributes: windows.OBJ_CASE_INSENSITIVE}
	attributes.Length = uint32(unsafe.Sizeof(*attributes))
	err = windows.NtCreateFile(&entry, windows.DELETE|windows.SYNCHRONIZE, attributes, &windows.IO_STATUS_BLOCK{}, nil, 0,
		windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE|windows.FILE_SHARE_DELETE, windows.FILE_OPEN,
		windows.FILE_OPEN_REPARSE_POINT|windows.FILE_OPEN_FOR_BACKUP_INTENT|windows.FILE_SYNCHRONOUS_IO_NONALERT, 0, 0)
	return entry, err
}

// errnoOf gives the Win32 code of an NT status.
func errnoOf(err error) error {
	var status windows.NTStatus
	if errors.As(err, &status) {
		return status.Errno()
	}
	return err
}
