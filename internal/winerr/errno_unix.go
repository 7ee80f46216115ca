//go:build unix

package winerr

import (
	"errors"
	"syscall"
)

var errnoCodes = map[syscall.Errno]Code{
	syscall.ENOENT:       FileNotFound,
	syscall.ENOTDIR:      PathNotFound,
	syscall.EACCES:       AccessDenied,
	syscall.EPERM:        AccessDenied,
	syscall.EROFS:        AccessDenied,
	syscall.EEXIST:       AlreadyExists,
	syscall.ENOTEMPTY:    DirNotEmpty,
	syscall.EISDIR:       AccessDenied,
	syscall.EXDEV:        NotSameDevice,
	syscall.ELOOP:        CantAccessFile,
	syscall.ENOSPC:       DiskFull,
	syscall.EDQUOT:       QuotaExceeded,
	syscall.ENAMETOOLONG: FilenameTooLong,
	syscall.EINVAL:       InvalidParameter,
	syscall.ETXTBSY:      SharingViolation,
	syscall.ETIMEDOUT:    SemTimeout,
	syscall.ECONNRESET:   NetNameDeleted,
	syscall.EPIPE:        NetNameDeleted,
	syscall.ECONNREFUSED: BadNetPath,
	syscall.EHOSTUNREACH: BadNetPath,
	syscall.ENETUNREACH:  BadNetPath,
	syscall.ECONNABORTED: ConnectionAborted,
}

func ofErrno(err error) (Code, bool) {
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return 0, false
	}
	code, ok := errnoCodes[errno]
	return code, ok
}
