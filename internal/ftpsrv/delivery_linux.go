package ftpsrv

import (
	"net"

	"golang.org/x/sys/unix"
)

// unacknowledged is how many octets the client's system has not confirmed yet.
func unacknowledged(dc net.Conn) int {
	tcp, ok := dc.(*net.TCPConn)
	if !ok {
		return 0
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return 0
	}
	n := 0
	if raw.Control(func(fd uintptr) { n, err = unix.IoctlGetInt(int(fd), unix.SIOCOUTQ) }) != nil || err != nil {
		return 0
	}
	return n
}
