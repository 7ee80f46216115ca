package intake

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxRecord bounds the lines of one record of LDIF, folded lines counted as they
// are written.
const maxRecord = 1000

// ldifRecord is one record: its lines, unfolded, without comments.
type ldifRecord struct {
	lines   []string
	numbers []int // where each of lines begins in the file
	source  []string
	size    int
	comment bool // the line before was one, or a part of one
}

// readLDIF reads LDIF (RFC 2849) record by record. A record that makes no sense
// spoils itself alone.
func (t *Table) readLDIF(lines *lineReader) error {
	var record ldifRecord
	for {
		line, err := lines.next()
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if err != nil || line == "" {
			if err := t.addRecord(record); err != nil {
				return err
			}
			if err != nil {
				return nil
			}
			record = ldifRecord{}
			continue
		}
		if err := record.add(line, lines.n); err != nil {
			return err
		}
	}
}

// add takes a line in.
func (r *ldifRecord) add(line string, n int) error {
	r.source = append(r.source, line)
	if r.size += len(line); r.size > maxLine || len(r.source) > maxRecord {
		return &Error{n, fmt.Errorf("the record is longer than %d KiB or %d lines", maxLine>>10, maxRecord)}
	}
	folded := line[0] == ' '
	switch {
	case folded && r.comment:
	case line[0] == '#':
		r.comment = true
	case folded && len(r.lines) > 0:
		r.lines[len(r.lines)-1] += line[1:]
	default:
		r.lines, r.numbers, r.comment = append(r.lines, line), append(r.numbers, n), false
	}
	return nil
}

// addRecord keeps a record that is more than comments and the version.
func (t *Table) addRecord(r ldifRecord) error {
	if len(r.lines) > 0 && len(t.Rows) == 0 {
		if name, value, ok := strings.Cut(r.lines[0], ":"); ok && strings.EqualFold(name, "version") {
			if strings.TrimSpace(value) != "1" {
				return &Error{r.numbers[0], errors.New("only version 1 of LDIF is known")}
			}
			r.lines, r.numbers = r.lines[1:], r.numbers[1:] // no blank line need stand between it and the first dn
		}
	}
	if len(r.lines) == 0 {
		return nil
	}
	row, err := r.row()
	row.Line, row.Source, row.Err = r.numbers[0], strings.Join(r.source, "\n"), err
	return t.add(row)
}
