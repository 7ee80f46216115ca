//go:build !windows

package output

import (
	"errors"
	"syscall"
)

func closedPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }
