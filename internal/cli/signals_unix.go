//go:build unix

package cli

import (
	"os"
	"os/signal"
	"syscall"
)

// serviceSignals are what tells a service to read its configuration again, SIGHUP,
// and to roll its access log, SIGUSR1. stop gives both back.
func serviceSignals() (reload, roll <-chan os.Signal, stop func()) {
	hangup, user := make(chan os.Signal, 1), make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	signal.Notify(user, syscall.SIGUSR1)
	return hangup, user, func() {
		signal.Stop(hangup)
		signal.Stop(user)
	}
}
