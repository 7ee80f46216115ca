//go:build lab && unix

package smbfs_test

import (
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
	"github.com/ftpisoctl/ftpisoctl/internal/lab/crowds"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
)

// rival is Samba's own client, as alice.
type rival struct{ share, cache, protection string }

func (r rival) run(t *testing.T, command string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "smbclient", "//"+lab.FileServer+"/"+r.share, "--use-kerberos=required",
		"--client-protection="+r.protection, "-U", lab.Alice.UPN(), "-D", "alice", "-c", command)
	cmd.Env = append(os.Environ(), "KRB5CCNAME="+r.cache)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("smbclient, %s: %v\n%s", command, err, out)
	}
	return string(out)
}

var rate = regexp.MustCompile(`\(([0-9.]+) ?(?:KiloBytes/sec|kb/s)\)`)

// moves has smbclient run a get or put, and returns how long it says that took: its
// start and its login are no part of that, nor of what we measure of ourselves.
func (r rival) moves(t *testing.T, command string, size int64) time.Duration {
	t.Helper()
	out := r.run(t, command)
	said := rate.FindStringSubmatch(out)
	if said == nil {
		t.Fatalf("smbclient, %s: no rate in\n%s", command, out)
	}
	kib, err := strconv.ParseFloat(said[1], 64)
	if err != nil || kib == 0 {
		t.Fatalf("smbclient, %s: %v in\n%s", command, err, out)
	}
	return time.Duration(float64(size) / 1024 / kib * float64(time.Second))
}

// racer moves a file, in the pieces in which the engine does.
type racer struct {
	home   *smbfs.FS
	source *os.File
}

func (r racer) get(t *testing.T) time.Duration {
	t.Helper()
	begun := time.Now()
	from, err := r.home.Open(t.Context(), "/ours.bin", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	// Without WriterTo and ReaderFrom, as the engine's loop.
	if _, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{from}, make([]byte, 256<<10)); err != nil {
		t.Fatal(err)
	}
	return time.Since(begun)
}

func (r racer) put(t *testing.T) time.Duration {
	t.Helper()
	if _, err := r.source.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	to, err := r.home.Create(t.Context(), "/ours.bin", storage.Replace, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(to, struct{ io.Reader }{r.source}); err != nil {
		t.Fatal(err)
	}
	if err := to.Commit(); err != nil {
		t.Fatal(err)
	}
	return time.Since(begun)
}

// random makes a file in memory, as the lab's shares are.
func random(t *testing.T, size int64) *os.File {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "source.bin"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	if _, err := io.CopyN(file, rand.Reader, size); err != nil {
		t.Fatal(err)
	}
	return file
}

// One file of a gibibyte, to and from one share, by us and by smbclient in turns: our
// time is at most 1/0.9 of its. Both begin when they are logged in; what is read goes
// nowhere, and what is written comes out of memory.
func TestSpeed_againstSmbclient(t *testing.T) {
	const size, bar = 1 << 30, 1 / 0.9
	source := random(t, size)
	for _, way := range []struct {
		name, share string
		unsigned    bool
		protection  string // that smbclient asks for
		held        bool   // else what it takes is shown
	}{
		{"unsigned", lab.Share, true, "off", true},
		{"encrypted", lab.EncryptedShare, false, "encrypt", true},
		// The library signs octet by octet.
		{"signed", lab.Share, false, "sign", false},
	} {
		t.Run(way.name, func(t *testing.T) {
			if !way.held && os.Getenv("FTPISOCTL_LOAD") == "" {
				return
			}
			to := target()
			to.Share = way.share
			as := kerberos(t, lab.Alice)
			as.Unsigned = way.unsigned
			home, err := smbfs.Dial(t.Context(), to, as, "alice", storage.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer home.Close()
			ours, theirs := racer{home, source}, rival{way.share, lab.Alice.Kinit(t), way.protection}
			clean := func() { _ = home.Remove(t.Context(), "/ours.bin"); _ = home.Remove(t.Context(), "/theirs.bin") }
			defer clean()
			put := func(int) crowds.Race {
				clean() // we would replace the old file when the new one is whole, smbclient writes over it
				return crowds.Race{Ours: ours.put(t), Theirs: theirs.moves(t, fmt.Sprintf("put %s theirs.bin", source.Name()), size)}
			}
			get := func(int) crowds.Race {
				return crowds.Race{Ours: ours.get(t), Theirs: theirs.moves(t, "get theirs.bin /dev/null", size)}
			}
			put(0) // the system has to find the memory
			if !way.held {
				t.Logf("put: %v; get: %v", put(1), get(1))
				return
			}
			crowds.Hold(t, "put "+way.name, bar, put)
			crowds.Hold(t, "get "+way.name, bar, get)
		})
	}
}

// A directory of ten thousand, against smbclient's ls with its start and login, which
// take it a fraction of that.
func TestSpeed_largeDirectory(t *testing.T) {
	const files = 10_000
	dir := filepath.Join(lab.ShareDir(), "alice", "many")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for i := range files {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("file number %05d.txt", i)), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	home, theirs := open(t, kerberos(t, lab.Alice), "alice", storage.Options{}), rival{lab.Share, lab.Alice.Kinit(t), "sign"}
	crowds.Hold(t, "list of 10,000", 1, func(int) crowds.Race {
		begun, n, first := time.Now(), 0, time.Duration(0)
		entries, err := home.List(t.Context(), "/many")
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range entries {
			if err != nil {
				t.Fatal(err)
			}
			if n++; n == 1 {
				first = time.Since(begun)
			}
		}
		ours := time.Since(begun)
		if n != files {
			t.Fatalf("%d entries, want %d", n, files)
		}
		t.Logf("the first entry after %v", first)
		begun = time.Now()
		theirs.run(t, `ls many\*`)
		return crowds.Race{Ours: ours, Theirs: time.Since(begun)}
	})
}
