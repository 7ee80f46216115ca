//go:build lab

package lab_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
	"github.com/ftpisoctl/ftpisoctl/internal/lab/crowds"
)

// bulkUsers is how many users one list has.
const bulkUsers = 2000

// list writes a CSV that gives every user of the crowd the home generation/name.
func list(t *testing.T, generation string) string {
	t.Helper()
	var text strings.Builder
	text.WriteString("user,root,dir\n")
	for i := range bulkUsers {
		fmt.Fprintf(&text, "%s,\\\\fs01.corp.example.com\\%s$,%s\\%s\n", crowds.Name(i), generation, generation, crowds.Name(i))
	}
	path := filepath.Join(t.TempDir(), generation+".csv")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// changes is the same for some users as LDIF, as a person would write it for ldapmodify.
func changes(generation string, users int) string {
	var text strings.Builder
	for i := range users {
		fmt.Fprintf(&text, "dn: %s\nchangetype: modify\nreplace: msIIS-FTPRoot\nmsIIS-FTPRoot: \\\\fs01.corp.example.com\\%s$\n-\nreplace: msIIS-FTPDir\nmsIIS-FTPDir: %[2]s\\%[3]s\n-\n\n",
			crowds.DN(i), generation, crowds.Name(i))
	}
	return text.String()
}

// imported runs import and returns how long it took.
func imported(t *testing.T, env, connection []string, path, totals string) time.Duration {
	t.Helper()
	got := execute(t, env, program(t), append([]string{"import", path, "--yes"}, connection...)...)
	if got.code != 0 || !strings.Contains(got.stderr, totals) {
		t.Fatalf("import: %.500s", got)
	}
	return got.took
}

// A list of 2,000 users is imported as fast as ldapmodify makes the same changes,
// which compares nothing and remembers nothing; and imported again it writes nothing,
// in no time.
func TestImport_isAsFastAsLdapmodify(t *testing.T) {
	crowds.Make(t, bulkUsers)
	env := environment(t)
	server := "ldaps://" + lab.DC
	var path string
	imported(t, env, ldaps(lab.FTPAdmin), list(t, "start"), "0 refused") // so that both change what is there
	rounds := 0
	crowds.Hold(t, "import, ldapmodify", 1.1, func(i int) crowds.Race {
		rounds++
		theirs := crowds.Rival{Server: server, As: lab.FTPAdmin}.Modify(t, changes(fmt.Sprintf("a%d", i), bulkUsers))
		path = list(t, fmt.Sprintf("b%d", i))
		return crowds.Race{Ours: imported(t, env, ldaps(lab.FTPAdmin), path, "2000 to change"), Theirs: theirs}
	})
	again := time.Hour
	for i := 0; i < 3 && again > 2*time.Second; i++ { // the machine may be busy
		again = min(again, imported(t, env, ldaps(lab.FTPAdmin), path, "0 to set, 0 to change, 0 to clear, 2000 unchanged, 0 refused"))
		t.Logf("again: %v", again)
	}
	if again > 2*time.Second {
		t.Errorf("the same import again takes %v", again)
	}
	runs := execute(t, env, program(t), "history", "-o", "csv", "--columns", "done", "--no-headers")
	if want := strings.Repeat("2000\n", rounds+1); runs.stdout != want {
		t.Errorf("the journal has %s", runs)
	}
}

// Where the domain controller is far away nobody waits for every single answer.
func TestImport_farAway(t *testing.T) {
	crowds.Make(t, bulkUsers)
	server := "ldaps://" + lab.DC + ":" + crowds.Delay(t, lab.DCAddr+":636", 20*time.Millisecond)
	crowds.Hold(t, "import far away, ldapmodify", 0.2, func(i int) crowds.Race {
		theirs := 10 * crowds.Rival{Server: server, As: lab.FTPAdmin}.Modify(t, changes(fmt.Sprintf("c%d", i), bulkUsers/10)) // it takes ten times as long for all of them
		return crowds.Race{Ours: imported(t, environment(t), over(server, lab.FTPAdmin), list(t, fmt.Sprintf("d%d", i)), "0 refused"), Theirs: theirs}
	})
}

// What was imported is undone in a real directory, too, as fast.
func TestUndo_many(t *testing.T) {
	crowds.Make(t, bulkUsers)
	env := environment(t)
	before := execute(t, env, program(t), append([]string{"export", "--all", "--ou", crowds.OU}, ldaps(lab.FTPAdmin)...)...)
	imported(t, env, ldaps(lab.FTPAdmin), list(t, "e"), "0 refused")
	undone := execute(t, env, program(t), append([]string{"undo", "--yes", "-q"}, ldaps(lab.FTPAdmin)...)...)
	after := execute(t, env, program(t), append([]string{"export", "--all", "--ou", crowds.OU}, ldaps(lab.FTPAdmin)...)...)
	if undone.code != 0 || before.code != 0 || before.stdout != after.stdout || strings.Count(before.stdout, "\n") <= bulkUsers {
		t.Errorf("undo: %.500s; %d lines before, %d after", undone, strings.Count(before.stdout, "\n"), strings.Count(after.stdout, "\n"))
	}
	t.Logf("undo of %d users: %v", bulkUsers, undone.took)
}
