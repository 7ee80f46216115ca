package intake

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// Writer writes rows in a form that Read takes again.
type Writer struct {
	out    *bufio.Writer
	format Format
	head   string
	begun  bool
}

// standardHead names the columns of rows that come from no file.
var standardHead = []string{columnUser, columnRoot, columnDir, columnAction}

// NewWriter begins a file. head is the Head of the table whose rows will be
// copied, "" where they are written anew.
func NewWriter(out io.Writer, format Format, head string) *Writer {
	return &Writer{out: bufio.NewWriter(out), format: format, head: head}
}

// Copy writes a row as it stands in the file that it was read from.
func (w *Writer) Copy(r Row) error { return w.write(r.Source) }

// Write writes a row anew. Expectations are written in LDIF alone, whose Row.User
// must be a DN.
func (w *Writer) Write(r Row) error {
	switch w.format {
	case JSON, JSONL:
		return w.write(r.object(w.format == JSONL))
	case LDIF:
		return w.write(r.record())
	}
	root, dir, action := shown(r.Root), shown(r.Dir), "set"
	if r.Root.Given && r.Dir.Given && r.Root.Text+r.Dir.Text == "" {
		root, dir, action = "", "", "clear"
	}
	return w.write(w.join([]string{r.User, root, dir, action}))
}

// Close ends the file. It does not close the stream below.
func (w *Writer) Close() error {
	if err := w.begin(); err != nil {
		return err
	}
	if w.format == JSON {
		if _, err := w.out.WriteString("\n]}\n"); err != nil {
			return err
		}
	}
	return w.out.Flush()
}

func (w *Writer) write(text string) error {
	first := !w.begun
	if err := w.begin(); err != nil {
		return err
	}
	switch {
	case w.format == JSON && first:
		text = "\n" + text
	case w.format == JSON:
		text = ",\n" + text
	case w.format == LDIF:
		text = "\n" + text + "\n"
	default:
		text += "\n"
	}
	_, err := w.out.WriteString(text)
	return err
}

// begin writes what stands before the first row.
func (w *Writer) begin() error {
	if w.begun {
		return nil
	}
	w.begun = true
	text := ""
	switch w.format {
	case JSON:
		text = fmt.Sprintf(`{%q:%s,%q:[`, schemaKey, schema, listKey)
	case JSONL:
	case LDIF:
		text = "version: 1\n"
	default:
		if text = w.head; text == "" {
			text = w.join(standardHead)
		}
		text += "\n"
	}
	_, err := w.out.WriteString(text)
	return err
}

// shown is the cell of a value.
func shown(v Value) string {
	if v.Given && v.Text == "" {
		return absent
	}
	return v.Text
}

// join makes a line of fields (RFC 4180, section 2).
func (w *Writer) join(fields []string) string {
	delimiter := ","
	if w.format == TSV {
		delimiter = "\t"
	}
	written := make([]string, len(fields))
	for i, field := range fields {
		field = disarm(field)
		if strings.ContainsAny(field, `",;`+delimiter) || strings.TrimSpace(field) != field {
			field = `"` + strings.ReplaceAll(field, `"`, `""`) + `"`
		}
		written[i] = field
	}
	return strings.Join(written, delimiter)
}

// object is a row in JSON. A key that is not there leaves the attribute alone, null
// takes it away.
func (r Row) object(alone bool) string {
	var text strings.Builder
	text.WriteByte('{')
	if alone {
		fmt.Fprintf(&text, "%q:%s,", schemaKey, schema)
	}
	text.WriteString(`"` + columnUser + `":` + quote(r.User))
	for _, field := range []struct {
		key   string
		value Value
	}{{columnRoot, r.Root}, {columnDir, r.Dir}} {
		switch {
		case !field.value.Given:
		case field.value.Text == "":
			text.WriteString(`,"` + field.key + `":null`)
		default:
			text.WriteString(`,"` + field.key + `":` + quote(field.value.Text))
		}
	}
	text.WriteByte('}')
	return text.String()
}

// quote makes a string of JSON, which never fails.
func quote(s string) string {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(s)
	return strings.TrimSuffix(text.String(), "\n")
}

// record is a row in LDIF.
func (r Row) record() string {
	lines := []string{ldifLine("dn", r.User), "changetype: modify"}
	for _, field := range []struct {
		attribute       string
		value, expected Value
	}{{homedir.AttrRoot, r.Root, r.ExpectRoot}, {homedir.AttrDir, r.Dir, r.ExpectDir}} {
		lines = append(lines, modification(field.attribute, field.value, field.expected)...)
	}
	return strings.Join(lines, "\n")
}

// modification is the change of one attribute. With an expectation the directory
// itself compares: the value that must go is named, and to add one where there is
// one already fails.
func modification(attribute string, value, expected Value) []string {
	var lines []string
	change := func(verb, text string) {
		lines = append(lines, verb+": "+attribute)
		if text != "" {
			lines = append(lines, ldifLine(attribute, text))
		}
		lines = append(lines, "-")
	}
	switch {
	case !value.Given:
	case !expected.Given || value.Text == "" && expected.Text == "":
		change("replace", value.Text)
	default:
		if expected.Text != "" {
			change("delete", expected.Text)
		}
		if value.Text != "" {
			change("add", value.Text)
		}
	}
	return lines
}

// ldifLine writes a value in clear if it is a SAFE-STRING without a blank at its
// end, else in Base64 (RFC 2849, notes 4 and 8).
func ldifLine(name, value string) string {
	safe := value == "" || !strings.ContainsRune(" :<", rune(value[0])) && value[len(value)-1] != ' '
	for i := range len(value) {
		safe = safe && value[i] >= ' ' && value[i] < 0x7f
	}
	if safe {
		return name + ": " + value
	}
	return name + ":: " + base64.StdEncoding.EncodeToString([]byte(value))
}
