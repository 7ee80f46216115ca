package ftpsrv_test

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/dtp"
)

// Section D of the security checklist: data connections.

// dialogs plays archives that hold a line of the checklist.
func dialogs(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		t.Run(name, func(t *testing.T) { play(t, "testdata/dialog/"+name+".txtar") })
	}
}

// dialFrom is dial with an address of the client.
func dialFrom(t testing.TB, from, addr string) *client {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: patience}
	nc, err := d.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	return clientOn(t, nc.(*net.TCPConn))
}

// watched is a listener that nobody may find.
func watched(t *testing.T, host string) (port int) {
	t.Helper()
	ln, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	go func() {
		for {
			nc, err := ln.Accept()
			if err != nil {
				return
			}
			t.Errorf("the server connects to %s", nc.LocalAddr())
			_ = nc.Close()
		}
	}()
	return ln.Addr().(*net.TCPAddr).Port
}

// A client at 127.0.0.3 aims a server at 127.0.0.1 at others, and at the server
// itself. A switch that allows other addresses does not allow the worst of them.
func TestChecklist_D1_foreignAddresses(t *testing.T) {
	const own, other, server = "127.0.0.3", "127.0.0.2", "127.0.0.1"
	for _, anyAddress := range []bool{false, true} {
		s := startSite(t, func(cfg *ftpsrv.Config) { cfg.DataChannel.AnyAddressForPort = anyAddress })
		c := dialFrom(t, own, s.addr)
		c.login()
		hosts := []string{server, "0.0.0.0", "224.0.0.1", "255.255.255.255"}
		if !anyAddress {
			hosts = append(hosts, other, "192.0.2.1") // of RFC 5737, for documents only
		}
		ports := map[string]int{server: watched(t, server), other: watched(t, other)}
		for _, host := range hosts {
			port := max(ports[host], 1024)
			c.cmd(fmt.Sprintf("PORT %s,%d,%d", strings.ReplaceAll(host, ".", ","), port>>8, port&255), "501 ")
			c.cmd(fmt.Sprintf("EPRT |1|%s|%d|", host, port), "501 ")
			c.cmd(fmt.Sprintf("EPRT |2|::ffff:%s|%d|", host, port), "501 ")
			c.cmd("LIST", "425 ")
		}
		for _, host := range []string{"::", "ff02::1", "::1"} {
			c.cmd(fmt.Sprintf("EPRT |2|%s|%d|", host, watched(t, server)), "501 ")
		}
	}
}

func TestChecklist_D2_privilegedPorts(t *testing.T) {
	dialogs(t, "port_low") // passive ones need root: lab/low_port_passive
}

// A stranger who finds the port gets nothing and changes nothing; one at the
// client's own address is told by TLS.
func TestChecklist_D3_strangers(t *testing.T) {
	s := startSite(t, nil)
	s.put(t, "/a.txt", []byte("secret"))
	c := dial(t, s.addr)
	c.login()
	c.cmd("EPSV", "229 ")
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP("127.0.0.2")}, Timeout: patience}
	for range 3 {
		stranger, err := d.Dial("tcp", c.pasv)
		if err != nil {
			break // reset already
		}
		_ = stranger.SetDeadline(time.Now().Add(patience))
		if got, _ := io.ReadAll(stranger); len(got) > 0 {
			t.Errorf("the stranger got %q", got)
		}
		_ = stranger.Close()
	}
	c.connect()
	c.cmd("RETR a.txt", "125 ")
	if got, err := io.ReadAll(c.data); err != nil || string(got) != "secret" {
		t.Errorf("the client got %q, %v", got, err)
	}
	c.want("226 ")
	dialogs(t, "tls_stolen")
}

func TestChecklist_D4_portsAreUnforeseeable(t *testing.T) {
	s := startSite(t, nil)
	c := dial(t, s.addr)
	c.login()
	const samples = 50
	steps, seen, last := make(map[int]int), make(map[int]int), 0
	for i := range samples {
		c.cmd("EPSV", "229 ")
		_, text, _ := net.SplitHostPort(c.pasv)
		var port int
		if _, err := fmt.Sscan(text, &port); err != nil {
			t.Fatal(err)
		}
		if i > 0 {
			steps[port-last]++
		}
		last = port
		seen[port]++
	}
	if len(seen) < samples*9/10 {
		t.Errorf("%d ports in %d samples", len(seen), samples)
	}
	for step, times := range steps {
		if times > samples/10 {
			t.Errorf("the next port lies %d behind the last one %d times of %d", step, times, samples-1)
		}
	}
}

