package ftptls

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync/atomic"
)

// recordHeader is the length of a TLS record's header; its last two octets are the
// length of what follows (RFC 8446 section 5.1).
const recordHeader = 5

// records hands a TLS stream on record by record. crypto/tls reads ahead as far as
// its buffer goes; what it had read behind the client's close_notify would be lost
// for the clear text after CCC.
type records struct {
	net.Conn
	header [recordHeader]byte
	have   int // octets of the header that have passed
	left   int // octets of the record's body that have not
	until  int // records before due
	due    func()
}

// onRecord calls due when the n-th record from now on begins. It is set between reads.
func (r *records) onRecord(n int, due func()) { r.until, r.due = n, due }

// Read never returns octets of two records, nor of a header and its body.
func (r *records) Read(p []byte) (int, error) {
	if r.left > 0 {
		n, err := r.Conn.Read(p[:min(len(p), r.left)])
		r.left -= n
		return n, err
	}
	n, err := r.Conn.Read(p[:min(len(p), recordHeader-r.have)])
	r.have += copy(r.header[r.have:], p[:n])
	if r.have == recordHeader {
		r.have, r.left = 0, int(binary.BigEndian.Uint16(r.header[3:]))
		if r.until--; r.until == 0 {
			r.due()
		}
	}
	return n, err
}

// NetConn returns the connection below, as that of tls.Conn does.
func (r *records) NetConn() net.Conn { return r.Conn }

// watched notes the end of the TCP stream. crypto/tls reports an end on a record's
// border like an orderly one; only who has seen which came first can tell (RFC 8446
// section 6.1).
type watched struct {
	net.Conn
	ended atomic.Bool
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	if errors.Is(err, io.EOF) {
		w.ended.Store(true)
	}
	return n, err
}
