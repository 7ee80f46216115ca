//go:build !windows

package output

import (
	"errors"
	"syscall"
)

// ReaderGone reports whether a write failed because nobody reads any more, as
// behind "| head". That is the reader's decision and not an error.
func ReaderGone(err error) bool { return errors.Is(err, syscall.EPIPE) }
