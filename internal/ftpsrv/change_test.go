package ftpsrv_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
)

// New sessions get the new settings; one that is in the middle of a transfer keeps
// its own, and ends its transfer.
func TestChange_dropsNoSession(t *testing.T) {
	var cfg ftpsrv.Config
	s := startSite(t, func(c *ftpsrv.Config) {
		c.Messages.Greeting = "first"
		cfg = *c
	})
	old := dial(t, s.addr)
	old.want("220 ")
	dc := func() *client {
		c := dial(t, s.addr)
		c.login()
		return c
	}()
	data := dc.passive()
	dc.cmd("STOR up.bin", "125 ")
	cfg.Messages.Greeting = ""
	cfg.Messages.Banner = "second"
	cfg.Commands.Entries = map[string]bool{"SYST": false}
	if err := s.srv.Change(cfg); err != nil {
		t.Fatal(err)
	}
	late := dial(t, s.addr)
	if got := late.want("220 "); got != "220 second" {
		t.Errorf("a new session is greeted with %q", got)
	}
	late.cmd("SYST", "500 Command not allowed.")
	old.cmd("SYST", "215 ")
	_, _ = data.Write([]byte("whole"))
	_ = data.Close()
	dc.want("226 ")
	if got, err := s.get("/up.bin"); err != nil || got != "whole" {
		t.Errorf("upload holds %q, %v", got, err)
	}
	// Shutdown reaches the sessions of both settings.
	s.stop(t)
	for _, c := range []*client{old, dc, late} {
		c.want("421 ")
	}
}

func TestChange_refuses(t *testing.T) {
	var cfg ftpsrv.Config
	s := newSite(t, func(c *ftpsrv.Config) {
		withTLS(c)
		cfg = *c
	})
	for name, change := range map[string]func(*ftpsrv.Config){
		"no login":       func(c *ftpsrv.Config) { c.Login = nil },
		"no certificate": func(c *ftpsrv.Config) { c.TLS = nil },
	} {
		bad := cfg
		change(&bad)
		if err := s.srv.Change(bad); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
