//go:build unix

package ftpsrv_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
)

// A client that is killed closes all its sockets, the control connection first.
// The half file must not be taken for a whole one, whatever the client said
// meanwhile: nothing, NOOP after NOOP, or more than the queue holds, so that the
// end of its connection is not read.
func TestChecklist_F2_killedClientUploadsNothing(t *testing.T) {
	for name, lines := range map[string]string{
		"silent": "", "keep-alive": strings.Repeat("NOOP\r\n", 40), "chatty": strings.Repeat("NOOP\r\nSYST\r\n", 20),
	} {
		t.Run(name, func(t *testing.T) {
			s := startSite(t, nil)
			for i := range 100 {
				c := dial(t, s.addr)
				c.login()
				dc := c.passive()
				c.cmd(fmt.Sprintf("STOR half%d", i), "125 ")
				c.send(lines)
				if _, err := dc.Write([]byte("half")); err != nil {
					t.Fatal(err)
				}
				_ = c.nc.Close()
				_ = dc.Close()
			}
			s.stop(t)
			for i := range 100 {
				if got, err := s.get(fmt.Sprintf("/half%d", i)); err == nil {
					t.Errorf("half%d is there: %q", i, got)
				}
			}
			if strings.Contains(s.access.String(), " 226 ") {
				t.Errorf("an upload is logged as whole:\n%s", s.access.String())
			}
		})
	}
}

// A QUIT that is still unread when the client closes its side is a QUIT: the upload
// before it counts.
func TestHangUp_quitIsNoHangUp(t *testing.T) {
	s := startSite(t, nil)
	for i := range 100 {
		c := dial(t, s.addr)
		c.login()
		dc := c.passive()
		c.cmd(fmt.Sprintf("STOR whole%d", i), "125 ")
		if _, err := dc.Write([]byte("whole")); err != nil {
			t.Fatal(err)
		}
		c.send("SYST\r\nNOOP\r\nQUIT\r\n")
		_ = c.nc.CloseWrite()
		_ = dc.Close()
		c.want("226 ")
	}
}

// Behind a full queue nobody reads, and yet a transfer notices that its client is
// gone: here its data connection is held open by somebody else.
func TestHangUp_behindAFullQueue(t *testing.T) {
	s := startSite(t, func(cfg *ftpsrv.Config) {
		cfg.Connections.DataChannelTimeout = 300 * time.Millisecond
		cfg.Connections.MinBytesPerSecond = -1
	})
	c := dial(t, s.addr)
	c.login()
	dc := c.passive()
	c.cmd("STOR half", "125 ")
	c.send(strings.Repeat("NOOP\r\nSYST\r\n", 20))
	_ = c.nc.Close()
	_ = dc.SetDeadline(time.Time{})
	eventually(t, "end of the upload", func() bool {
		_, err := dc.Write([]byte("x"))
		return err != nil
	})
	s.stop(t)
	if got, err := s.get("/half"); err == nil {
		t.Errorf("half is there: %q", got)
	}
}

// A client that gives an upload up says ABOR and closes the data connection at once.
func TestAbor_beforeTheEndOfAnUpload(t *testing.T) {
	s := startSite(t, nil)
	c := dial(t, s.addr)
	c.login()
	for range 30 {
		dc := c.passive()
		c.cmd("STOR half", "125 ")
		_, _ = dc.Write([]byte("half"))
		c.send("ABOR\r\n")
		_ = dc.Close()
		c.want("426 ")
		c.want("226 ABOR")
		if got, err := s.get("/half"); err == nil {
			t.Fatalf("half is there: %q", got)
		}
	}
}
