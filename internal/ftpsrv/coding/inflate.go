package coding

import (
	"bufio"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
)

// Errors of Inflate. An end that comes too early is io.ErrUnexpectedEOF; what src
// fails with is passed on.
var (
	ErrLarge   = errors.New("the compressed stream becomes larger than is allowed")
	ErrCorrupt = errors.New("the compressed stream is damaged")
)

// Limits bound what a few octets may become.
type Limits struct {
	Size  int64 // octets in all
	Ratio int   // of octets out to octets in
	Free  int64 // the ratio is asked for behind so many octets
}

// Inflate reads a stream in zlib's format (RFC 1950). Its memory does not depend on
// what the stream says.
type Inflate struct {
	in     counting
	br     *bufio.Reader
	zr     io.ReadCloser // nil before the first octet
	limits Limits
	out    int64
}

// NewInflate reads from src.
func NewInflate(src io.Reader, limits Limits) *Inflate {
	i := &Inflate{in: counting{src: src}, limits: limits}
	i.br = bufio.NewReaderSize(&i.in, 32<<10)
	return i
}

// Read gives the next octets. A stream of no octet at all is an empty file, as some
// clients send it; the end counts only when the checksum is right and nothing
// stands behind it.
func (i *Inflate) Read(p []byte) (int, error) {
	if i.zr == nil {
		if _, err := i.br.Peek(1); err != nil {
			return 0, err
		}
		zr, err := zlib.NewReader(i.br)
		if err != nil {
			return 0, i.why(err)
		}
		i.zr = zr
	}
	n, err := i.zr.Read(p)
	i.out += int64(n)
	switch {
	case i.out > i.limits.Size:
		return n, fmt.Errorf("%w: %d octets", ErrLarge, i.out)
	case i.out > i.limits.Free && i.out/int64(i.limits.Ratio) > i.in.octets:
		return n, fmt.Errorf("%w: %d octets of %d", ErrLarge, i.out, i.in.octets)
	case err == nil:
		return n, nil
	case errors.Is(err, io.EOF):
		return n, i.end()
	}
	return n, i.why(err)
}

// end is io.EOF if that is what comes behind the stream.
func (i *Inflate) end() error {
	_, err := i.br.ReadByte()
	if err == nil {
		return fmt.Errorf("%w: octets behind its end", ErrCorrupt)
	}
	return err
}

// why tells the stream's faults from those of src.
func (i *Inflate) why(err error) error {
	if i.in.err != nil && !errors.Is(i.in.err, io.EOF) {
		return i.in.err
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return fmt.Errorf("%w: %w", ErrCorrupt, err)
}

// counting counts what is read, and remembers the error.
type counting struct {
	src    io.Reader
	octets int64
	err    error
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.src.Read(p)
	c.octets += int64(n)
	c.err = err
	return n, err
}
