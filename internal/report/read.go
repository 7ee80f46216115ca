package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

// maxReport is more than the report of a million findings takes, in octets.
const maxReport = 1 << 30

// Read reads a report as audit -o json writes it, and whether it is complete. The error
// says what the input is, as in "report.json " + error.
func Read(in io.Reader) (*audit.Report, bool, error) { return read(in, maxReport) }

func read(in io.Reader, limit int64) (*audit.Report, bool, error) {
	var file struct {
		audit.Report
		Incomplete bool `json:"incomplete"`
	}
	limited := &io.LimitedReader{R: in, N: limit}
	decoder := json.NewDecoder(limited)
	err := decoder.Decode(&file)
	switch {
	case limited.N <= 0:
		return nil, false, fmt.Errorf("is larger than a report of an audit may be, which is %d MiB", limit>>20)
	case file.Schema != 0 && file.Schema != audit.Schema: // told first: what else is wrong follows from it
		return nil, false, fmt.Errorf("has schema %d, and this program knows %d", file.Schema, audit.Schema)
	case errors.Is(err, io.EOF):
		return nil, false, errors.New("is no report of an audit: it is empty")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, false, errors.New("is no report of an audit: it ends in the middle")
	case err != nil:
		return nil, false, fmt.Errorf("is no report of an audit: %.200w", err) // which may quote all of the file
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) || limited.N <= 0 {
		return nil, false, errors.New("has more than the report of an audit in it")
	}
	// A line of findings as JSON is an object with a schema, too.
	if file.Rules == nil || file.Findings == nil {
		return nil, false, errors.New("is no report of an audit: it has no rules and findings; audit -o json writes one")
	}
	if file.Schema == 0 {
		return nil, false, fmt.Errorf("is no report of an audit: it has no schema, which is %d", audit.Schema)
	}
	return &file.Report, !file.Incomplete, nil
}
