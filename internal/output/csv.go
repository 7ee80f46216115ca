package output

import (
	"bufio"
	"encoding/csv"
	"strings"
)

// csvEncoder writes CSV (RFC 4180) with lines that end in LF.
type csvEncoder struct {
	out      *csv.Writer
	columns  []Column
	header   bool
	terminal bool
	begun    bool
}

func newCSV(out *bufio.Writer, c Config, header bool) *csvEncoder {
	return &csvEncoder{out: csv.NewWriter(out), columns: c.Columns, header: header, terminal: c.Terminal}
}

func (e *csvEncoder) row(_ any, cells []string) error {
	if err := e.begin(); err != nil {
		return err
	}
	safe := make([]string, len(cells))
	for i, cell := range cells {
		safe[i] = disarm(cell)
		if e.terminal {
			safe[i] = Printable(safe[i])
		}
	}
	return e.out.Write(safe)
}

func (e *csvEncoder) begin() error {
	if e.begun || !e.header {
		return nil
	}
	e.begun = true
	return e.out.Write(Titles(e.columns))
}

func (e *csvEncoder) close(bool) error {
	if err := e.begin(); err != nil {
		return err
	}
	e.out.Flush()
	return e.out.Error()
}

// disarm puts an apostrophe before a value that a spreadsheet would take for a
// formula (OWASP, CSV Injection). Values that begin with an apostrophe of their
// own get one more, so that taking one away gives the exact text back.
func disarm(s string) string {
	if s != "" && strings.ContainsAny(firstRune(s), "=+-@\t\r\n'＝＋－＠") {
		return "'" + s
	}
	return s
}

func firstRune(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}
