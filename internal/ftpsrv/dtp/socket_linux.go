package dtp

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

func newSocket(addr netip.Addr) (int, error) {
	family := unix.AF_INET
	if addr.Is6() {
		family = unix.AF_INET6
	}
	fd, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, unix.IPPROTO_TCP)
	if err != nil {
		return -1, os.NewSyscallError("socket", err)
	}
	if family == unix.AF_INET6 {
		// Else a listener would take the IPv4 clients of the same port.
		if err := unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 1); err != nil {
			_ = unix.Close(fd)
			return -1, os.NewSyscallError("setsockopt", err)
		}
	}
	return fd, nil
}

func bind(fd int, addr netip.AddrPort) error {
	sa, err := sockaddr(addr)
	if err != nil {
		return err
	}
	return os.NewSyscallError("bind", unix.Bind(fd, sa))
}

func sockaddr(addr netip.AddrPort) (unix.Sockaddr, error) {
	ip := addr.Addr()
	switch {
	case ip.Is4():
		return &unix.SockaddrInet4{Port: int(addr.Port()), Addr: ip.As4()}, nil
	case ip.Is6():
		zone, err := zoneID(ip.Zone())
		if err != nil {
			return nil, err
		}
		return &unix.SockaddrInet6{Port: int(addr.Port()), Addr: ip.As16(), ZoneId: zone}, nil
	}
	return nil, &net.AddrError{Err: "no address of the server", Addr: addr.String()}
}

func zoneID(zone string) (uint32, error) {
	if zone == "" {
		return 0, nil
	}
	if n, err := strconv.ParseUint(zone, 10, 32); err == nil {
		return uint32(n), nil
	}
	nic, err := net.InterfaceByName(zone)
	if err != nil {
		return 0, fmt.Errorf("zone %q: %w", zone, err)
	}
	return uint32(nic.Index), nil
}

// tcpConn turns a connected socket into a bare *net.TCPConn, on which sendfile
// and splice work. It consumes file.
func tcpConn(file *os.File) (*net.TCPConn, error) {
	defer func() { _ = file.Close() }() // FileConn works on a duplicate
	conn, err := net.FileConn(file)
	if err != nil {
		return nil, err
	}
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		_ = conn.Close()
		return nil, net.UnknownNetworkError(conn.LocalAddr().Network())
	}
	return tcp, nil
}

// readable asks the kernel about events on a socket without waiting.
func readable(raw syscall.RawConn, events int16) bool {
	var n int
	err := raw.Control(func(fd uintptr) {
		set := []unix.PollFd{{Fd: int32(fd), Events: events}}
		n, _ = unix.Poll(set, 0)
	})
	return err == nil && n > 0
}

// Unsent tells how many octets the client's system has not acknowledged, where the
// operating system can be asked.
func Unsent(conn *net.TCPConn) (n int, known bool) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return 0, false
	}
	if raw.Control(func(fd uintptr) { n, err = unix.IoctlGetInt(int(fd), unix.SIOCOUTQ) }) != nil {
		return 0, false
	}
	return n, err == nil
}
