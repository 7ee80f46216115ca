package output

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonEncoder writes one object with the schema version and the list, one record
// a line.
type jsonEncoder struct {
	out   *bufio.Writer
	name  string
	keys  []string
	begun bool
}

func (e *jsonEncoder) row(record any, _ []string) error {
	text, err := encodeKeys(record, e.keys)
	if err != nil {
		return err
	}
	separator := ",\n"
	if !e.begun {
		separator = e.opening() + "\n"
	}
	e.begun = true
	_, err = e.out.WriteString(separator)
	if err == nil {
		_, err = e.out.Write(text)
	}
	return err
}

func (e *jsonEncoder) opening() string {
	return fmt.Sprintf(`{"schema":%d,%q:[`, Schema, e.name)
}

func (e *jsonEncoder) close(complete bool) error {
	end := "\n]"
	if !e.begun {
		end = e.opening() + "]"
	}
	if !complete {
		end += `,"incomplete":true`
	}
	_, err := e.out.WriteString(end + "}\n")
	return err
}

// jsonlEncoder writes one object a line, each with the schema version. Nothing
// stands around them, so only the exit code tells that some are missing.
type jsonlEncoder struct {
	out  *bufio.Writer
	keys []string
}

func (e *jsonlEncoder) row(record any, _ []string) error {
	text, err := encodeKeys(record, e.keys)
	if err != nil {
		return err
	}
	return writeObject(e.out, text)
}

func (e *jsonlEncoder) close(bool) error { return nil }

// Object writes one object, with the schema version as its first key. v must
// encode to an object.
func Object(out io.Writer, v any) error {
	text, err := encode(v)
	if err != nil {
		return err
	}
	return writeObject(out, text)
}

func writeObject(out io.Writer, text []byte) error {
	opening := fmt.Sprintf(`{"schema":%d,`, Schema)
	if text = bytes.TrimPrefix(text, []byte("{")); len(text) == 1 { // no key at all
		opening = opening[:len(opening)-1]
	}
	_, err := out.Write(slices.Concat([]byte(opening), text, []byte("\n")))
	return err
}

// encode returns v as one line of JSON. Characters that a terminal could obey
// are escaped: the value stays exact, and showing it stays harmless.
func encode(v any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, err
	}
	plain := bytes.TrimSuffix(text.Bytes(), []byte("\n"))
	if !bytes.ContainsFunc(plain, hidden) {
		return plain, nil
	}
	safe := make([]byte, 0, len(plain)+16)
	for _, r := range string(plain) {
		switch {
		case !hidden(r):
			safe = utf8.AppendRune(safe, r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			safe = fmt.Appendf(safe, `\u%04x\u%04x`, high, low)
		default:
			safe = fmt.Appendf(safe, `\u%04x`, r)
		}
	}
	return safe, nil
}

// encodeKeys is encode with some keys of an object alone, in the order wanted. A
// key that the object does not have is left out.
func encodeKeys(v any, keys []string) ([]byte, error) {
	text, err := encode(v)
	if err != nil || keys == nil {
		return text, err
	}
	members, err := membersOf(text)
	if err != nil {
		return nil, err
	}
	object := []byte("{")
	for _, key := range keys {
		i := slices.IndexFunc(members, func(m member) bool { return m.key == key })
		if i < 0 {
			continue
		}
		if len(object) > 1 {
			object = append(object, ',')
		}
		object = fmt.Appendf(object, "%q:%s", key, members[i].value)
	}
	return append(object, '}'), nil
}

// member is one key of a JSON object with its value.
type member struct {
	key   string
	value json.RawMessage
}

// membersOf takes an object apart, in its own order.
func membersOf(object []byte) ([]member, error) {
	decoder := json.NewDecoder(bytes.NewReader(object))
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return nil, fmt.Errorf("a record is no object: %w", err)
	}
	var members []member
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		m := member{key: fmt.Sprint(key)}
		if err := decoder.Decode(&m.value); err != nil {
			return nil, err
		}
		members = append(members, m)
	}
	return members, nil
}
