//go:build !embedded

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/adsim/adsimtest"
)

// crowd is how many users a plan has that is killed.
const crowd = 400

// kills is how often apply is killed, at points spread over the time that it takes.
// Programs start slowly under Wine, and all of them are slow under the race detector,
// beside which the ring "unit" runs this test once without it.
func kills() int {
	switch {
	case raced:
		return 2
	case runtime.GOOS == "windows":
		return 6
	}
	return 20
}

// killable is a directory with many users, and the program as a process of its own.
type killable struct {
	server *adsim.Server
	env    []string
	dir    string
}

func newKillable(t *testing.T) *killable {
	t.Helper()
	seed, err := os.ReadFile(filepath.Join("testdata", "corp.ldif"))
	if err != nil {
		t.Fatal(err)
	}
	k := &killable{dir: t.TempDir()}
	var list strings.Builder
	list.WriteString("user,root,dir,action\n")
	for i := range crowd {
		seed = fmt.Appendf(seed, "\n\ndn: CN=U%d,OU=Staff,DC=corp,DC=example,DC=com\nobjectClass: user\nsAMAccountName: u%d\n", i, i)
		switch i % 3 {
		case 0: // has none yet
			fmt.Fprintf(&list, "u%d,\\\\fs02\\ftp$,d%d,\n", i, i)
		case 1: // changes one
			seed = fmt.Appendf(seed, "msIIS-FTPRoot: \\\\fs01\\ftp$\nmsIIS-FTPDir: u%d\n", i)
			fmt.Fprintf(&list, "u%d,,d%d,\n", i, i)
		case 2: // loses both, of which one nobody could set
			seed = fmt.Appendf(seed, "msIIS-FTPRoot: \\\\fs01\\ftp$\nmsIIS-FTPDir: ..\\u%d\n", i)
			fmt.Fprintf(&list, "u%d,,,clear\n", i)
		}
	}
	k.file(t, "homes.csv", list.String())
	served := adsimtest.Start(t, adsim.Config{Domain: "corp.example.com", NetBIOS: "CORP", Seed: bytes.NewReader(seed)})
	k.server = served.Server
	k.file(t, "password", "Adm1n-Pa55!\n")
	k.env = []string{
		"PATH=" + os.Getenv("PATH"), "FTPISOCTL_SERVER=" + served.URL, "FTPISOCTL_ALLOW_PLAINTEXT=true",
		`FTPISOCTL_BIND_USER=CORP\ada`, "FTPISOCTL_PASSWORD_FILE=" + filepath.Join(k.dir, "password"), "FTPISOCTL_JOURNAL=" + filepath.Join(k.dir, "journal"),
	}
	return k
}

func (k *killable) file(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(k.dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// command is the program with arguments, not started yet.
func (k *killable) command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	path, err := exec.LookPath("ftpisoctl")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Env, cmd.Dir = k.env, k.dir
	return cmd
}

func (k *killable) run(t *testing.T, args ...string) string {
	t.Helper()
	cmd := k.command(t, args...)
	var out, told bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &told
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", args, err, &told)
	}
	return out.String()
}

// homes is what the directory has, by user.
func (k *killable) homes(t *testing.T) string {
	t.Helper()
	return k.run(t, "export", "--all", "--format", "jsonl", "--filter", "(sAMAccountName=u*)")
}

// recorded is a change as history shows it.
type recorded struct {
	User, Attribute, Result string
	Before, After           *string
}