func TestChecklist_D5_portsAreNotUsedUp(t *testing.T) {
	ports, err := dtp.NewPorts(0, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := startSite(t, func(cfg *ftpsrv.Config) { cfg.Ports = ports })
	c := dial(t, s.addr)
	c.login()
	for i := range 1000 {
		if c.cmd("EPSV", "229 "); ports.InUse() > 1 {
			t.Fatalf("%d ports after %d EPSV of one session", ports.InUse(), i+1)
		}
	}
	first := c.pasv
	c.cmd("PASV", "227 ")
	if nc, err := net.DialTimeout("tcp", first, patience); err == nil {
		_ = nc.Close()
		t.Error("the port of the EPSV before is still open")
	}
	c.connect()
	c.cmd("NLST", "125 ")
	c.want("226 ")
	_ = c.data.Close()
	for _, left := range []string{"EPSV", "PASV"} { // and gone
		c = dial(t, s.addr)
		c.login()
		c.cmd(left, "2")
		c.close()
	}
	eventually(t, "all ports free", func() bool { return ports.InUse() == 0 })
}

// Of two ports each PASV takes the other one: who connects late finds the first closed.
func TestChecklist_D5_theFirstPortIsNotReused(t *testing.T) {
	s := startSite(t, func(cfg *ftpsrv.Config) { cfg.Ports = poolOf(t, 2) })
	c := dial(t, s.addr)
	c.login()
	last := ""
	for i := range 20 {
		if c.cmd("EPSV", "229 "); c.pasv == last {
			t.Fatalf("EPSV %d gives the port of the one before", i+1)
		}
		last = c.pasv
	}
}

// poolOf is a range of so many ports that nobody uses.
func poolOf(t *testing.T, size uint16) *dtp.Ports {
	t.Helper()
	for {
		var found []net.Listener
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		for low := 0; err == nil; {
			found = append(found, ln)
			port := ln.Addr().(*net.TCPAddr).Port
			if low == 0 {
				low = port
			}
			if len(found) == int(size) {
				break
			}
			ln, err = net.Listen("tcp", fmt.Sprint("127.0.0.1:", port+1))
		}
		low := uint16(found[0].Addr().(*net.TCPAddr).Port)
		for _, ln := range found {
			_ = ln.Close()
		}
		if len(found) == int(size) {
			ports, err := dtp.NewPorts(low, low+size-1)
			if err != nil {
				t.Fatal(err)
			}
			return ports
		}
	}
}

// The last port is somebody's: 425, until it is free.
func TestChecklist_D5_exhaustion(t *testing.T) {
	ports := poolOf(t, 1)
	s := startSite(t, func(cfg *ftpsrv.Config) { cfg.Ports = ports })
	one, other := dial(t, s.addr), dial(t, s.addr)
	one.login()
	other.login()
	one.cmd("EPSV", "229 ")
	for _, command := range []string{"EPSV", "PASV"} {
		if got := other.cmd(command, "425 "); got != "425 Cannot open data connection." {
			t.Errorf("%s: got %q", command, got)
		}
	}
	other.cmd("NOOP", "200 ")
	one.cmd("QUIT", "221 ")
	one.close()
	eventually(t, "the port is free", func() bool { return ports.InUse() == 0 })
	other.passive()
	other.cmd("NLST", "125 ")
	other.want("226 ")
}

func TestChecklist_D6_EPSVALL(t *testing.T) {
	s := startSite(t, nil)
	c := dial(t, s.addr)
	c.login()
	c.cmd("EPSV ALL", "200 ")
	for _, command := range []string{"PASV", "PORT 127,0,0,1,200,200", "EPRT |1|127.0.0.1|51400|"} {
		c.cmd(command, "503 ")
	}
	c.passive()
	c.cmd("NLST", "125 ")
	c.want("226 ")
}

// Data connections that are never opened, that are silent, and that are drained by
// the octet, in every shape a transfer can have: they end in time and the session
// goes on.
func TestChecklist_D7_timeOuts(t *testing.T) {
	dialogs(t, "data_never_opened", "data_timeout", "data_too_slow")
	for _, protect := range []bool{false, true} {
		for _, setting := range []string{"TYPE I", "TYPE A", "MODE Z"} {
			t.Run(fmt.Sprintf("%s, TLS %v", setting, protect), func(t *testing.T) {
				t.Parallel()
				s := newSite(t, func(cfg *ftpsrv.Config) {
					cfg.Connections.DataChannelTimeout, cfg.ModeZ = time.Second, &ftpsrv.ModeZ{Level: 1}
					withTLS(cfg)
				})
				s.put(t, "/big", random(24<<20))
				s.start(t)
				c := dial(t, s.addr)
				if protect {
					c.want("220 ")
					c.authTLS()
					c.cmd("USER alice", "331 ")
					c.cmd("PASS "+password, "230 ")
				} else {
					c.login()
				}
				c.cmd(setting, "200 ")
				drained(t, c, protect)
				silentUpload(t, c, protect)
				c.cmd("NOOP", "200 ")
			})
		}
	}
}

// drained reads a download octet by octet, which is as good as not at all.
func drained(t *testing.T, c *client, protect bool) {
	t.Helper()
	dc := c.passive()
	_ = dc.SetReadBuffer(4 << 10)
	c.send("RETR big\r\n")
	if protect {
		if err := c.secure(c.tls.tickets); err != nil {
			t.Fatal(err)
		}
	}
	c.want("1")
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				if _, err := dc.Read(make([]byte, 1)); err != nil {
					return
				}
			case <-stop:
				return
			}
		}
	}()
	c.within = 10 * time.Second
	c.want("426 ")
}

// silentUpload opens an upload and sends nothing.
func silentUpload(t *testing.T, c *client, protect bool) {
	t.Helper()
	c.passive()
	c.send("STOR silent\r\n")
	if protect {
		if err := c.secure(c.tls.tickets); err != nil {
			t.Fatal(err)
		}
	}
	c.want("1")
	c.within = 5 * time.Second
	c.want("426 ")
}
