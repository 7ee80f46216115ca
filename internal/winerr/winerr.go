// Package winerr names failures once, as Win32 status codes. Storage, directory
// and data connections return a Code; the FTP reply text and the log column
// sc-win32-status are both made from it. The texts are the project's own table,
// so they are the same on every system.
package winerr

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"strconv"
)

// Code is a Win32 status code. It is an error; zero is success and must not be
// returned as one.
type Code uint32

// Error returns the message that Windows shows for the code, or its number.
func (c Code) Error() string {
	if text, ok := texts[c]; ok {
		return text
	}
	return "Win32 error " + strconv.FormatUint(uint64(c), 10) + "."
}

// Is lets errors.Is match a Code against the portable errors of io/fs.
func (c Code) Is(target error) bool {
	switch target {
	case fs.ErrNotExist:
		return c == FileNotFound || c == PathNotFound || c == BadNetName
	case fs.ErrExist:
		return c == AlreadyExists || c == FileExists
	case fs.ErrPermission:
		return c == AccessDenied
	case fs.ErrInvalid:
		return c == InvalidParameter || c == InvalidName
	case context.DeadlineExceeded:
		return c == SemTimeout
	}
	return false
}

// Of returns the code that err carries, the code of the portable or system error
// that it wraps, or GenFailure for a failure that is none of these. Of(nil) is
// Success.
func Of(err error) Code {
	if err == nil {
		return Success
	}
	var code Code
	if errors.As(err, &code) {
		return code
	}
	if code, ok := ofErrno(err); ok {
		return code
	}
	var netErr net.Error
	var nameErr *net.DNSError
	switch {
	case errors.As(err, &nameErr):
		return BadNetPath // as Windows says of a server whose name leads nowhere
	case errors.Is(err, fs.ErrNotExist):
		return FileNotFound
	case errors.Is(err, fs.ErrExist):
		return AlreadyExists
	case errors.Is(err, fs.ErrPermission):
		return AccessDenied
	case errors.Is(err, fs.ErrClosed), errors.Is(err, net.ErrClosed):
		return NetNameDeleted
	case errors.Is(err, context.DeadlineExceeded):
		return SemTimeout
	case errors.Is(err, context.Canceled):
		return OperationAborted
	case errors.As(err, &netErr) && netErr.Timeout():
		return SemTimeout
	}
	return GenFailure
}
