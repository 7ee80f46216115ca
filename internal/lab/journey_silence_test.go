//go:build lab

package lab_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// Checklist W4: a file server that falls silent, connections open and nothing answered, holds up those who wait for it,
// for a bounded time, and nobody else.
func TestChecklist_W4_silenceOfTheFileServerIsTheAffairOfItsUsersAlone(t *testing.T) {
	const bound, prompt = 45 * time.Second, 5 * time.Second
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "grace"), 0o700); err != nil {
		t.Fatal(err)
	}
	const elsewhere = `\\disk.corp.example.com\ftp$` // in the attributes; there is no such server
	write(t, lab.Grace, elsewhere, "grace")
	big := filepath.Join(lab.ShareDir(), "alice", "big.bin")
	randomFile(t, big, 64<<20)
	t.Cleanup(func() { _ = os.Remove(big) })

	s := serve(t, fmt.Sprintf("pathMap:\n  - {from: '%s', to: '%s'}\nallowRoot: true\n", elsewhere, folder))
	down, up, idle, local := login(t, s, lab.Alice), login(t, s, lab.Alice), login(t, s, lab.Bob), login(t, s, lab.Grace)
	before := up.names()
	receiving, sending := down.beginDownload("big.bin"), up.beginUpload("interrupted.bin")
	lab.PauseFileServer(t)
	deadline := time.Now().Add(bound)
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		_ = sending.SetWriteDeadline(deadline)
		for err := error(nil); err == nil; { // until the server breaks off
			_, err = sending.Write(block)
		}
	}()

	started := time.Now()
	if got := local.upload([]byte("local"), "STOR mine.txt"); got.code != 226 {
		t.Errorf("upload to the local home: got %v, want 226", got)
	}
	if content, got := login(t, s, lab.Grace).download("RETR mine.txt"); got.code != 226 || string(content) != "local" {
		t.Errorf("new login and download from the local home: got %v and %q", got, content)
	}
	if took := time.Since(started); took > prompt {
		t.Errorf("the local home took %v, want at most %v", took, prompt)
	}

	_ = receiving.SetReadDeadline(deadline)
	if n, _ := io.Copy(io.Discard, receiving); n >= 63<<20 {
		t.Fatal("the whole file arrived; nothing was interrupted")
	}
	down.breaksOff(deadline)
	up.breaksOff(deadline)
	t.Logf("transfers were given up after %v", time.Since(started))
	<-sent

	lab.ResumeFileServer(t)
	started = time.Now()
	if got := idle.upload([]byte("still here"), "STOR after.txt"); got.code != 226 {
		t.Errorf("bob, who had asked for nothing: got %v, want 226", got)
	}
	up.worksAgain(s)
	if took := time.Since(started); took > prompt {
		t.Errorf("back at work after %v, want at most %v", took, prompt)
	}
	if after := login(t, s, lab.Alice).names(); after != before {
		t.Errorf("an upload without 226 changed the home from\n%s\nto\n%s", before, after)
	}
}

// Checklist W4: rights that are taken away while a session is open are gone for the next command, and back when they are
// given back.
func TestChecklist_W4_rightsAreThoseOfTheMoment(t *testing.T) {
	s := serve(t)
	c := login(t, s, lab.Grace)
	if got := c.upload([]byte("mine"), "STOR mine.txt"); got.code != 226 {
		t.Fatalf("upload: got %v, want 226", got)
	}
	const admins = `ACL:CORP\Domain Admins:ALLOWED/3/FULL`
	rights := func(acl string) {
		t.Helper()
		for _, name := range []string{"grace", `grace\mine.txt`} {
			if got := samba(t, lab.Administrator, "smbcacls", name, "-S", acl); got.code != 0 {
				t.Fatalf("smbcacls %s: %v", name, got)
			}
		}
	}
	const own = admins + `,ACL:CORP\grace:ALLOWED/3/FULL`
	t.Cleanup(func() { rights(own) })
	rights(admins)
	before := len(s.rows(t))
	for _, command := range []string{"LIST", "NLST", "RETR mine.txt", "STOR mine.txt", "STOR new.txt", "APPE mine.txt"} {
		if got := c.upload(nil, "%s", command); got.code != 550 {
			t.Errorf("%s without rights: got %v, want 550", command, got)
		}
	}
	for _, command := range []string{"SIZE mine.txt", "MKD new", "DELE mine.txt"} {
		if got := c.cmd("%s", command); got.code != 550 {
			t.Errorf("%s without rights: got %v, want 550", command, got)
		}
	}
	s.waitForNewRow(t, before, "cs-method=NLST sc-status=550 sc-win32-status=5 sc-substatus=2")
	rights(own)
	if content, got := c.download("RETR mine.txt"); got.code != 226 || string(content) != "mine" {
		t.Errorf("with the rights back: got %v and %q, want 226 and the file as it was", got, content)
	}
}
