package journal_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
)

func entry(user string) journal.Entry {
	return journal.Entry{
		User: `CORP\` + user, DN: "CN=" + user + ",DC=corp", DNSDomain: "corp.example.com", GUID: "11111111-2222-3333-4444-555555555555",
		Before: journal.Values{Root: `\\fs01\ftp$`}, After: journal.Values{Root: `\\fs01\ftp$`, Dir: user},
	}
}

func begin(t *testing.T, s *journal.Store, command string) *journal.Run {
	t.Helper()
	r, err := s.Begin(journal.Header{Command: command, Domain: "corp.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func intend(t *testing.T, r *journal.Run, users ...string) int {
	t.Helper()
	var entries []journal.Entry
	for _, u := range users {
		entries = append(entries, entry(u))
	}
	first, err := r.Intend(entries)
	if err != nil {
		t.Fatal(err)
	}
	return first
}

func record(t *testing.T, r *journal.Run, outcomes ...journal.Outcome) {
	t.Helper()
	if err := r.Record(outcomes); err != nil {
		t.Fatal(err)
	}
}

func end(t *testing.T, r *journal.Run) {
	t.Helper()
	if err := r.End(); err != nil {
		t.Fatal(err)
	}
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestStore_aRunFromBeginToEnd(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state", "ftpisoctl")
	s := journal.At(dir)
	if runs, err := s.Runs(); err != nil || len(runs) != 0 {
		t.Fatalf("before the first run: %v, %v", runs, err)
	}
	r := begin(t, s, "import homes.csv")
	if first := intend(t, r, "alice", "bob"); first != 1 {
		t.Errorf("the first number is %d", first)
	}
	if h, err := s.Read(r.Header.ID); err != nil || h.Counts != (journal.Counts{Intended: 2, Open: 2}) || h.Ended {
		t.Errorf("in the middle: %+v, %v", h.Counts, err)
	}
	now := journal.Values{Dir: "other"}
	record(t, r, journal.Outcome{N: 1, State: journal.Done}, journal.Outcome{N: 2, State: journal.Conflict, Now: &now, Error: "somebody else"})
	if first := intend(t, r, "carol"); first != 3 {
		t.Errorf("the next number is %d", first)
	}
	record(t, r, journal.Outcome{N: 3, State: journal.NotDone})
	want := journal.Counts{Intended: 3, Done: 1, Conflict: 1, NotDone: 1}
	if r.Counts() != want {
		t.Errorf("counts are %+v", r.Counts())
	}
	end(t, r)
	h, err := s.Read(r.Header.ID)
	if err != nil || !h.Ended || h.Counts != want || h.Header.Command != "import homes.csv" || h.Header.Time.IsZero() {
		t.Fatalf("%+v, %v", h, err)
	}
	if got := h.Entries[1]; got.Entry != entry("bob") || got.State != journal.Conflict || *got.Now != now || got.Error != "somebody else" {
		t.Errorf("bob's is %+v", got)
	}
	runs, err := s.Runs()
	if err != nil || len(runs) != 1 || !runs[0].Ended || runs[0].Counts != want || runs[0].Header != h.Header {
		t.Errorf("%+v, %v", runs, err)
	}
}

// The lines are a contract with whoever reads the files, this program's later
// versions first of all.
func TestStore_linesArePinned(t *testing.T) {
	dir := t.TempDir()
	r, err := journal.At(dir).Begin(journal.Header{
		Tool: "ftpisoctl 1.0", Command: "undo", Operator: "root", BindUser: `CORP\ada`, Domain: "corp.example.com", Server: "dc1", Undoes: "x",
	})
	if err != nil {
		t.Fatal(err)
	}
	intend(t, r, "alice")
	now := journal.Values{Root: "r"}
	record(t, r, journal.Outcome{N: 1, State: journal.Failed, Now: &now, Error: "no", Recovered: true})
	end(t, r)
	text, err := os.ReadFile(files(t, dir)[0])
	if err != nil {
		t.Fatal(err)
	}
	got := regexp.MustCompile(`"time":"[^"]*"|"id":"[^"]*"`).ReplaceAllString(string(text), "…")
	const want = `{"schema":1,"type":"run",…,…,"tool":"ftpisoctl 1.0","command":"undo","operator":"root","bindUser":"CORP\\ada","domain":"corp.example.com","server":"dc1","undoes":"x"}
{"schema":1,"type":"intent","n":1,"user":"CORP\\alice","dn":"CN=alice,DC=corp","dnsDomain":"corp.example.com","objectGUID":"11111111-2222-3333-4444-555555555555","before":{"root":"\\\\fs01\\ftp$","dir":null},"after":{"root":"\\\\fs01\\ftp$","dir":"alice"}}
{"schema":1,"type":"outcome","n":1,"state":"failed","now":{"root":"r","dir":null},"error":"no","recovered":true}
{"schema":1,"type":"end",…,"intended":1,"done":0,"unchanged":0,"conflict":0,"failed":1,"notDone":0,"open":0}
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestStore_runsAreInOrderAndKnowTheirUndo(t *testing.T) {
	s := journal.At(t.TempDir())
	var ids []string
	for i := range 5 {
		h := journal.Header{Command: fmt.Sprint(i)}
		if i == 3 {
			h.Undoes = ids[1]
		}
		r, err := s.Begin(h)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, r.Header.ID)
		intend(t, r, "alice")
		record(t, r, journal.Outcome{N: 1, State: journal.Done})
		end(t, r)
	}
	runs, err := s.Runs()
	if err != nil {
		t.Fatal(err)
	}
	for i, run := range runs {
		if run.Command != fmt.Sprint(i) || (run.UndoneBy == ids[3]) != (i == 1) {
			t.Errorf("at %d: %+v", i, run)
		}
	}
}

// A run that was killed is taken over once, by one, and not while it lives. What
// it had half written is cut away.
func TestStore_abandonedRuns(t *testing.T) {
	dir := t.TempDir()
	s := journal.At(dir)
	r := begin(t, s, "apply")
	intend(t, r, "alice", "bob", "carol")
	record(t, r, journal.Outcome{N: 2, State: journal.Done}, journal.Outcome{N: 3, State: journal.Open})
	if alive, err := s.Abandoned(journal.Homes); err != nil || len(alive) != 0 {
		t.Fatalf("a run at work is taken over: %v, %v", alive, err)
	}
	end(t, r) // with open intents it is only given free, as it is by a kill
	path := files(t, dir)[0]
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteString(`{"schema":1,"type":"outcome","n":1,"sta`)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	if runs, err := s.Runs(); err != nil || runs[0].Ended || runs[0].Open != 2 || runs[0].Done != 1 {
		t.Errorf("%+v, %v", runs, err)
	}
	adopted, err := s.Abandoned(journal.Homes)
	if err != nil || len(adopted) != 1 {
		t.Fatalf("%v, %v", adopted, err)
	}
	if again, err := s.Abandoned(journal.Homes); err != nil || len(again) != 0 {
		t.Errorf("it is taken over twice: %v, %v", again, err)
	}
	open := adopted[0].Unsettled()
	if len(open) != 2 || open[0].N != 1 || open[1].N != 3 || open[1].Entry != entry("carol") {
		t.Errorf("open are %+v", open)
	}
	record(t, adopted[0], journal.Outcome{N: 1, State: journal.NotDone, Recovered: true}, journal.Outcome{N: 3, State: journal.Done, Recovered: true})
	end(t, adopted[0])
	h, err := s.Read(r.Header.ID)
	if want := (journal.Counts{Intended: 3, Done: 2, NotDone: 1}); err != nil || !h.Ended || h.Counts != want {
		t.Errorf("%+v, %v", h, err)
	}
	if left, err := s.Abandoned(journal.Homes); err != nil || len(left) != 0 {
		t.Errorf("%v, %v", left, err)
	}
}

// A file that makes no sense is nobody's to settle, and keeps nobody from working.
func TestStore_damagedFiles(t *testing.T) {
	for name, text := range map[string]string{
		"is empty":                        "",
		"line 1: unexpected":              "\n",
		"does not say what":               `{"schema":1,"type":"end"}` + "\n",
		"schema 2 is not known":           `{"schema":2,"type":"run"}` + "\n",
		`type "x" is not known`:           `{"schema":1,"type":"run"}` + "\n" + `{"schema":1,"type":"x"}` + "\n",
		"intent 2 where 1 was due":        `{"schema":1,"type":"run"}` + "\n" + `{"schema":1,"type":"intent","n":2}` + "\n",
		"intent 7, which is not there":    `{"schema":1,"type":"run"}` + "\n" + `{"schema":1,"type":"outcome","n":7}` + "\n",
		"line 2: bufio: buffer full":      `{"schema":1,"type":"run"}` + "\n" + strings.Repeat("x", 2<<20),
		"cannot unmarshal string into Go": `{"schema":1,"type":"run"}` + "\n" + `{"schema":1,"type":"intent","n":"1"}` + "\n",
	} {
		dir := t.TempDir()
		const id = "20260102-030405-abcdef"
		if err := os.WriteFile(filepath.Join(dir, id+".jsonl"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s := journal.At(dir)
		if _, err := s.Read(id); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("got %v, want %s", err, name)
		}
		if runs, err := s.Runs(); name == "is empty" && (err != nil || len(runs) != 0) || name != "is empty" && (err != nil || len(runs) != 1 || runs[0].ID != id || runs[0].Problem == "") {
			t.Errorf("%s: %+v, %v", name, runs, err)
		}
		if runs, err := s.Abandoned(journal.Homes); err != nil || len(runs) != 0 {
			t.Errorf("%s: %v, %v", name, runs, err)
		}
		end(t, begin(t, s, "set"))
	}
}

// A run that was killed between two windows has nothing open, but it has not ended.
func TestStore_abandonedBetweenWindows(t *testing.T) {
	dir := t.TempDir()
	s := journal.At(dir)
	r := begin(t, s, "apply")
	intend(t, r, "alice")
	record(t, r, journal.Outcome{N: 1, State: journal.Done})
	end(t, r)
	text, err := os.ReadFile(files(t, dir)[0])
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(text), "\n")
	if err := os.WriteFile(files(t, dir)[0], []byte(strings.Join(lines[:len(lines)-2], "")), 0o600); err != nil {
		t.Fatal(err)
	}
	adopted, err := s.Abandoned(journal.Homes)
	if err != nil || len(adopted) != 1 || len(adopted[0].Unsettled()) != 0 {
		t.Fatalf("%v, %v", adopted, err)
	}
	end(t, adopted[0])
	if h, err := s.Read(r.Header.ID); err != nil || !h.Ended || h.Counts.Done != 1 {
		t.Errorf("%+v, %v", h, err)
	}
}

func TestStore_idsAreNoPaths(t *testing.T) {
	s := journal.At(t.TempDir())
	for _, id := range []string{"", "../../etc/passwd", "20260102-030405-abcdef", "20260102-030405-abcdef/../x"} {
		if _, err := s.Read(id); !errors.Is(err, journal.ErrNoRun) {
			t.Errorf("%q: %v", id, err)
		}
	}
}

func TestStore_noPlace(t *testing.T) {
	taken := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(taken, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := journal.At(taken).Begin(journal.Header{}); err == nil {
		t.Error("a file is taken for a folder")
	}
	if _, err := journal.At(taken).Runs(); err == nil {
		t.Error("a file is listed as a folder")
	}
}

func TestValues_inJSON(t *testing.T) {
	for _, v := range []journal.Values{{}, {Root: "r"}, {Dir: "d"}, {Root: "r", Dir: "d"}} {
		text, err := json.Marshal(v)
		var back journal.Values
		if err := errors.Join(err, json.Unmarshal(text, &back)); err != nil || !reflect.DeepEqual(back, v) {
			t.Errorf("%+v is %s and comes back as %+v: %v", v, text, back, err)
		}
	}
	var v journal.Values
	if err := json.Unmarshal([]byte(`{"root":5}`), &v); err == nil {
		t.Error("a number is taken for a value")
	}
}
