package ftpsrv

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// login asks Config.Login about a password, in a goroutine of its own: the end of
// the session does not wait for a directory that does not answer, nor for the home
// that is asked for its free space. A grant that comes too late is closed again.
func login(ctx context.Context, c *conn, user string, password secret.Text) (grant Grant, space string, err error) {
	if password.Empty() || !presentable(user) || !presentable(password.Reveal()) {
		return Grant{}, "", &Refusal{Win32: winerr.LogonFailure, SubStatus: subLoginError}
	}
	ctx, cancel := context.WithTimeout(ctx, c.srv.cfg.Connections.UnauthenticatedTimeout)
	defer cancel()
	type verdict struct {
		grant Grant
		space string
		err   error
	}
	verdicts := make(chan verdict)
	go func() {
		var v verdict
		defer func() {
			if p := recover(); p != nil {
				c.panicked(p)
				v = verdict{err: fmt.Errorf("login: %w", winerr.GenFailure)}
			}
			select {
			case verdicts <- v:
			case <-ctx.Done():
				if v.grant.Root != nil {
					closeHome(c, v.grant.Root)
				}
			}
		}()
		v.grant, v.err = c.srv.cfg.Login(ctx, user, password)
		if v.err == nil && v.grant.Root != nil && c.srv.cfg.AvailableBytes {
			v.space = available(ctx, v.grant.Root)
		}
	}()
	select {
	case v := <-verdicts:
		if v.err == nil && v.grant.Root == nil {
			v.err = fmt.Errorf("login: no home: %w", winerr.GenFailure)
		}
		return v.grant, v.space, v.err
	case <-ctx.Done():
		return Grant{}, "", ctx.Err()
	}
}

// loginFailed makes guessing slow: every further failure, of the connection or of
// its address lately, waits longer for its reply, and after the last one allowed
// the connection is closed.
func loginFailed(ctx context.Context, c *conn, err error) error {
	limit := c.srv.cfg.Connections
	c.srv.cfg.Log.Debug("login refused", "session", c.log.row.Session, "user", c.sess.user, "err", err)
	times := c.conduct.logins
	c.conduct.strike(&c.conduct.logins, limit.MaxLoginFailures)
	if guessed(err) {
		recent, over := c.conduct.visit.Failed()
		times = max(times, min(recent-1, maxThrottle))
		c.conduct.over = c.conduct.over || over
	}
	wait := max(limit.LoginFailureDelay, 0) * time.Duration(times)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.srv.draining:
	case <-ctx.Done():
	}
	return &replyError{loginRefused(err)}
}

// maxThrottle is how many delays a reply waits at most, however often an address
// has failed; the time for a login must hold it.
const maxThrottle = 4

// guessed tells a wrong name or password from a login that failed for a reason that
// is not the client's.
func guessed(err error) bool {
	var r *Refusal
	return errors.As(err, &r) && !r.Home && r.Win32 != winerr.NoLogonServers
}

// presentable reports whether a name or password can be one in a directory.
func presentable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// logout ends the login, if there is one. The time for the next login begins anew:
// that of the first one has run since the connection was made.
func logout(c *conn) {
	if root := c.sess.logout(); root != nil {
		c.conduct.visit.Logout()
		c.data.Abort(winerr.ConnectionAborted, subServerAborted)
		closeHome(c, root)
		c.conduct.opened = time.Now()
	}
}

// closeHome closes a home. Its panic must not keep a session from ending.
func closeHome(c *conn, root storage.FS) {
	defer func() {
		if p := recover(); p != nil {
			c.panicked(p)
		}
	}()
	if err := root.Close(); err != nil {
		c.srv.cfg.Log.Debug("home not closed", "session", c.log.row.Session, "err", err)
	}
}
