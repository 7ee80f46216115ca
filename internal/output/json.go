package output

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf16"
)

// jsonEncoder writes one object with the schema version and the list, one record
// a line.
type jsonEncoder struct {
	out   *bufio.Writer
	name  string
	begun bool
}

func (e *jsonEncoder) row(record any, _ []string) error {
	text, err := encode(record)
	if err != nil {
		return err
	}
	separator := ",\n"
	if !e.begun {
		separator = e.opening() + "\n"
	}
	e.begun = true
	_, err = e.out.WriteString(separator + string(text))
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

// encode returns v as one line of JSON. Characters that a terminal could obey
// are escaped: the value stays exact, and showing it stays harmless.
func encode(v any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, err
	}
	var safe bytes.Buffer
	for _, r := range string(bytes.TrimSuffix(text.Bytes(), []byte("\n"))) {
		switch {
		case !hidden(r):
			safe.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&safe, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&safe, `\u%04x`, r)
		}
	}
	return safe.Bytes(), nil
}

// Object writes one object, with the schema version as its first key. v must
// encode to an object with at least one key.
func Object(out io.Writer, v any) error {
	text, err := encode(v)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "{\"schema\":%d,%s\n", Schema, bytes.TrimPrefix(text, []byte("{")))
	return err
}
