package intake

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// readJSON reads an array of objects, an object with the array as "users", which
// is what export writes, or objects one behind the other.
func (t *Table) readJSON(in io.Reader) error {
	d := &jsonReader{table: t, text: counted{in: in}}
	d.decoder = json.NewDecoder(&d.text)
	d.text.used = d.decoder.InputOffset
	for {
		if err := d.value(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return d.located(err)
		}
	}
}

// jsonReader reads values one by one: an array is never in memory as a whole.
type jsonReader struct {
	table   *Table
	decoder *json.Decoder
	text    counted
}

// located says near which line an error is. The decoder cannot go on behind one.
func (d *jsonReader) located(err error) error {
	var own *Error
	if errors.As(err, &own) && own.Line > 0 {
		return err
	}
	at := d.decoder.InputOffset()
	if errors.Is(err, io.ErrUnexpectedEOF) {
		at = d.text.read
	}
	return &Error{d.text.line(at), inJSON(err)}
}

// value reads one value of the outermost level.
func (d *jsonReader) value() error {
	token, err := d.decoder.Token()
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('['):
		return d.array()
	case json.Delim('{'):
		return d.object()
	}
	return fmt.Errorf("%v is no list of users", token)
}

// array reads the objects of a list, whose bracket is open.
func (d *jsonReader) array() error {
	for d.decoder.More() {
		var value json.RawMessage
		if err := d.decoder.Decode(&value); err != nil {
			return cutOff(err)
		}
		row, err := objectRow(value)
		row.Line, row.Source, row.Err = d.text.line(d.decoder.InputOffset()-int64(len(value))), string(value), err
		if err := d.table.add(row); err != nil {
			return err
		}
	}
	_, err := d.decoder.Token()
	return cutOff(err)
}

// object reads a list with something around it, or one row, whose brace is open.
func (d *jsonReader) object() error {
	line := d.text.line(d.decoder.InputOffset())
	found, list := cells{}, false
	var problem error
	for d.decoder.More() {
		key, err := d.decoder.Token()
		if err != nil {
			return cutOff(err)
		}
		if key == listKey {
			list, err = true, d.list()
		} else {
			err = d.key(key.(string), found, &problem) // what stands before a value is a string
		}
		if err != nil {
			return err
		}
	}
	if _, err := d.decoder.Token(); err != nil {
		return cutOff(err)
	}
	switch {
	case list && problem == nil && len(found) > 0:
		return errors.New(`has "users", and is a user itself`)
	case list:
		return problem
	}
	row, err := found.row()
	if problem != nil {
		err = problem
	}
	source, _ := json.Marshal(found.strings()) // maps of strings always encode
	row.Line, row.Source, row.Err = line, string(source), err
	return d.table.add(row)
}

// list reads the value that is the list.
func (d *jsonReader) list() error {
	if token, err := d.decoder.Token(); err != nil || token != json.Delim('[') {
		return errors.New(`"users" is no list`)
	}
	return d.array()
}

// key reads any other value. What is wrong with it is a problem of the row, if it
// is one.
func (d *jsonReader) key(key string, found cells, problem *error) error {
	var value json.RawMessage
	if err := d.decoder.Decode(&value); err != nil {
		return cutOff(err)
	}
	if key == incompleteKey {
		return errors.New("the list says of itself that it is incomplete")
	}
	if err := found.object(key, value); err != nil && *problem == nil {
		*problem = err
	}
	return nil
}

// strings returns the values for a copy of the object.
func (c cells) strings() map[string]*string {
	object := map[string]*string{}
	for column, value := range c {
		object[column] = nil
		if value.Text != "" {
			object[column] = &value.Text
		}
	}
	return object
}

// cutOff makes an error of an end that comes too early.
func cutOff(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// counted finds lines by their offsets, and bounds what the decoder must hold to
// see the end of a value.
type counted struct {
	in       io.Reader
	used     func() int64 // how far the decoder has come
	read     int64
	newlines []int64 // offsets not passed yet
	passed   int
}

func (c *counted) Read(p []byte) (int, error) {
	if c.read-c.used() > maxLine {
		return 0, &Error{c.line(c.used()), fmt.Errorf("a value is longer than %d KiB", maxLine>>10)}
	}
	n, err := c.in.Read(p[:min(len(p), 64<<10)])
	for i, b := range p[:n] {
		if b == '\n' {
			c.newlines = append(c.newlines, c.read+int64(i))
		}
	}
	c.read += int64(n)
	return n, err
}

// line returns the line that an offset is on. Offsets only grow.
func (c *counted) line(offset int64) int {
	for len(c.newlines) > 0 && c.newlines[0] < offset {
		c.newlines = c.newlines[1:]
		c.passed++
	}
	return c.passed + 1
}
