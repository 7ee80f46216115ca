package krb_test

import (
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/krb/krbtest"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// blackHole is an address that answers nobody, as behind a firewall or after a
// power cut: the queue of its socket is full, so the system drops who knocks.
func blackHole(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	raw, err := ln.(*net.TCPListener).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if err := raw.Control(func(fd uintptr) { _ = syscall.Listen(int(fd), 0) }); err != nil {
		t.Fatal(err)
	}
	for range 8 {
		conn, err := net.DialTimeout("tcp", ln.Addr().String(), 100*time.Millisecond)
		if err != nil {
			return ln.Addr().String()
		}
		t.Cleanup(func() { _ = conn.Close() })
	}
	t.Fatal("the queue does not fill")
	return ""
}

// A KDC that has gone silently costs one head start in a whole login.
func TestLogin_blackHoles(t *testing.T) {
	k := krbtest.New(t, password)
	c := client(blackHole(t), blackHole(t), k.Addr)
	begin := time.Now()
	if _, err := login(t.Context(), c, password); err != nil {
		t.Error(err)
	}
	if took := time.Since(begin); took < 400*time.Millisecond || took > 1500*time.Millisecond {
		t.Errorf("it took %v, want about half a second", took)
	}
	c = client(blackHole(t))
	c.Timeout = 300 * time.Millisecond
	begin = time.Now()
	_, err := login(t.Context(), c, password)
	refused(t, err, winerr.NoLogonServers)
	if took := time.Since(begin); took > 10*c.Timeout {
		t.Errorf("alone it took %v", took)
	}
}
