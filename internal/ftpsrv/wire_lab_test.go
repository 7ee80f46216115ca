//go:build lab && linux

package ftpsrv_test

import (
	"encoding/binary"
	"net"
	"testing"

	"golang.org/x/sys/unix"
)

// segment is a TCP segment as the network saw it.
type segment struct {
	from, to uint16
	flags    byte
	octets   int
}

const synFlag, ackFlag = 0x02, 0x10

// sniff listens on the loopback interface; the function it returns gives what has
// passed since, in order.
func sniff(t *testing.T) func() []segment {
	t.Helper()
	const all = unix.ETH_P_ALL<<8&0xff00 | unix.ETH_P_ALL>>8 // in the order of the network
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, all)
	if err != nil {
		t.Fatalf("packet capture: %v", err)
	}
	t.Cleanup(func() { _ = unix.Close(fd) })
	lo, err := net.InterfaceByName("lo")
	if err == nil {
		err = unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: all, Ifindex: lo.Index})
	}
	if err != nil {
		t.Fatal(err)
	}
	return func() (seen []segment) {
		buf := make([]byte, 1<<16)
		for {
			n, _, err := unix.Recvfrom(fd, buf, unix.MSG_DONTWAIT)
			if err != nil {
				return seen
			}
			if s, ok := readSegment(buf[:n]); ok {
				seen = append(seen, s)
			}
		}
	}
}

// readSegment reads an IPv4 or IPv6 packet without extension headers.
func readSegment(packet []byte) (segment, bool) {
	const v4Header, v6Header, tcpHeader = 20, 40, 20
	header, protocol := 0, byte(0)
	switch {
	case len(packet) >= v4Header+tcpHeader && packet[0]>>4 == 4:
		header, protocol = int(packet[0]&15)*4, packet[9]
	case len(packet) >= v6Header+tcpHeader && packet[0]>>4 == 6:
		header, protocol = v6Header, packet[6]
	}
	if protocol != unix.IPPROTO_TCP || len(packet) < header+tcpHeader {
		return segment{}, false
	}
	tcp := packet[header:]
	return segment{
		binary.BigEndian.Uint16(tcp), binary.BigEndian.Uint16(tcp[2:]), tcp[13], len(tcp) - int(tcp[12]>>4)*4,
	}, true
}

// Row 1.3 in every mode: the handshake to the client's port has begun when the reply to
// PORT or EPRT goes out.
func TestRows_handshakeBeforeTheReply(t *testing.T) {
	for name, m := range protections(nil) {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, withTLS)
			s.startOn(t, m.host())
			c := dial(t, s.addr)
			if m.tls != 0 {
				c.tls.newest = m.tls
				c.want("220 ")
				c.authTLS()
				c.cmd("USER alice", "331 ")
				c.cmd("PASS "+password, "230 ")
			} else {
				c.login()
			}
			port, eprt := c.listen()
			commands := []string{"EPRT " + eprt}
			if !m.v6 {
				commands = append(commands, "PORT "+port)
			}
			control := uint16(c.nc.RemoteAddr().(*net.TCPAddr).Port)
			data := uint16(c.ln.Addr().(*net.TCPAddr).Port)
			for _, command := range commands {
				seen := sniff(t)
				c.cmd(command, "200 ")
				begun := false
				for _, s := range seen() {
					begun = begun || s.to == data && s.flags&(synFlag|ackFlag) == synFlag
					if s.from == control && s.octets > 0 {
						break
					}
				}
				if !begun {
					t.Errorf("%s: the reply came before the handshake", command)
				}
				c.accept()
				_ = c.data.Close()
			}
		})
	}
}
