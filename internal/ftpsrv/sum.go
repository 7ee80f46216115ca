package ftpsrv

import (
	"context"
	"errors"
	"io"
	"runtime"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// desk bounds how many files a server reads at a time for something else than a
// transfer, such as a checksum. A session has one of these under way at most: its
// further commands wait.
type desk struct {
	seats chan struct{}
	wait  time.Duration // for a seat
}

func newDesk(wait time.Duration) *desk {
	return &desk{seats: make(chan struct{}, max(2, runtime.GOMAXPROCS(0))), wait: wait}
}

// sit waits for a seat, which leave gives back.
func (d *desk) sit(ctx context.Context) error {
	timer := time.NewTimer(d.wait)
	defer timer.Stop()
	select {
	case d.seats <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return errBusy
	}
}

func (d *desk) leave() { <-d.seats }

// span is a part of a file.
type span struct {
	name           string
	offset, length int64 // a shorter file ends the part
}

// read writes a span to what sums it up, and returns its octets.
func (d *desk) read(ctx context.Context, root storage.FS, part span, to io.Writer) (int64, error) {
	if err := d.sit(ctx); err != nil {
		return 0, err
	}
	defer d.leave()
	file, err := root.Open(ctx, part.name, part.offset)
	if err != nil {
		return 0, err
	}
	defer func() { _ = file.Close() }() // it was read
	return copySpan(ctx, to, file, part.length)
}

// copySpan is for what is summed up here; what goes to a client goes by mover.pump,
// whose limits and clocks have no place here.
func copySpan(ctx context.Context, to io.Writer, from io.Reader, length int64) (total int64, err error) {
	buf := buffers.Get().(*[]byte)
	defer buffers.Put(buf)
	for total < length {
		if ctx.Err() != nil {
			return total, context.Cause(ctx)
		}
		n, err := from.Read((*buf)[:min(length-total, int64(len(*buf)))])
		total += int64(n)
		if _, failed := to.Write((*buf)[:n]); failed != nil {
			return total, failed
		}
		switch {
		case errors.Is(err, io.EOF):
			return total, nil
		case err != nil:
			return total, err
		}
	}
	return total, nil
}
