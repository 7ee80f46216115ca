package config

import (
	"fmt"
	"strings"
)

// Problem is one thing that is wrong with a file.
type Problem struct {
	Line int    // 0 if the problem has no line
	Key  string // path of the key, such as sites[0].connections.maxConnections; may be ""
	Text string
}

// Error lists everything that is wrong with a file.
type Error struct {
	Name     string // of the file
	Problems []Problem
	Err      error // why the file could not be read; nil if it could
}

// Error returns one line for each problem, in the form file:line: key: text.
func (e *Error) Error() string {
	if e.Err != nil {
		return "read configuration: " + e.Err.Error()
	}
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = e.Name + ":" + p.String()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the reason why the file could not be read, or nil.
func (e *Error) Unwrap() error { return e.Err }

// String returns the problem as line: key: text.
func (p Problem) String() string {
	text := p.Text
	if p.Key != "" {
		text = p.Key + ": " + text
	}
	if p.Line == 0 {
		return " " + text
	}
	return fmt.Sprintf("%d: %s", p.Line, text)
}
