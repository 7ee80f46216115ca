//go:build windows

package native

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// shareAll keeps nobody from anything.
const shareAll = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE | windows.FILE_SHARE_DELETE

// request says how an entry is opened. The right to look at its attributes comes
// with every request; alone, it meets no share mode.
type request struct {
	access, share, disposition, options uint32
}

// folder is an open directory.
type folder struct{ *os.File }

// open opens the entry below the folder that name, with backslashes, leads to; ""
// is the folder itself. Errors are codes.
func (f folder) open(name string, r request) (opened *os.File, err error) {
	object, err := windows.NewNTUnicodeString(name)
	if err != nil {
		return nil, winerr.InvalidName
	}
	attributes := &windows.OBJECT_ATTRIBUTES{ObjectName: object, Attributes: windows.OBJ_CASE_INSENSITIVE | windows.OBJ_DONT_REPARSE}
	attributes.Length = uint32(unsafe.Sizeof(*attributes))
	err = use(f.File, func(dir windows.Handle) error {
		attributes.RootDirectory = dir
		var handle windows.Handle
		err := windows.NtCreateFile(&handle, r.access|windows.FILE_READ_ATTRIBUTES|windows.SYNCHRONIZE, attributes, &windows.IO_STATUS_BLOCK{},
			nil, windows.FILE_ATTRIBUTE_NORMAL, r.share, r.disposition, r.options|windows.FILE_SYNCHRONOUS_IO_NONALERT, 0, 0)
		if err == nil {
			opened = os.NewFile(uintptr(handle), filepath.Base(name))
		}
		return codeOf(err)
	})
	return opened, err
}

// use keeps the handle of f from being closed while do runs.
func use(f *os.File, do func(windows.Handle) error) error {
	conn, err := f.SyscallConn()
	if err != nil {
		return fs.ErrClosed
	}
	var result error
	if conn.Control(func(fd uintptr) { result = do(windows.Handle(fd)) }) != nil {
		return fs.ErrClosed
	}
	return result
}

// codeOf gives the Win32 code of an NT status.
func codeOf(err error) error {
	var status windows.NTStatus
	if !errors.As(err, &status) {
		return err
	}
	switch status {
	case windows.STATUS_REPARSE_POINT_ENCOUNTERED, windows.STATUS_STOPPED_ON_SYMLINK:
		return winerr.CantAccessFile
	case windows.STATUS_DELETE_PENDING:
		return winerr.SharingViolation // gone once those have closed it who have it open
	}
	return winerr.Of(status.Errno())
}

// usable refuses whatever is neither a regular file nor a directory: reparse
// points that the kernel does not follow and the name does not show.
func usable(info fs.FileInfo) error {
	if info.Mode().IsRegular() || info.Mode().Type() == fs.ModeDir {
		return nil
	}
	return winerr.CantAccessFile
}

// changeable refuses what is marked read-only as well.
func changeable(info fs.FileInfo) error {
	if err := usable(info); err != nil {
		return err
	}
	if attributes(info)&windows.FILE_ATTRIBUTE_READONLY != 0 {
		return winerr.AccessDenied
	}
	return nil
}

// openChecked opens an entry, if check has nothing against it.
func (f folder) openChecked(name string, r request, check func(fs.FileInfo) error) (*os.File, error) {
	opened, err := f.open(name, r)
	if err != nil {
		return nil, err
	}
	info, err := opened.Stat()
	if err == nil {
		err = check(info)
	}
	if err != nil {
		_ = opened.Close()
		return nil, err
	}
	return opened, nil
}

// look describes an entry, whatever it is.
func (f folder) look(name string) (fs.FileInfo, error) {
	opened, err := f.open(name, request{share: shareAll, disposition: windows.FILE_OPEN, options: windows.FILE_OPEN_REPARSE_POINT})
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	return opened.Stat()
}

// enter opens a directory.
func (f folder) enter(name string, access uint32) (folder, error) {
	opened, err := f.open(name, request{access, shareAll, windows.FILE_OPEN, windows.FILE_DIRECTORY_FILE})
	return folder{opened}, err
}
