package intake

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// What is taken at most. A list of everybody in a large forest stays far below.
const (
	maxFile   = 64 << 20 // octets, as UTF-8
	maxLine   = 1 << 20  // octets of a line or a record
	maxRows   = 1_000_000
	maxFields = 100
)

// Error is a problem that ends the reading of a file.
type Error struct {
	Line int // 0: of the whole file
	Err  error
}

// Error returns one line with the number of the line in the file.
func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Err.Error()
	}
	return fmt.Sprintf("line %d: %v", e.Line, e.Err)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Read reads a file. Its format is the one given, else what its name or its
// beginning say. Rows that cannot be taken carry their own error; the error that
// is returned, an *Error or that of in, is why there may be more that was not
// read.
func Read(in io.Reader, name string, format Format) (Table, error) {
	text, err := Text(in)
	if err != nil {
		return Table{Format: format}, err
	}
	if format == "" {
		format = ByName(name)
	}
	if format == "" {
		head, err := text.Peek(4 << 10)
		if err != nil && !errors.Is(err, io.EOF) {
			return Table{}, err
		}
		format = byContent(head)
	}
	table := Table{Format: format}
	lines := &lineReader{in: text}
	switch format {
	case TSV:
		err = table.readDelimited(lines, '\t')
	case JSON:
		err = table.readJSON(text)
	case JSONL:
		err = table.readJSONL(lines)
	case LDIF:
		err = table.readLDIF(lines)
	default:
		err = table.readDelimited(lines, ',')
	}
	return table, err
}

// add keeps a row.
func (t *Table) add(r Row) error {
	if len(t.Rows) == maxRows {
		return &Error{r.Line, fmt.Errorf("the file has more than %d rows", maxRows)}
	}
	t.Rows = append(t.Rows, r)
	return nil
}

// Text gives the text of in as Decoded does, and ends it with an *Error after 64 MiB.
func Text(in io.Reader) (*bufio.Reader, error) {
	decoded, err := Decoded(in)
	if err != nil {
		return nil, err
	}
	return bufio.NewReaderSize(&bounded{in: decoded, left: maxFile}, 64<<10), nil
}

// Decoded gives the text of in as UTF-8, without its byte order mark and however long it
// is. A text in UTF-16, as PowerShell 5 writes with >, has such a mark, or cannot be told
// from noise.
func Decoded(in io.Reader) (io.Reader, error) {
	raw := bufio.NewReader(in)
	head, err := raw.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	var decoded io.Reader = raw
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe, 0, 0}), bytes.HasPrefix(head, []byte{0, 0, 0xfe, 0xff}):
		return nil, &Error{0, errors.New("is UTF-32; save it as UTF-8")}
	case bytes.HasPrefix(head, []byte{0xef, 0xbb, 0xbf}):
		_, err = raw.Discard(3)
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		decoded = &utf16Reader{in: raw, order: binary.LittleEndian}
		_, err = raw.Discard(2)
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		decoded = &utf16Reader{in: raw, order: binary.BigEndian}
		_, err = raw.Discard(2)
	case len(head) > 1 && (head[0] == 0) != (head[1] == 0):
		return nil, &Error{0, errors.New("looks like UTF-16 without a byte order mark; save it as UTF-8")}
	default:
		err = nil
	}
	return decoded, err
}

// bounded ends a file that is too large.
type bounded struct {
	in   io.Reader
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left == 0 {
		if n, err := b.in.Read(p[:1]); n == 0 {
			return 0, err
		}
		return 0, &Error{0, fmt.Errorf("is larger than %d MiB", maxFile>>20)}
	}
	n, err := b.in.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// utf16Reader turns UTF-16 into UTF-8. Half a character becomes an octet that is
// no UTF-8, so that the line which has it is refused.
type utf16Reader struct {
	in    *bufio.Reader
	order binary.ByteOrder
	rest  []byte // decoded, not read yet
	high  rune   // the first half of a pair, 0: none
}

func (r *utf16Reader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		r.rest = r.rest[:0]
		if err := r.decode(); err != nil {
			return 0, err
		}
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

const broken = 0xff

// decode fills rest with what comes next, at least one octet of it.
func (r *utf16Reader) decode() error {
	var pair [2]byte
	for len(r.rest) < 4<<10 {
		n, err := io.ReadFull(r.in, pair[:])
		if err != nil {
			if n == 1 || (r.high != 0 && errors.Is(err, io.EOF)) {
				r.rest, r.high = append(r.rest, broken), 0
			}
			if len(r.rest) > 0 {
				return nil
			}
			return err
		}
		r.unit(rune(r.order.Uint16(pair[:])))
	}
	return nil
}

func (r *utf16Reader) unit(u rune) {
	high := r.high
	r.high = 0
	if high != 0 {
		if c := utf16.DecodeRune(high, u); c != utf8.RuneError {
			r.rest = utf8.AppendRune(r.rest, c)
			return
		}
		r.rest = append(r.rest, broken)
	}
	switch {
	case utf16.IsSurrogate(u) && u < 0xdc00:
		r.high = u
	case utf16.IsSurrogate(u):
		r.rest = append(r.rest, broken)
	default:
		r.rest = utf8.AppendRune(r.rest, u)
	}
}

// lineReader counts lines and bounds them.
type lineReader struct {
	in *bufio.Reader
	n  int // the line last read
}

// next returns the next line without its end. The error is io.EOF behind the
// last one.
func (l *lineReader) next() (string, error) {
	var line []byte
	for {
		part, err := l.in.ReadSlice('\n')
		if len(line)+len(part) > maxLine {
			return "", &Error{l.n + 1, fmt.Errorf("is longer than %d KiB", maxLine>>10)}
		}
		line = append(line, part...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(line) > 0, err == nil:
			l.n++
			line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
			return string(line), nil
		}
		return "", located(err, l.n+1)
	}
}

// filled returns the next line that is not blank.
func (l *lineReader) filled() (string, error) {
	for {
		if line, err := l.next(); err != nil || strings.TrimSpace(line) != "" {
			return line, err
		}
	}
}

// located adds the line to an error that has none.
func located(err error, line int) error {
	var e *Error
	if errors.As(err, &e) && e.Line == 0 {
		return &Error{line, e.Err}
	}
	return err
}
