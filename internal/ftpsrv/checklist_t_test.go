package ftpsrv_test

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
)

// Section T of the security checklist: TLS. Versions, suites, certificates and their
// reload are held in the room ftptls.

func TestChecklist_T1_clearCommandsBeforeTheHandshake(t *testing.T) {
	t.Parallel()
	dialog(t, "auth_pipelined")
}

// AUTH again, after a login, and REIN under TLS: nothing takes the protection back.
func TestChecklist_T2_authAgain(t *testing.T) {
	t.Parallel()
	dialog(t, "auth_errors", "auth_relogin", "rein_tls")
}

func TestChecklist_T3_clearTextWhereTLSIsDue(t *testing.T) {
	t.Parallel()
	dialog(t, "tls_downgrade", "policy_data")
}

// A data connection with another session's ticket, or without one where resuming is
// required: no octet either way, no file.
func TestChecklist_T4_stolenDataConnection(t *testing.T) {
	t.Parallel()
	dialog(t, "tls_stolen", "tls_reuse_required", "tls_shared_required")
}

// An upload that is cut off leaves what was there: FIN without close_notify, RST, and
// FIN in the middle of a record.
func TestChecklist_T5_truncatedUpload(t *testing.T) {
	t.Parallel()
	dialog(t, "tls_truncated")
	s := startSite(t, withTLS)
	s.put(t, "/up.txt", []byte("old"))
	c := dial(t, s.addr)
	c.want("220 ")
	c.authTLS()
	c.cmd("USER alice", "331 ")
	c.cmd("PASS "+password, "230 ")
	dc := c.passive()
	c.cmd("STOR up.txt", "125 ")
	if err := c.secure(c.tls.tickets); err != nil {
		t.Fatal(err)
	}
	_, _ = c.tls.data.Write([]byte("half"))
	_, _ = dc.Write([]byte{23, 3, 3, 0, 200, 1, 2, 3}) // the begin of a record of 200 octets
	_ = dc.Close()
	c.want("426 ")
	if got, err := s.get("/up.txt"); err != nil || got != "old" {
		t.Errorf("the file holds %q, %v, want what it held", got, err)
	}
}

// ends notes the end of the TCP stream. Go's client takes it for an orderly end of TLS;
// who has read close_notify does not read on, and never sees it.
type ends struct {
	net.Conn
	seen bool
}

func (e *ends) Read(p []byte) (int, error) {
	n, err := e.Conn.Read(p)
	e.seen = e.seen || err == io.EOF
	return n, err
}

// Every download and listing ends with close_notify, an empty one too.
func TestChecklist_T6_closeNotify(t *testing.T) {
	t.Parallel()
	s := startSite(t, withTLS)
	s.put(t, "/empty.txt", nil)
	s.put(t, "/full.bin", random(100_000))
	s.put(t, "/none/", nil)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		c := dial(t, s.addr)
		c.tls.newest = version
		c.want("220 ")
		c.authTLS()
		c.cmd("USER alice", "331 ")
		c.cmd("PASS "+password, "230 ")
		for command, want := range map[string]int{
			"RETR empty.txt": 0, "RETR full.bin": 100_000, "LIST none": 0, "NLST none": 0, "MLSD none": 0, "NLST": len("empty.txt\r\nfull.bin\r\nnone\r\n"),
		} {
			c.cmd("TYPE I", "200 ")
			below := &ends{Conn: c.passive()}
			c.cmd(command, "125 ")
			cfg := clientConfig(c.tls.tickets)
			cfg.MaxVersion = version
			data := tls.Client(below, cfg)
			got, err := io.ReadAll(data)
			if err != nil || len(got) != want || below.seen {
				t.Errorf("%s, TLS %x: %d octets, %v, want %d and close_notify", command, version, len(got), err, want)
			}
			_ = data.Close()
			c.want("226 ")
		}
		c.close()
	}
}

// Old versions, weak suites and renegotiation get nowhere (more in ftptls).
func TestChecklist_T7_oldVersionsAndSuites(t *testing.T) {
	t.Parallel()
	s := startSite(t, withTLS)
	offers := []*tls.Config{
		{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10}, {MinVersion: tls.VersionTLS11, MaxVersion: tls.VersionTLS11},
	}
	for _, suite := range tls.InsecureCipherSuites() {
		offers = append(offers, &tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{suite.ID}})
	}
	for _, offer := range offers {
		offer.InsecureSkipVerify = true
		c := dial(t, s.addr)
		c.want("220 ")
		c.cmd("AUTH TLS", "234 ")
		_ = c.nc.SetDeadline(time.Now().Add(patience))
		if err := tls.Client(c.nc, offer).Handshake(); err == nil {
			t.Errorf("a client got in that offers versions %x to %x, suites %x", offer.MinVersion, offer.MaxVersion, offer.CipherSuites)
		}
		c.close()
	}
}

// A hundred clients that begin a handshake and never end it: others are served
// meanwhile, and each is closed when its time is up.
func TestChecklist_T8_stalledHandshakes(t *testing.T) {
	t.Parallel()
	const limit = 3 * time.Second
	s := startSite(t, func(cfg *ftpsrv.Config) {
		withTLS(cfg)
		cfg.Connections.UnauthenticatedTimeout = limit
		cfg.Connections.DataChannelTimeout = limit
	})
	s.put(t, "/a.txt", []byte("hello"))
	var stalled []*client
	for i := range 100 {
		c := dial(t, s.addr)
		c.want("220 ")
		c.cmd("AUTH TLS", "234 ")
		if i%2 == 0 { // the header of a record and no more
			_, _ = c.nc.Write([]byte{22, 3, 1, 2, 0, 1})
		}
		stalled = append(stalled, c)
	}
	good := dial(t, s.addr)
	start := time.Now()
	good.want("220 ")
	good.authTLS()
	good.cmd("USER alice", "331 ")
	good.cmd("PASS "+password, "230 ")
	if took := time.Since(start); took > limit {
		t.Errorf("a good client's login took %v", took)
	}
	for _, c := range stalled {
		_ = c.nc.SetReadDeadline(time.Now().Add(limit + patience))
		if _, err := io.Copy(io.Discard, c.nc); isTimeout(err) {
			t.Fatal("a stalled handshake is still open")
		}
	}
	good.passive()
	good.cmd("RETR a.txt", "125 ") // and no handshake on the data connection
	good.want("425 ")
	good.passive()
	good.cmd("RETR a.txt", "125 ")
	if err := good.secure(good.tls.tickets); err != nil {
		t.Fatal(err)
	}
	if got, err := bufio.NewReader(good.tls.data).ReadString('o'); got != "hello" {
		t.Errorf("got %q, %v", got, err)
	}
	good.want("226 ")
}

func isTimeout(err error) bool {
	e, ok := err.(net.Error)
	return ok && e.Timeout()
}
