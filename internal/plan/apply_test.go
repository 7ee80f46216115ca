package plan_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/plan"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
)

// crowd is n users u0000, u0001 … without homes.
func crowd(n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "\ndn: CN=U%04d,OU=Staff,DC=corp,DC=example,DC=com\nobjectClass: user\nsAMAccountName: u%04d\n", i, i)
	}
	return text.String()
}

// homes is a file that gives each of them a home.
func homes(n int) string {
	var text strings.Builder
	text.WriteString("user,root,dir\n")
	for i := range n {
		fmt.Fprintf(&text, "u%04d,\\\\fs01\\ftp$,u%04d\n", i, i)
	}
	return text.String()
}

// apply applies a plan and returns the results in words, with the error.
func (w *world) apply(ctx context.Context, t testing.TB, p plan.Plan, change func(*plan.Engine)) ([]string, error) {
	t.Helper()
	run, err := w.store.Begin(journal.Header{Command: "test", Domain: p.Domain, Undoes: p.Undoes})
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	e := plan.Engine{Forest: w.forest, Run: run, Restore: p.Undoes != "", Each: func(r plan.Result) {
		line := r.Entry.User + " " + string(r.State)
		if r.Now != nil {
			line += " " + r.Now.Root + "|" + r.Now.Dir
		}
		told = append(told, line)
	}}
	if change != nil {
		change(&e)
	}
	err = e.Apply(ctx, p.Entries)
	if err := run.End(); err != nil {
		t.Fatal(err)
	}
	return told, err
}

// count counts the results with a state.
func count(told []string, state journal.State) int {
	n := 0
	for _, line := range told {
		if _, words, _ := strings.Cut(line, " "); words == string(state) || strings.HasPrefix(words, string(state)+" ") {
			n++
		}
	}
	return n
}

