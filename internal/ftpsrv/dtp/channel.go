package dtp

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Config is what the data connections of a session obey.
type Config struct {
	Ports          *Ports        // pool of passive ports; nil is one of its own
	Local          netip.Addr    // the server's address on the control connection: listened on, connected from
	Peer           netip.Addr    // the client's address on the control connection
	AnyPeerPassive bool          // matchClientAddressForPasv is false: anybody may connect
	AnyPeerActive  bool          // matchClientAddressForPort is false: PORT may name another host
	Timeout        time.Duration // dataChannelTimeout; 0 is 30 s
	OnEvent        func(Event)   // called from any goroutine; must not block, nor call the Channel
	OnPanic        func(any)     // told of a panic that cost a connection; nil lets it end the program
}

// defaultTimeout is IIS's dataChannelTimeout.
const defaultTimeout = 30 * time.Second

// limits are bounds that tests make smaller.
type limits struct {
	lowPort   uint16        // clients' ports below it are refused
	closeWait time.Duration // for the client's FIN, after which a successor gets its way
	drain     int64         // bytes thrown away while closing
}

// Channel is the data connection of one session. Listen and Dial are called by
// one goroutine at a time; the other methods by any.
type Channel struct {
	cfg    Config
	limits limits

	mu       sync.Mutex
	cur      *link  // armed or in use
	old      *link  // closing, nil or done
	lastPort uint16 // the passive port before
	closed   bool
}

// New makes an idle channel.
func New(cfg Config) *Channel {
	if cfg.Timeout <= 0 {
		cfg.Timeout = defaultTimeout
	}
	if cfg.Ports == nil {
		cfg.Ports, _ = NewPorts(0, 0) // cannot fail
	}
	return &Channel{cfg: cfg, limits: limits{privileged, 2 * time.Second, 1 << 20}}
}

// Listen arms the channel for PASV and EPSV, and returns the address that the
// client is to connect to. An earlier connection that is armed is given up; one
// that is open is closed first: Listen returns when the client has closed it
// too, or after 2 s resets it (row 1.7). The error is ErrBusy when that takes
// longer than Timeout, ErrNoPort when the range is used up, or the system's.
func (c *Channel) Listen(ctx context.Context) (netip.AddrPort, error) {
	if err := c.settle(ctx); err != nil {
		return netip.AddrPort{}, err
	}
	var ln *listener
	port, err := c.cfg.Ports.bind(c.lastPort, func(port uint16) (err error) {
		ln, err = listen(netip.AddrPortFrom(c.cfg.Local.Unmap(), port))
		return err
	})
	if err != nil {
		return netip.AddrPort{}, err
	}
	l := newLink(c, &passive{ln, c.cfg.Peer, c.cfg.AnyPeerPassive}, port)
	if err := c.arm(l); err != nil {
		ln.stop()
		c.cfg.Ports.release(port)
		return netip.AddrPort{}, err
	}
	return netip.AddrPortFrom(c.cfg.Local.Unmap(), port), nil
}

// Dial arms the channel for PORT and EPRT. It waits for an earlier connection
// as Listen does. When it returns nil the first packet of the handshake has
// left (row 1.3); whether the client answers shows in Acquire. A port below
// 1024 is not connected to, which shows in Acquire, too (row 1.10). The error
// is ErrAddress, before anything else happens, or as of Listen.
func (c *Channel) Dial(ctx context.Context, addr netip.AddrPort) error {
	addr, err := c.cfg.target(addr)
	if err != nil {
		return err
	}
	if err := c.settle(ctx); err != nil {
		return err
	}
	if addr.Port() < c.limits.lowPort {
		l := newLink(c, nil, 0)
		l.state, l.err, l.refused = failed, winerr.InvalidParameter, addr
		close(l.up)
		close(l.done)
		return c.arm(l)
	}
	k, err := connect(c.cfg.Local.Unmap(), addr, c.cfg.Timeout)
	if err != nil {
		return fmt.Errorf("connect to %v: %w", addr, err)
	}
	if err := c.arm(newLink(c, k, 0)); err != nil {
		k.stop()
		return err
	}
	return nil
}

// Armed reports whether a Listen or Dial was not used up by Acquire yet.
func (c *Channel) Armed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cur != nil && c.cur.state != inUse
}

