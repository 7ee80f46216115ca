package krb

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jcmturner/gokrb5/v8/messages"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

const (
	portKerberos = "88"
	maxKDCReply  = 1 << 20
	maxKDCs      = 8
	// patience is how long a KDC that has taken a request is waited for while there
	// are others to ask.
	patience = 4 * time.Second
)

// kdcList is the KDCs of one realm. Those that only DNS knows are asked for when
// all others have failed: a name server may be silent, too.
type kdcList struct {
	known []string                       // host:port
	more  func(context.Context) []string // nil: there are no others
}

// ask sends a request to the KDCs of the realm until one answers, never to two at
// a time, since a wrong password counts each time. The next request begins with the
// one that answered. A refusal is an *Error. ctx has a deadline.
func (k *kdcList) ask(ctx context.Context, request []byte) ([]byte, error) {
	var failures []error
	left := slices.Clone(k.known)
	for ctx.Err() == nil {
		if len(left) == 0 {
			if left = k.others(ctx); len(left) == 0 {
				break
			}
		}
		window, cancel := k.share(ctx, len(left), len(left))
		won := connect(window, left)
		cancel()
		failures = append(failures, won.failures...)
		if left = won.rest; won.conn == nil {
			continue
		}
		reply, err := k.exchange(ctx, won, request)
		if err == nil {
			if err = refusal(reply); !isOutOfService(err) {
				k.prefer(won.address)
				return reply, err
			}
		}
		failures = append(failures, fmt.Errorf("KDC %s: %w", won.address, err))
	}
	return nil, unanswered(ctx, failures)
}

// share gives n of so many KDCs their part of the time that is left; those of DNS,
// not known yet, count as one more.
func (k *kdcList) share(ctx context.Context, n, of int) (context.Context, context.CancelFunc) {
	if k.more != nil {
		of++
	}
	deadline, _ := ctx.Deadline()
	part := time.Until(deadline) * time.Duration(n) / time.Duration(of)
	return context.WithTimeoutCause(ctx, part, errNoAnswer)
}

// exchange has one KDC answer, but not for ever if there are others.
func (k *kdcList) exchange(ctx context.Context, won connected, request []byte) ([]byte, error) {
	defer won.conn.Close()
	share, cancel := k.share(ctx, 1, 1+len(won.rest))
	defer cancel()
	if k.more != nil || len(won.rest) > 0 {
		share, cancel = context.WithTimeoutCause(share, patience, errNoAnswer)
		defer cancel()
	}
	reply, err := exchange(share, won.conn, request)
	return reply, noAnswer(share, err)
}

// others asks DNS, once, and returns what was not known before.
func (k *kdcList) others(ctx context.Context) []string {
	if k.more == nil {
		return nil
	}
	share, cancel := k.share(ctx, 1, 1)
	defer cancel()
	before := len(k.known)
	for _, address := range k.more(share) {
		if len(k.known) < maxKDCs && !slices.Contains(k.known, address) {
			k.known = append(k.known, address)
		}
	}
	k.more = nil
	return slices.Clone(k.known[before:])
}

// prefer puts the KDC that answered first.
func (k *kdcList) prefer(address string) {
	if i := slices.Index(k.known, address); i > 0 {
		k.known[0], k.known[i] = k.known[i], k.known[0]
	}
}

// exchange frames request and reply by their lengths (RFC 4120, section 7.2.2).
func exchange(ctx context.Context, conn net.Conn, request []byte) ([]byte, error) {
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return nil, err
		}
	}
	framed := append(binary.BigEndian.AppendUint32(nil, uint32(len(request))), request...)
	if _, err := conn.Write(framed); err != nil {
		return nil, err
	}
	var prefix [4]byte
	if _, err := io.ReadFull(conn, prefix[:]); err != nil {
		return nil, err
	}
	length := binary.BigEndian.Uint32(prefix[:])
	if length > maxKDCReply {
		return nil, fmt.Errorf("it announces %d octets", length)
	}
	reply := make([]byte, length)
	_, err := io.ReadFull(conn, reply)
	return reply, err
}

// refusal returns the KRB-ERROR that a reply is, if it is one.
func refusal(reply []byte) error {
	const krbError = 0x60 | 30 // [APPLICATION 30]
	if len(reply) == 0 || reply[0] != krbError {
		return nil
	}
	var refused messages.KRBError
	if err := refused.Unmarshal(reply); err != nil {
		return err
	}
	return refusedBy(refused)
}

// kdcsFromDNS asks for SRV records (RFC 4120, section 7.2.3.2). Without an answer
// there is what we have.
func kdcsFromDNS(ctx context.Context, realm string) []string {
	var list []string
	_, records, _ := net.DefaultResolver.LookupSRV(ctx, "kerberos", "tcp", strings.ToLower(realm)+".") // absolute: no search list
	for _, record := range records {
		if host := strings.TrimSuffix(record.Target, "."); host != "" && record.Port != 0 {
			list = append(list, net.JoinHostPort(host, strconv.Itoa(int(record.Port))))
		}
	}
	return list
}

// withPort makes host:port of what may have a port already.
func withPort(address string) string {
	if _, _, err := net.SplitHostPort(address); err == nil {
		return address
	}
	return net.JoinHostPort(strings.Trim(address, "[]"), portKerberos)
}

// unanswered joins the failures of all KDCs. If the caller has given up there is
// nothing to say about KDCs.
func unanswered(ctx context.Context, failures []error) error {
	err := errors.New("no KDC is known")
	for i, failure := range failures {
		if i == 0 {
			err = failure
			continue
		}
		err = fmt.Errorf("%w; %w", err, failure)
	}
	err = noAnswer(ctx, err)
	if errors.Is(ctx.Err(), context.Canceled) {
		return err
	}
	joined := &Error{Win32: winerr.NoLogonServers, Err: err, about: aboutServer}
	var first *Error
	if errors.As(err, &first) {
		joined.Code, joined.Hint = first.Code, first.Hint
	}
	return joined
}

// noAnswer names the true cause of an error that the end of ctx has brought: the
// network only says that the connection is closed, and that is left as text.
func noAnswer(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil {
		return err
	}
	cause := context.Cause(ctx)
	if errors.Is(err, cause) {
		return err
	}
	return fmt.Errorf("%w (%v)", cause, err)
}
