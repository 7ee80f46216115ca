package cli_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
)

// many is a directory with n users more, and a list that gives each of them a home.
func many(t *testing.T, n int) (w *world, server *adsim.Server, list string) {
	t.Helper()
	var people, rows strings.Builder
	rows.WriteString("user,root,dir\n")
	for i := range n {
		fmt.Fprintf(&people, "\ndn: CN=U%d,CN=Users,DC=corp,DC=example,DC=com\nobjectClass: user\nsAMAccountName: u%d\n", i, i)
		fmt.Fprintf(&rows, "u%d,\\\\fs01\\ftp$,u%d\n", i, i)
	}
	w, server = domainOf(t, seed+people.String())
	w.variables["FTPISOCTL_PASSWORD_FILE"] = file(t, "password", adaPassword+"\n")
	return w, server, file(t, "homes.csv", rows.String())
}

// Whoever changes many users is asked, and for more than 25 types how many.
func TestBulk_asksForConsent(t *testing.T) {
	for _, tt := range []struct {
		name   string
		users  int
		args   []string
		answer string
		asked  string
		code   int
		done   int
	}{
		{"few, yes", 2, nil, "y\n", "Change 2 users? [y/N] ", 0, 2},
		{"few, Yes", 2, nil, "Yes\r\n", "Change 2 users? [y/N] ", 0, 2},
		{"few, nothing", 2, nil, "\n", "Change 2 users? [y/N] ", 1, 0},
		{"few, their number", 2, nil, "2\n", "Change 2 users? [y/N] ", 1, 0},
		{"many, yes", 26, nil, "y\n", "Type 26 to change 26 users: ", 1, 0},
		{"many, their number", 26, nil, "26\n", "Type 26 to change 26 users: ", 0, 26},
		{"few, not asked", 25, []string{"--yes"}, "", "", 0, 25},
		{"many, not asked", 26, []string{"--yes"}, "", "", 0, 26},
		{"many, allowed", 26, []string{"--limit", "26"}, "", "", 0, 26},
		{"many, limited", 26, []string{"--limit", "25"}, "", "", 2, 0},
		{"many, limited whatever is said", 26, []string{"--limit", "25", "--yes"}, "", "", 2, 0},
		{"dry run", 26, []string{"--dry-run"}, "", "", 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w, server, list := many(t, tt.users)
			w.terminal = true
			w.say = func(context.Context) (string, error) { return tt.answer, nil }
			code := w.run(t, append([]string{"import", list}, tt.args...)...)
			if asked := strings.Join(w.questions, ""); code != tt.code || asked != tt.asked || server.Stats().Modifies != tt.done {
				t.Errorf("exit code %d, asked %q, %d changed:\n%s", code, asked, server.Stats().Modifies, &w.err)
			}
			if tt.asked != "" && (!strings.Contains(w.err.String(), `CORP\u0: msIIS-FTPRoot absent → "\\fs01\ftp$", msIIS-FTPDir absent → "u0"`) ||
				strings.Contains(w.err.String(), "… and 1 more") != (tt.users > 25)) {
				t.Errorf("what is asked about is told as\n%s", &w.err)
			}
		})
	}
}

