package ftpsrv_test

import (
	"context"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// hung is a home whose files never answer until the home is closed.
type hung struct {
	storage.FS
	once   sync.Once
	closed chan struct{}
}

func (h *hung) Open(context.Context, string, int64) (io.ReadCloser, error) { return h, nil }

func (h *hung) Read([]byte) (int, error) {
	<-h.closed
	return 0, winerr.NetNameDeleted
}

func (h *hung) Close() error {
	h.once.Do(func() { close(h.closed) })
	return nil
}

// A storage that hangs holds its session for a while, not for ever.
func TestHangUp_hungStorageIsClosed(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	root := &hung{closed: make(chan struct{})}
	s.wrap = func(storage.FS) storage.FS { return root }
	s.start(t)
	c := dial(t, s.addr)
	c.login()
	c.passive()
	c.cmd("RETR a.txt", "125 ")
	c.close()
	select {
	case <-root.closed:
	case <-time.After(20 * time.Second):
		t.Fatal("the home was not closed under the transfer")
	}
}
