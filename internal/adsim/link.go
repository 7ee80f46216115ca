package adsim

import (
	"bufio"
	"net"
	"sync"
	"time"
)

// writeTimeout bounds how long a client may leave an answer unread.
const writeTimeout = 30 * time.Second

// link is the writing half of a connection, shared by its requests.
type link struct {
	mu  sync.Mutex
	out *bufio.Writer
}

func newLink(nc net.Conn) *link {
	return &link{out: bufio.NewWriterSize(deadlineWriter{nc}, 32<<10)}
}

// send writes one message whole; flush pushes out all that waits.
func (l *link) send(message []byte, flush bool) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := l.out.Write(message); err != nil {
		return err
	}
	if flush {
		return l.out.Flush()
	}
	return nil
}

type deadlineWriter struct{ nc net.Conn }

func (w deadlineWriter) Write(p []byte) (int, error) {
	if err := w.nc.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return 0, err
	}
	return w.nc.Write(p)
}
