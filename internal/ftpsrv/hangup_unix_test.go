//go:build unix

package ftpsrv_test

import (
	"fmt"
	"testing"
)

// A client that is killed closes all its sockets, the control connection first.
// The half file must not be taken for a whole one.
func TestHangUp_killedClientUploadsNothing(t *testing.T) {
	s := startSite(t, nil)
	for i := range 100 {
		c := dial(t, s.addr)
		c.login()
		dc := c.passive()
		c.cmd(fmt.Sprintf("STOR half%d", i), "125 ")
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
}
