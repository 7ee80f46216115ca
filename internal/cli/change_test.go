package cli_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
)

// Two administrators change one home at the same time: exactly one of them
// succeeds, and the other is told.
func TestSet_ofTwoAtATimeOneIsAConflict(t *testing.T) {
	first, server := domainWithPassword(t)
	second := &world{variables: first.variables}
	server.SetFaults(adsim.Faults{Only: adsim.OpModify, Delay: time.Second}) // both have looked before either writes
	codes := make(chan int, 2)
	for i, w := range []*world{first, second} {
		go func() { codes <- w.runUntil(t.Context(), "set", "alice", "--dir", fmt.Sprintf("new%d", i)) }()
	}
	got := []int{<-codes, <-codes}
	slices.Sort(got)
	if !slices.Equal(got, []int{0, 7}) {
		t.Fatalf("exit codes are %v, want 0 and 7:\n%s%s", got, &first.err, &second.err)
	}
	if told := first.err.String() + second.err.String(); strings.Count(told, "hint: ") != 1 {
		t.Errorf("the loser is told\n%s", told)
	}
}

// --force is for those who know; it still keeps to the rules of values.
func TestSet_forceSkipsTheComparisonNotTheRules(t *testing.T) {
	w, server := domainWithPassword(t)
	if code := w.run(t, "set", "alice", "--dir", "x", "--force"); code != 0 || server.Stats().Modifies != 1 {
		t.Errorf("exit code %d: %s", code, &w.err)
	}
	if code := w.run(t, "set", "alice", "--dir", "..", "--force"); code != 2 || server.Stats().Modifies != 1 {
		t.Errorf("exit code %d: %s", code, &w.err)
	}
}

// The directory takes changes and says nothing any more. That is told once, not for
// each of them, and the journal learns what became of them as soon as somebody
// answers.
func TestClear_directoryGoesAwayOnTheWay(t *testing.T) {
	w, server := domainWithPassword(t)
	server.SetFaults(adsim.Faults{Only: adsim.OpModify, Lose: true})
	if code := w.run(t, "clear", "alice", "bob", "--timeout", "2s"); code != 5 {
		t.Errorf("exit code %d, want 5:\n%s", code, &w.err)
	}
	if told := w.err.String(); strings.Count(told, "error: change") != 1 || !strings.Contains(told, "was broken off; its ") {
		t.Errorf("what failed is told as\n%s", told)
	}
	server.SetFaults(adsim.Faults{})
	if code := w.run(t, "history", "-o", "json"); code != 0 || !strings.Contains(w.out.String(), `"state":"ended"`) {
		t.Errorf("exit code %d:\n%s%s", code, &w.out, &w.err)
	}
}

// An interruption while changes are on their way waits for their answers, for a
// time; what nobody has answered is said to be open, and is looked at later.
func TestChange_interruptedOnItsWay(t *testing.T) {
	const unknown = "whether 1 change was made is not known; the next command that writes, and history --settle, will look\n"
	for _, tt := range []struct {
		name  string
		delay time.Duration
		args  []string
		want  string
	}{
		{"answered", time.Second, []string{"clear", "alice", "bob", "alice"}, "users done: 2, failed: 0, not tried: 0\ninterrupted\n"},
		{"answered, one", time.Second, []string{"clear", "bob"}, "interrupted\n"},
		{"not answered", time.Minute, []string{"set", "bob", "--dir", "x", "--timeout", "1s"}, unknown + "interrupted\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w, server := domainWithPassword(t)
			ctx, interrupt := context.WithCancel(t.Context())
			before := server.Stats().Modifies
			server.SetFaults(adsim.Faults{Only: adsim.OpModify, Delay: tt.delay})
			code := make(chan int, 1)
			go func() { code <- w.runUntil(ctx, tt.args...) }()
			deadline, poll := time.Now().Add(10*time.Second), time.Tick(5*time.Millisecond)
			for server.Stats().Modifies == before { // requests are counted when they arrive
				if time.Now().After(deadline) {
					t.Fatal("nothing is sent")
				}
				<-poll
			}
			interrupt()
			if got := <-code; got != 130 || w.err.String() != tt.want {
				t.Errorf("exit code %d, want 130:\n%s\nwant\n%s", got, &w.err, tt.want)
			}
			server.SetFaults(adsim.Faults{})
			showsOpen(t, w, strings.HasPrefix(tt.want, unknown))
		})
	}
}

// showsOpen holds the history to saying that a change is open, and how to settle it,
// until that is done.
func showsOpen(t *testing.T, w *world, open bool) {
	t.Helper()
	const settles = "history --settle"
	tell := func(want bool, word string, args ...string) {
		t.Helper()
		code := w.run(t, append([]string{"history", "--no-headers"}, args...)...)
		told := strings.Contains(w.err.String(), settles) && strings.Contains(w.err.String(), "1 change is open")
		if code != 0 || told != want || !strings.HasPrefix(w.out.String(), word+"\n") {
			t.Errorf("history %q: exit code %d, %q, %q", args, code, &w.out, &w.err)
		}
	}
	state, result := "ended", "changed"
	if open {
		state, result = "open", "open"
	}
	tell(open, state, "--columns", "state")
	w.run(t, "history", "-o", "name")
	id := strings.TrimSpace(w.out.String())
	tell(open, result, id, "--columns", "result")
	tell(false, "ended", "--settle", "--columns", "state")
}

