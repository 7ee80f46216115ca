package ftpwire

import (
	"bufio"
	"errors"
	"io"
)

// Telnet (RFC 854): FTP's control connection is a Telnet stream, and clients put
// "IAC IP, IAC DM" before an urgent ABOR.
const (
	iac  = 0xff
	dont = 0xfe
	will = 0xfb
	sb   = 0xfa
	se   = 0xf0
)

// floodLines is how many limits' worth of an over-long line are thrown away
// before the connection is given up.
const floodLines = 16

// Errors of ReadCommand. After ErrBareLF and ErrTooLong reading can go on.
var (
	// ErrBareLF is a line ended by LF without CR. What had arrived behind it is
	// discarded, so that one line never becomes two commands.
	ErrBareLF = errors.New("line ended by a bare LF")
	// ErrTooLong is a line over the limit, discarded up to its end.
	ErrTooLong = errors.New("line too long")
	// ErrFlood is an over-long line without an end: the connection is not worth keeping.
	ErrFlood = errors.New("line without an end")
)

// lineReader reads lines of at most limit octets, CRLF and Telnet sequences
// included. Its memory is bounded by the limit, whatever the client sends.
type lineReader struct {
	br     *bufio.Reader
	limit  int
	line   []byte
	octets int
}

func newLineReader(r io.Reader, limit int) *lineReader {
	return &lineReader{br: bufio.NewReaderSize(r, 1024), limit: limit}
}

// read returns one line without its CRLF, and its length on the wire.
func (r *lineReader) read() (string, int, error) {
	r.line, r.octets = r.line[:0], 0
	for {
		b, err := r.next()
		if err != nil {
			return "", r.octets, err
		}
		switch {
		case r.octets > r.limit:
			return "", r.octets, r.discard(b)
		case b == '\n':
			if n := len(r.line); n > 0 && r.line[n-1] == '\r' {
				return string(r.line[:n-1]), r.octets, nil
			}
			_, _ = r.br.Discard(r.br.Buffered())
			return "", r.octets, ErrBareLF
		}
		r.line = append(r.line, b)
	}
}

// discard reads on to the end of a line that is too long, keeping nothing.
func (r *lineReader) discard(b byte) error {
	for b != '\n' {
		if r.octets > r.limit*floodLines {
			return ErrFlood
		}
		var err error
		if b, err = r.octet(); err != nil {
			return err
		}
	}
	return ErrTooLong
}

func (r *lineReader) octet() (byte, error) {
	b, err := r.br.ReadByte()
	if err == nil {
		r.octets++
	}
	return b, err
}

// next returns the next data octet, with Telnet sequences taken out. A doubled
// IAC is the octet 255; an IAC before anything that is no Telnet command is kept,
// which no UTF-8 name contains, so the name is refused and not silently changed.
// In front of a verb, which is ASCII, nothing of Telnet's is kept.
func (r *lineReader) next() (byte, error) {
	for r.octets <= r.limit {
		b, err := r.octet()
		if err != nil {
			return 0, err
		}
		// Where urgent data is not inline the kernel takes the IAC of "IAC DM" out
		// of the stream, and some clients forget an IAC or put it behind its
		// command: what is left stands alone in front of the verb.
		front := len(r.line) == 0
		if front && b >= se && b != iac {
			continue
		}
		if b != iac {
			return b, nil
		}
		kept, err := r.telnet()
		if err != nil || kept && !front {
			return iac, err
		}
	}
	return 0, nil // over the limit: the caller sees it in octets
}

// telnet takes one sequence after its IAC; kept means that IAC itself is data.
func (r *lineReader) telnet() (kept bool, err error) {
	peek, err := r.br.Peek(1)
	if err != nil {
		return false, err
	}
	switch b := peek[0]; {
	case b < se:
		return true, nil
	case b == iac:
		_, err = r.octet()
		return true, err
	case b == sb:
		return false, r.subnegotiation()
	case b >= will && b <= dont: // an option follows
		if _, err = r.octet(); err == nil {
			_, err = r.octet()
		}
		return false, err
	}
	_, err = r.octet()
	return false, err
}

// subnegotiation takes everything up to IAC SE.
func (r *lineReader) subnegotiation() error {
	var last byte
	for r.octets <= r.limit {
		b, err := r.octet()
		if err != nil {
			return err
		}
		if last == iac && b == se {
			return nil
		}
		last = b
	}
	return nil
}
