package ftpsrv_test

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/admission"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
)

// startImplicit serves with TLS from the first octet on.
func startImplicit(t *testing.T, change func(*ftpsrv.Config)) *site {
	t.Helper()
	s := newSite(t, func(cfg *ftpsrv.Config) {
		withTLS(cfg)
		if change != nil {
			change(cfg)
		}
	})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = ln.Addr().String()
	go func() { s.ended <- s.srv.ServeTLS(context.Background(), ln) }()
	t.Cleanup(func() { s.stop(t) })
	return s
}

func TestServeTLS_sessionBeginsWithTheHandshake(t *testing.T) {
	s := startImplicit(t, nil)
	s.put(t, "/a.txt", []byte("hello"))
	c := dial(t, s.addr)
	c.handshake()
	c.login()
	c.cmd("AUTH TLS", "503 ")
	c.cmd("PBSZ 0", "200 ")
	c.cmd("PROT P", "200 ")
	c.cmd("EPSV", "229 ")
	c.connect()
	c.cmd("RETR a.txt", "125 ")
	if err := c.secure(c.tls.tickets); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(c.stream()); string(got) != "hello" || err != nil {
		t.Errorf("got %q, %v, want hello", got, err)
	}
	c.want("226 ")
}

// Clear text on a port of implicit TLS gets no FTP.
func TestServeTLS_clearTextIsRefused(t *testing.T) {
	s := startImplicit(t, nil)
	c := dial(t, s.addr)
	c.send("USER alice\r\n")
	got, _ := io.ReadAll(c.nc)
	if strings.Contains(string(got), "331") || strings.Contains(string(got), "220") {
		t.Errorf("got %q", got)
	}
	eventually(t, "the end in the log", func() bool {
		return strings.Contains(s.access.String(), "ControlChannelClosed - - 1236 32")
	})
}

func TestServeTLS_withoutCertificate(t *testing.T) {
	s := newSite(t, nil)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.srv.ServeTLS(t.Context(), ln); err == nil {
		t.Error("no error")
	}
	if _, err := net.Dial("tcp", ln.Addr().String()); err == nil {
		t.Error("the listener is open")
	}
}

// What the limit of connections refuses gets no handshake.
func TestServeTLS_fullServer(t *testing.T) {
	s := startImplicit(t, func(cfg *ftpsrv.Config) { cfg.Admission = admission.New(admission.Config{MaxConnections: 1}) })
	first := dial(t, s.addr)
	first.handshake()
	first.want("220 ")
	second := dial(t, s.addr)
	if got, _ := io.ReadAll(second.nc); len(got) > 0 {
		t.Errorf("got %q, want the end of the connection", got)
	}
}
