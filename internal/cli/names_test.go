package cli_test

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"
)

// Names come in whatever form the program before the pipe writes.
func TestNames_encodings(t *testing.T) {
	w, _ := domain(t)
	w.variables["FTPISOCTL_PASSWORD"] = adaPassword
	const text = "alice\r\n\r\n bob\r\n"
	wide := func(order binary.AppendByteOrder, text string) string {
		var octets []byte
		for _, unit := range utf16.Encode([]rune(text)) {
			octets = order.AppendUint16(octets, unit)
		}
		return string(octets)
	}
	for name, stdin := range map[string]string{
		"UTF-8": text, "UTF-8 with a mark": "\ufeff" + text, "two files with marks": "\ufeffalice\n\ufeffbob",
		"UTF-16": wide(binary.LittleEndian, "\ufeff"+text), "UTF-16, big-endian": wide(binary.BigEndian, "\ufeff"+text),
	} {
		w.stdin = stdin
		w.variables["FTPISOCTL_PASSWORD"] = adaPassword // it is taken out of the environment
		if code := w.run(t, "get", "-", "-o", "name"); code != 0 || w.out.String() != "CORP\\alice\nCORP\\bob\n" {
			t.Errorf("%s: exit code %d, %q, %s", name, code, &w.out, &w.err)
		}
	}
	for name, stdin := range map[string]string{"UTF-16 without a mark": wide(binary.LittleEndian, text), "UTF-32": "\xff\xfe\x00\x00a\x00\x00\x00"} {
		w.stdin = stdin
		w.variables["FTPISOCTL_PASSWORD"] = adaPassword
		if code := w.run(t, "get", "-"); code != 2 || !strings.Contains(w.err.String(), "UTF-") {
			t.Errorf("%s: exit code %d, %q, %s", name, code, &w.out, &w.err)
		}
	}
}
