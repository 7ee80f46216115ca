//go:build !windows

package cli

import (
	"os"
	"os/signal"
	"syscall"
)

// ignoreClosedPipes turns the signal of a closed pipe into a write error.
// Otherwise "clear a b c | head -1" would die between two writes to the
// directory. The signal is caught rather than ignored, because an ignored signal
// stays ignored in the password command.
func ignoreClosedPipes() { signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) }
