package winerr

import (
	"errors"
	"syscall"
)

// Windows' own error numbers are the codes, but for Go's invented ones above
// APPLICATION_ERROR and the sockets', which have no file-system meaning.
func ofErrno(err error) (Code, bool) {
	var errno syscall.Errno
	if !errors.As(err, &errno) || errno >= syscall.APPLICATION_ERROR {
		return 0, false
	}
	switch errno {
	case 10054, 10053:
		return NetNameDeleted, true
	case 10060:
		return SemTimeout, true
	case 10061, 10065, 10051:
		return BadNetPath, true
	}
	return Code(errno), true
}
