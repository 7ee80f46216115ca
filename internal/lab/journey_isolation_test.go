//go:build lab

package lab_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

const treasure = "only alice may read this"

// ways are spellings and links that might lead bob to alice's home, to the folder common beside his own, or out of the
// share. The links are in his home. The file server itself keeps him out of alice's home alone.
var ways = []string{
	"../alice", "/../alice", "/../../alice", `..\alice`, `\..\alice`, `/..\alice`, "./../alice", "sub/../../alice", "...", ".../alice",
	"//" + lab.FileServer + "/" + lab.Share + "/alice", homes + `\alice`, `\\?\UNC\` + lab.FileServer + `\` + lab.Share + `\alice`,
	"..%2falice", "..\u2215alice", "..\uff0falice", "alice", "/alice", "to-alice", "to-alice/.", "to-outside", "/to-alice/../to-alice",
	"bob/../../alice", "TO-ALICE", "to-alice::$INDEX_ALLOCATION",
	"../common", "/../common", `\..\common`, `..\common`, `bob\..\..\common`, "bob/../../common", "common", "to-alice/../../common",
	homes + `\common`, "../../outside", `\..\..\outside`,
}

// The bait is real: whom our server lets out of his home, the file server lets into the folder common.
func TestIsolation_theFileServerAloneWouldLetBobIn(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret.txt")
	if got := samba(t, lab.Bob, "smbclient", "-c", `get common\secret.txt `+file); got.code != 0 {
		t.Fatalf("bob, with smbclient: %v", got)
	}
	if content, err := os.ReadFile(file); err != nil || len(content) == 0 {
		t.Errorf("bob, with smbclient: got %q and %v", content, err)
	}
	if got := samba(t, lab.Bob, "smbclient", "-c", `mkdir common\of-bob; rmdir common\of-bob`); got.code != 0 || strings.Contains(got.stdout, "NT_STATUS") {
		t.Errorf("bob, with smbclient: %v", got)
	}
}

func TestIsolation_bobCannotReachAlice(t *testing.T) {
	s := serve(t)
	if got := login(t, s, lab.Alice).upload([]byte(treasure), "STOR treasure.txt"); got.code != 226 {
		t.Fatalf("alice's upload: got %v, want 226", got)
	}
	home := filepath.Join(lab.ShareDir(), "alice")
	t.Cleanup(func() { _ = os.Remove(filepath.Join(home, "treasure.txt")) })
	before := map[string]string{}
	for _, place := range []string{home, filepath.Join(lab.ShareDir(), "common"), filepath.Join(lab.Dir(), "outside"), lab.ShareDir()} {
		before[place] = listing(t, place)
	}

	t.Run("link to a file", func(t *testing.T) {
		c := login(t, s, lab.Bob)
		for _, name := range []string{"secret-link.txt", "/secret-link.txt", "SECRET-LINK.TXT", "x/../secret-link.txt", "secret-link.txt::$DATA"} {
			c.readsFile(name)
			c.upload([]byte("bob was here"), "APPE %s", name)
		}
	})
	for _, way := range ways {
		t.Run(way, func(t *testing.T) {
			c := login(t, s, lab.Bob)
			if got := c.upload([]byte("bob's own"), "STOR own.txt"); got.code != 226 {
				t.Fatalf("bob's upload in his own home: got %v, want 226", got)
			}
			c.reads(way)
			c.writes(way)
		})
	}
	for place, old := range before {
		if now := listing(t, place); now != old {
			t.Errorf("%s changed from\n%s\nto\n%s", place, old, now)
		}
	}
	if content, err := os.ReadFile(filepath.Join(home, "treasure.txt")); err != nil || string(content) != treasure {
		t.Errorf("alice's file: got %q and %v", content, err)
	}
}

// readsFile tries every verb that could show something of a file.
func (c *client) readsFile(name string) {
	c.t.Helper()
	for _, verb := range []string{"SIZE", "MDTM"} {
		if got := c.cmd("%s %s", verb, name); got.code == 213 {
			c.t.Errorf("%s %s: got %v", verb, name, got)
		}
	}
	content, got := c.download("RETR %s", name)
	if got.code == 226 || len(content) > 0 {
		c.t.Errorf("RETR %s: got %v and %q", name, got, content)
	}
}

// reads tries every verb that could show something of the folder.
func (c *client) reads(way string) {
	c.t.Helper()
	for _, name := range []string{"treasure.txt", "secret.txt"} {
		c.readsFile(way + "/" + name)
	}
	for _, verb := range []string{"LIST", "NLST"} {
		content, _ := c.download("%s %s", verb, way)
		if strings.Contains(string(content), "treasure") || strings.Contains(string(content), "secret.txt") {
			c.t.Errorf("%s %s shows %q", verb, way, content)
		}
	}
	if got := c.cmd("CWD %s", way); got.code == 250 {
		if content, _ := c.download("NLST"); strings.Contains(string(content), "treasure") || strings.Contains(string(content), "secret") {
			c.t.Errorf("CWD %s leads to %q", way, content)
		}
		c.cmd("CWD /")
	}
}

// writes tries every verb that could change something in the folder. Some names are harmless ones in bob's own home:
// what counts is that nothing happens elsewhere.
func (c *client) writes(way string) {
	c.t.Helper()
	c.upload([]byte("bob was here"), "STOR %s/planted.txt", way)
	c.cmd("MKD %s/planted", way)
	for _, name := range []string{"treasure.txt", "secret.txt"} {
		c.upload([]byte("bob was here"), "APPE %s/%s", way, name)
		if got := c.cmd("RNFR %s/%s", way, name); got.code == 350 {
			if got := c.cmd("RNTO stolen.txt"); got.code == 250 {
				c.t.Errorf("RNFR %s/%s and RNTO stolen.txt: got %v", way, name, got)
			}
		}
	}
	if got := c.cmd("DELE %s/treasure.txt", way); got.code == 250 {
		c.t.Errorf("DELE %s/treasure.txt: got %v", way, got)
	}
	if got := c.cmd("RNFR own.txt"); got.code == 350 {
		c.cmd("RNTO %s/own.txt", way)
	}
}

// listing is what a folder holds on the file server's disk, with sizes and times of its files.
func listing(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		line := info.Mode().String() + " " + e.Name()
		if info.Mode().IsRegular() {
			line += fmt.Sprintf(" %d %s", info.Size(), info.ModTime())
		}
		names = append(names, line)
	}
	return strings.Join(names, "\n")
}
