package intake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
)

// Format is a format of files with homes. *Format is a flag value.
type Format string

// The formats. LDIF holds changes (changetype modify) alone.
const (
	CSV   Format = "csv"
	TSV   Format = "tsv"
	JSON  Format = "json"
	JSONL Format = "jsonl"
	LDIF  Format = "ldif"
)

// Formats returns the names of all formats, for help and completion.
func Formats() []string {
	return []string{string(CSV), string(TSV), string(JSON), string(JSONL), string(LDIF)}
}

// Set accepts the name of a format.
func (f *Format) Set(s string) error {
	for _, name := range Formats() {
		if s == name {
			*f = Format(s)
			return nil
		}
	}
	return fmt.Errorf("the format is csv, tsv, json, jsonl or ldif, not %q", s)
}

// String returns the name.
func (f *Format) String() string { return string(*f) }

// Type returns the word that help shows for the value.
func (f *Format) Type() string { return "FORMAT" }

// ByName returns the format that the name of a file stands for, "" for none.
func ByName(name string) Format {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv":
		return CSV
	case ".tsv", ".tab":
		return TSV
	case ".json":
		return JSON
	case ".jsonl", ".ndjson":
		return JSONL
	case ".ldif", ".ldf":
		return LDIF
	}
	return ""
}

// byContent looks at how a text begins. What is nothing else is CSV.
func byContent(head []byte) Format {
	head = bytes.TrimLeft(head, " \t\r\n")
	first, _, _ := bytes.Cut(head, []byte("\n"))
	switch {
	case len(head) == 0:
		return CSV
	case head[0] == '[':
		return JSON
	case head[0] == '{':
		// A line that is an object of its own, and not the list, is the first of many.
		var object map[string]json.RawMessage
		if json.Unmarshal(first, &object) == nil && object[listKey] == nil {
			return JSONL
		}
		return JSON
	case isLDIF(head):
		return LDIF
	case bytes.ContainsRune(first, '\t'):
		return TSV
	}
	return CSV
}

// isLDIF reports whether the first line that is no comment begins like one.
func isLDIF(head []byte) bool {
	for line := range bytes.Lines(head) {
		if line[0] == '#' {
			continue
		}
		name, _, found := bytes.Cut(line, []byte(":"))
		return found && (bytes.EqualFold(name, []byte("dn")) || bytes.EqualFold(name, []byte("version")))
	}
	return false
}
