//go:build embedded && unix

package main_test

import (
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// journey is what every client is asked to do, each in a folder of the home that is
// its own. It
//
//   - stores up/copy and all that is below as copy;
//   - completes half.bin, of which the home has the first half, from up/copy/big.bin;
//   - lists copy with all that is below, and fetches what the listings name into down/copy;
//   - completes down/half.bin from the home;
//   - renames copy/old name.txt to copy/new name.txt and deletes copy/doomed.txt;
//   - makes the folders made folder and kept folder, and removes the first.
//
// What came of it is looked at on the disk, on both sides.
type journey struct {
	*demo
	tls      string // clear, explicit or implicit
	passive  bool
	dir      string // the folder's name in FTP
	up, down string // local folders
}

// luggage is the folder "up" of all journeys, with the hash of each file.
type luggage struct {
	dir  string
	sums map[string]string
}

const bigSize = 20 << 20

// hostileNames are legal on Windows and on Unix, and nasty to clients and listings.
var hostileNames = []string{
	"with blank.txt", "two  blanks.txt", "it's.txt", "`tick`.txt", "-dash.txt", "--help", "[brackets].txt", "(round) {curly}.txt",
	"semi;colon,comma.txt", "per%41cent%.txt", "hash#mark.txt", "dollar$HOME.txt", "and&at@plus+equal=.txt", "~tilde", "bang!.txt",
	"caret^.txt", ".hidden", "..dots", "12", "total 12", "UPPER.TXT", "ümlaut 日本語 €.txt", "e\u0301 decomposed.txt", "\U0001F600.txt",
	"[a-z] dir/inside.txt", "-dash dir/-dash.txt", "blank dir/deep er/deepest file.txt", "ümlaut/日本.txt", "it's dir/.dotted/file", "(x)/empty.bin",
	strings.Repeat("long ", 20) + "name.txt",
}

// packed is made once and never changed.
var packed = sync.OnceValues(func() (luggage, error) {
	l := luggage{dir: filepath.Join(filepath.Dir(binary), "up")}
	names := append([]string{"big.bin", "empty.bin", "old name.txt", "doomed.txt"}, hostileNames...)
	for i, name := range names {
		full := filepath.Join(l.dir, "copy", name)
		if err := os.MkdirAll(filepath.Dir(full), 0o750); err != nil {
			return l, err
		}
		content := []byte(strings.Repeat("line of "+name+"\r\n", i))
		switch filepath.Base(name) {
		case "big.bin":
			content = randomBytes(bigSize)
		case "empty.bin":
			content = nil
		}
		if err := os.WriteFile(full, content, 0o600); err != nil {
			return l, err
		}
	}
	var err error
	l.sums, err = sums(filepath.Join(l.dir, "copy"))
	return l, err
})

// sums returns the hash of every file below dir, and "folder" for every folder.
func sums(dir string) (map[string]string, error) {
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || name == dir {
			return err
		}
		rel, _ := filepath.Rel(dir, name)
		if entry.IsDir() {
			found[rel] = "folder"
			return nil
		}
		file, err := os.Open(name)
		if err != nil {
			return err
		}
		defer file.Close()
		hash := sha256.New()
		_, err = io.Copy(hash, file)
		found[rel] = fmt.Sprintf("%x", hash.Sum(nil))
		return err
	})
	return found, err
}

// newJourney makes the two half files.
func newJourney(t *testing.T, d *demo, client, tls, data string) *journey {
	t.Helper()
	l, err := packed()
	if err != nil {
		t.Fatal(err)
	}
	j := &journey{demo: d, tls: tls, passive: data == "passive", dir: fmt.Sprintf("/%s-%s-%s", client, tls, data), up: l.dir, down: t.TempDir()}
	big, err := os.ReadFile(filepath.Join(j.up, "copy", "big.bin"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(j.disk(""), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, half := range []string{j.disk("half.bin"), filepath.Join(j.down, "half.bin")} {
		if err := os.WriteFile(half, big[:bigSize/2+1], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return j
}

// disk is where a file of the journey's folder lies.
func (j *journey) disk(name string) string { return filepath.Join(j.homes, "alice", j.dir, name) }

// address is where the journey's server is.
func (j *journey) address() string {
	if j.tls == "implicit" {
		return j.ftps
	}
	return j.ftp
}

// check compares both ends with what should be there.
func (j *journey) check(t *testing.T) {
	t.Helper()
	l, err := packed()
	if err != nil {
		t.Fatal(err)
	}
	j.compare(t, "what was fetched", filepath.Join(j.down, "copy"), l.sums)
	stored := maps.Clone(l.sums)
	stored["new name.txt"] = stored["old name.txt"]
	delete(stored, "old name.txt")
	delete(stored, "doomed.txt")
	want := map[string]string{"copy": "folder", "kept folder": "folder", "half.bin": l.sums["big.bin"]}
	for name, sum := range stored {
		want["copy/"+name] = sum
	}
	j.compare(t, "the home", j.disk(""), want)
	if got := sumOf(t, filepath.Join(j.down, "half.bin")); fmt.Sprintf("%x", got) != l.sums["big.bin"] {
		t.Error("the completed download differs")
	}
}

func (j *journey) compare(t *testing.T, what, dir string, want map[string]string) {
	t.Helper()
	got, err := sums(dir)
	if err != nil {
		t.Errorf("%s: %v", what, err)
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		switch sum, there := got[name]; {
		case !there:
			t.Errorf("%s lacks %q", what, name)
		case sum != want[name]:
			t.Errorf("%s: %q differs", what, name)
		}
		delete(got, name)
	}
	for name := range got {
		t.Errorf("%s has %q, too", what, name)
	}
}

// environment tells a script what to do.
func (j *journey) environment(t *testing.T) []string {
	host, port := splitAddress(t, j.address())
	data := map[bool]string{true: "passive", false: "active"}[j.passive]
	user, password, _ := strings.Cut(alice, ":")
	return []string{
		"FTP_HOST=" + host, "FTP_PORT=" + port, "FTP_TLS=" + j.tls, "FTP_DATA=" + data, "FTP_USER=" + user, "FTP_PASSWORD=" + password,
		"FTP_CA=" + j.trust, "FTP_DIR=" + j.dir, "FTP_UP=" + j.up, "FTP_DOWN=" + j.down, "FTP_DEBUG=" + os.Getenv("FTP_DEBUG"), "FTP_REUSE=yes",
		"LC_ALL=C.UTF-8", "HOME=" + t.TempDir(),
	}
}
