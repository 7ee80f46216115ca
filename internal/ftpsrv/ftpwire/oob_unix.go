//go:build unix

package ftpwire

import (
	"net"
	"syscall"
)

// inlineUrgentData keeps the urgent octet of a client's Synch in the stream,
// where the reader expects it. A failure costs nothing: the reader also knows
// the stream without that octet.
func inlineUrgentData(nc net.Conn) {
	sc, ok := nc.(syscall.Conn)
	if !ok {
		return
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		_ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_OOBINLINE, 1)
	})
}