// Established reports whether the connection is up and waits for Acquire, which
// decides between 125 and 150 (rows 1.5, 1.6). A handshake that has ended
// before the call counts, also when our own goroutine is late.
func (c *Channel) Established() bool {
	c.mu.Lock()
	l := c.cur
	c.mu.Unlock()
	if l == nil {
		return false
	}
	for end := time.Now().Add(catchUp); l.src != nil && l.src.pending() && time.Now().Before(end); {
		select {
		case <-l.up:
			return c.is(l, ready)
		case <-time.After(time.Millisecond):
		}
	}
	return c.is(l, ready)
}

// Acquire waits until the connection is up, at most Timeout, and hands it over;
// Release or Abort ends its use. The error is ErrNotArmed, or one that carries
// ConnectionAborted or InvalidParameter (rows 1.9, 1.10), SemTimeout,
// OperationAborted when ctx ends, or the system's; the channel is idle then.
func (c *Channel) Acquire(ctx context.Context) (*net.TCPConn, error) {
	c.mu.Lock()
	l := c.cur
	c.mu.Unlock()
	if l == nil {
		return nil, fmt.Errorf("%w: %w", ErrNotArmed, winerr.NotSupported)
	}
	select {
	case <-l.up: // as it is most of the time, without a clock
		return c.use(l)
	default:
	}
	timer := time.NewTimer(c.cfg.Timeout)
	defer timer.Stop()
	select {
	case <-l.up:
		return c.use(l)
	case <-l.done: // given up by Abort or Close before it came up
		return c.use(l)
	case <-timer.C:
		c.drop(l, winerr.SemTimeout, serverAborted)
		return nil, fmt.Errorf("wait for data connection: %w", winerr.SemTimeout)
	case <-ctx.Done():
		select {
		case <-l.up: // it is the caller who ends it, with a reason
			return c.use(l)
		default:
		}
		c.drop(l, winerr.OperationAborted, serverAborted)
		return nil, fmt.Errorf("wait for data connection: %w: %w", winerr.OperationAborted, context.Cause(ctx))
	}
}

// use moves a link that has come up, or failed to, out of the armed state.
func (c *Channel) use(l *link) (*net.TCPConn, error) {
	c.mu.Lock()
	if c.cur == l && l.state == ready {
		l.state = inUse
		c.mu.Unlock()
		return l.conn, nil
	}
	if c.cur != l || l.state != failed {
		c.mu.Unlock()
		return nil, fmt.Errorf("data connection: %w", winerr.OperationAborted)
	}
	c.cur, c.old, l.state = nil, l, gone
	c.mu.Unlock()
	if l.refused.IsValid() {
		local := netip.AddrPortFrom(c.cfg.Local.Unmap(), 0)
		c.cfg.report(Event{Opened, local, l.refused, winerr.Success, 0})
		c.cfg.report(Event{Closed, local, l.refused, winerr.InvalidParameter, addressMismatch})
	}
	return nil, fmt.Errorf("open data connection: %w", l.err)
}

// settle makes the channel idle: what is armed is given up, what is open gets
// closed and waited for.
func (c *Channel) settle(ctx context.Context) error {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return net.ErrClosed
	}
	var owed *net.TCPConn
	l := c.old
	if c.cur != nil {
		l = c.cur
		if l.state != inUse {
			owed = l.retire(gently)
			c.cur, c.old = nil, l
		}
	}
	c.mu.Unlock()
	if owed != nil {
		c.cfg.emit(Closed, owed, winerr.Success, 0)
	}
	if l == nil || l.settled() {
		return nil
	}
	l.awaited.Store(true)
	defer l.awaited.Store(false)
	timer := time.NewTimer(c.cfg.Timeout)
	defer timer.Stop()
	select {
	case <-l.done:
		return nil
	case <-timer.C:
		return fmt.Errorf("%w: %w", ErrBusy, winerr.SemTimeout)
	case <-ctx.Done():
		return fmt.Errorf("%w: %w: %w", ErrBusy, winerr.OperationAborted, context.Cause(ctx))
	}
}

func (c *Channel) arm(l *link) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return net.ErrClosed
	}
	c.cur, c.old = l, nil
	if l.port != 0 {
		c.lastPort = l.port
	}
	if l.src != nil {
		go l.run()
	}
	return nil
}

func (c *Channel) is(l *link, s state) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return l.state == s
}
