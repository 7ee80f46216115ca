package adsim_test

import (
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
)

func TestFaults_delay(t *testing.T) {
	d := startSeed(t, seed)
	c := d.admin(t)
	const delay = time.Second
	took := func(work func()) time.Duration {
		began := time.Now()
		work()
		return time.Since(began)
	}
	search := func() { names(t, c, ask("(cn=alice)", "cn")) }
	d.SetFaults(adsim.Faults{Delay: delay, Only: adsim.OpSearch})
	if got := took(search); got < delay {
		t.Errorf("a search took %v, want at least %v", got, delay)
	}
	if got := took(func() { wantCode(t, c.Modify(modify(aliceDN, replace("description", "x"))), 0) }); got >= delay {
		t.Errorf("a modify took %v, want no delay", got)
	}
	d.SetFaults(adsim.Faults{})
	if got := took(search); got >= delay {
		t.Errorf("a search took %v after the fault, want no delay", got)
	}
}

// wantNetworkError checks that the client saw the connection end, not an answer.
func wantNetworkError(t *testing.T, err error) {
	t.Helper()
	var e *ldap.Error
	if err == nil || errors.As(err, &e) && e.ResultCode < ldap.ErrorNetwork {
		t.Errorf("got %v, want the end of the connection", err)
	}
}

func TestFaults_drop(t *testing.T) {
	d := startSeed(t, seed)
	c := d.admin(t)
	d.SetFaults(adsim.Faults{Drop: true, Only: adsim.OpModify})
	names(t, c, ask("(cn=alice)"))
	wantNetworkError(t, c.Modify(modify(aliceDN, replace("description", "lost"))))
	d.SetFaults(adsim.Faults{})
	if got := read(t, d.admin(t), aliceDN).GetAttributeValue("description"); got != "" {
		t.Errorf("got %q, want a modify that was not done", got)
	}
	d.SetFaults(adsim.Faults{Drop: true})
	wantNetworkError(t, d.dialTLS(t).Bind(aliceDN, "Wonder1and!"))
}

// The hard case for a client: it cannot know whether the write was done.
func TestFaults_lose(t *testing.T) {
	d := startSeed(t, seed)
	c := d.admin(t)
	d.SetFaults(adsim.Faults{Lose: true, Only: adsim.OpModify})
	wantNetworkError(t, c.Modify(modify(aliceDN, replace("description", "done"))))
	d.SetFaults(adsim.Faults{})
	if got := read(t, d.admin(t), aliceDN).GetAttributeValue("description"); got != "done" {
		t.Errorf("got %q, want a modify that was done", got)
	}
}

func TestFaults_busy(t *testing.T) {
	d := startSeed(t, seed)
	c := d.admin(t)
	d.SetFaults(adsim.Faults{Busy: true})
	_, err := c.Search(ask("(cn=alice)"))
	wantCode(t, err, ldap.LDAPResultBusy)
	wantCode(t, c.Bind(aliceDN, "Wonder1and!"), ldap.LDAPResultBusy)
	d.SetFaults(adsim.Faults{})
	names(t, c, ask("(cn=alice)"))
}

func TestFaults_refuse(t *testing.T) {
	d := startSeed(t, seed)
	c := d.admin(t)
	d.SetFaults(adsim.Faults{Refuse: true})
	names(t, c, ask("(cn=alice)")) // connections that are open stay
	if got := d.raw(t).rest(); len(got) != 0 {
		t.Errorf("got %x, want the end", got)
	}
	d.SetFaults(adsim.Faults{})
	names(t, d.admin(t), ask("(cn=alice)"))
}

func TestFaults_sizeLimit(t *testing.T) {
	d := startSeed(t, crowd(20))
	c := d.admin(t)
	d.SetFaults(adsim.Faults{SizeLimit: 5})
	found, err := c.Search(ask("(cn=p*)"))
	wantCode(t, err, ldap.LDAPResultSizeLimitExceeded)
	if len(found.Entries) != 5 {
		t.Errorf("got %d entries, want 5", len(found.Entries))
	}
	_, err = c.SearchWithPaging(ask("(cn=p*)"), 10)
	wantCode(t, err, ldap.LDAPResultSizeLimitExceeded)
	names(t, c, ask("(cn=alice)"))
}

// A delay of an hour must not hold up the end of the server.
func TestFaults_delayEndsWithTheServer(t *testing.T) {
	s, err := adsim.New(adsim.Config{Domain: "corp.example.com", Seed: strings.NewReader(seed)})
	if err != nil {
		t.Fatal(err)
	}
	d := &domain{Server: s}
	t.Run("serve", func(t *testing.T) {
		d.addr = d.listen(t, d.Serve) // ends with this subtest, within five seconds or it fails
		d.SetFaults(adsim.Faults{Delay: time.Hour})
		raw := d.raw(t)
		raw.send(bindRequest(1, aliceDN, "Wonder1and!"))
		eventually(t, "a bind under way", func() bool { return d.Stats().Binds == 1 })
	})
	if got := d.Stats().Open; got != 0 {
		t.Errorf("got %d open connections, want 0", got)
	}
	if _, err := net.Dial("tcp", d.addr); err == nil {
		t.Error("the listener is still there")
	}
}
