package journal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// Recorded is one change with what became of it.
type Recorded struct {
	Entry
	Outcome // State is Open where nothing is recorded
}

// History is all that the journal has about a run.
type History struct {
	Header  Header
	Entries []Recorded
	Counts  Counts
	Ended   bool
}

// Summary is a run in a list of runs.
type Summary struct {
	Header
	Counts
	Ended    bool   // all is settled; if not, it is at work or was broken off
	UndoneBy string // the latest run that took changes of it back
	Problem  string // why the file cannot be read
}

// maxLine bounds a line, as it is written and as it is read.
const maxLine = 1 << 20

// errEmpty says that not even the first line is there.
var errEmpty = errors.New("is empty")

// read reads a whole file and returns the length of its whole lines. The last line
// may be half a line, when the run was killed while writing it.
func read(f *os.File) (History, int64, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return History{}, 0, err
	}
	var h History
	var whole int64
	in := bufio.NewReaderSize(f, maxLine)
	for n := 1; ; n++ {
		text, err := in.ReadSlice('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = h.add(n, text)
		}
		if err != nil {
			return History{}, 0, fmt.Errorf("line %d: %w", n, err)
		}
		whole += int64(len(text))
	}
	if whole == 0 {
		return History{}, 0, errEmpty
	}
	h.Counts.Intended = len(h.Entries)
	for _, e := range h.Entries {
		h.Counts.add(e.State, 1)
	}
	return h, whole, nil
}

// add takes a line in.
func (h *History) add(n int, text []byte) error {
	var l line
	if err := json.Unmarshal(text, &l); err != nil {
		return err
	}
	if l.Schema != Schema {
		return fmt.Errorf("schema %d is not known", l.Schema)
	}
	switch l.Type {
	case lineRun:
		return json.Unmarshal(text, &h.Header)
	case lineIntent:
		var i intentLine
		if err := json.Unmarshal(text, &i); err != nil {
			return err
		}
		if i.N != len(h.Entries)+1 {
			return fmt.Errorf("intent %d where %d was due", i.N, len(h.Entries)+1)
		}
		h.Entries = append(h.Entries, Recorded{i.Entry, Outcome{N: i.N, State: Open}})
	case lineOutcome:
		var o outcomeLine
		if err := json.Unmarshal(text, &o); err != nil {
			return err
		}
		if o.N < 1 || o.N > len(h.Entries) {
			return fmt.Errorf("an outcome of intent %d, which is not there", o.N)
		}
		h.Entries[o.N-1].Outcome = o.Outcome
	case lineEnd:
		h.Ended = true
	default:
		return fmt.Errorf("a line of type %q is not known", l.Type)
	}
	if n == 1 && l.Type != lineRun {
		return errors.New("does not say what the run is")
	}
	return nil
}

// summary reads the first and the last line where that is enough, so that a long
// list of long runs stays cheap.
func (s *Store) summary(id string) (Summary, error) {
	f, err := s.open(id, os.O_RDONLY)
	if err != nil {
		return Summary{}, err
	}
	defer f.Close()
	if end, ok := lastLine(f); ok {
		first, err := bufio.NewReaderSize(f, maxLine).ReadSlice('\n')
		var header runLine
		if err == nil {
			err = json.Unmarshal(first, &header)
		}
		return Summary{Header: header.Header, Counts: end.Counts, Ended: true}, err
	}
	h, _, err := read(f)
	if err != nil {
		return Summary{}, err
	}
	return Summary{Header: h.Header, Counts: h.Counts}, nil
}

// lastLine returns the end of a run, if it has one.
func lastLine(f *os.File) (endLine, bool) {
	info, err := f.Stat()
	if err != nil {
		return endLine{}, false
	}
	tail := make([]byte, min(info.Size(), 1<<10))
	if _, err := f.ReadAt(tail, info.Size()-int64(len(tail))); err != nil || !bytes.HasSuffix(tail, []byte("\n")) {
		return endLine{}, false
	}
	tail = bytes.TrimSuffix(tail, []byte("\n"))
	var end endLine
	err = json.Unmarshal(tail[bytes.LastIndexByte(tail, '\n')+1:], &end)
	return end, err == nil && end.Type == lineEnd && end.Schema == Schema && end.Time != time.Time{}
}
