package explain

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftptls"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/w3clog"
)

// standIn is sent where the password is not known. No reply and no row depends on it.
const standIn = "x"

// maxReply bounds what is read of a reply, in lines.
const maxReply = 200

// rehearsal is one login, played to the engine without a network.
type rehearsal struct {
	engine   ftpsrv.Config
	fields   []string
	server   net.Addr // s-ip and s-port; nil: not known
	user     string
	password secret.Text
}

// performance is what came of it.
type performance struct {
	reply []string // the last one
	row   string   // of that reply
}

// play logs in. The client is one that did all that the policies of TLS want, and
// whom no rule about addresses concerns.
func (r rehearsal) play(ctx context.Context) (performance, error) {
	var rows bytes.Buffer
	accessLog, err := w3clog.NewWriter(&rows, r.fields...)
	if err != nil {
		return performance{}, err
	}
	rows.Reset() // the header
	r.engine.AccessLog, r.engine.Admission, r.engine.TLS = accessLog, nil, nil
	r.engine.ControlPolicy, r.engine.DataPolicy = ftptls.Allow, ftptls.Allow
	server, err := ftpsrv.New(r.engine)
	if err != nil {
		return performance{}, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	here, there := net.Pipe()
	stage := &stage{calls: make(chan net.Conn, 1), closed: make(chan struct{})}
	stage.calls <- &seat{there, r.server}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, stage) }()
	defer context.AfterFunc(ctx, func() { _ = here.Close() })()
	reply, commands, err := r.converse(here)
	_ = here.Close()
	_ = server.Shutdown(ctx) // returns when the session has ended, and its rows are written
	if serving := <-ended; err == nil {
		err = serving
	}
	if err != nil {
		return performance{}, fmt.Errorf("rehearse the login: %w", err)
	}
	// One row for the connection, then one for each command.
	lines := strings.Split(rows.String(), "\r\n")
	if len(lines) <= commands {
		return performance{}, errors.New("rehearse the login: the access log lacks a row")
	}
	return performance{reply, lines[commands]}, nil
}

// converse sends what a client sends, and returns the last reply and the number of
// commands.
func (r rehearsal) converse(conn net.Conn) (reply []string, commands int, err error) {
	in := bufio.NewReader(conn)
	if reply, err = readReply(in); err != nil || reply[0][0] != '2' {
		return reply, 0, err
	}
	password := standIn
	if !r.password.Empty() {
		password = r.password.Reveal()
	}
	for _, line := range []string{"USER " + r.user, "PASS " + password} {
		if _, err = conn.Write([]byte(line + "\r\n")); err != nil {
			return nil, commands, err
		}
		commands++
		if reply, err = readReply(in); err != nil || reply[0][0] != '3' {
			return reply, commands, err
		}
	}
	return reply, commands, nil
}

// readReply reads one reply (RFC 959, section 4.2).
func readReply(in *bufio.Reader) ([]string, error) {
	var lines []string
	for len(lines) < maxReply {
		line, err := in.ReadString('\n')
		if err != nil {
			return nil, err
		}
		lines = append(lines, strings.TrimSuffix(line, "\r\n"))
		if len(line) > 3 && line[3] == ' ' && line[:3] == lines[0][:min(3, len(lines[0]))] {
			return lines, nil
		}
	}
	return nil, errors.New("the reply has no end")
}

// stage is a listener with one caller.
type stage struct {
	calls  chan net.Conn
	once   sync.Once
	closed chan struct{}
}

// Accept returns the caller, and then waits for the end.
func (s *stage) Accept() (net.Conn, error) {
	select {
	case conn := <-s.calls:
		return conn, nil
	case <-s.closed:
		return nil, net.ErrClosed
	}
}

// Close lets Accept return.
func (s *stage) Close() error {
	s.once.Do(func() { close(s.closed) })
	return nil
}

// Addr is nowhere.
func (s *stage) Addr() net.Addr { return &net.UnixAddr{} }

// seat is the server's side of the connection, with the site's address.
type seat struct {
	net.Conn
	server net.Addr
}

// LocalAddr returns the site's address.
func (s *seat) LocalAddr() net.Addr {
	if s.server == nil {
		return s.Conn.LocalAddr()
	}
	return s.server
}
