package cli

import (
	"fmt"
	"log/slog"
	"net"
)

// notifier tells systemd how the service is (sd_notify(3)). The zero notifier
// tells nobody.
type notifier struct {
	socket string
	log    *slog.Logger
}

// newNotifier takes NOTIFY_SOCKET out of the environment, so that no program started
// from here speaks for the service.
func newNotifier(env Env, log *slog.Logger) notifier {
	const name = "NOTIFY_SOCKET"
	n := notifier{env.lookup(name), log}
	if n.socket != "" {
		if err := env.Unsetenv(name); err != nil {
			log.Warn("the environment keeps "+name, "cause", err.Error())
		}
	}
	return n
}

func (n notifier) ready()    { n.send("READY=1") }
func (n notifier) stopping() { n.send("STOPPING=1") }

// reloading comes with the time, which Type=notify-reload wants to see.
func (n notifier) reloading() {
	n.send(fmt.Sprintf("RELOADING=1\nMONOTONIC_USEC=%d", monotonic().Microseconds()))
}

func (n notifier) send(state string) {
	if n.socket == "" {
		return
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: n.socket, Net: "unixgram"})
	if err == nil {
		_, err = conn.Write([]byte(state))
		_ = conn.Close()
	}
	if err != nil {
		n.log.Warn("systemd is not told", "state", state, "cause", err.Error())
	}
}
