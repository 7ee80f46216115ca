//go:build lab

package lab_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

const treasure = "only alice may read this"

// ways are spellings and links that might lead bob to alice's home or out of the share. The links are in bob's home.
var ways = []string{
	"../alice", "/../alice", "/../../alice", `..\alice`, `\..\alice`, `/..\alice`, "./../alice", "sub/../../alice", "...", ".../alice",
	"//" + lab.FileServer + "/" + lab.Share + "/alice", homes + `\alice`, `\\?\UNC\` + lab.FileServer + `\` + lab.Share + `\alice`,
	"..%2falice", "..\u2215alice", "..\uff0falice", "alice", "/alice", "to-alice", "to-alice/.", "to-outside", "/to-alice/../to-alice",
	"bob/../../alice", "TO-ALICE", "to-alice::$INDEX_ALLOCATION",
}

func TestIsolation_bobCannotReachAlice(t *testing.T) {
	s := serve(t)
	if got := login(t, s, lab.Alice).upload([]byte(treasure), "STOR treasure.txt"); got.code != 226 {
		t.Fatalf("alice's upload: got %v, want 226", got)
	}
	place := filepath.Join(lab.ShareDir(), "alice")
	t.Cleanup(func() { _ = os.Remove(filepath.Join(place, "treasure.txt")) })
	before := listing(t, place)

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
	if after := listing(t, place); after != before {
		t.Errorf("alice's home changed from\n%s\nto\n%s", before, after)
	}
	if content, err := os.ReadFile(filepath.Join(place, "treasure.txt")); err != nil || string(content) != treasure {
		t.Errorf("alice's file: got %q and %v", content, err)
	}
}

// reads tries every verb that could show something of the folder.
func (c *client) reads(way string) {
	c.t.Helper()
	for _, name := range []string{"treasure.txt", "secret.txt"} {
		for _, verb := range []string{"SIZE", "MDTM"} {
			if got := c.cmd("%s %s/%s", verb, way, name); got.code == 213 {
				c.t.Errorf("%s %s/%s: got %v", verb, way, name, got)
			}
		}
		content, got := c.download("RETR %s/%s", way, name)
		if got.code == 226 || len(content) > 0 {
			c.t.Errorf("RETR %s/%s: got %v and %q", way, name, got, content)
		}
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
// what counts is that nothing happens in alice's.
func (c *client) writes(way string) {
	c.t.Helper()
	c.upload([]byte("bob was here"), "STOR %s/planted.txt", way)
	c.upload([]byte("bob was here"), "APPE %s/treasure.txt", way)
	c.cmd("MKD %s/planted", way)
	if got := c.cmd("DELE %s/treasure.txt", way); got.code == 250 {
		c.t.Errorf("DELE %s/treasure.txt: got %v", way, got)
	}
	if got := c.cmd("RNFR %s/treasure.txt", way); got.code == 350 {
		if got := c.cmd("RNTO stolen.txt"); got.code == 250 {
			c.t.Errorf("RNFR %s/treasure.txt and RNTO stolen.txt: got %v", way, got)
		}
	}
	if got := c.cmd("RNFR own.txt"); got.code == 350 {
		c.cmd("RNTO %s/own.txt", way)
	}
}

// listing is what a folder holds on the file server's disk.
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
		names = append(names, info.Mode().String()+" "+e.Name())
	}
	return strings.Join(names, "\n")
}
