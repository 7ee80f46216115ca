package localfs

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"os"
	"path"
	"unicode/utf16"
	"unsafe"

	"golang.org/x/sys/windows"
)

// renameNew renames within root and fails with fs.ErrExist where the new name is
// taken, even by a process that is faster: os.Root can only replace.
func renameNew(root *os.Root, from, to string) error {
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
	entry, err := openToRename(windows.Handle(source.Fd()), path.Base(from))
	if err != nil {
		return errnoOf(err)
	}
	defer func() { _ = windows.CloseHandle(entry) }()
	info := renameInfo(target.Fd(), path.Base(to))
	return errnoOf(windows.NtSetInformationFile(entry, &windows.IO_STATUS_BLOCK{}, &info[0], uint32(len(info)), windows.FileRenameInformation))
}

// renameInfo is a FILE_RENAME_INFORMATION that replaces nothing: a flag, the
// handle of the new directory, the length of the name in octets and the name.
func renameInfo(directory uintptr, name string) []byte {
	const word = bits.UintSize / 8
	units := utf16.Encode([]rune(name))
	info := make([]byte, word, 4*word+2*len(units))
	if word == 8 {
		info = binary.LittleEndian.AppendUint64(info, uint64(directory))
	} else {
		info = binary.LittleEndian.AppendUint32(info, uint32(directory))
	}
	info = binary.LittleEndian.AppendUint32(info, uint32(2*len(units)))
	for _, unit := range units {
		info = binary.LittleEndian.AppendUint16(info, unit)
	}
	return append(info, make([]byte, word)...) // a shorter one than the structure with one letter is refused
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
