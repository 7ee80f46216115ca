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
	crlf    bool     // of the home's own lines
	skip    int64    // octets of a text that the client has already
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
	s := shape{text: !c.sess.image, crlf: c.sess.crlf}
	if s.text {
		s.skip = c.sess.rest
	}
	if c.sess.deflate {
		z := c.srv.cfg.ModeZ
		s.deflate = &deflate{z.Level, coding.Limits{Size: z.MaxSize, Ratio: z.MaxRatio, Free: freeOctets}}
		if c.sess.level > 0 {
			s.deflate.level = c.sess.level
		}
	}
	return s
}

// moveText moves a file in TYPE A. Octets are counted as the client sees them.
func (m *mover) moveText(job dataJob) error {
	buf, scratch := buffers.Get().(*[]byte), buffers.Get().(*[]byte)
	defer func() { buffers.Put(buf); buffers.Put(scratch) }()
	if job.send != nil {
		lines := coding.NewLines(job.send, *scratch)
		return m.pump(outgoing(m.send, without(m.shape.skip, fromReader(lines, *buf))))
	}
	text := coding.NewText(job.recv, m.shape.crlf, *scratch)
	if err := m.pump(incoming(text, m.receive, *buf)); err != nil {
		return err
	}
	return text.Flush()
}

// without leaves the first octets out. Where there are not so many, the restart
// offset was behind the end.
func without(skip int64, fill func() ([]byte, error)) func() ([]byte, error) {
	return func() ([]byte, error) {
		p, err := fill()
		n := min(skip, int64(len(p)))
		skip -= n
		if skip > 0 && errors.Is(err, io.EOF) {
			err = winerr.HandleEOF
		}
		return p[n:], err
	}
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
	switch {
	case errors.Is(err, coding.ErrLarge):
		err = errors.Join(errInflated, err)
	case errors.Is(err, coding.ErrCorrupt), errors.Is(err, io.ErrUnexpectedEOF):
		err = &fault{stage: moving, win32: winerr.InvalidData, substatus: subServerAborted, err: err}
	}
	return n, err
}

// end sends the end of what was sent, an empty file's too.
func (d *deflated) end() error {
	if err := d.begin(); err != nil {
		return err
	}
	return d.out.Close()
}
