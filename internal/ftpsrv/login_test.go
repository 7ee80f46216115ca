package ftpsrv_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/admission"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// untouchable is a home that nobody may use.
type untouchable struct {
	storage.FS
	closed atomic.Int32
	used   atomic.Int32
}

func (u *untouchable) Stat(context.Context, string) (fs.FileInfo, error) {
	u.used.Add(1)
	return nil, winerr.AccessDenied
}

func (u *untouchable) Close() error {
	u.closed.Add(1)
	return nil
}

// A client that hangs up ends the question to the directory, and a home that is
// opened too late is closed again.
func TestLogin_hangUpCancels(t *testing.T) {
	asked, let := make(chan context.Context, 1), make(chan struct{})
	root := &untouchable{}
	s := startSite(t, func(cfg *ftpsrv.Config) {
		cfg.Login = func(ctx context.Context, _ string, _ secret.Text) (ftpsrv.Grant, error) {
			asked <- ctx
			<-let // deaf to its context
			return ftpsrv.Grant{Root: root, Name: "late"}, nil
		}
	})
	c := dial(t, s.addr)
	c.want("220 ")
	c.cmd("USER alice", "331 ")
	c.send("PASS x\r\n")
	ctx := <-asked
	c.close()
	select {
	case <-ctx.Done():
	case <-time.After(patience):
		t.Fatal("the context of the login lives on")
	}
	s.stop(t) // does not wait for the login function either
	close(let)
	eventually(t, "late home closed", func() bool { return root.closed.Load() == 1 })
}

func TestLogin_failuresWaitLonger(t *testing.T) {
	const delay = 60 * time.Millisecond
	s := startSite(t, func(cfg *ftpsrv.Config) {
		cfg.Connections.LoginFailureDelay = delay
		cfg.Connections.MaxLoginFailures = 4
	})
	c := dial(t, s.addr)
	c.want("220 ")
	for i := range 4 {
		c.cmd("USER alice", "331 ")
		start := time.Now()
		c.cmd("PASS wrong", "530 ")
		if took, least := time.Since(start), time.Duration(i)*delay; took < least {
			t.Errorf("failure %d took %v, want at least %v", i+1, took, least)
		}
	}
	if _, err := c.line(); err != io.EOF {
		t.Errorf("after the last failure: %v, want the end", err)
	}
}

// Logging in as somebody else closes the first home; so does the end.
func TestLogin_homesAreClosed(t *testing.T) {
	root := &untouchable{}
	s := startSite(t, func(cfg *ftpsrv.Config) {
		cfg.Login = func(context.Context, string, secret.Text) (ftpsrv.Grant, error) {
			return ftpsrv.Grant{Root: root, Name: "x"}, nil
		}
	})
	c := dial(t, s.addr)
	c.login()
	c.cmd("USER bob", "331 ")
	if n := root.closed.Load(); n != 1 {
		t.Errorf("home closed %d times after USER, want once", n)
	}
	c.cmd("SIZE a", "530 ")
	if n := root.used.Load(); n != 0 {
		t.Errorf("home used %d times without a login", n)
	}
	c.cmd("PASS x", "230 ")
	c.cmd("SIZE a", "550 ")
	c.close()
	eventually(t, "home closed", func() bool { return root.closed.Load() == 2 })
}

// The time for a login begins anew when a login ends, however old the connection is.
func TestLogin_againAfterTheFirstTimeIsUp(t *testing.T) {
	t.Parallel()
	const limit = 500 * time.Millisecond
	s := startSite(t, func(cfg *ftpsrv.Config) { cfg.Connections.UnauthenticatedTimeout = limit })
	c := dial(t, s.addr)
	c.login()
	for end := time.Now().Add(2 * limit); time.Now().Before(end); {
		c.cmd("NOOP", "200 ")
	}
	start := time.Now()
	c.cmd("USER alice", "331 ")
	c.cmd("PASS "+password, "230 ")
	c.cmd("USER alice", "331 ")
	c.want("421 ") // but it is not without a limit
	if took := time.Since(start); took < limit {
		t.Errorf("closed %v after USER, want no less than %v", took, limit)
	}
}

func TestRefusal_isAnError(t *testing.T) {
	cause := errors.New("account disabled")
	r := &ftpsrv.Refusal{Win32: winerr.AccountDisabled, Err: cause}
	if !errors.Is(r, cause) || r.Error() != cause.Error() {
		t.Errorf("got %v, want %v", r, cause)
	}
	if got := (&ftpsrv.Refusal{Win32: winerr.LogonFailure}).Error(); got != winerr.LogonFailure.Error() {
		t.Errorf("got %q", got)
	}
}

// Guesses over several connections are slowed down as those of one are (A8).
func TestLogin_failuresOfAnAddressAddUp(t *testing.T) {
	const delay = 40 * time.Millisecond
	s := startSite(t, func(cfg *ftpsrv.Config) {
		cfg.Admission = admission.New(admission.Config{Failures: admission.Failures{Memory: time.Minute}})
		cfg.Connections.LoginFailureDelay = delay
	})
	fail := func(user string) time.Duration {
		c := dial(t, s.addr)
		defer c.close()
		c.want("220 ")
		c.cmd("USER "+user, "331 ")
		start := time.Now()
		c.cmd("PASS x", "530 ")
		return time.Since(start)
	}
	if took := fail("dave"); took >= 50*delay { // a machine may be busy for long
		t.Errorf("the first failure took %v", took)
	}
	for i := range 2 {
		if took, least := fail("nobody"), time.Duration(i+1)*delay; took < least {
			t.Errorf("failure %d took %v, want at least %v", i+2, took, least)
		}
	}
}