// agree holds the journal of all runs together to the directory: the last thing that
// was done to an attribute is what it has.
func (k *killable) agree(t *testing.T, before string) {
	t.Helper()
	want := map[string]string{}
	read := func(homes string, into map[string]string) {
		for line := range strings.Lines(homes) {
			var u struct {
				User      string
				Root, Dir *string
			}
			if err := json.Unmarshal([]byte(line), &u); err != nil {
				t.Fatal(err)
			}
			into[u.User+" msIIS-FTPRoot"], into[u.User+" msIIS-FTPDir"] = text(u.Root), text(u.Dir)
		}
	}
	read(before, want)
	var runs struct {
		Runs []struct{ ID, State string }
	}
	if err := json.Unmarshal([]byte(k.run(t, "history", "--settle", "-o", "json")), &runs); err != nil {
		t.Fatal(err)
	}
	for _, run := range runs.Runs {
		var changes struct{ Changes []recorded }
		if err := json.Unmarshal([]byte(k.run(t, "history", run.ID, "-o", "json")), &changes); err != nil {
			t.Fatal(err)
		}
		if run.State != "ended" {
			t.Errorf("run %s is %s after it was settled", run.ID, run.State)
		}
		for _, c := range changes.Changes {
			switch c.Result {
			case "changed", "unchanged":
				want[c.User+" "+c.Attribute] = text(c.After)
			case "not done":
			default:
				t.Errorf("%s of %s: %s", c.Attribute, c.User, c.Result)
			}
		}
	}
	got := map[string]string{}
	read(k.homes(t), got)
	wrong := 0
	for key, value := range got {
		if want[key] != value {
			if wrong++; wrong < 5 {
				t.Errorf("%s is %q in the directory and %q in the journal", key, value, want[key])
			}
		}
	}
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// Killed anywhere, apply leaves a journal that agrees with the directory as soon as
// somebody looks; applied again it finishes; and undone, run by run, all is as it was.
func TestApply_killed(t *testing.T) {
	k := newKillable(t)
	before := k.homes(t)
	k.run(t, "plan", "homes.csv", "-o", "plan.json")
	k.server.SetFaults(adsim.Faults{Only: adsim.OpModify, Delay: time.Millisecond})
	k.run(t, "apply", "plan.json", "--yes")
	after := k.homes(t)
	k.run(t, "undo", "--yes")
	if k.homes(t) != before {
		t.Fatal("what was applied whole is not undone")
	}
	reached := 0
	for i := range kills() {
		if err := os.RemoveAll(filepath.Join(k.dir, "journal")); err != nil {
			t.Fatal(err)
		}
		at := (i*crowd + rand.IntN(crowd)) / kills() // somewhere in the i-th part of the changes
		k.kill(t, at, "apply", "plan.json", "--yes")
		k.agree(t, before)
		if k.homes(t) != before {
			reached++
		}
		if i%2 == 0 { // finish, then take both runs back
			k.run(t, "apply", "plan.json", "--yes")
			if k.homes(t) != after {
				t.Fatalf("killed after %d changes and applied again: not finished", at)
			}
			k.agree(t, before)
		}
		k.undoAll(t)
		if k.homes(t) != before {
			t.Fatalf("killed after %d changes: not undone", at)
		}
	}
	t.Logf("%d of %d kills came after the first change", reached, kills())
	if reached == 0 {
		t.Error("no kill came after the first change")
	}
}

// kill runs the program and kills it when the directory has been asked for so many
// changes, unless it has ended by then.
func (k *killable) kill(t *testing.T, changes int, args ...string) {
	t.Helper()
	cmd := k.command(t, args...)
	changes += k.server.Stats().Modifies
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for {
		select {
		case err := <-ended:
			if err != nil {
				t.Fatalf("it ended by itself: %v", err)
			}
			return
		case <-look.C:
		}
		if k.server.Stats().Modifies >= changes {
			_ = cmd.Process.Kill() // it may have ended just now
			<-ended
			return
		}
	}
}

// undoAll takes back every run that changed something, the latest first.
func (k *killable) undoAll(t *testing.T) {
	t.Helper()
	ids := strings.Fields(k.run(t, "history", "-o", "template={{.id}}", "--sort", "-time"))
	for _, id := range ids {
		k.run(t, "undo", id, "--yes")
	}
}
