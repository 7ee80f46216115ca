//go:build windows

package native

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"os"
	"unicode/utf16"

	"golang.org/x/sys/windows"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// fileRenameInformationEx is the class of Windows 10 1607 and later that takes
// flags (Microsoft, FILE_RENAME_INFORMATION).
const fileRenameInformationEx = 65

// naming is a way to give a name.
type naming struct{ class, flags uint32 }

// setName gives an open entry another name. Its error is an NT status.
func setName(entry *os.File, dir folder, base string, n naming) error {
	return use(dir.File, func(parent windows.Handle) error { return set(entry, n.class, renameInfo(n.flags, parent, base)) })
}

// renameInfo is a FILE_RENAME_INFORMATION: flags, the handle of the new directory,
// the length of the name in octets and the name.
func renameInfo(flags uint32, dir windows.Handle, name string) []byte {
	const word = bits.UintSize / 8
	units := utf16.Encode([]rune(name))
	info := binary.LittleEndian.AppendUint32(make([]byte, 0, 4*word+2*len(units)), flags)
	info = info[:word]
	if word == 8 {
		info = binary.LittleEndian.AppendUint64(info, uint64(dir))
	} else {
		info = binary.LittleEndian.AppendUint32(info, uint32(dir))
	}
	info = binary.LittleEndian.AppendUint32(info, uint32(2*len(units)))
	for _, unit := range units {
		info = binary.LittleEndian.AppendUint16(info, unit)
	}
	return append(info, make([]byte, word)...) // a shorter one than the structure with one letter is refused
}

// set changes a property of an open entry. Its error is an NT status.
func set(f *os.File, class uint32, info []byte) error {
	return use(f, func(handle windows.Handle) error {
		return windows.NtSetInformationFile(handle, &windows.IO_STATUS_BLOCK{}, &info[0], uint32(len(info)), class)
	})
}

// isUnknown reports whether Windows, or the file system, is too old for a class of
// properties or for its flags.
func isUnknown(err error) bool {
	var status windows.NTStatus
	if !errors.As(err, &status) {
		return false
	}
	switch status {
	case windows.STATUS_INVALID_INFO_CLASS, windows.STATUS_INVALID_PARAMETER, windows.STATUS_NOT_SUPPORTED,
		windows.STATUS_NOT_IMPLEMENTED, windows.STATUS_INVALID_DEVICE_REQUEST:
		return true
	}
	return false
}

// moveNew gives an open entry a name that must be free (winerr.AlreadyExists).
func moveNew(entry *os.File, dir folder, base string) error {
	return codeOf(setName(entry, dir, base, naming{class: windows.FileRenameInformation}))
}

// moveOver gives an open file a name that another file may have. The other one is
// replaced at once, and lives on for those who have it open. An old Windows, or a
// file system such as FAT, replaces only what nobody has open: then giveWay is
// called, and what others still have open is moved aside first.
func moveOver(entry *os.File, dir folder, base string, giveWay func()) error {
	err := setName(entry, dir, base, naming{fileRenameInformationEx, windows.FILE_RENAME_REPLACE_IF_EXISTS | windows.FILE_RENAME_POSIX_SEMANTICS})
	known := !isUnknown(err)
	if !known {
		giveWay()
		err = setName(entry, dir, base, naming{windows.FileRenameInformation, windows.FILE_RENAME_REPLACE_IF_EXISTS})
	}
	if err = codeOf(err); winerr.Of(err) != winerr.AccessDenied {
		return err
	}
	// The file is in use, or a directory, or read-only, or we have no right.
	old, err := openToReplace(dir, base)
	if err != nil {
		return err
	}
	defer old.Close()
	if known {
		return winerr.AccessDenied
	}
	return moveAside(entry, old, dir, base)
}

// openToReplace opens a file, if it may be replaced.
func openToReplace(dir folder, base string) (*os.File, error) {
	if info, err := dir.look(base); err == nil && info.IsDir() {
		return nil, winerr.AlreadyExists // it has taken the name
	}
	return dir.openChecked(base, request{windows.DELETE, shareAll, windows.FILE_OPEN, windows.FILE_NON_DIRECTORY_FILE}, changeable)
}

// moveAside gives entry the name of old, which goes away.
func moveAside(entry, old *os.File, dir folder, base string) error {
	if err := moveNew(old, dir, storage.TemporaryName()); err != nil {
		return err
	}
	if err := moveNew(entry, dir, base); err != nil {
		return errors.Join(err, moveNew(old, dir, base))
	}
	// What stays, since somebody keeps it, goes as the remains of a dead process do.
	_ = remove(old)
	return nil
}
