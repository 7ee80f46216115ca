//go:build lab

package lab_test

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
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
	t.Cleanup(func() {
		for _, name := range []string{"kept.bin", "fits.bin"} {
			c.cmd("DELE %s", name)
		}
	})
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

// Checklist W4: with keepPartialUploads what fitted stays, and nothing of it is missing in between, whether the disk was
// found full on the way or at the very end.
func TestChecklist_W4_fullShareKeepsWhatHasArrived(t *testing.T) {
	write(t, lab.Grace, `\\`+lab.FileServer+`\`+smallShare, "grace")
	s := serve(t, "    fileHandling: {keepPartialUploads: true}\n")
	c := login(t, s, lab.Grace)
	if got := c.cmd("TYPE I"); got.code != 200 {
		t.Fatal(got)
	}
	large := make([]byte, 2*smallDisk)
	for i := range large {
		large[i] = byte(i ^ i>>8 ^ i>>16)
	}
	t.Cleanup(func() {
		for _, name := range []string{"long.bin", "filler.bin", "short.bin"} {
			c.cmd("DELE %s", name)
		}
	})
	for _, name := range []string{"long.bin", "short.bin"} {
		sent := large
		if name == "short.bin" { // which the server is sent as one piece, when the client has sent it all
			sent = large[:200<<10]
			left, err := strconv.Atoi(c.cmd("AVBL /").text)
			if err != nil {
				t.Fatal(err)
			}
			if got := c.upload(large[:max(0, left-len(sent)/2)], "STOR filler.bin"); got.code != 226 {
				t.Fatalf("STOR of all but %d octets of %d: %v", len(sent)/2, left, got)
			}
		}
		before := len(s.rows(t))
		if got := c.upload(sent, "STOR %s", name); got.code != 452 {
			t.Errorf("%s: got %v, want 452", name, got)
		}
		s.waitForNewRow(t, before, "cs-method=STOR sc-status=452 sc-win32-status=112 sc-substatus=3")
		kept, got := c.download("RETR %s", name)
		if got.code != 226 || !bytes.HasPrefix(sent, kept) || len(kept) == len(sent) {
			t.Errorf("%s: %v; %d octets were kept, want a first part of the %d that were sent", name, got, len(kept), len(sent))
		}
		// Of the chunks that are under way when the disk is full, a later one may have got the room of an earlier one.
		if name == "long.bin" && len(kept) < 256<<10 {
			t.Errorf("%d octets were kept on a disk of %d", len(kept), smallDisk)
		}
	}
}

// DisplayAvailableBytes tells the room on the user's own share, which differs from that of others.
func TestAvailableBytes_areThoseOfTheUsersShare(t *testing.T) {
	write(t, lab.Grace, `\\`+lab.FileServer+`\`+smallShare, "grace")
	s := serve(t, "    directoryBrowse: {showFlags: DisplayAvailableBytes}\n")
	enter := func(who lab.Account) (*client, int) {
		c := dial(t, s)
		got := c.try(string(who), who.Password(t).Reveal())
		if got.code != 230 || !strings.HasSuffix(got.text, "\nUser logged in.") {
			t.Fatalf("login of %s: %v", who, got)
		}
		return c, available(t, got)
	}
	_, large := enter(lab.Alice)
	c, small := enter(lab.Grace)
	if small > smallDisk || small == 0 || large <= smallDisk {
		t.Errorf("grace has %d, alice %d; the disks have %d and more than that", small, large, smallDisk)
	}
	const size = 1 << 20
	t.Cleanup(func() { c.cmd("DELE one.bin") })
	if got := c.upload(make([]byte, size), "STOR one.bin"); got.code != 226 {
		t.Fatal(got)
	}
	_, got := c.download("LIST")
	if got.code != 226 || !strings.HasSuffix(got.text, "\nTransfer complete.") {
		t.Fatalf("LIST: %v", got)
	}
	if after := available(t, got); after > small-size || after < small-size-64<<10 {
		t.Errorf("after an upload of %d octets there are %d, were %d", size, after, small)
	}
}

var bytesAvailable = regexp.MustCompile(`(?m)^Directory has ([0-9,]+) bytes of disk space available\.$`)

func available(t *testing.T, got reply) int {
	t.Helper()
	said := bytesAvailable.FindStringSubmatch(got.text)
	if said == nil {
		t.Fatalf("no available bytes in %v", got)
	}
	n, err := strconv.Atoi(strings.ReplaceAll(said[1], ",", ""))
	if err != nil {
		t.Fatal(err)
	}
	return n
}
