package ftpwire

import (
	"net"
	"syscall"
)

// soOOBInline is SO_OOBINLINE of winsock2.h.
const soOOBInline = 0x0100

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
		_ = syscall.SetsockoptInt(syscall.Handle(fd), syscall.SOL_SOCKET, soOOBInline, 1)
	})
}
