package output

import (
	"errors"

	"golang.org/x/sys/windows"
)

// ReaderGone reports whether a write failed because nobody reads any more, as
// behind "| head". That is the reader's decision and not an error.
func ReaderGone(err error) bool {
	return errors.Is(err, windows.ERROR_BROKEN_PIPE) || errors.Is(err, windows.ERROR_NO_DATA)
}
