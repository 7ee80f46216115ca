package localfs

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

var reOpenFile = windows.NewLazySystemDLL("kernel32.dll").NewProc("ReOpenFile")

// beingWritten asks whether any process has the file open for writing: only then
// does Windows refuse another handle that shares reading and deleting alone. The
// handle is closed at once. Our own shares everything, so that the upload of a
// new version is not kept from taking the name.
func beingWritten(f *os.File) error {
	conn, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var refused error
	err = conn.Control(func(fd uintptr) {
		handle, _, failure := reOpenFile.Call(fd, windows.GENERIC_READ, windows.FILE_SHARE_READ|windows.FILE_SHARE_DELETE, 0)
		if windows.Handle(handle) == windows.InvalidHandle {
			refused = failure
			return
		}
		_ = windows.CloseHandle(windows.Handle(handle))
	})
	if errors.Is(refused, windows.ERROR_SHARING_VIOLATION) {
		return refused
	}
	return err
}
