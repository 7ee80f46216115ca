package ftpsrv

import (
	"errors"
	"io"
	"net"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/coding"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// shape is what becomes of a file's octets on the data connection. Its zero value is
// TYPE I in MODE S: nothing.
type shape struct {
	text    bool     // TYPE A
	records bool     // STRU R
	crlf    bool     // of the home's own lines
	deflate *deflate // MODE Z; nil is MODE S
}

// deflate is MODE Z with the level of a session.
type deflate struct {
	level  int
	limits coding.Limits
}

// freeOctets is what an upload may become before anybody asks for the ratio.
const freeOctets = 16 << 20

// shapeOf is the shape of a session's next transfer.
func shapeOf(c *conn) shape {
	s := shape{text: !c.sess.image, records: c.sess.records, crlf: c.sess.crlf}
	if c.sess.deflate {
		z := c.srv.cfg.ModeZ
		s.deflate = &deflate{z.Level, coding.Limits{Size: z.MaxSize, Ratio: z.MaxRatio, Free: freeOctets}}
		if c.sess.level > 0 {
			s.deflate.level = c.sess.level
		}
	}
	return s
}

// coded reports whether the octets of a file differ from those on the data connection,
// which a compression would not change.
func (s shape) coded() bool { return s.text || s.records }

// read gives a file as it is sent; buf is its memory.
func (s shape) read(file io.Reader, buf []byte) io.Reader {
	if s.records {
		return coding.NewRecords(file, s.text, buf)
	}
	return coding.NewLines(file, buf)
}

// decoder stores what is received; Flush is called at its end.
type decoder interface {
	io.Writer
	Flush() error
}

// write stores a file as it is received; buf is its memory.
func (s shape) write(file io.Writer, buf []byte) decoder {
	switch {
	case !s.records:
		return coding.NewText(file, s.crlf, buf)
	case !s.text:
		return coding.NewUnrecord(file, "", buf)
	case s.crlf:
		return coding.NewUnrecord(file, "\r\n", buf)
	}
	return coding.NewUnrecord(file, "\n", buf)
}

// store moves an upload in TYPE A or STRU R. Octets are counted as the client sees them.
func (m *mover) store(job dataJob) error {
	buf, scratch := buffers.Get().(*[]byte), buffers.Get().(*[]byte)
	defer func() { buffers.Put(buf); buffers.Put(scratch) }()
	file := m.shape.write(job.recv, *scratch)
	err := m.pump(incoming(file, m.receive, *buf))
	if err == nil {
		err = file.Flush()
	}
	return damaged(err)
}

// damaged makes a fault of a stream that is not what it should be.
func damaged(err error) error {
	if errors.Is(err, coding.ErrCorrupt) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &fault{stage: moving, win32: winerr.InvalidData, substatus: subServerAborted, err: err}
	}
	return err
}

// deflated is a data connection in MODE Z, above TLS.
type deflated struct {
	net.Conn // what the compressed stream goes over
	level    int
	in       *coding.Inflate
	out      *coding.Deflate // nil before the first octet
}

// on puts MODE Z on a mover's data connection.
func (d *deflate) on(m *mover) net.Conn {
	below := m.dc
	if below == net.Conn(m.raw) {
		below = &steady{m.raw, m}
	}
	return &deflated{Conn: below, level: d.level, in: coding.NewInflate(below, d.limits)}
}

// Write compresses p.
func (d *deflated) Write(p []byte) (int, error) {
	if err := d.begin(); err != nil {
		return 0, err
	}
	return d.out.Write(p)
}

func (d *deflated) begin() (err error) {
	if d.out == nil {
		d.out, err = coding.NewDeflate(d.Conn, d.level)
	}
	return err
}

// Read gives what the client's octets become, within the limits.
func (d *deflated) Read(p []byte) (int, error) {
	n, err := d.in.Read(p)
	if errors.Is(err, coding.ErrLarge) {
		return n, errors.Join(errInflated, err)
	}
	return n, damaged(err)
}

// end sends the end of what was sent, an empty file's too.
func (d *deflated) end() error {
	if err := d.begin(); err != nil {
		return err
	}
	return d.out.Close()
}
