//go:build lab

package dtp_test

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Row 1.3 on the wire: the SYN is in the capture when Dial returns.
func TestLab_synIsOutWhenDialReturns(t *testing.T) {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, int(htons(unix.ETH_P_IP)))
	if err != nil {
		t.Fatalf("packet capture: %v", err)
	}
	defer unix.Close(fd)
	lo, err := net.InterfaceByName("lo")
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: htons(unix.ETH_P_IP), Ifindex: lo.Index}); err != nil {
		t.Fatal(err)
	}
	ln, addr := dataPort(t, "tcp4", "127.0.0.1:0")
	defer ln.Close()
	c, _ := open(t)
	if err := c.Dial(t.Context(), addr); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 65536)
	for {
		n, _, err := unix.Recvfrom(fd, buf, unix.MSG_DONTWAIT)
		if err != nil {
			t.Fatalf("no SYN to %v was captured before Dial returned (%v)", addr, err)
		}
		if isSYN(buf[:n], addr.Port()) {
			return
		}
	}
}

func htons(n uint16) uint16 { return n<<8 | n>>8 }

// isSYN reports whether an IPv4 packet opens a TCP connection to port.
func isSYN(packet []byte, port uint16) bool {
	if len(packet) < 20 || packet[9] != unix.IPPROTO_TCP {
		return false
	}
	tcp := packet[min(int(packet[0]&15)*4, len(packet)):]
	const syn, ack = 0x02, 0x10
	return len(tcp) >= 20 && binary.BigEndian.Uint16(tcp[2:]) == port && tcp[13]&(syn|ack) == syn
}

// Rows 1.9 and 1.10 with ports that really are privileged.
func TestLab_privilegedPorts(t *testing.T) {
	c, rec := open(t)
	knock(t, listen(t, c), &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1023})
	if _, err := c.Acquire(t.Context()); !errors.Is(err, winerr.ConnectionAborted) {
		t.Errorf("Acquire: %v, want 1236", err)
	}
	rec.want(t, "opened 0 0", "closed 1236 38")

	ln, addr := dataPort(t, "tcp4", "127.0.0.1:1022")
	if err := c.Dial(t.Context(), netip.AddrPortFrom(addr.Addr(), addr.Port())); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Acquire(t.Context()); !errors.Is(err, winerr.InvalidParameter) {
		t.Errorf("Acquire: %v, want 87", err)
	}
	rec.want(t, "opened 0 0", "closed 1236 38", "opened 0 0", "closed 87 38")
	wantNobody(t, ln)
}

// Row 1.7 at its real length: a client that does not close its side is reset
// after two seconds, and PASV answered.
func TestLab_resetAfterTwoSeconds(t *testing.T) {
	c, _ := open(t)
	_, client := passive(t, c)
	c.Release()
	start := time.Now()
	listen(t, c)
	if d := time.Since(start); d < 1900*time.Millisecond || d > 3*time.Second {
		t.Errorf("Listen took %v, want 2 s", d)
	}
	eventually(t, "reset", func() bool {
		_, err := client.Write([]byte("x"))
		return err != nil
	})
}
