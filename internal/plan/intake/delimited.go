package intake

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// readDelimited reads CSV or TSV. Every line is a row: no value holds a line end,
// so a quote that is not closed spoils its own line and no other.
func (t *Table) readDelimited(lines *lineReader, delimiter byte) error {
	columns, delimiter, err := t.header(lines, delimiter)
	if err != nil {
		return err
	}
	for {
		line, err := lines.next()
		if err != nil {
			return ended(err)
		}
		if strings.Trim(line, string(delimiter)+` "`) == "" { // what spreadsheets leave below a list
			continue
		}
		row, err := delimitedRow(line, delimiter, columns)
		row.Line, row.Source, row.Err = lines.n, line, err
		if err := t.add(row); err != nil {
			return err
		}
	}
}

// ended makes nothing of the end of a file.
func ended(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// header reads the line that names the columns; "" is one that is not looked at.
// In many countries a spreadsheet separates fields of CSV by semicolons.
func (t *Table) header(lines *lineReader, delimiter byte) ([]string, byte, error) {
	line, err := lines.filled()
	if errors.Is(err, io.EOF) {
		err = &Error{0, errors.New("is empty; its first line must name the columns, as in user,root,dir")}
	}
	if err != nil {
		return nil, 0, err
	}
	if delimiter == ',' && strings.Contains(line, ";") && !strings.Contains(line, ",") {
		delimiter = ';'
	}
	t.Head = line
	titles, err := split(line, delimiter)
	if err != nil {
		return nil, 0, &Error{lines.n, err}
	}
	columns := make([]string, len(titles))
	seen := map[string]bool{}
	for i, title := range titles {
		column, err := columnOf(title)
		switch {
		case err != nil:
			return nil, 0, &Error{lines.n, fmt.Errorf("the first line must name the columns: %w", err)}
		case column != "" && seen[column]:
			return nil, 0, &Error{lines.n, fmt.Errorf("there are two columns %s", column)}
		}
		columns[i], seen[column] = column, true
	}
	if !seen[columnUser] || !seen[columnRoot] && !seen[columnDir] && !seen[columnAction] {
		return nil, 0, &Error{lines.n, errors.New("the first line must name the columns user and root or dir or action")}
	}
	return columns, delimiter, nil
}

func delimitedRow(line string, delimiter byte, columns []string) (Row, error) {
	fields, err := split(line, delimiter)
	if err != nil {
		return Row{}, err
	}
	if len(fields) != len(columns) {
		return Row{}, fmt.Errorf("has %d fields, and the first line names %d", len(fields), len(columns))
	}
	found := cells{}
	for i, column := range columns {
		text := arm(fields[i])
		switch column {
		case "":
		case columnUser, columnAction:
			found[column] = Value{true, text}
		default:
			found[column] = cell(text)
		}
	}
	return found.row()
}

// cell reads a value.
func cell(text string) Value {
	switch {
	case text == "":
		return Value{}
	case strings.EqualFold(text, absent):
		return Value{Given: true}
	}
	return Value{true, text}
}

// formulas begin with one of these, for one spreadsheet or another.
const formulas = "=+-@\t\r\n'＝＋－＠"

// arm takes the apostrophe away that keeps a value from being a formula.
func arm(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && strings.HasPrefix(disarm(rest), "'") {
		return rest
	}
	return s
}

// disarm puts it there (OWASP, CSV Injection).
func disarm(s string) string {
	if first, size := utf8.DecodeRuneInString(s); size > 0 && strings.ContainsRune(formulas, first) {
		return "'" + s
	}
	return s
}

// split takes a line apart (RFC 4180, section 2). A backslash means itself.
func split(line string, delimiter byte) ([]string, error) {
	var fields []string
	for {
		if len(fields) == maxFields {
			return nil, fmt.Errorf("has more than %d fields", maxFields)
		}
		if !strings.HasPrefix(line, `"`) {
			field, rest, more := strings.Cut(line, string(delimiter))
			if strings.Contains(field, `"`) {
				return nil, fmt.Errorf("field %d has a quote in the middle; write the field in quotes, and its own quotes twice", len(fields)+1)
			}
			fields = append(fields, field)
			if !more {
				return fields, nil
			}
			line = rest
			continue
		}
		field, rest, err := quoted(line[1:])
		if err != nil {
			return nil, fmt.Errorf("field %d %w", len(fields)+1, err)
		}
		fields = append(fields, field)
		if rest == "" {
			return fields, nil
		}
		if rest[0] != delimiter {
			return nil, fmt.Errorf("field %d goes on behind its closing quote", len(fields))
		}
		line = rest[1:]
	}
}

// quoted reads up to the closing quote and returns what is behind it.
func quoted(s string) (field, rest string, err error) {
	var text strings.Builder
	for {
		end := strings.IndexByte(s, '"')
		if end < 0 {
			return "", "", errors.New("begins with a quote that is not closed on its line")
		}
		text.WriteString(s[:end])
		s = s[end+1:]
		if !strings.HasPrefix(s, `"`) {
			return text.String(), s, nil
		}
		text.WriteByte('"')
		s = s[1:]
	}
}
