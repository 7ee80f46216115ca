//go:build lab

package lab_test

import (
	"bytes"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// Checklist W4: a share whose disk is full takes no more, says so, keeps what it had and nothing of what did not fit, and
// is the affair of its users alone.
func TestChecklist_W4_fullShareKeepsWhatItHad(t *testing.T) {
	write(t, lab.Grace, `\\`+lab.FileServer+`\`+smallShare, "grace")
	s := serve(t)
	c, other := login(t, s, lab.Grace), login(t, s, lab.Alice)
	old, large := bytes.Repeat([]byte("old "), 256<<10), make([]byte, 2*smallDisk)
	if got := c.upload(old, "STOR kept.bin"); got.code != 226 {
		t.Fatalf("STOR of what fits: got %v, want 226", got)
	}
	names, handles := c.names(), s.descriptors(t)
	for _, command := range []string{"STOR new.bin", "STOR kept.bin", "APPE kept.bin", "APPE new.bin", "STOU new.bin"} {
		before := len(s.rows(t))
		if got := c.upload(large, "%s", command); got.code != 452 && got.code != 552 {
			t.Errorf("%s of more than the disk holds: got %v, want 452 or 552", command, got)
		}
		s.waitForNewRow(t, before, "cs-method="+command[:4]+" sc-win32-status=112 sc-substatus=3")
		if got := other.upload([]byte("elsewhere"), "STOR mine.txt"); got.code != 226 {
			t.Errorf("another home after %s: got %v, want 226", command, got)
		}
	}
	if got := c.cmd("ALLO %d", len(large)); got.code != 452 {
		t.Errorf("ALLO of more than the disk holds: got %v, want 452", got)
	}
	if after := c.names(); after != names {
		t.Errorf("the home lists\n%s\nand had\n%s", after, names)
	}
	if content, got := c.download("RETR kept.bin"); got.code != 226 || !bytes.Equal(content, old) {
		t.Errorf("the old file: got %v and %d octets of %d", got, len(content), len(old))
	}
	// Had a refused upload left something, this would not fit.
	if got := c.upload(large[:smallDisk/2], "STOR fits.bin"); got.code != 226 {
		t.Errorf("STOR of what fits beside the old file: got %v, want 226", got)
	}
	if !eventually(5*time.Second, func() bool { return s.descriptors(t) <= handles }) {
		t.Errorf("%d descriptors are open, %d were before", s.descriptors(t), handles)
	}
}

// descriptors counts what the service holds open.
func (s *service) descriptors(t *testing.T) int {
	t.Helper()
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", s.pid))
	if err != nil {
		t.Fatal(err)
	}
	return len(open)
}
