package adsim

import (
	"bufio"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// ldifRecord is one content record: a DN and its attributes in order of mention.
type ldifRecord struct {
	line       int // of the dn
	dn         string
	attributes []partial
}

// maxLine bounds one logical line of a seed.
const maxLine = 1 << 20

// ldifReader reads content records (RFC 2849): comments, folded lines, base64.
// Changes and values by URL are refused, since a seed is neither a script nor a
// reason to open files.
type ldifReader struct {
	in      *bufio.Reader
	line    int    // of the physical line in next
	next    string // read ahead, to see whether it continues the one before
	pending bool
	end     error // of the input
}

func newLDIFReader(r io.Reader) *ldifReader {
	return &ldifReader{in: bufio.NewReader(r)}
}

// record returns the next record, io.EOF after the last one, or an error that
// begins with the line number.
func (l *ldifReader) record() (ldifRecord, error) {
	var rec ldifRecord
	for {
		text, line, err := l.logical()
		if errors.Is(err, io.EOF) && rec.line > 0 {
			return rec, nil
		}
		if err != nil {
			return rec, err
		}
		if text == "" {
			if rec.line > 0 {
				return rec, nil
			}
			continue
		}
		if err := rec.add(text, line); err != nil {
			return rec, fmt.Errorf("line %d: %w", line, err)
		}
	}
}

// add takes one logical line into the record.
func (rec *ldifRecord) add(text string, line int) error {
	name, value, err := parseLine(text)
	if err != nil {
		return err
	}
	key := fold(name)
	switch {
	case rec.line == 0 && key == "version":
		if value != "1" {
			return fmt.Errorf("LDIF version %q; only 1 exists", value)
		}
	case rec.line == 0 && key != "dn":
		return fmt.Errorf("%q where a record must begin with dn", name)
	case rec.line == 0:
		rec.line, rec.dn = line, value
	case key == "dn":
		return errors.New("a second dn in one record; records are separated by an empty line")
	case key == "changetype" && fold(value) == "add":
	case key == "changetype" || key == "control":
		return fmt.Errorf("%s is not content; a seed lists entries", name)
	default:
		rec.append(name, value)
	}
	return nil
}

func (rec *ldifRecord) append(name, value string) {
	i := slices.IndexFunc(rec.attributes, func(p partial) bool { return strings.EqualFold(p.name, name) })
	if i < 0 {
		rec.attributes = append(rec.attributes, partial{name: name, values: []string{value}})
		return
	}
	rec.attributes[i].values = append(rec.attributes[i].values, value)
}

// parseLine reads "name: text", "name:: base64".
func parseLine(text string) (name, value string, err error) {
	name, value, ok := strings.Cut(text, ":")
	if !ok || !validDescription(name) {
		return "", "", errors.New(`neither "name: value" nor an empty line`)
	}
	if rest, ok := strings.CutPrefix(value, ":"); ok {
		decoded, err := base64.StdEncoding.DecodeString(strings.Trim(rest, " "))
		if err != nil {
			return "", "", fmt.Errorf("%s is not base64", name)
		}
		return name, string(decoded), nil
	}
	if strings.HasPrefix(value, "<") {
		return "", "", fmt.Errorf("%s by URL is not supported", name)
	}
	value = strings.TrimLeft(value, " ")
	if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
		return "", "", fmt.Errorf("%s is not UTF-8 text; write it as base64", name)
	}
	return name, value, nil
}

// logical returns the next line with its continuations, comments left out. An
// empty line ends a record and is returned as "".
func (l *ldifReader) logical() (text string, line int, err error) {
	for {
		first, err := l.take()
		if err != nil {
			return "", l.line, err
		}
		line = l.line
		var joined strings.Builder
		joined.WriteString(first)
		for first != "" && l.continues() {
			more, _ := l.take() // continues has read it
			joined.WriteString(more[1:])
			if joined.Len() > maxLine {
				return "", line, fmt.Errorf("line %d: longer than %d bytes", line, maxLine)
			}
		}
		if strings.HasPrefix(first, "#") {
			continue
		}
		if strings.HasPrefix(first, " ") {
			return "", line, fmt.Errorf("line %d: a continuation of nothing", line)
		}
		return joined.String(), line, nil
	}
}

func (l *ldifReader) continues() bool {
	l.peek()
	return l.pending && strings.HasPrefix(l.next, " ")
}

// take returns the next physical line without its end.
func (l *ldifReader) take() (string, error) {
	l.peek()
	if !l.pending {
		return "", l.end
	}
	l.pending = false
	l.line++
	return l.next, nil
}

// peek reads one physical line ahead; afterwards pending is false only at the end.
func (l *ldifReader) peek() {
	if l.pending || l.end != nil {
		return
	}
	var text []byte
	for {
		part, err := l.in.ReadSlice('\n')
		text = append(text, part...)
		if len(text) > maxLine {
			l.end = fmt.Errorf("line %d: longer than %d bytes", l.line+1, maxLine)
			return
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			l.end = err
			if err != io.EOF {
				l.end = fmt.Errorf("line %d: %w", l.line+1, err)
			}
		}
		break
	}
	if len(text) == 0 && l.end != nil {
		return
	}
	l.next = strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r")
	l.pending = true
}
