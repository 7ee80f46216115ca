package negotiate

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

const (
	port = "445"
	// patience is for one question with its connection, where ctx gives more.
	patience = 10 * time.Second
	// A true answer has some hundred octets, most of them a list of mechanisms.
	largestAnswer = 64 << 10
)

// Probe asks the server at address, host or host:port, what it offers. It opens a
// connection for each question, a handful for a server of 3.1.1, and sends no
// name and no credential. Errors carry a winerr.Code: of the way to the server, or
// winerr.NotSupported for what is no SMB server, winerr.InvalidData for one that
// breaks the protocol.
func Probe(ctx context.Context, address string) (Offer, error) {
	if _, _, err := net.SplitHostPort(address); err != nil {
		address = net.JoinHostPort(address, port)
	}
	offer, err := probe(ctx, address)
	if err != nil {
		return Offer{}, fmt.Errorf("negotiate with %s: %w", address, err)
	}
	return offer, nil
}

func probe(ctx context.Context, address string) (Offer, error) {
	q := everything()
	a, err := q.put(ctx, address)
	if err != nil {
		if offer, ok := smb1(ctx, address, err); ok {
			return offer, nil
		}
		return Offer{}, err
	}
	offer := a.offer()
	if a.dialect != dialect311 {
		return offer, nil
	}
	a.addTo(&offer)
	for next, more := q.without(&a); more; next, more = next.without(&a) {
		var refused refusal
		a, err = next.put(ctx, address)
		if errors.As(err, &refused) || errors.Is(err, errHungUp) || err == nil && a.dialect != dialect311 {
			break // it wants none of the rest
		}
		if err != nil {
			return Offer{}, err
		}
		a.addTo(&offer)
	}
	complete(&offer)
	return offer, nil
}

// put puts the question on a connection of its own.
func (q ask) put(ctx context.Context, address string) (answer, error) {
	m, err := exchange(ctx, address, q.message())
	if err != nil {
		return answer{}, err
	}
	return q.parse(m)
}

// exchange sends one message and returns the one that comes back.
func exchange(ctx context.Context, address string, message []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	// Whoever waits is let go when the context ends, for whichever reason.
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })()
	answer, err := talk(conn, message)
	if ctx.Err() != nil && err != nil {
		return nil, ctx.Err()
	}
	return answer, err
}

// talk frames the messages as TCP wants it [MS-SMB2 2.1]: a zero octet and three
// of length, big-endian.
func talk(conn net.Conn, message []byte) ([]byte, error) {
	if _, err := conn.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(message))), message...)); err != nil {
		return nil, err
	}
	var frame [4]byte
	if _, err := io.ReadFull(conn, frame[:]); err != nil {
		return nil, hangup(err)
	}
	size := binary.BigEndian.Uint32(frame[:])
	if size > largestAnswer {
		return nil, errNotSMB2
	}
	answer := make([]byte, size)
	_, err := io.ReadFull(conn, answer)
	return answer, hangup(err)
}

// errHungUp is how old servers answer what they do not understand.
var errHungUp = fmt.Errorf("the server hung up: %w", winerr.NetNameDeleted)

func hangup(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) {
		return errHungUp
	}
	return err
}
