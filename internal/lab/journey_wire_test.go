//go:build lab

package lab_test

import (
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// Row 1.3: the server starts the handshake to the client's port before it answers PORT.
func TestWire_PORTHandshakeStartsBeforeTheReply(t *testing.T) {
	s := serve(t)
	c := login(t, s, lab.Alice)
	ln, err := net.Listen("tcp4", lab.ClientAddr+":0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	port := ln.Addr().(*net.TCPAddr).Port
	stop := capture(t, "tcp and host "+lab.ClientAddr)
	if got := c.cmd("PORT %s,%d,%d", strings.ReplaceAll(lab.ClientAddr, ".", ","), port/256, port%256); got.code != 200 {
		t.Fatalf("PORT: got %v, want 200", got)
	}
	all := stop()
	asked := first(all, begins("PORT "))
	syn := first(all, func(p packet) bool { return p.to.Port() == uint16(port) && p.has(flagSYN) && !p.has(flagACK) })
	answered := first(all, begins("200 "))
	if asked < 0 || syn < asked || answered < syn {
		t.Errorf("packets: PORT is %d, SYN to the client %d, the reply %d; want them in this order", asked, syn, answered)
	}
}

// Row 1.4: 226 does not wait for the end of the data connection's closing handshake. The client here leaves its half
// open for as long as it likes.
func TestWire_226ComesBeforeTheDataConnectionIsClosed(t *testing.T) {
	s := serve(t)
	c := login(t, s, lab.Alice)
	if got := c.upload([]byte("content"), "STOR small.txt"); got.code != 226 {
		t.Fatalf("STOR: got %v, want 226", got)
	}
	for _, command := range []string{"LIST", "RETR small.txt"} {
		t.Run(command, func(t *testing.T) {
			stop := capture(t, "tcp and host "+lab.ClientAddr)
			data := c.passive()
			client, server := data.LocalAddr().(*net.TCPAddr).AddrPort(), data.RemoteAddr().(*net.TCPAddr).AddrPort()
			if got := c.cmd("%s", command); got.code != 125 && got.code != 150 {
				t.Fatalf("got %v, want 125 or 150", got)
			}
			if _, err := io.ReadAll(data); err != nil {
				t.Fatal(err)
			}
			ended := time.Now()
			if got := c.read(); got.code != 226 {
				t.Fatalf("got %v, want 226", got)
			}
			if took := time.Since(ended); took > time.Second {
				t.Errorf("226 came %v after the last octet; want it at once, although the client has not closed", took)
			}
			_ = data.Close() // the second half of the closing handshake
			all := stop()
			done := first(all, begins("226 "))
			offered := first(all, func(p packet) bool { return p.from == server && p.has(flagFIN) })
			broken := first(all, func(p packet) bool { return p.from == server && p.has(flagRST) })
			closed := first(all, func(p packet) bool { return p.from == client && p.flags&(flagFIN|flagRST) != 0 })
			if done < 0 || closed < done {
				t.Errorf("packets: 226 is %d, the client's end of the data connection %d; want them in this order", done, closed)
			}
			if offered < 0 || broken >= 0 {
				t.Errorf("packets of the server's end of the data connection: FIN is %d, RST %d; want a FIN and no RST", offered, broken)
			}
		})
	}
}

// Row 1.7: a new data connection waits for the earlier one to end, and a client that keeps its half open waits with it.
func TestWire_EPSVWaitsForTheEarlierConnection(t *testing.T) {
	s := serve(t)
	c := login(t, s, lab.Alice)
	data := c.passive()
	if got := c.cmd("LIST"); got.code != 125 && got.code != 150 {
		t.Fatalf("LIST: got %v, want 125 or 150", got)
	}
	if _, err := io.ReadAll(data); err != nil {
		t.Fatal(err)
	}
	if got := c.read(); got.code != 226 {
		t.Fatalf("LIST: got %v, want 226", got)
	}
	const held = 500 * time.Millisecond
	time.AfterFunc(held, func() { _ = data.Close() })
	started := time.Now()
	if got := c.cmd("EPSV"); got.code != 229 {
		t.Errorf("EPSV: got %v, want 229", got)
	}
	if took := time.Since(started); took < held-50*time.Millisecond {
		t.Errorf("EPSV was answered after %v, while the earlier connection was open for %v", took, held)
	}
}

// Rows 1.9 and 1.10: a data connection with a privileged port of the client's is refused, with these log rows.
func TestWire_privilegedPorts(t *testing.T) {
	s := serve(t)
	t.Run("passive", func(t *testing.T) {
		c := login(t, s, lab.Alice)
		got := c.cmd("EPSV")
		port := epsv.FindStringSubmatch(got.text)
		if port == nil {
			t.Fatalf("EPSV: got %v", got)
		}
		d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(lab.ClientAddr), Port: 1001}, Timeout: 5 * time.Second}
		data, err := d.DialContext(t.Context(), "tcp", net.JoinHostPort(lab.FTPServerAddr, port[1]))
		if err != nil && !errors.Is(err, syscall.ECONNRESET) { // the reset may come before our own system says connected
			t.Fatal(err)
		}
		final := c.cmd("STOR file.txt")
		if final.code/100 == 1 {
			final = c.read()
		}
		if final.code != 425 {
			t.Errorf("STOR: got %v, want 425", final)
		}
		if data != nil {
			_ = data.SetReadDeadline(time.Now().Add(5 * time.Second))
			if _, err := data.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("the data connection: got %v, want a reset", err)
			}
			_ = data.Close()
		}
		s.waitForRow(t, "cs-method=DataChannelClosed sc-win32-status=1236 sc-substatus=38")
		s.waitForRow(t, "cs-method=STOR sc-status=425 sc-win32-status=1236 sc-substatus=0")
	})
	t.Run("active", func(t *testing.T) {
		c := login(t, s, lab.Alice)
		before := len(s.rows(t))
		if got := c.cmd("EPRT |1|%s|1001|", lab.ClientAddr); got.code != 200 {
			t.Errorf("EPRT: got %v, want 200", got)
		}
		if got := c.cmd("STOR file.txt"); got.code != 150 {
			t.Fatalf("STOR: got %v, want 150", got)
		}
		if got := c.read(); got.code != 425 {
			t.Errorf("STOR: got %v in the end, want 425", got)
		}
		s.waitForNewRow(t, before, "cs-method=EPRT sc-status=200 sc-win32-status=0")
		s.waitForNewRow(t, before, "cs-method=STOR sc-status=425 sc-win32-status=87 sc-substatus=0")
	})
}
