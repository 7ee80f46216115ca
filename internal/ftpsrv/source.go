package ftpsrv

import (
	"errors"
	"io"
	"net"
	"sync"
	"syscall"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

var buffers = sync.Pool{New: func() any {
	buf := make([]byte, bufferOctets)
	return &buf
}}

// chunk moves some octets and returns how many. io.EOF is the end; after a
// time-out it goes on where it was. It uses the data connection through
// mover.timed and the storage outside of it.
type chunk func() (n int64, err error)

// storageError marks an error of the storage where both ends of a copy are
// network connections, as with a home on a file server.
type storageError struct{ error }

// Unwrap gives the error of the storage.
func (e *storageError) Unwrap() error { return e.error }

// inKernel reports whether sendfile can move src: it is a file of the operating
// system and the connection is bare.
func inKernel(dc net.Conn, src io.Reader) bool {
	_, file := src.(syscall.Conn)
	_, bare := dc.(*net.TCPConn)
	return file && bare
}

// takes reports whether dst wants to read from the connection itself, as an upload
// into a file of the operating system does, by splice.
func takes(dst io.Writer, dc net.Conn) bool {
	_, reads := dst.(io.ReaderFrom)
	_, bare := dc.(*net.TCPConn)
	return reads && bare
}

// direct leaves the copying to the operating system. Neither end may be wrapped,
// and the storage's time cannot be told from the client's.
func direct(m *mover, dst io.Writer, src io.Reader) chunk {
	return func() (int64, error) {
		return m.timed(func() (int64, error) { return io.CopyN(dst, src, kernelChunk) })
	}
}

// outgoing sends what fill returns until fill returns an error. What a time-out
// left unsent goes out first the next time.
func outgoing(send func([]byte) (int, error), fill func() ([]byte, error)) chunk {
	var rest []byte
	var end error
	return func() (int64, error) {
		if len(rest) == 0 && end == nil {
			rest, end = fill()
		}
		if len(rest) == 0 && end != nil {
			if errors.Is(end, io.EOF) {
				return 0, io.EOF
			}
			return 0, &storageError{end}
		}
		if len(rest) == 0 {
			return 0, nil
		}
		n, err := send(rest)
		rest = rest[n:]
		return int64(n), err
	}
}

// incoming stores what arrives.
func incoming(dst io.Writer, receive func([]byte) (int, error), buf []byte) chunk {
	return func() (int64, error) {
		n, err := receive(buf)
		if n > 0 {
			if _, failed := dst.Write(buf[:n]); failed != nil {
				return int64(n), &storageError{failed}
			}
		}
		return int64(n), err
	}
}

// fromReader fills with what src gives.
func fromReader(src io.Reader, buf []byte) func() ([]byte, error) {
	return func() ([]byte, error) {
		n, err := src.Read(buf)
		return buf[:n], err
	}
}

// once fills with p alone.
func once(p []byte) func() ([]byte, error) { return func() ([]byte, error) { return p, io.EOF } }

// blame tells the two sides of a failed chunk apart. Storages give Win32 statuses;
// the operating system's own errors are the connection's where only a connection
// can have them.
func blame(err error) error {
	var f *fault
	var s *storageError
	var code winerr.Code
	if errors.As(err, &f) || errors.As(err, &s) || errors.As(err, &code) {
		return err
	}
	switch win32 := winerr.Of(err); win32 {
	// BadNetPath is what a route that is gone gives.
	case winerr.NetNameDeleted, winerr.ConnectionAborted, winerr.SemTimeout, winerr.BadNetPath:
		return &fault{stage: moving, win32: win32, err: err}
	}
	return err
}
