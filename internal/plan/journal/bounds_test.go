package journal_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
)

// Whatever is written can be read again, or is refused before anything is sent: what the
// journal cannot be asked about could not be undone.
func TestRun_writesNoLineThatItCannotRead(t *testing.T) {
	s := journal.At(t.TempDir())
	long := strings.Repeat("ü", 1<<20)
	r, err := s.Begin(journal.Header{Command: "clear " + long, Domain: "corp.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	if c := r.Header.Command; len(c) > 10<<10 || !utf8.ValidString(c) || !strings.HasPrefix(c, "clear ü") || !strings.HasSuffix(c, "…") {
		t.Errorf("the command is kept as %d octets, %.20q", len(c), c)
	}
	intend(t, r, "alice")
	large := entry("bob")
	large.Before.Dir = long
	if _, err := r.Intend([]journal.Entry{entry("carol"), large}); err == nil || !strings.Contains(err.Error(), `CORP\bob`) {
		t.Errorf("an intent of 2 MiB: %v", err)
	}
	if first := intend(t, r, "dave"); first != 2 {
		t.Errorf("the next number is %d", first)
	}
	record(t, r, journal.Outcome{N: 1, State: journal.Conflict, Now: &journal.Values{Dir: "x"}, Error: long},
		journal.Outcome{N: 2, State: journal.Conflict, Now: &journal.Values{Dir: long}, Error: "somebody else"})
	end(t, r)
	h, err := s.Read(r.Header.ID)
	if err != nil || !h.Ended || h.Counts != (journal.Counts{Intended: 2, Conflict: 2}) {
		t.Fatalf("%+v, %v", h.Counts, err)
	}
	if got := h.Entries[0]; got.Now == nil || got.Now.Dir != "x" || !strings.HasPrefix(got.Error, "üü") {
		t.Errorf("the first is %.100v", got)
	}
	if got := h.Entries[1]; got.Now != nil || got.Error != "somebody else" {
		t.Errorf("the second is %.100v", got)
	}
	if runs, err := s.Runs(); err != nil || len(runs) != 1 || runs[0].Problem != "" {
		t.Errorf("%.200v, %v", runs, err)
	}
}