func TestBulk_questionWithoutAnAnswer(t *testing.T) {
	w, server, list := many(t, 2)
	w.terminal = true
	w.say = func(context.Context) (string, error) { return "", io.EOF }
	if code := w.run(t, "import", list); code != 2 {
		t.Errorf("end of input: exit code %d: %s", code, &w.err)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	w.say = func(ctx context.Context) (string, error) {
		interrupt()
		<-ctx.Done()
		return "", ctx.Err()
	}
	if code := w.runUntil(ctx, "import", list); code != 130 {
		t.Errorf("interrupted: exit code %d: %s", code, &w.err)
	}
	w.say = func(context.Context) (string, error) { return "2", nil }
	if code := w.run(t, "import", list, "--limit", "x"); code != 2 {
		t.Errorf("a limit that is no number: exit code %d", code)
	}
	if n := server.Stats().Modifies; n != 0 {
		t.Errorf("%d changes without consent", n)
	}
}

// A plan that was looked at needs no question where it is small; clear asks as
// apply does.
func TestBulk_applyAndClearAskForMany(t *testing.T) {
	w, server, list := many(t, 30)
	plan := filepath.Join(t.TempDir(), "plan.json")
	if code := w.run(t, "plan", list, "-o", plan); code != 0 {
		t.Fatalf("%s", &w.err)
	}
	if code := w.run(t, "apply", plan); code != 2 || server.Stats().Modifies != 0 {
		t.Errorf("apply without a terminal: exit code %d: %s", code, &w.err)
	}
	w.terminal = true
	w.say = func(context.Context) (string, error) { return "30\n", nil }
	if code := w.run(t, "apply", plan); code != 0 || server.Stats().Modifies != 30 {
		t.Errorf("apply: exit code %d: %s", code, &w.err)
	}
	for i := range 30 {
		w.stdin += fmt.Sprintf("u%d\n", i)
	}
	w.say = func(context.Context) (string, error) { return "no\n", nil }
	if code := w.run(t, "clear", "-"); code != 1 || server.Stats().Modifies != 30 || len(w.questions) != 2 {
		t.Errorf("clear: exit code %d, asked %q: %s", code, w.questions, &w.err)
	}
	if code := w.run(t, "clear", "-", "--limit", "30"); code != 0 || server.Stats().Modifies != 60 {
		t.Errorf("clear: exit code %d: %s", code, &w.err)
	}
}

// import names by DN whom it has just read; undo, whose run may be old, by objectGUID.
func TestImport_namesByDN(t *testing.T) {
	w, _, list := many(t, 30)
	modifies := func() (all, byGUID int) {
		for line := range strings.Lines(w.err.String()) {
			if strings.Contains(line, "type=modify") {
				all++
				byGUID += strings.Count(line, "<GUID=")
			}
		}
		return all, byGUID
	}
	code := w.run(t, "import", list, "--yes", "--trace=ldap")
	if all, byGUID := modifies(); code != 0 || all != 30 || byGUID != 0 {
		t.Errorf("import: exit code %d, %d modifies, %d by objectGUID:\n%s", code, all, byGUID, &w.err)
	}
	code = w.run(t, "undo", "--yes", "--trace=ldap")
	if all, byGUID := modifies(); code != 0 || all != 30 || byGUID != 30 {
		t.Errorf("undo: exit code %d, %d modifies, %d by objectGUID:\n%s", code, all, byGUID, &w.err)
	}
}

// What --on-error says about a conflict in the middle.
func TestApply_onError(t *testing.T) {
	for word, want := range map[string]struct{ least, most int }{"stop": {0, 90}, "continue": {149, 149}} {
		w, server, list := many(t, 150)
		folder := t.TempDir()
		plan, left, back := filepath.Join(folder, "plan.json"), filepath.Join(folder, "left.jsonl"), filepath.Join(folder, "back.ldif")
		if code := w.run(t, "plan", list, "-o", plan); code != 0 {
			t.Fatalf("%s", &w.err)
		}
		if code := w.run(t, "set", "u7", "--dir", "theirs"); code != 0 {
			t.Fatalf("%s", &w.err)
		}
		before := server.Stats().Modifies
		code := w.run(t, "apply", plan, "--yes", "--on-error", word, "--rejects", left, "--rollback", back)
		done := strings.Count(w.out.String(), "msIIS-FTPDir") // those before it, if they have been answered, and some that were on their way
		if code != 7 || done < want.least || done > want.most {
			t.Errorf("%s: exit code %d, %d changed:\n%s", word, code, done, &w.err)
		}
		if told := w.err.String(); !strings.Contains(told, `error: line 9: CORP\u7: msIIS-FTPDir is "theirs", not absent`) {
			t.Errorf("%s: told as\n%s", word, told)
		}
		rejected, err := os.ReadFile(left)
		if err != nil || strings.Count(string(rejected), "\n") != 150-done+1 { // CSV, as the list was
			t.Errorf("%s: %v, rejected are\n%s", word, err, rejected)
		}
		rollback, err := os.ReadFile(back)
		if err != nil || strings.Count(string(rollback), "dn: ") != done || strings.Contains(string(rollback), "CN=U7,") {
			t.Errorf("%s: %v, the rollback has %d", word, err, strings.Count(string(rollback), "dn: "))
		}
		if server.Stats().Modifies == before {
			t.Error("nothing was sent")
		}
	}
	w, _, list := many(t, 1)
	if code := w.run(t, "import", list, "--on-error", "ignore"); code != 2 {
		t.Errorf("a word that is none: exit code %d", code)
	}
}

// A plan is for one domain, and for places that the configuration admits now.
func TestApply_plansOfElsewhere(t *testing.T) {
	w, server, list := many(t, 1)
	plan := filepath.Join(t.TempDir(), "plan.json")
	if code := w.run(t, "plan", list, "-o", plan); code != 0 {
		t.Fatalf("%s", &w.err)
	}
	text, err := os.ReadFile(plan)
	if err != nil {
		t.Fatal(err)
	}
	other := file(t, "other.json", strings.Replace(string(text), `"domain":"corp.example.com"`, `"domain":"other.example.com"`, 1))
	if code := w.run(t, "apply", other); code != 2 || !strings.Contains(w.err.String(), "is a plan for other.example.com, and this is corp.example.com") {
		t.Errorf("exit code %d: %s", code, &w.err)
	}
	w.variables["FTPISOCTL_CONFIG"] = file(t, "ftpisoctl.yaml", "fileServers: [{name: fs02}]\n")
	if code := w.run(t, "apply", plan); code != 2 || !strings.Contains(w.err.String(), `CORP\u0: `) {
		t.Errorf("exit code %d: %s", code, &w.err)
	}
	if n := server.Stats().Modifies; n != 0 {
		t.Errorf("%d changes", n)
	}
}

// The second of two runs at the same time neither closes the first one's intents nor
// fails.
func TestBulk_twoRunsAtATime(t *testing.T) {
	first, server, list := many(t, 10)
	server.SetFaults(adsim.Faults{Only: adsim.OpModify, Delay: 500 * time.Millisecond})
	second := &world{variables: first.variables}
	ended := make(chan int, 1)
	go func() { ended <- first.runUntil(t.Context(), "import", list, "--yes") }()
	deadline, poll := time.Now().Add(10*time.Second), time.Tick(5*time.Millisecond)
	for server.Stats().Modifies == 0 {
		if time.Now().After(deadline) {
			t.Fatal("nothing is sent")
		}
		<-poll
	}
	code := second.run(t, "set", "alice", "--dir", "x")
	if code != 0 || strings.Contains(second.err.String(), "broken off") {
		t.Errorf("exit code %d: %s", code, &second.err)
	}
	if code := <-ended; code != 0 {
		t.Errorf("exit code %d: %s", code, &first.err)
	}
	if code := first.run(t, "history", "-o", "csv", "--columns", "state,done,open", "--no-headers"); code != 0 || first.out.String() != "ended,10,0\nended,1,0\n" {
		t.Errorf("exit code %d:\n%s%s", code, &first.out, &first.err)
	}
}

// Without a place for the journal nothing is changed, and nobody is asked for a
// password.
func TestJournal_noPlace(t *testing.T) {
	w, server := domain(t)
	w.terminal = true
	delete(w.variables, "FTPISOCTL_JOURNAL")
	if os.Geteuid() != 0 {
		if code := w.run(t, "set", "alice", "--dir", "x"); code != 2 || len(w.prompts) != 0 || !strings.Contains(w.err.String(), "--journal") {
			t.Errorf("exit code %d, asked %q: %s", code, w.prompts, &w.err)
		}
	}
	w.answer = func(context.Context) (string, error) { return adaPassword, nil }
	taken := file(t, "file", "")
	if code := w.run(t, "set", "alice", "--dir", "x", "--journal", taken); code != 1 {
		t.Errorf("a file for a folder: exit code %d: %s", code, &w.err)
	}
	if n := server.Stats().Modifies; n != 0 {
		t.Errorf("%d changes without a journal", n)
	}
	w.variables["FTPISOCTL_CONFIG"] = file(t, "ftpisoctl.yaml", "journal: here\n")
	if code := w.run(t, "set", "alice", "--dir", "x"); code != 0 {
		t.Errorf("exit code %d: %s", code, &w.err)
	}
	if found, err := filepath.Glob(filepath.Join(filepath.Dir(w.variables["FTPISOCTL_CONFIG"]), "here", "*.jsonl")); err != nil || len(found) != 1 {
		t.Errorf("%v, %v", found, err)
	}
}

// What programs read about runs is a contract.
func TestHistory_keysAndColumnsArePinned(t *testing.T) {
	w, _ := domainWithPassword(t)
	if code := w.run(t, "set", "alice", "--dir", "x"); code != 0 {
		t.Fatalf("%s", &w.err)
	}
	const runs = "id time command operator bindUser domain server tool state done unchanged conflict failed notDone open undoes undoneBy problem"
	if code := w.run(t, "history", "-o", "json"); code != 0 || strings.Join(keysOf(t, w.out.String(), "runs"), " ") != runs {
		t.Errorf("exit code %d, %s", code, &w.out)
	}
	if code := w.run(t, "history", "-o", "csv"); code != 0 || !strings.HasPrefix(w.out.String(), "id,time,command,operator,done,state,undoneBy,unchanged,conflict,failed,notDone,open,undoes,bindUser,domain,server,tool,problem\n") {
		t.Errorf("exit code %d, %s", code, &w.out)
	}
	if code := w.run(t, "history", "-o", "csv", "--columns", "id", "--no-headers"); code != 0 {
		t.Fatalf("%s", &w.err)
	}
	id := strings.TrimSpace(w.out.String())
	const changes = "user dn objectGUID attribute before after result now error recovered"
	if code := w.run(t, "history", id, "-o", "json"); code != 0 || strings.Join(keysOf(t, w.out.String(), "changes"), " ") != changes {
		t.Errorf("exit code %d, %s", code, &w.out)
	}
	if code := w.run(t, "history", id, "-o", "csv"); code != 0 || !strings.HasPrefix(w.out.String(), "user,attribute,before,after,result,error,now,recovered,objectGUID,dn\nCORP\\alice,msIIS-FTPDir,alice,x,changed,,,false,") {
		t.Errorf("exit code %d, %s", code, &w.out)
	}
	if code := w.run(t, "history", id, "--columns", "operator"); code != 2 {
		t.Errorf("a column of the other list: exit code %d", code)
	}
	if code := w.run(t, "__complete", "undo", ""); code != 0 || !strings.Contains(w.out.String(), id+"\tset alice") {
		t.Errorf("exit code %d, completion is\n%s", code, &w.out)
	}
}

// Long work shows how far it is, where somebody watches.
func TestBulk_showsProgress(t *testing.T) {
	w, _, list := many(t, 60)
	w.terminal, w.clock = true, 50*time.Millisecond
	if code := w.run(t, "import", list, "--yes"); code != 0 {
		t.Fatalf("%s", &w.err)
	}
	told := w.err.String()
	for _, want := range []string{"\rplanning: ", " of 60 users, ", "\rchanging: ", "s left"} {
		if !strings.Contains(told, want) {
			t.Errorf("%q is not in %q", want, told)
		}
	}
	if !strings.Contains(told, "60 changed; ftpisoctl undo 20") {
		t.Errorf("the end is %q", told[max(0, len(told)-200):])
	}
	if code := w.run(t, "undo", "--yes", "--quiet"); code != 0 || w.err.Len() != 0 {
		t.Errorf("quiet: exit code %d, %q", code, &w.err)
	}
}

// A file of a size that nobody means is refused before it is in memory.
func TestImport_hugeLine(t *testing.T) {
	w, server := domainWithPassword(t)
	w.input = io.MultiReader(strings.NewReader("user,dir\nalice,"), &zeroes{left: 1 << 30})
	if code := w.run(t, "import", "-", "--yes"); code != 2 || !strings.Contains(w.err.String(), "error: read -: line 2: is longer than 1024 KiB") {
		t.Errorf("exit code %d: %s", code, &w.err)
	}
	if server.Stats().Connections != 0 {
		t.Error("somebody was asked")
	}
	rows := "user,dir\n" + strings.Repeat("alice,x\n", 55_554) + "bob,\"x\n" + strings.Repeat("alice,x\n", 44_445)
	w.input = strings.NewReader(rows)
	if code := w.run(t, "import", "-", "--yes"); code != 2 || !strings.HasPrefix(w.err.String(), "error: line 55556: field 2 begins with a quote") ||
		!strings.Contains(w.err.String(), "error: 1 of 100000 users cannot be taken, so nothing is written") || server.Stats().Connections != 0 {
		t.Errorf("exit code %d: %s", code, &w.err)
	}
}

// zeroes is a file full of the digit.
type zeroes struct{ left int }

func (z *zeroes) Read(p []byte) (int, error) {
	if z.left == 0 {
		return 0, io.EOF
	}
	n := min(len(p), z.left)
	for i := range p[:n] {
		p[i] = '0'
	}
	z.left -= n
	return n, nil
}
