package output

import (
	"bufio"
	"strings"
)

// tsv writes one line per record, cells separated by one tab. Cells hold neither
// tab nor line end, so that cut and awk need no quoting rules.
type tsv struct {
	out     *bufio.Writer
	columns []Column
	header  bool
	begun   bool
}

func (t *tsv) row(_ any, cells []string) error {
	if err := t.begin(); err != nil {
		return err
	}
	return t.line(printable(cells))
}

func (t *tsv) begin() error {
	if t.begun || !t.header {
		return nil
	}
	t.begun = true
	return t.line(Titles(t.columns))
}

func (t *tsv) line(cells []string) error {
	_, err := t.out.WriteString(strings.Join(cells, "\t") + "\n")
	return err
}

func (t *tsv) close(bool) error { return t.begin() }

// nameEncoder writes the name of each record, which is its first cell, for xargs
// and for the "-" of the commands that take names.
type nameEncoder struct{ out *bufio.Writer }

func (e *nameEncoder) row(_ any, cells []string) error {
	_, err := e.out.WriteString(strings.Join(printable(cells), "\t") + "\n")
	return err
}

func (e *nameEncoder) close(bool) error { return nil }
