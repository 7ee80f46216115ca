package ftpsrv

import (
	"sync"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/dtp"
)

// letter is what another goroutine tells the owner: an event of the data
// connection or, where done is set, the end of the transfer.
type letter struct {
	event dtp.Event
	done  *result
}

// mailbox keeps letters in order and never makes a sender wait: the owner itself
// causes events while it is busy with the data connection.
type mailbox struct {
	mu      sync.Mutex
	letters []letter
	ready   chan struct{}
}

func newMailbox() *mailbox { return &mailbox{ready: make(chan struct{}, 1)} }

func (m *mailbox) post(l letter) {
	m.mu.Lock()
	m.letters = append(m.letters, l)
	m.mu.Unlock()
	select {
	case m.ready <- struct{}{}:
	default: // a signal is pending already
	}
}

// take empties the mailbox.
func (m *mailbox) take() []letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := m.letters
	m.letters = nil
	return all
}
