package prepare_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/prepare"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func TestLook_findsWhatIsMissing(t *testing.T) {
	w := newWorld(t)
	w.mkdir(t, "alice")
	p := w.look(t, prepare.Options{}, user("alice", "alice"), user("bob", "bob"), user("carol", `teams\north\carol`), user("dave", `teams\north\dave`), user("erin", `bob\erin`))
	equal(t, "plan", w.said(p),
		`keep alice for CORP\alice`, `make bob for CORP\bob`, `make parent teams for CORP\carol`,
		`make bob/erin for CORP\erin`, `make parent teams/north for CORP\carol`, `make teams/north/carol for CORP\carol`, `make teams/north/dave for CORP\dave`)
	if want := (prepare.Totals{Make: 4, Above: 2, Keep: 1}); p.Totals != want || len(p.Changes()) != 6 {
		t.Errorf("got %+v, want %+v", p.Totals, want)
	}
	equal(t, "the disk after a look", w.tree(t), "alice")
}

func TestLook_refuses(t *testing.T) {
	w := newWorld(t)
	w.mkdir(t, "real")
	if err := os.WriteFile(filepath.Join(w.folder, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	nothing := user("nothing", "")
	nothing.Root = ""
	elsewhere := user("elsewhere", "x")
	elsewhere.Root = `\\rogue.example.net\x`
	p := w.look(t, prepare.Options{},
		user("file", "file"), user("below", `file\home`), user("first", "SAME"), user("second", "same"), nothing, elsewhere)
	got := map[string]error{}
	for _, r := range p.Refused {
		got[r.User] = r.Err
	}
	for who, want := range map[string]error{`CORP\file`: winerr.Directory, `CORP\below`: winerr.Directory, `CORP\elsewhere`: winerr.AccessDenied} {
		if !errors.Is(got[who], want) {
			t.Errorf("%s: got %v, want %v", who, got[who], want)
		}
	}
	if got[`CORP\nothing`] == nil {
		t.Error("a user without values is not refused")
	}
	// Whether two spellings are one directory is for the file system to say.
	if second := got[`CORP\second`]; (second != nil) != foldsCase() {
		t.Errorf("two users of one home: %v", second)
	}
	var refused *shares.NotAllowedError
	if !errors.As(got[`CORP\elsewhere`], &refused) {
		t.Errorf("a server that is not listed: %v", got[`CORP\elsewhere`])
	}
}

func TestLook_oneHomeForTwoUsers(t *testing.T) {
	w := newWorld(t)
	p := w.look(t, prepare.Options{}, user("first", "shared"), user("second", `.\shared`), user("first", "shared"))
	if len(p.Refused) != 1 || p.Refused[0].User != `CORP\second` || p.Totals.Make != 1 {
		t.Errorf("got %+v", p)
	}
}

func TestLook_rootIsMissing(t *testing.T) {
	from, _ := homedir.ParseLocation(share)
	gone, _ := homedir.ParseLocation(filepath.Join(t.TempDir(), "gone"))
	w := newWorld(t)
	w.opener = shares.NewOpener(shares.Policy{PathMap: []shares.Mapping{{From: from, To: gone}}})
	p := w.look(t, prepare.Options{}, user("alice", "alice"))
	if len(p.Refused) != 1 || len(p.Entries) != 0 || winerr.Of(p.Refused[0].Err) == 0 {
		t.Errorf("got %+v", p)
	}
}

func TestLook_endsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	template, _ := prepare.ParseTemplate(prepare.Private)
	_, err := prepare.Look(ctx, newWorld(t).sites(t), slices.Values([]ldapUser{user("alice", "alice")}), prepare.Options{Template: template})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestApply_makesAndIsRunAgain(t *testing.T) {
	w := newWorld(t)
	p := w.look(t, prepare.Options{}, user("alice", "alice"), user("carol", `teams\carol`))
	want := []string{"make alice: done", "make parent teams: done", "make teams/carol: done"}
	said, _ := w.apply(t, p)
	equal(t, "first", said, want...)
	equal(t, "the disk", w.tree(t), "alice", "teams", "teams/carol")
	said, id := w.apply(t, p)
	for i := range want {
		want[i] = strings.Replace(want[i], "done", "unchanged", 1)
	}
	equal(t, "the same plan again", said, want...)
	equal(t, "a plan of what is left", w.said(prepare.Plan{Entries: w.look(t, prepare.Options{}, user("alice", "alice")).Changes()}))
	if undo := w.undo(t, id); len(undo.Entries) != 0 {
		t.Errorf("a run that has made nothing is taken back: %v", w.said(undo))
	}
}

func TestUndo_removesWhatIsEmptyAndOurs(t *testing.T) {
	w := newWorld(t)
	w.mkdir(t, "before")
	_, id := w.apply(t, w.look(t, prepare.Options{},
		user("alice", "alice"), user("bob", "bob"), user("carol", `teams\carol`), user("dave", "dave"), user("before", "before")))
	w.mkdir(t, "bob/kept")
	// Another directory of the same name is not the one that was made. The new one comes
	// first, so that it is not given the old one's number.
	replaced := filepath.Join(w.folder, "dave")
	w.mkdir(t, "new")
	if err := errors.Join(os.Remove(replaced), os.Rename(filepath.Join(w.folder, "new"), replaced)); err != nil {
		t.Fatal(err)
	}
	said, undo := w.apply(t, w.undo(t, id))
	equal(t, "undo", said, "remove teams/carol: done", "remove alice: done", "remove bob: conflict", "remove dave: conflict", "remove teams: done")
	equal(t, "the disk", w.tree(t), "before", "bob", "bob/kept", "dave")
	again, _ := w.apply(t, w.undo(t, undo))
	equal(t, "undo of undo", again, "make alice: done", "make teams: done", "make teams/carol: done")
	h, err := w.store.Read(undo)
	if err != nil || h.Header.Undoes != id || h.Counts.Conflict != 2 {
		t.Errorf("got %+v, %v", h.Header, err)
	}
}

// A run that was killed between its intents and their outcomes is settled by what
// stands there. Who has made a directory without a list of its own, nobody can tell.
func TestSettle_looksAgain(t *testing.T) {
	w := newWorld(t)
	p := w.look(t, prepare.Options{}, user("alice", "alice"), user("bob", "bob"), user("carol", "carol"))
	run, err := w.store.Begin(journal.Header{Command: "killed", Domain: "corp.example.com", Kind: journal.Folders})
	if err != nil {
		t.Fatal(err)
	}
	var intents []journal.Entry
	for _, e := range p.Entries {
		intents = append(intents, e.Entry)
	}
	if _, err := run.Intend(intents); err != nil {
		t.Fatal(err)
	}
	if err := run.Leave(); err != nil {
		t.Fatal(err)
	}
	w.mkdir(t, "alice")
	if err := os.WriteFile(filepath.Join(w.folder, "bob"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	runs, err := w.store.Abandoned(journal.Folders)
	if err != nil || len(runs) != 1 {
		t.Fatalf("%v, %v", runs, err)
	}
	settled, err := prepare.Settle(t.Context(), w.sites(t), runs, w.store)
	if err != nil || len(settled) != 1 || settled[0].Looked != 3 {
		t.Fatalf("%+v, %v", settled, err)
	}
	if want := (journal.Counts{Intended: 3, Unchanged: 1, Conflict: 1, NotDone: 1}); settled[0].Counts != want {
		t.Errorf("got %+v, want %+v", settled[0].Counts, want)
	}
	if left, err := w.store.Abandoned(journal.Folders); err != nil || len(left) != 0 {
		t.Errorf("%v, %v", left, err)
	}
}

// A place that the configuration does not admit any more is not entered: the run waits.
func TestSettle_outOfReach(t *testing.T) {
	w := newWorld(t)
	p := w.look(t, prepare.Options{}, user("alice", "alice"))
	run, err := w.store.Begin(journal.Header{Command: "killed", Domain: "corp.example.com", Kind: journal.Folders})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := run.Intend([]journal.Entry{p.Entries[0].Entry}); err != nil {
		t.Fatal(err)
	}
	if err := run.Leave(); err != nil {
		t.Fatal(err)
	}
	w.opener = shares.NewOpener(shares.Policy{})
	runs, err := w.store.Abandoned(journal.Folders)
	if err != nil {
		t.Fatal(err)
	}
	if settled, err := prepare.Settle(t.Context(), w.sites(t), runs, w.store); err == nil || len(settled) != 0 {
		t.Errorf("got %+v, %v", settled, err)
	}
	if left, err := w.store.Abandoned(journal.Folders); err != nil || len(left) != 1 || len(left[0].Unsettled()) != 1 {
		t.Errorf("got %v, %v", left, err)
	} else if err := left[0].Leave(); err != nil {
		t.Error(err)
	}
}

func TestApply_stopsAfterAFailure(t *testing.T) {
	w := newWorld(t)
	p := w.look(t, prepare.Options{}, user("alice", "alice"), user("carol", `teams\carol`))
	if err := os.WriteFile(filepath.Join(w.folder, "alice"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	run, err := w.store.Begin(journal.Header{Kind: journal.Folders})
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	engine := prepare.Engine{Sites: w.sites(t), Run: run, Each: func(r prepare.Result) { said = append(said, string(r.State)) }}
	if err := engine.Apply(t.Context(), p.Changes()); err != nil {
		t.Error(err)
	}
	equal(t, "states", said, "conflict", "done", "not done")
	if err := run.End(); err != nil {
		t.Error(err)
	}
}
