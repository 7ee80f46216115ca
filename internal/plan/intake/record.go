package intake

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// The keys beside those of a row: the version of what is read, the list, and what
// a list says of itself when it was broken off.
const (
	schemaKey     = "schema"
	listKey       = "users"
	incompleteKey = "incomplete"
)

// schema is the version that is read.
const schema = "1"

// readJSONL reads one object a line.
func (t *Table) readJSONL(lines *lineReader) error {
	for {
		line, err := lines.filled()
		if err != nil {
			return ended(err)
		}
		row, err := objectRow([]byte(line))
		row.Line, row.Source, row.Err = lines.n, line, err
		if err := t.add(row); err != nil {
			return err
		}
	}
}

// objectRow reads a row from the text of one object.
func objectRow(text []byte) (Row, error) {
	if !utf8.Valid(text) {
		return Row{}, errors.New("is not valid UTF-8")
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return Row{}, errors.New(`is no object such as {"user":"alice","dir":"alice"}`)
	}
	found := cells{}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return Row{}, inJSON(err)
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return Row{}, inJSON(err)
		}
		if err := found.object(key.(string), value); err != nil { // what stands before a value is a string
			return Row{}, err
		}
	}
	if _, err := decoder.Token(); err != nil {
		return Row{}, inJSON(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Row{}, errors.New("goes on behind its object")
	}
	return found.row()
}

// object adds the value of a key.
func (c cells) object(key string, value json.RawMessage) error {
	if key == schemaKey {
		return checkSchema(value)
	}
	column, err := columnOf(key)
	if err != nil || column == "" {
		return err
	}
	if _, twice := c[column]; twice {
		return fmt.Errorf("has the key %s twice", column)
	}
	var text *string
	if json.Unmarshal(value, &text) != nil {
		return fmt.Errorf("%s is neither text nor null", column)
	}
	given := Value{Given: true}
	if text != nil {
		given.Text = *text
	}
	c[column] = given
	return nil
}

func checkSchema(value json.RawMessage) error {
	if string(value) != schema {
		return fmt.Errorf("schema %s is not known; this program reads %s", abridge(string(value)), schema)
	}
	return nil
}

// inJSON says what is wrong with the text, where it is not the file that ended it.
func inJSON(err error) error {
	var own *Error
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &own):
		return own.Err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("is cut off")
	case errors.As(err, &syntax):
		return fmt.Errorf("is no JSON: %w", err)
	}
	return err
}
