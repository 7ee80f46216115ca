package coding

import (
	"bytes"
	"io"
)

// Lines reads a file as TYPE A sends it: LF and CR LF both as CR LF. A CR without
// LF stays as it is.
type Lines struct {
	src io.Reader
	buf []byte // for what src gives
	in  []byte // part of buf that is still to be converted
	err error  // of src, due when in is empty
	cr  bool   // the last octet given was a CR
}

// NewLines converts what src gives; buf, which may not be empty, is its memory.
func NewLines(src io.Reader, buf []byte) *Lines { return &Lines{src: src, buf: buf} }

// Read gives the next octets, as many as are at hand.
func (l *Lines) Read(p []byte) (int, error) {
	for len(l.in) == 0 {
		if l.err != nil {
			return 0, l.err
		}
		n, err := l.src.Read(l.buf)
		l.in, l.err = l.buf[:n], err
	}
	taken, given := expand(p, l.in, &l.cr)
	l.in = l.in[taken:]
	return given, nil
}

// expand copies src to dst, with a CR put before each LF that has none, until one of
// them is used up; cr is whether the octet before was a CR. A CR put in counts as
// one that was there, so there is no half of a line end to be remembered.
func expand(dst, src []byte, cr *bool) (taken, given int) {
	for taken < len(src) && given < len(dst) {
		part := src[taken:min(len(src), taken+len(dst)-given)]
		if part[0] == '\n' {
			if dst[given] = '\n'; !*cr {
				dst[given] = '\r'
			} else {
				taken++
			}
			*cr = !*cr
			given++
			continue
		}
		if end := bytes.IndexByte(part, '\n'); end > 0 {
			part = part[:end]
		}
		n := copy(dst[given:], part)
		taken, given = taken+n, given+n
		*cr = part[n-1] == '\r'
	}
	return taken, given
}

// Text writes a file as TYPE A receives it. At homes whose lines end in LF, CR LF
// becomes LF; at homes whose lines end in CR LF, an LF alone becomes CR LF. Nothing
// else changes.
type Text struct {
	dst  io.Writer
	buf  []byte
	crlf bool // of the home
	cr   bool // crlf: the last octet was a CR. Else: a CR is held back, which an LF may follow
}

// NewText converts for dst; buf, of two octets at least, is its memory.
func NewText(dst io.Writer, crlf bool, buf []byte) *Text {
	return &Text{dst: dst, crlf: crlf, buf: buf}
}

// Write converts all of p. Flush gives what is held back.
func (t *Text) Write(p []byte) (int, error) {
	for done := 0; done < len(p); {
		var taken, given int
		if t.crlf {
			taken, given = expand(t.buf, p[done:], &t.cr)
		} else {
			taken, given = shrink(t.buf, p[done:], &t.cr)
		}
		if given > 0 {
			if _, err := t.dst.Write(t.buf[:given]); err != nil {
				return done, err
			}
		}
		done += taken
	}
	return len(p), nil
}

// Flush ends the file.
func (t *Text) Flush() error {
	if t.crlf || !t.cr {
		return nil
	}
	t.cr = false
	_, err := t.dst.Write([]byte{'\r'})
	return err
}

// shrink copies src to dst, which has two octets at least, without the CR of each CR
// LF. A CR at the end is held back.
func shrink(dst, src []byte, held *bool) (taken, given int) {
	if *held {
		*held = false
		if src[0] != '\n' {
			dst[0] = '\r'
			given = 1
		}
	}
	src = src[:min(len(src), len(dst)-given)]
	for taken < len(src) {
		part := src[taken:]
		end := bytes.IndexByte(part, '\r')
		switch {
		case end < 0:
			end = len(part)
		case end == len(part)-1:
			*held = true
		case part[end+1] != '\n':
			// A CR that stays. The octet behind it may be one that does not.
			given += copy(dst[given:], part[:end+1])
			taken += end + 1
			continue
		}
		given += copy(dst[given:], part[:end])
		taken += end
		if taken < len(src) { // the CR
			taken++
		}
	}
	return taken, given
}