// keysOf returns the keys of the first object in the list of a JSON output, in
// order.
func keysOf(t *testing.T, text, list string) []string {
	t.Helper()
	var whole map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &whole); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if string(whole["schema"]) != "1" {
		t.Errorf("schema is %s", whole["schema"])
	}
	var records []json.RawMessage
	if err := json.Unmarshal(whole[list], &records); err != nil || len(records) == 0 {
		t.Fatalf("%q: %v in\n%s", list, err, text)
	}
	var keys []string
	decoder := json.NewDecoder(strings.NewReader(string(records[0])))
	for depth, key := 0, true; ; {
		token, err := decoder.Token()
		if err != nil {
			return keys
		}
		switch token := token.(type) {
		case json.Delim:
			depth++
		case string:
			if key && depth == 1 {
				keys = append(keys, token)
			}
			key = !key
		default:
			key = true
		}
	}
}

// What programs read is a contract: keys and columns are added at the end or not
// at all.
func TestOutput_keysAndColumnsArePinned(t *testing.T) {
	w, _ := domainWithPassword(t)
	homes := t.TempDir()
	if err := os.Mkdir(filepath.Join(homes, "alice"), 0o700); err != nil {
		t.Fatal(err)
	}
	w.variables["FTPISOCTL_CONFIG"] = file(t, "ftpisoctl.yaml", `pathMap: [{from: '\\fs01\ftp$', to: '`+homes+`'}]`)
	const (
		user    = "user sAMAccountName userPrincipalName dn sid objectGUID root dir home problem account"
		replica = "user dn objectGUID server root dir state"
		change  = "user dn objectGUID attribute before after result"
	)
	for _, tt := range []struct {
		args             []string
		list, keys, head string
	}{
		{[]string{"get", "alice"}, "users", user, "user,root,dir,account,problem,home,userPrincipalName,sid,objectGUID,dn,sAMAccountName"},
		{[]string{"list"}, "users", user, "user,root,dir,account,problem,home,userPrincipalName,sid,objectGUID,dn,sAMAccountName"},
		{[]string{"set", "alice", "--dir", "x", "--dry-run"}, "changes", change, "user,attribute,before,after,result,objectGUID,dn"},
		{[]string{"clear", "alice", "--dry-run"}, "changes", change, "user,attribute,before,after,result,objectGUID,dn"},
		{[]string{"get", "alice", "--all-dcs"}, "replicas", replica, "user,server,root,dir,state,objectGUID,dn"},
		{[]string{"list", "--all-dcs"}, "replicas", replica, "user,server,root,dir,state,objectGUID,dn"},
		{[]string{"config", "show", "--origin"}, "settings", "key value origin", "key,value,origin"},
		{[]string{"shares", "check", "alice"}, "steps", "step ok detail win32 took user home result", "step,result,detail,took,win32,user,home"},
	} {
		if code := w.run(t, append(tt.args, "-o", "json")...); code != 0 {
			t.Fatalf("%s: %s", tt.args, &w.err)
		}
		if got := strings.Join(keysOf(t, w.out.String(), tt.list), " "); got != tt.keys {
			t.Errorf("%s: keys are\n%s, want\n%s", tt.args, got, tt.keys)
		}
		if code := w.run(t, append(tt.args, "-o", "csv")...); code != 0 {
			t.Fatalf("%s: %s", tt.args, &w.err)
		}
		head, _, _ := strings.Cut(w.out.String(), "\n")
		if head != tt.head {
			t.Errorf("%s: columns are\n%s, want\n%s", tt.args, head, tt.head)
		}
		// Each column is a key, so that --columns means the same in all forms.
		for _, title := range strings.Split(head, ",") {
			if !slices.Contains(strings.Fields(tt.keys), title) {
				t.Errorf("%s: the column %s is no key", tt.args, title)
			}
		}
	}
}

// A value that would run in a spreadsheet is disarmed in CSV, exact in JSON.
func TestOutput_formulasAreDisarmed(t *testing.T) {
	w, _ := domainWithPassword(t)
	if code := w.run(t, "set", "alice", "--dir", "=1+1", "-o", "csv"); code != 0 || !strings.Contains(w.out.String(), ",'=1+1,") {
		t.Errorf("exit code %d:\n%s%s", code, &w.out, &w.err)
	}
	if code := w.run(t, "get", "alice", "-o", "json"); code != 0 || !strings.Contains(w.out.String(), `"dir":"=1+1"`) {
		t.Errorf("exit code %d:\n%s%s", code, &w.out, &w.err)
	}
}
