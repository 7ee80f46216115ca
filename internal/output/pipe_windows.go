package output

import (
	"errors"

	"golang.org/x/sys/windows"
)

func closedPipe(err error) bool {
	return errors.Is(err, windows.ERROR_BROKEN_PIPE) || errors.Is(err, windows.ERROR_NO_DATA)
}
