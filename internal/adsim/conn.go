package adsim

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"runtime/debug"
	"time"
)

// messageTimeout bounds the time from the first byte of a request to its last,
// and a TLS handshake.
const messageTimeout = 30 * time.Second

// conn is one client. Its owner goroutine reads; requests run in goroutines of
// their own, exclusive ones in the owner, which alone changes who, secure and the
// socket, and only while nothing else runs.
type conn struct {
	server  *Server
	raw     net.Conn // the TCP connection, whatever runs over it
	in      *bufio.Reader
	out     *link
	secure  bool
	who     *identity // nil is anonymous
	key     pageKey
	pending *pending
	log     *slog.Logger
}

func newConn(s *Server, nc net.Conn, secure bool) *conn {
	c := &conn{server: s, raw: nc, secure: secure, key: make(pageKey, 32), pending: newPending()}
	rand.Read(c.key) // never fails (crypto/rand)
	c.log = s.log.With("peer", nc.RemoteAddr())
	c.use(nc)
	return c
}

// use makes nc the connection that is read and written.
func (c *conn) use(nc net.Conn) {
	c.in, c.out = bufio.NewReader(nc), newLink(nc)
}

// run serves the client until it leaves, misbehaves, or ctx is done. All its
// goroutines are gone when it returns.
func (c *conn) run(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer context.AfterFunc(ctx, func() { c.raw.Close() })()
	defer c.pending.running.Wait()
	defer c.raw.Close()
	defer cancel()
	defer c.recover("connection")

	if c.secure {
		if err := c.handshake(ctx); err != nil {
			c.log.Debug("TLS handshake", "err", err)
			return
		}
	}
	for {
		err := c.next(ctx)
		if err == nil {
			continue
		}
		if errors.Is(err, errMalformed) {
			c.log.Debug("request refused", "err", err)
			c.disconnect()
		}
		return
	}
}

// recover keeps a bug that one request meets from ending the program.
func (c *conn) recover(where string) {
	if v := recover(); v != nil {
		c.log.Error("panic", "in", where, "value", fmt.Sprint(v), "stack", string(debug.Stack()))
		c.raw.Close()
	}
}

var errEnd = errors.New("end of the connection")

// next reads one request and runs or starts it. An error ends the connection.
func (c *conn) next(ctx context.Context) error {
	if err := c.raw.SetReadDeadline(time.Now().Add(c.server.idle)); err != nil {
		return err
	}
	if _, err := c.in.Peek(1); err != nil {
		return err
	}
	if err := c.raw.SetReadDeadline(time.Now().Add(messageTimeout)); err != nil {
		return err
	}
	data, err := readPDU(c.in)
	if err != nil {
		return err
	}
	r, err := decodeRequest(data)
	if err != nil {
		return err
	}
	switch r.tag {
	case tagUnbind:
		return errEnd
	case tagAbandon:
		return c.abandon(r)
	}
	op, ok := c.server.operations[r.tag]
	if !ok {
		return malformed("operation %d", r.tag)
	}
	c.server.counters.request(op.op, r, c.secure)
	if op.exclusive {
		c.pending.running.Wait()
	}
	ctx, ok = c.pending.start(ctx, r.id)
	if !ok {
		return malformed("message id %d is in use", r.id)
	}
	if op.exclusive {
		defer c.pending.done(r.id)
		return c.work(ctx, op, r)
	}
	go func() {
		// A request is done when its failure is handled: an exclusive one that
		// waits for it may put another connection in place of this one.
		defer c.pending.done(r.id)
		if err := c.work(ctx, op, r); err != nil {
			if errors.Is(err, errMalformed) {
				c.disconnect()
			}
			c.raw.Close()
		}
	}()
	return nil
}

// abandon reads the id of the request to stop.
func (c *conn) abandon(r *request) error {
	content := r.body.Data.Bytes()
	if len(content) == 0 || len(content) > 4 {
		return malformed("abandon of %d octets", len(content))
	}
	var id int64
	for _, octet := range content {
		id = id<<8 | int64(octet)
	}
	c.pending.abandon(id)
	return nil
}

// work runs one request, faults first, and answers it.
func (c *conn) work(ctx context.Context, op operation, r *request) error {
	defer c.recover(string(op.op))
	faults := *c.server.faults.Load()
	if !faults.hits(op.op) {
		faults = Faults{}
	}
	if !pause(ctx, faults.Delay) {
		return nil // abandoned, or the server ends
	}
	if faults.Drop {
		return errEnd
	}
	if faults.Busy {
		return c.answer(r.id, op.answer, *refuse(busy, errBusy, "the server is too busy"))
	}
	outcome, err := c.perform(ctx, op, r)
	if err != nil {
		return err
	}
	if faults.Lose {
		return errEnd
	}
	if ctx.Err() != nil {
		return nil
	}
	if err := c.answer(r.id, op.answer, outcome); err != nil {
		return err
	}
	return c.upgrade(ctx, outcome)
}

// perform checks the terms of the operation and runs it. A refusal is an outcome;
// an error ends the connection.
func (c *conn) perform(ctx context.Context, op operation, r *request) (result, error) {
	if (r.body.TagType == 0) != op.primitive {
		return result{}, malformed("%s request in the wrong form", op.op)
	}
	outcome, err := result{}, error(nil)
	switch {
	case r.controls.unknownCritical != "":
		err = refuse(unavailableCriticalExtension, errNotSupported, fmt.Sprintf("control %.64q", r.controls.unknownCritical))
	case c.who == nil && !op.anonymous:
		err = refuseAnonymous()
	default:
		outcome, err = op.run(ctx, c, r)
	}
	var refusal *result
	if errors.As(err, &refusal) {
		return *refusal, nil
	}
	return outcome, err
}

// answer is the one place that writes a final response.
func (c *conn) answer(id int64, tag byte, r result) error {
	return c.out.send(encodeResult(id, tag, r), true)
}

// disconnect sends the notice of disconnection (RFC 4511, 4.4.1).
func (c *conn) disconnect() {
	notice := *refuse(protocolError, errInvalidParameter, "the request cannot be decoded")
	notice.oid = "1.3.6.1.4.1.1466.20036"
	if err := c.answer(0, 0x78, notice); err != nil {
		c.log.Debug("notice of disconnection", "err", err)
	}
}

// handshake puts TLS over the connection.
func (c *conn) handshake(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, messageTimeout)
	defer cancel()
	nc := tls.Server(c.raw, c.server.tls)
	if err := nc.HandshakeContext(ctx); err != nil {
		return err
	}
	c.secure = true
	c.use(nc)
	return nil
}
