//go:build lab

package lab_test

import (
	"crypto/rand"
	"crypto/sha256"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// curl runs curl with the user's name and password in a file of its own.
func curl(t *testing.T, user, password string, args ...string) outcome {
	t.Helper()
	config := filepath.Join(t.TempDir(), "curlrc")
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(user + ":" + password)
	if err := os.WriteFile(config, []byte("user = \""+quoted+"\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return execute(t, environment(t), "curl", append([]string{"--config", config, "--silent", "--show-error", "--max-time", "100"}, args...)...)
}

// randomFile makes a file of so many bytes that no layer can compress or guess.
func randomFile(t *testing.T, name string, size int64) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(f, rand.Reader, size); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func sum(t *testing.T, name string) [sha256.Size]byte {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		t.Fatal(err)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// samba runs smbclient or smbcacls on the share ftp$, as other people's clients see it.
func samba(t *testing.T, as lab.Account, tool string, args ...string) outcome {
	t.Helper()
	file := filepath.Join(t.TempDir(), "auth")
	text := "username = " + string(as) + "\npassword = " + as.Password(t).Reveal() + "\ndomain = " + lab.NetBIOS + "\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return execute(t, os.Environ(), tool, append([]string{"//" + lab.FileServer + "/" + lab.Share, "-A", file}, args...)...)
}

// owner asks fs01, as Administrator, who owns a file of the share ftp$.
func owner(t *testing.T, name string) string {
	t.Helper()
	got := samba(t, lab.Administrator, "smbcacls", name)
	for line := range strings.Lines(got.stdout) {
		if name, ok := strings.CutPrefix(line, "OWNER:"); ok {
			return strings.TrimSpace(name)
		}
	}
	t.Fatalf("no owner of %s: %v", name, got)
	return ""
}

func TestTransfer_100MiBInThreeSpellings(t *testing.T) {
	s := serve(t)
	dir := t.TempDir()
	sent, received := filepath.Join(dir, "sent"), filepath.Join(dir, "received")
	randomFile(t, sent, 100<<20)
	want := sum(t, sent)
	for _, test := range []struct{ name, user string }{
		{"bare", "alice"}, {"down-level", `CORP\alice`}, {"UPN", lab.Alice.UPN()},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Cleanup(func() { _ = os.Remove(received) })
			url := "ftp://" + s.addr + "/big-" + test.name + ".bin"
			password := lab.Alice.Password(t).Reveal()
			if got := curl(t, test.user, password, "--upload-file", sent, url); got.code != 0 {
				t.Fatalf("upload: %v", got)
			} else {
				t.Logf("100 MiB up in %v", got.took)
			}
			stored := filepath.Join(lab.ShareDir(), "alice", "big-"+test.name+".bin")
			t.Cleanup(func() { _ = os.Remove(stored) })
			if sum(t, stored) != want {
				t.Error("what lies on fs01 is not what was sent")
			}
			if got := owner(t, `alice\big-`+test.name+".bin"); got != `CORP\alice` {
				t.Errorf("owner on fs01: got %s, want CORP\\alice", got)
			}
			if got := curl(t, test.user, password, "--output", received, url); got.code != 0 {
				t.Fatalf("download: %v", got)
			} else {
				t.Logf("100 MiB down in %v", got.took)
			}
			if sum(t, received) != want {
				t.Error("what came back is not what was sent")
			}
			s.waitForRow(t, `cs-method=STOR sc-status=226 sc-win32-status=0 cs-username=CORP\alice cs-uri-stem=big-`+test.name+".bin")
		})
	}
}

func TestTransfer_everyDayVerbs(t *testing.T) {
	s := serve(t)
	c := login(t, s, lab.Alice)
	for _, step := range []struct {
		command string
		code    int
	}{
		{"TYPE I", 200}, {"PWD", 257}, {"MKD papers", 257}, {"CWD papers", 250},
	} {
		if got := c.cmd("%s", step.command); got.code != step.code {
			t.Fatalf("%s: got %v, want %d", step.command, got, step.code)
		}
	}
	if got := c.upload([]byte("first line\r\n"), "STOR note.txt"); got.code != 226 {
		t.Fatalf("STOR: got %v, want 226", got)
	}
	if got := c.upload([]byte("second line\r\n"), "APPE note.txt"); got.code != 226 {
		t.Fatalf("APPE: got %v, want 226", got)
	}
	if got := c.cmd("REST 12"); got.code != 350 {
		t.Fatalf("REST: got %v, want 350", got)
	}
	if content, got := c.download("RETR note.txt"); got.code != 226 || string(content) != "second line\r\n" {
		t.Errorf("RETR after REST 12: got %v and %q", got, content)
	}
	if names, got := c.download("NLST"); got.code != 226 || string(names) != "note.txt\r\n" {
		t.Errorf("NLST: got %v and %q", got, names)
	}
	for _, step := range []struct {
		command string
		code    int
	}{
		{"SIZE note.txt", 213}, {"MDTM note.txt", 213}, {"RNFR note.txt", 350}, {"RNTO renamed.txt", 250}, {"SIZE note.txt", 550},
		{"DELE renamed.txt", 250}, {"CDUP", 250}, {"RMD papers", 250}, {"CWD papers", 550}, {"QUIT", 221},
	} {
		if got := c.cmd("%s", step.command); got.code != step.code {
			t.Errorf("%s: got %v, want %d", step.command, got, step.code)
		}
	}
}
