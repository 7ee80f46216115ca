package dtp

import (
	"fmt"
	"math/rand/v2"
	"sync"
)

// Ports is the pool of passive data ports (lowDataChannelPort,
// highDataChannelPort), shared by all sessions of a server. A port belongs to
// one session at a time, until its data connection is closed.
type Ports struct {
	low, size uint32

	mu    sync.Mutex
	taken map[uint16]struct{}
}

// Windows hands out these ports dynamically since Vista; IIS uses them for 0-0.
const dynamicLow, dynamicHigh = 49152, 65535

// NewPorts makes a pool of the ports low to high, both included; 0, 0 stands
// for 49152 to 65535. Privileged ports and empty ranges are errors.
func NewPorts(low, high uint16) (*Ports, error) {
	if low == 0 && high == 0 {
		low, high = dynamicLow, dynamicHigh
	}
	if low < privileged || high < low {
		return nil, fmt.Errorf("data port range %d-%d: want 0-0 or a range within %d-65535", low, high, privileged)
	}
	return &Ports{
		low:   uint32(low),
		size:  uint32(high) - uint32(low) + 1,
		taken: make(map[uint16]struct{}),
	}, nil
}

// InUse counts the ports that sessions hold at the moment.
func (p *Ports) InUse() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.taken)
}

// bind calls open with free ports in an order that nobody can foresee (D4),
// until one is not taken by another program. The port avoid, the session's last
// one, comes last, so that who still knows it finds it closed (D5).
func (p *Ports) bind(avoid uint16, open func(port uint16) error) (uint16, error) {
	for port := range p.order(avoid) {
		if !p.take(port) {
			continue
		}
		err := open(port)
		if err == nil {
			return port, nil
		}
		p.release(port)
		if !portTaken(err) {
			return 0, fmt.Errorf("listen for data on port %d: %w", port, err)
		}
	}
	return 0, fmt.Errorf("%w: %w", ErrNoPort, addressInUse)
}

// order yields every port of the range once: a random start and a random stride
// without a common factor with the size.
func (p *Ports) order(avoid uint16) func(yield func(uint16) bool) {
	return func(yield func(uint16) bool) {
		at, stride := rand.Uint32N(p.size), uint32(1)
		if p.size > 2 {
			for stride = rand.Uint32N(p.size); gcd(stride, p.size) != 1; {
				stride = rand.Uint32N(p.size)
			}
		}
		held := false
		for range p.size {
			port := uint16(p.low + at)
			at = (at + stride) % p.size
			if port == avoid {
				held = true
				continue
			}
			if !yield(port) {
				return
			}
		}
		if held {
			yield(avoid)
		}
	}
}

func gcd(a, b uint32) uint32 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func (p *Ports) take(port uint16) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, taken := p.taken[port]; taken {
		return false
	}
	p.taken[port] = struct{}{}
	return true
}

func (p *Ports) release(port uint16) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.taken, port)
}
