package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

// maxReport is more than the report of a million findings takes.
const maxReport = 4 << 30

// Read reads a report as audit -o json writes it, and whether it is complete. The error
// says what the input is, as in "report.json " + error.
func Read(in io.Reader) (*audit.Report, bool, error) {
	var file struct {
		audit.Report
		Incomplete bool `json:"incomplete"`
	}
	limited := &io.LimitedReader{R: in, N: maxReport}
	decoder := json.NewDecoder(limited)
	if err := decoder.Decode(&file); err != nil {
		return nil, false, fmt.Errorf("is no report of an audit: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) || limited.N <= 0 {
		return nil, false, errors.New("has more than the report of an audit in it")
	}
	// A line of findings as JSON is an object with a schema, too.
	if file.Rules == nil || file.Findings == nil {
		return nil, false, errors.New("is no report of an audit: it has no rules and findings; audit -o json writes one")
	}
	if file.Schema != audit.Schema {
		return nil, false, fmt.Errorf("has schema %d, and this program knows %d", file.Schema, audit.Schema)
	}
	return &file.Report, !file.Incomplete, nil
}
