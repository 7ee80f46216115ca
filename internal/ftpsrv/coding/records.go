package coding

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// The control codes of STRU R in MODE S (RFC 959 section 3.4.1): an octet of ones,
// and one that says what it is for. Data that looks like the first is doubled.
const (
	escape      = 0xff
	endOfRecord = 1
	endOfFile   = 2
	endOfBoth   = endOfRecord | endOfFile
)

// Records reads a file as STRU R sends it: in TYPE A each line is a record, in TYPE I
// the file is one.
type Records struct {
	src  io.Reader
	text bool
	buf  []byte
	in   []byte // part of buf that is still to be coded
	err  error  // of src, due when in is empty
	cr   bool   // text: a CR is held back, which an LF may follow
	out  []byte // what did not find room any more
	done bool   // the end is in out
}

// NewRecords codes what src gives; buf, which may not be empty, is its memory.
func NewRecords(src io.Reader, text bool, buf []byte) *Records {
	return &Records{src: src, text: text, buf: buf}
}

// Read gives the next octets, as many as are at hand.
func (r *Records) Read(p []byte) (int, error) {
	for len(r.out) == 0 {
		if r.done {
			return 0, io.EOF
		}
		if err := r.more(); err != nil {
			return 0, err
		}
	}
	n := copy(p, r.out)
	r.out = r.out[n:]
	return n, nil
}

// more codes what is at hand, up to the next octet that needs it.
func (r *Records) more() error {
	if len(r.in) == 0 {
		if r.err == nil {
			n, err := r.src.Read(r.buf)
			r.in, r.err = r.buf[:n], err
			return nil
		}
		if !errors.Is(r.err, io.EOF) {
			return r.err
		}
		r.done = true
		r.out = r.held([]byte{escape, endOfFile})
		return nil
	}
	first := r.in[0]
	switch {
	case r.text && first == '\n':
		r.cr = false
		r.take(1, []byte{escape, endOfRecord})
	case r.text && first == '\r':
		r.take(1, r.held(nil))
		r.cr = true
	case first == escape:
		r.take(1, r.held([]byte{escape, escape}))
	case r.cr:
		r.out = r.held(nil)
	default:
		n := r.plain()
		r.take(n, r.in[:n])
	}
	return nil
}

// plain counts the octets at the begin of in that stay as they are.
func (r *Records) plain() int {
	for i, b := range r.in {
		if b == escape || r.text && (b == '\n' || b == '\r') {
			return i
		}
	}
	return len(r.in)
}

// take uses octets of in up and gives what they become.
func (r *Records) take(n int, out []byte) { r.in, r.out = r.in[n:], out }

// held puts a CR that turned out to be none of a line's end before what follows it.
func (r *Records) held(behind []byte) []byte {
	if !r.cr {
		return behind
	}
	r.cr = false
	return append([]byte{'\r'}, behind...)
}

// Unrecord writes a file as STRU R receives it: in TYPE A the end of a record becomes
// the end of a line, in TYPE I nothing.
type Unrecord struct {
	dst    io.Writer
	line   []byte // what stands for the end of a record
	buf    []byte
	escape bool // the octet before said that this one is no data
	done   bool // the end of the file has come
}

// NewUnrecord decodes for dst; line is what ends a record there, and buf, of more
// octets than line, its memory.
func NewUnrecord(dst io.Writer, line string, buf []byte) *Unrecord {
	return &Unrecord{dst: dst, line: []byte(line), buf: buf}
}

// Write decodes p.
func (u *Unrecord) Write(p []byte) (int, error) {
	out := u.buf[:0]
	for at := 0; at < len(p); {
		if cap(out)-len(out) < len(u.line)+1 {
			if _, err := u.dst.Write(out); err != nil {
				return at, err
			}
			out = out[:0]
		}
		switch {
		case u.done:
			return at, fmt.Errorf("%w: octets behind its end", ErrCorrupt)
		case u.escape:
			u.escape = false
			switch code := p[at]; code {
			case escape:
				out = append(out, escape)
			case endOfRecord, endOfFile, endOfBoth:
				if code&endOfRecord != 0 {
					out = append(out, u.line...)
				}
				u.done = code&endOfFile != 0
			default:
				return at, fmt.Errorf("%w: control code %d", ErrCorrupt, code)
			}
			at++
		case p[at] == escape:
			u.escape = true
			at++
		default:
			n := bytes.IndexByte(p[at:], escape)
			if n < 0 {
				n = len(p) - at
			}
			n = min(n, cap(out)-len(out))
			out = append(out, p[at:at+n]...)
			at += n
		}
	}
	if len(out) == 0 {
		return len(p), nil
	}
	_, err := u.dst.Write(out)
	return len(p), err
}

// Flush tells whether the file's own end has come; a stream that ends without it was
// cut off.
func (u *Unrecord) Flush() error {
	if !u.done {
		return io.ErrUnexpectedEOF
	}
	return nil
}
