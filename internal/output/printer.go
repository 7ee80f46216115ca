package output

import (
	"bufio"
	"io"
)

// Schema is the version of the JSON objects. It grows when a key changes its
// meaning, which is to say: not.
const Schema = 1

// Column is one column of a list.
type Column struct {
	Title  string
	Absent string // shown to people in place of an empty cell
	Detail bool   // too much for a table: CSV alone has it
}

// Config describes a list before its first record.
type Config struct {
	Out      io.Writer
	Terminal bool // Out is a terminal
	Format   Format
	Header   *bool  // nil: a table and CSV have a header, tab-separated lines have none
	Name     string // key of the list in JSON
	Columns  []Column
}

// encoder is one form of output.
type encoder interface {
	row(record any, cells []string) error
	close(complete bool) error
}

// Printer writes one list.
type Printer struct {
	out *bufio.Writer
	enc encoder
}

// New returns a printer for one list.
func New(c Config) *Printer {
	out := bufio.NewWriter(c.Out)
	header := func(standard bool) bool {
		if c.Header != nil {
			return *c.Header
		}
		return standard
	}
	p := &Printer{out: out}
	switch {
	case c.Format == JSON:
		p.enc = &jsonEncoder{out: out, name: c.Name}
	case c.Format == CSV:
		p.enc = newCSV(out, c, header(true))
	case c.Terminal:
		p.enc = &table{out: out, columns: c.Columns, header: header(true)}
	default:
		p.enc = &tsv{out: out, columns: c.Columns, header: header(false)}
	}
	return p
}

// Row adds a record: the object for JSON, and one cell for each column. The
// slice is kept.
func (p *Printer) Row(record any, cells ...string) error { return p.enc.row(record, cells) }

// Close ends the list. complete is false if records are missing, which JSON
// then says with "incomplete": true.
func (p *Printer) Close(complete bool) error {
	if err := p.enc.close(complete); err != nil {
		return err
	}
	return p.out.Flush()
}

// titles returns the titles of the columns, without details unless wanted.
func titles(columns []Column, details bool) []string {
	var names []string
	for _, c := range columns {
		if details || !c.Detail {
			names = append(names, c.Title)
		}
	}
	return names
}

// visible returns the cells that belong into a table, made printable.
func visible(columns []Column, cells []string) []string {
	shown := make([]string, 0, len(cells))
	for i, c := range columns {
		if !c.Detail && i < len(cells) {
			shown = append(shown, Printable(cells[i]))
		}
	}
	return shown
}
