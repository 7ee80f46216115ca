package output

import (
	"bufio"
	"io"
)

// Schema is the version of the JSON objects. It grows when a key changes its
// meaning, which is to say: not.
const Schema = 1

// Config describes a list before its first record.
type Config struct {
	Out      io.Writer
	Terminal bool // Out is a terminal
	Color    bool // a table may use colours
	Format   Format
	Header   *bool  // nil: a table and CSV have a header, tab-separated lines have none
	Name     string // key of the list in JSON and YAML
	Columns  []Column
	Show     []string // titles of the columns wanted, in this order, or keys of JSON; nil: the usual ones
	Sort     []string // titles of the columns to sort by, "-" before one turns it round; all records are kept for it
}

// encoder is one form of output. It gets the cells that are to be shown.
type encoder interface {
	row(record any, cells []string) error
	close(complete bool) error
}

// Printer writes one list.
type Printer struct {
	out   *bufio.Writer
	enc   encoder
	shown []int   // indices of the cells that the encoder gets; nil: all
	order *sorter // nil: as they come
}

// New returns a printer for one list.
func New(c Config) *Printer {
	out := bufio.NewWriterSize(c.Out, 32<<10)
	p := &Printer{out: out, shown: c.selection()}
	if len(c.Sort) > 0 {
		p.order = newSorter(c.Columns, c.Sort)
	}
	var keys []string
	for _, title := range c.Show {
		if i := index(c.Columns, title); i >= 0 {
			keys = append(keys, c.Columns[i].Title)
		}
	}
	c.Show, c.Columns = keys, picked(c.Columns, p.shown)
	p.enc = newEncoder(out, c)
	return p
}

func newEncoder(out *bufio.Writer, c Config) encoder {
	header := func(standard bool) bool {
		if c.Header != nil {
			return *c.Header
		}
		return standard
	}
	form := c.Format
	if form == Auto && c.Terminal {
		form = Table
	}
	switch form {
	case JSON:
		return &jsonEncoder{out: out, name: c.Name, keys: c.Show}
	case JSONL:
		return &jsonlEncoder{out: out, keys: c.Show}
	case YAML:
		return &yamlEncoder{out: out, name: c.Name, keys: c.Show}
	case LDIF:
		return &ldifEncoder{out: out}
	case CSV:
		return newCSV(out, c, header(true))
	case Name:
		return &nameEncoder{out: out}
	case Table:
		return &table{out: out, columns: c.Columns, header: header(true), color: c.Color}
	case Auto, TSV:
		return &tsv{out: out, columns: c.Columns, header: header(false)}
	}
	return &templateEncoder{out: out, text: string(form[len(templatePrefix):])}
}

// Row adds a record: the object for JSON, and one cell for each column. The
// slice is kept.
func (p *Printer) Row(record any, cells ...string) error {
	if p.order != nil {
		p.order.add(record, cells)
		return nil
	}
	return p.write(record, cells)
}

func (p *Printer) write(record any, cells []string) error {
	return p.enc.row(record, picked(cells, p.shown))
}

// Flush hands on what is gathered, for a reader who waits for it.
func (p *Printer) Flush() error { return p.out.Flush() }

// Close ends the list. complete is false if records are missing, which JSON and
// YAML then say with "incomplete": true, and LDIF in a comment.
func (p *Printer) Close(complete bool) error {
	if p.order != nil {
		for record, cells := range p.order.all() {
			if err := p.write(record, cells); err != nil {
				return err
			}
		}
	}
	if err := p.enc.close(complete); err != nil {
		return err
	}
	return p.out.Flush()
}
