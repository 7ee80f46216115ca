//go:build lab

package ftpsrv_test

import (
	"fmt"
	"io"
	"net"
	"testing"
)

// IPv6 is not everywhere, so this runs in the lab: EPSV and EPRT work, PASV and
// PORT have no form for it.
func TestIPv6(t *testing.T) {
	s := newSite(t, nil)
	s.put(t, "/a.txt", []byte("hello"))
	ln, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Fatal(err)
	}
	s.serve(t, ln)
	c := dial(t, s.addr)
	c.login()
	if got := string(c.retr("a.txt")); got != "hello" {
		t.Errorf("got %q", got)
	}
	c.cmd("PASV", "425 ")
	c.cmd("EPSV 1", "522 Network protocol not supported, use (2)")
	c.cmd("EPSV 2", "229 ")
	c.listen()
	port := c.ln.Addr().(*net.TCPAddr).Port
	c.cmd(fmt.Sprintf("EPRT |2|::1|%d|", port), "200 ")
	c.accept()
	c.cmd("RETR a.txt", "125 ")
	if got, err := io.ReadAll(c.data); string(got) != "hello" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	c.want("226 ")
	c.cmd("EPRT |1|127.0.0.1|2000|", "501 ")
}