func (w *world) lastRun(t testing.TB) journal.History {
	t.Helper()
	runs, err := w.store.Runs()
	if err != nil || len(runs) == 0 {
		t.Fatalf("%v, %v", runs, err)
	}
	h, err := w.store.Read(runs[len(runs)-1].ID)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func undo(t testing.TB, h journal.History) plan.Plan {
	t.Helper()
	p, err := plan.Undo(h, "test")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// What is applied is what was planned; applied again nothing happens; undone all
// is as it was, also what nobody could set; and an undo is undone.
func TestEngine_applyUndoRedo(t *testing.T) {
	w := newWorld(t, "")
	users := []string{"ada", "alice", "bob", "carol"}
	all := func() string {
		var text []string
		for _, user := range users {
			text = append(text, w.values(t, user))
		}
		return strings.Join(text, " ")
	}
	before := all()
	d := w.draft(t, "user,root,dir,action\ncarol,\\\\fs01\\ftp$,carol,\nalice,,alice2,\nbob,,,clear\nada,\\\\fs01\\ftp$,,\n")
	told, err := w.apply(t.Context(), t, d.Plan, nil)
	if want := `CORP\carol done,CORP\alice done,CORP\bob done,CORP\ada done`; err != nil || strings.Join(told, ",") != want {
		t.Fatalf("%v, %s", err, told)
	}
	after := all()
	if want := `\\fs01\ftp$| \\fs01\ftp$|alice2 | \\fs01\ftp$|carol`; after != want {
		t.Fatalf("got %s, want %s", after, want)
	}
	first := w.lastRun(t)
	if first.Counts != (journal.Counts{Intended: 4, Done: 4}) || !first.Ended {
		t.Errorf("the journal says %+v", first.Counts)
	}
	modifies := w.server.Stats().Modifies
	again, err := w.apply(t.Context(), t, d.Plan, nil)
	if err != nil || count(again, "unchanged") != 4 || all() != after {
		t.Errorf("again: %v, %s", err, again)
	}
	if d := w.draft(t, "user,root,dir,action\ncarol,\\\\fs01\\ftp$,carol,\nalice,,alice2,\nbob,,,clear\n"); len(d.Plan.Entries) != 0 || d.Plan.Totals.Unchanged != 3 {
		t.Errorf("planned again: %s", text(d))
	}
	if told, err := w.apply(t.Context(), t, undo(t, first), nil); err != nil || all() != before {
		t.Errorf("undone: %v, %s, got %s, want %s", err, told, all(), before)
	}
	if told, err := w.apply(t.Context(), t, undo(t, w.lastRun(t)), nil); err != nil || all() != after {
		t.Errorf("redone: %v, %s, got %s, want %s", err, told, all(), after)
	}
	if modifies == 0 {
		t.Error("nothing was counted")
	}
	if _, err := plan.Undo(journal.History{}, "test"); !errors.Is(err, plan.ErrNothing) {
		t.Errorf("a run without changes: %v", err)
	}
}

// What somebody else has changed meanwhile stays what it is. The rest is done, or
// not, as the engine is told.
func TestEngine_conflicts(t *testing.T) {
	const n = 250
	for _, goOn := range []bool{false, true} {
		w := newWorld(t, crowd(n))
		d := w.draft(t, homes(n))
		w.set(t, "u0003", "theirs")
		told, err := w.apply(t.Context(), t, d.Plan, func(e *plan.Engine) { e.GoOn = goOn })
		if err != nil || len(told) != n || told[3] != `CORP\u0003 conflict |theirs` || w.values(t, "u0003") != "|theirs" {
			t.Fatalf("%v, %d results, %s", err, len(told), told[3])
		}
		done := count(told, "done")
		least, most := 0, 98 // how many depends on the order in which a domain controller answers
		if goOn {
			least, most = n-1, n-1
		}
		if done < least || done > most || w.lastRun(t).Counts.Done != done {
			t.Errorf("going on %v: %d are done, want %d to %d", goOn, done, least, most)
		}
		if undone, err := w.apply(t.Context(), t, undo(t, w.lastRun(t)), nil); err != nil || len(undone) != done {
			t.Errorf("%d are undone, %v", len(undone), err)
		}
		if users, err := plan.FromScope(t.Context(), w.forest, ldapattr.Scope{Filter: "(&(sAMAccountName=u*)(msIIS-FTPDir=*))"}, rule(t), plan.Options{}); err != nil || len(users.Plan.Entries)+len(users.Refused)+users.Plan.Totals.Unchanged > 1 {
			t.Errorf("after the undo: %v, %s", err, text(users))
		}
	}
}

func rule(t *testing.T) plan.Rule { return plan.Templates{Dir: template(t, "x")} }

// Force writes over whatever is there.
func TestEngine_force(t *testing.T) {
	w := newWorld(t, "")
	d := w.draft(t, "user,dir\nalice,new\n")
	w.set(t, "alice", "theirs")
	if told, err := w.apply(t.Context(), t, d.Plan, func(e *plan.Engine) { e.Force = true }); err != nil || told[0] != `CORP\alice done` || w.values(t, "alice") != `\\fs01\ftp$|new` {
		t.Errorf("%v, %s, %s", err, told, w.values(t, "alice"))
	}
}

// A user who is gone is one failure, not the end.
func TestEngine_userIsGone(t *testing.T) {
	w := newWorld(t, "")
	d := w.draft(t, "user,dir\nalice,new\ncarol,c\n")
	d.Plan.Entries[0].GUID = "11111111-2222-3333-4444-555555555555"
	told, err := w.apply(t.Context(), t, d.Plan, func(e *plan.Engine) { e.GoOn = true })
	if err != nil || told[0] != `CORP\alice failed` || told[1] != `CORP\carol done` {
		t.Errorf("%v, %s", err, told)
	}
	if h := w.lastRun(t); h.Entries[0].Error == "" {
		t.Error("the journal does not say why")
	}
}

// When the directory goes away the rest is not tried, and what was on its way is
// open until somebody can look.
func TestEngine_directoryGoesAway(t *testing.T) {
	const n = 520
	w := newWorld(t, crowd(n))
	d := w.draft(t, homes(n))
	w.server.SetFaults(adsim.Faults{Only: adsim.OpModify, Lose: true})
	told, err := w.apply(t.Context(), t, d.Plan, func(e *plan.Engine) { e.GoOn = true })
	if !errors.Is(err, ldapattr.ErrUnreachable) || len(told) != n {
		t.Fatalf("%v, %d results", err, len(told))
	}
	h := w.lastRun(t)
	if h.Ended || h.Counts.Open == 0 || h.Counts.Intended != 500 {
		t.Fatalf("the journal says %+v", h.Counts)
	}
	w.server.SetFaults(adsim.Faults{})
	settled, err := plan.Settle(t.Context(), w.forest, w.store)
	if err != nil || len(settled) != 1 || settled[0].Looked != h.Counts.Open || settled[0].Counts.Open != 0 {
		t.Fatalf("%+v, %v", settled, err)
	}
	agree(t, w)
	if again, err := plan.Settle(t.Context(), w.forest, w.store); err != nil || len(again) != 0 {
		t.Errorf("settled twice: %+v, %v", again, err)
	}
}

// agree compares the journal's last run with the directory.
func agree(t *testing.T, w *world) {
	t.Helper()
	h := w.lastRun(t)
	if !h.Ended {
		t.Error("the run has not ended")
	}
	for _, e := range h.Entries {
		want := e.Before
		if e.State == journal.Done {
			want = e.After
		}
		if got := w.values(t, e.GUID); got != want.Root+"|"+want.Dir {
			t.Errorf("%s is %s in the journal, and %s in the directory", e.User, e.State, got)
		}
	}
}

// A run of another domain is left for whoever can ask there, and so is one whose
// users cannot be asked about now.
func TestSettle_leavesWhatItCannotKnow(t *testing.T) {
	w := newWorld(t, "")
	u := w.user(t, "alice")
	for _, domain := range []string{"other.example.com", "CORP.example.com"} {
		run, err := w.store.Begin(journal.Header{Domain: domain})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := run.Intend([]journal.Entry{
			{GUID: u.GUID.String(), Before: plan.Values{Root: u.Root, Dir: u.Dir}, After: plan.Values{Dir: "x"}},
			{GUID: u.GUID.String(), Before: plan.Values{Dir: "a"}, After: plan.Values{Dir: "b"}},
			{GUID: "11111111-2222-3333-4444-555555555555", Before: plan.Values{Dir: "a"}, After: plan.Values{Dir: "b"}},
		}); err != nil {
			t.Fatal(err)
		}
		if err := run.End(); err != nil {
			t.Fatal(err)
		}
	}
	w.server.SetFaults(adsim.Faults{Only: adsim.OpSearch, Drop: true})
	if settled, err := plan.Settle(t.Context(), w.forest, w.store); err == nil || len(settled) != 0 {
		t.Fatalf("without a directory: %+v, %v", settled, err)
	}
	w.server.SetFaults(adsim.Faults{})
	settled, err := plan.Settle(t.Context(), w.forest, w.store)
	want := journal.Counts{Intended: 3, NotDone: 1, Conflict: 1, Failed: 1}
	if err != nil || len(settled) != 1 || settled[0].Counts != want || settled[0].Header.Domain != "CORP.example.com" {
		t.Errorf("%+v, %v", settled, err)
	}
}

// An end of the caller's patience leaves nothing unsaid.
func TestEngine_interrupted(t *testing.T) {
	const n = 300
	w := newWorld(t, crowd(n))
	d := w.draft(t, homes(n))
	ctx, cancel := context.WithCancel(t.Context())
	w.server.SetFaults(adsim.Faults{Only: adsim.OpModify, Delay: time.Millisecond})
	heard := 0
	told, err := w.apply(ctx, t, d.Plan, func(e *plan.Engine) {
		each := e.Each
		e.Each = func(r plan.Result) {
			if heard++; heard == 50 {
				cancel()
			}
			each(r)
		}
	})
	if !errors.Is(err, context.Canceled) || len(told) != n {
		t.Fatalf("%v, %d results", err, len(told))
	}
	w.server.SetFaults(adsim.Faults{})
	if _, err := plan.Settle(t.Context(), w.forest, w.store); err != nil {
		t.Fatal(err)
	}
	agree(t, w)
	if ctx.Err() == nil {
		t.Error("nothing was interrupted")
	}
	if told, err := w.apply(ctx, t, d.Plan, nil); !errors.Is(err, context.Canceled) || len(told) != n || count(told, "done") != 0 {
		t.Errorf("begun after the interruption: %v", err)
	}
}

// Without a journal nothing is sent.
func TestEngine_noJournalNoChange(t *testing.T) {
	w := newWorld(t, "")
	d := w.draft(t, "user,dir\nalice,new\n")
	modifies := w.server.Stats().Modifies
	run, err := w.store.Begin(journal.Header{})
	if err != nil {
		t.Fatal(err)
	}
	if err := run.End(); err != nil {
		t.Fatal(err)
	}
	told := 0
	e := plan.Engine{Forest: w.forest, Run: run, Each: func(plan.Result) { told++ }}
	if err := e.Apply(t.Context(), d.Plan.Entries); err == nil || told != 1 || w.server.Stats().Modifies != modifies {
		t.Errorf("%v, %d told, %d modifies", err, told, w.server.Stats().Modifies-modifies)
	}
}

func TestPlan_document(t *testing.T) {
	w := newWorld(t, "")
	d := w.draft(t, "user,root,dir,action\ncarol,\\\\fs01\\ftp$,carol,\nalice,,alice2,\nbob,,,clear\nada,,,clear\n")
	d.Plan.Time, d.Plan.Server = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), "dc1"
	for i := range d.Plan.Entries {
		d.Plan.Entries[i].GUID = fmt.Sprintf("00000000-0000-0000-0000-00000000000%d", i)
	}
	var out bytes.Buffer
	if err := d.Plan.Write(&out); err != nil {
		t.Fatal(err)
	}
	const pinned = `{"schema":1,"tool":"test","time":"2026-01-02T03:04:05Z","source":"homes.csv","format":"csv","domain":"corp.example.com","server":"dc1","totals":{"set":1,"change":1,"clear":1,"unchanged":1,"refused":0},"digest":"…","entries":[
{"user":"CORP\\carol","dn":"CN=Carol,OU=Staff,DC=corp,DC=example,DC=com","dnsDomain":"corp.example.com","objectGUID":"00000000-0000-0000-0000-000000000000","before":{"root":null,"dir":null},"after":{"root":"\\\\fs01\\ftp$","dir":"carol"},"line":2},
{"user":"CORP\\alice","dn":"CN=Alice,OU=Staff,DC=corp,DC=example,DC=com","dnsDomain":"corp.example.com","objectGUID":"00000000-0000-0000-0000-000000000001","before":{"root":"\\\\fs01\\ftp$","dir":"alice"},"after":{"root":"\\\\fs01\\ftp$","dir":"alice2"},"line":3},
{"user":"CORP\\bob","dn":"CN=Bob,OU=Staff,DC=corp,DC=example,DC=com","dnsDomain":"corp.example.com","objectGUID":"00000000-0000-0000-0000-000000000002","before":{"root":"\\\\FS01/ftp$\\Teams/North","dir":"..\\bob"},"after":{"root":null,"dir":null},"line":4}
]}
`
	sum, _, _ := strings.Cut(strings.SplitN(out.String(), `"digest":"`, 2)[1], `"`)
	if got := strings.Replace(out.String(), sum, "…", 1); len(sum) != 64 || got != pinned {
		t.Errorf("got\n%s\nwant\n%s", got, pinned)
	}
	whole := out.String()
	p, err := plan.Read(strings.NewReader(whole))
	d.Plan.Entries[1].Source, d.Plan.Entries[1].ReadAt = "", time.Time{} // stay with the file, and with the day
	if err != nil || p.Edited || len(p.Entries) != 3 || p.Totals != d.Plan.Totals || p.Entries[1] != d.Plan.Entries[1] {
		t.Errorf("%+v, %v", p, err)
	}
	lines := strings.SplitAfter(whole, "\n")
	dropped, err := plan.Read(strings.NewReader(lines[0] + lines[2] + lines[3] + lines[4]))
	if err != nil || !dropped.Edited || len(dropped.Entries) != 2 || dropped.Totals.Changes() != 2 {
		t.Errorf("with a line less: %+v, %v", dropped.Totals, err)
	}
	for change, want := range map[[2]string]string{
		{`"schema":1`, `"schema":2`}:                                      "is a plan of schema 2",
		{`"line":2`, `"lime":2`}:                                          "unknown field",
		{`"dir":"carol"`, `"dir":"..\\x"`}:                                `CORP\carol: msIIS-FTPDir`,
		{`"dir":"alice2"`, `"dir":"alice"`}:                               "changes nothing",
		{`000000000001"`, `000000000000"`}:                                "another entry for this user",
		{`00000000-0000-0000-0000`, "x"}:                                  "objectGUID",
		{`"dn":"CN=Carol,OU=Staff,DC=corp,DC=example,DC=com"`, `"dn":""`}: "has no DN",
		{"]}\n", "]}\n{}"}:                                                "goes on behind its end",
		{"]}\n", ""}:                                                      "is no plan",
	} {
		if _, err := plan.Read(strings.NewReader(strings.Replace(whole, change[0], change[1], 1))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", change[1], err, want)
		}
	}
	out.Reset()
	if err := (plan.Plan{}).Write(&out); err != nil {
		t.Fatal(err)
	}
	if p, err := plan.Read(&out); err != nil || p.Edited || len(p.Entries) != 0 {
		t.Errorf("an empty plan: %+v, %v", p, err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(`{"schema":1,"entries":[{"user":"a","dn":"CN=a","objectGUID":"00000000-0000-0000-0000-000000000000","before":{"root":null,"dir":null},"after":{"root":null,"dir":"x"}}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := plan.Read(strings.NewReader(text))
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := p.Write(&out); err != nil {
			t.Fatal(err)
		}
		again, err := plan.Read(&out)
		if err != nil || again.Edited || len(again.Entries) != len(p.Entries) || again.Totals != p.Totals {
			t.Fatalf("%v, got %+v, want %+v", err, again, p)
		}
	})
}
