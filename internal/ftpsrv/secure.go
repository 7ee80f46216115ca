package ftpsrv

import (
	"context"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftptls"
)

// change is what happens to the control connection's stream behind a reply. The
// reader stands still meanwhile.
type change func(ctx context.Context, c *conn) error

// proceed changes the stream, if a command has asked for it, and lets the reader go
// on where it has stopped.
func proceed(ctx context.Context, c *conn) error {
	due, paused := c.conduct.change, c.conduct.paused
	c.conduct.change, c.conduct.paused = nil, false
	if due != nil {
		if err := due(ctx, c); err != nil {
			return err
		}
	}
	if paused {
		c.in = c.in.again()
		go read(ctx, c)
	}
	return nil
}

// secure begins TLS.
func secure(ctx context.Context, c *conn) error {
	ctx, cancel := context.WithTimeout(ctx, c.srv.cfg.Connections.UnauthenticatedTimeout)
	defer cancel()
	begun := c.cur.at // AUTH came
	if begun.IsZero() {
		begun = c.conduct.opened
	}
	s, err := c.srv.cfg.TLS.Control(ctx, c.wire.Raw(), begun)
	if err != nil {
		return err
	}
	c.sess.tls = s
	if told := serverName(c); told != "" && told != c.sess.host {
		nameHost(c, "") // a name from clear text does not outweigh one from TLS
	}
	c.wire.Switch(s)
	return nil
}

// unsecure ends TLS, and keeps its session for the data connections.
func unsecure(_ context.Context, c *conn) error {
	raw, err := c.sess.tls.Clear(time.Now().Add(replyTimeout))
	if err != nil {
		return err
	}
	c.sess.cleared = true
	c.wire.Switch(raw)
	return nil
}

// protected reports whether the control connection is under TLS.
func (s *session) protected() bool { return s.tls != nil && !s.cleared }

// policy refuses what the control connection's policy does not let a client say in
// clear text: its name and password. All else needs a login.
func policy(c *conn, cmd *command) error {
	if c.sess.protected() || !cmd.has(credentials) {
		return nil
	}
	switch c.srv.cfg.ControlPolicy {
	case ftptls.Require:
		return errControlNeedsTLS
	case ftptls.RequireCredentials:
		return errCredentialsNeedTLS
	}
	return nil
}

// dataPolicy refuses a transfer on a data connection that the policy does not allow.
func (s *session) dataPolicy(policy ftptls.Policy) error {
	switch {
	case policy == ftptls.Require && !s.prot:
		return errDataNeedsTLS
	case policy == ftptls.Deny && s.prot:
		return errDataDeniesTLS
	}
	return nil
}

// dataTLS is what protects the next data connection; nil is nothing.
func (s *session) dataTLS() *ftptls.Session {
	if !s.prot {
		return nil
	}
	return s.tls
}
