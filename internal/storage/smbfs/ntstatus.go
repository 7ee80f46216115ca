package smbfs

import (
	"errors"
	"fmt"
	"os"

	"github.com/cloudsoda/go-smb2"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// ErrDFS says that the path belongs to a DFS namespace, which leads to another
// server. Errors that wrap it carry winerr.BadNetPath.
var ErrDFS = errors.New("the path is part of a DFS namespace, which leads to another server; name the share behind it under dfs: in the configuration")

// translate gives the library's errors their Win32 code.
func translate(err error) error {
	var response *smb2.ResponseError
	var code winerr.Code
	switch {
	case errors.As(err, &code):
		return err
	case errors.As(err, &response):
		return statusError(response.Code)
	case errors.Is(err, os.ErrNotExist):
		return winerr.FileNotFound
	case errors.Is(err, os.ErrExist):
		return winerr.AlreadyExists
	case errors.Is(err, os.ErrPermission):
		return winerr.AccessDenied
	case errors.Is(err, os.ErrInvalid):
		return winerr.InvalidParameter
	case errors.Is(err, smb2.ErrRequestNotAccepted):
		return fmt.Errorf("the server accepts no more connections: %w", tooManySessions)
	}
	// The rest is about malformed answers; the path in front of it is the home's.
	var file *os.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &file):
		return file.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}

// statusError turns an NTSTATUS into an error with its Win32 code.
func statusError(status uint32) error {
	const pathNotCovered = 0xC0000257
	if status == pathNotCovered {
		return fmt.Errorf("%w: %w", ErrDFS, winerr.BadNetPath)
	}
	if code, ok := codeOfStatus(status); ok {
		return code
	}
	return fmt.Errorf("NTSTATUS 0x%08X: %w", status, winerr.GenFailure)
}

// tooManySessions is ERROR_REQ_NOT_ACCEP.
const tooManySessions winerr.Code = 71

// codeOfStatus is the part of Windows' own translation that a file server's
// answers need (Microsoft, [MS-ERREF] 2.3 and RtlNtStatusToDosError).
func codeOfStatus(status uint32) (winerr.Code, bool) {
	for _, table := range [...]map[uint32]winerr.Code{fileStatus, connectionStatus} {
		if code, ok := table[status]; ok {
			return code, true
		}
	}
	return winerr.OfLogonStatus(status)
}

var fileStatus = map[uint32]winerr.Code{
	0x8000002D: winerr.CantAccessFile,   // stopped on a symbolic link
	0xC0000011: winerr.HandleEOF,        // end of file
	0xC000000D: winerr.InvalidParameter, // invalid parameter
	0xC0000022: winerr.AccessDenied,     // access denied
	0xC0000033: winerr.InvalidName,      // object name invalid
	0xC0000034: winerr.FileNotFound,     // object name not found
	0xC0000035: winerr.AlreadyExists,    // object name collision
	0xC0000039: winerr.InvalidName,      // object path invalid
	0xC000003A: winerr.PathNotFound,     // object path not found
	0xC000003B: winerr.InvalidName,      // object path syntax bad
	0xC0000043: winerr.SharingViolation, // sharing violation
	0xC0000044: winerr.QuotaExceeded,    // quota exceeded
	0xC0000054: winerr.SharingViolation, // file lock conflict
	0xC0000056: winerr.AccessDenied,     // delete pending
	0xC0000061: winerr.AccessDenied,     // privilege not held
	0xC000007F: winerr.DiskFull,         // disk full
	0xC00000A2: winerr.AccessDenied,     // media write protected
	0xC00000BA: winerr.AccessDenied,     // file is a directory
	0xC00000BB: winerr.NotSupported,     // not supported
	0xC00000D4: winerr.NotSameDevice,    // not same device
	0xC0000101: winerr.DirNotEmpty,      // directory not empty
	0xC0000103: winerr.Directory,        // not a directory
	0xC0000106: winerr.FilenameTooLong,  // name too long
	0xC0000121: winerr.AccessDenied,     // cannot delete
	0xC0000267: winerr.FileOffline,      // file is offline
	0xC0000279: winerr.CantAccessFile,   // reparse tag not handled
	0xC0000802: winerr.QuotaExceeded,    // disk quota exceeded
}

var connectionStatus = map[uint32]winerr.Code{
	0xC00000B5: winerr.SemTimeout,     // I/O timeout
	0xC00000BE: winerr.BadNetPath,     // bad network path
	0xC00000C9: winerr.NetNameDeleted, // network name deleted
	0xC00000CC: winerr.BadNetName,     // bad network name
	0xC00000D0: tooManySessions,       // request not accepted
	0xC0000128: winerr.NetNameDeleted, // file closed: the handle went with the session
	0xC0000203: winerr.NetNameDeleted, // user session deleted
	0xC000020C: winerr.NetNameDeleted, // connection disconnected
	0xC000020D: winerr.NetNameDeleted, // connection reset
	0xC000035C: winerr.NetNameDeleted, // network session expired
}
