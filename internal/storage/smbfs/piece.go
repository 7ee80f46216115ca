package smbfs

import (
	"sync"
	"time"
)

const (
	// chunk is what one request carries at most. Windows grants no more, and with less
	// the file server's work for each request counts: a quarter of it took half as long
	// again between machines that nothing else kept busy.
	chunk = 1 << 20
	// helping is the room for shorter reads.
	helping = 256 << 10
	// sip is the room with which an upload begins, whose size nobody knows.
	sip = 64 << 10
	// deepest is how many requests of one transfer are under way at most, and deepestDirect
	// those of an upload whose octets go around the library: the quicker they leave, the more
	// of them keep the file server busy.
	deepest       = 4
	deepestDirect = 8
	// credits are those that the library asks the server for, one for 64 KiB under way. The
	// deepest transfer uses half of them up; the library lists no directory without the
	// credits for a mebibyte, and STAT does that during a transfer.
	credits = 2 * deepestDirect * chunk / (64 << 10)
)

var (
	chunks   = sync.Pool{New: func() any { return new([chunk]byte) }}
	helpings = sync.Pool{New: func() any { return new([helping]byte) }}
)

// room is memory for so many octets, at most chunk.
func room(size int) []byte {
	switch {
	case size <= sip:
		return make([]byte, size)
	case size <= helping:
		return helpings.Get().(*[helping]byte)[:size]
	}
	return chunks.Get().(*[chunk]byte)[:size]
}

// free takes back what room gave, nil too.
func free(octets []byte) {
	switch cap(octets) {
	case helping:
		helpings.Put((*[helping]byte)(octets[:helping]))
	case chunk:
		chunks.Put((*[chunk]byte)(octets[:chunk]))
	}
}

// request is a ReadAt or WriteAt on the server, with an end to its patience.
type request func(octets []byte, at int64) (int, error)

// piece is one request of a transfer. All but octets and at is known when done is
// closed.
type piece struct {
	octets []byte // where the answer goes, or what is to be written
	at     int64
	done   chan struct{}
	n      int
	err    error
	took   time.Duration
}

func begin(do request, octets []byte, at int64) *piece {
	p := &piece{octets: octets, at: at, done: make(chan struct{})}
	go func() {
		defer close(p.done)
		begun := time.Now()
		p.n, p.err = do(octets, at)
		p.took = time.Since(begun)
	}()
	return p
}

// wait returns when the server has answered, and whether that was still to come.
func (p *piece) wait() (waited bool) {
	select {
	case <-p.done:
		return false
	default:
		<-p.done
		return true
	}
}

// window is how many requests of a transfer may be under way. One is enough for
// short files and slow clients, so it begins with that and doubles when a transfer
// has to wait for the server.
type window struct {
	size, most int
	patience   time.Duration // for one request
}

// learn goes by how long a request took: over a thin line those under way wait
// for each other, and must not come near the end of the server's time.
func (w *window) learn(waited bool, took time.Duration) {
	switch {
	case took > w.patience/8:
		w.size = max(w.size/2, 1)
	case waited && took < w.patience/32:
		w.size = min(2*w.size, w.most)
	}
}
