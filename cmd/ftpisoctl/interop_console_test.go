//go:build embedded && unix

package main_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// folders are those of sums, parents first.
func folders(sums map[string]string) []string {
	var found []string
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		if sums[name] == "folder" {
			found = append(found, name)
		}
	}
	return found
}

// tnftpWord is one argument of tnftp.
func tnftpWord(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

// tnftp has no recursion, so each step is typed; its listings are compared with what
// was stored.
func tnftpJourney(t *testing.T, j *journey) {
	l, err := packed()
	if err != nil {
		t.Fatal(err)
	}
	host, port := splitAddress(t, j.ftp)
	user, password, _ := strings.Cut(alice, ":")
	var b strings.Builder
	say := func(verb string, words ...string) {
		b.WriteString(verb)
		for _, word := range words {
			b.WriteString(" " + tnftpWord(word))
		}
		b.WriteString("\n")
	}
	say("open", host, port)
	say("user", user, password)
	b.WriteString("binary\nglob\nprompt\n") // switches both off
	say("cd", j.dir)
	say("mkdir", "copy")
	for _, name := range folders(l.sums) {
		say("mkdir", "copy/"+name)
	}
	for _, name := range files(t) {
		say("put", filepath.Join(j.up, "copy", name), "copy/"+name)
	}
	say("restart", fmt.Sprint(bigSize/2+1))
	say("put", filepath.Join(j.up, "copy", "big.bin"), "half.bin")
	listings := t.TempDir()
	for i, name := range append([]string{""}, folders(l.sums)...) {
		if err := os.MkdirAll(filepath.Join(j.down, "copy", name), 0o700); err != nil {
			t.Fatal(err)
		}
		say("cd", j.dir+"/copy/"+name)
		say("nlist", "-a", filepath.Join(listings, fmt.Sprint(i)))
	}
	say("cd", j.dir)
	for _, name := range files(t) {
		say("get", "copy/"+name, filepath.Join(j.down, "copy", name))
	}
	say("reget", "half.bin", filepath.Join(j.down, "half.bin"))
	say("rename", "copy/old name.txt", "copy/new name.txt")
	say("delete", "copy/doomed.txt")
	say("mkdir", "made folder")
	say("rmdir", "made folder")
	say("mkdir", "kept folder")
	b.WriteString("bye\n")

	out, code := runWith(t, b.String(), nil, "tnftp", "-n", "-v", map[bool]string{true: "-p", false: "-A"}[j.passive])
	if code != 0 {
		t.Fatalf("exit %d\n%s", code, out)
	}
	for _, line := range regexp.MustCompile(`(?m)^[45]\d\d[ -].*$`).FindAllString(out, -1) {
		if !strings.Contains(line, " bytes ") { // which tells how much has been moved
			t.Errorf("refused: %s", line)
		}
	}
	for i, folder := range append([]string{""}, folders(l.sums)...) {
		text, err := os.ReadFile(filepath.Join(listings, fmt.Sprint(i)))
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for name := range l.sums {
			if filepath.Dir(name) == filepath.Clean(folder) {
				want = append(want, filepath.Base(name))
			}
		}
		got := strings.Split(strings.TrimSpace(strings.ReplaceAll(string(text), "\r", "")), "\n")
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("names in %q: got %q, want %q", folder, got, want)
		}
	}
}

// ncftp's commands are one for each kind of transfer.
func ncftpJourney(t *testing.T, j *journey) {
	host, port := splitAddress(t, j.ftp)
	user, password, _ := strings.Cut(alice, ":")
	login := filepath.Join(t.TempDir(), "login.cfg")
	if err := os.WriteFile(login, fmt.Appendf(nil, "host %s\nuser %s\npass %s\n", host, user, password), 0o600); err != nil {
		t.Fatal(err)
	}
	ncftp := func(name string, args ...string) {
		t.Helper()
		args = append([]string{"-f", login, "-P", port, "-t", "20", map[bool]string{true: "-F", false: "-E"}[j.passive]}, args...)
		if out, code := run(t, []string{"HOME=" + t.TempDir(), "LC_ALL=C.UTF-8"}, name, args...); code != 0 {
			t.Fatalf("%s %q: exit %d\n%s", name, args, code, out)
		}
	}
	ncftp("ncftpput", "-R", j.dir, filepath.Join(j.up, "copy"))
	// Its way of resuming an upload sends the whole file after REST; to append works.
	big, err := os.ReadFile(filepath.Join(j.up, "copy", "big.bin"))
	if err != nil {
		t.Fatal(err)
	}
	rest := filepath.Join(t.TempDir(), "half.bin")
	if err := os.WriteFile(rest, big[bigSize/2+1:], 0o600); err != nil {
		t.Fatal(err)
	}
	ncftp("ncftpput", "-A", j.dir, rest)
	ncftp("ncftpget", "-R", "-T", j.down, j.dir+"/copy")
	ncftp("ncftpget", "-z", j.down, j.dir+"/half.bin")
	var commands []string
	for _, command := range []string{
		"RNFR %s/copy/old name.txt", "RNTO %s/copy/new name.txt", "DELE %s/copy/doomed.txt", "MKD %s/made folder", "RMD %s/made folder",
		"MKD %s/kept folder",
	} {
		commands = append(commands, "-W", fmt.Sprintf(command, j.dir))
	}
	ncftp("ncftpls", append(commands, "ftp://"+j.ftp+j.dir+"/")...)
}
