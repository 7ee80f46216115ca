package ftpsrv_test

import (
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
)

// Checklist F6: a server sums up a few files at a time. Who waits too long is told to
// come again, and gets a seat that ABOR or the end of a session has left.
func TestTask_seatsAreBounded(t *testing.T) {
	s := newSite(t, func(cfg *ftpsrv.Config) { cfg.Connections.DataChannelTimeout = 300 * time.Millisecond })
	s.put(t, "/a.txt", []byte("a"))
	s.wrap = faults["endless"]
	s.start(t)
	var seated []*client
	for range max(2, runtime.GOMAXPROCS(0)) {
		c := dial(t, s.addr)
		c.login()
		c.send("HASH a.txt\r\n")
		seated = append(seated, c)
	}
	late := dial(t, s.addr)
	late.login()
	// All seats are taken when the first refusal comes.
	eventually(t, "all seats are taken", func() bool {
		late.send("XCRC a.txt\r\n")
		if reply := late.reply(); reply == "450 Too many files are being read; try again later." {
			return true
		}
		return false
	})
	seated[0].cmd("ABOR", "451 ")
	seated[0].want("226 ")
	late.send("HASH a.txt\r\n")
	_ = late.nc.SetReadDeadline(time.Now().Add(500 * time.Millisecond))
	if b, err := late.r.Peek(1); err == nil {
		t.Errorf("with a seat free an answer begins with %q", b)
	}
	for _, c := range append(seated, late) {
		c.close()
	}
	eventually(t, "all sessions end", func() bool {
		return strings.Count(s.access.String(), "ControlChannelClosed") == len(seated)+1
	})
}

// A client that hangs up while PASV waits for an earlier connection is not waited for.
func TestTask_hangUpWhilePASVWaits(t *testing.T) {
	s := startSite(t, nil)
	s.put(t, "/a.txt", []byte("a"))
	c := dial(t, s.addr)
	c.login()
	c.passive()
	c.cmd("RETR a.txt", "125 ")
	c.want("226 ")
	c.send("PASV\r\n")
	eventually(t, "PASV is taken", func() bool { return strings.Contains(s.diag.String(), "command.verb=PASV") })
	start := time.Now()
	_ = c.nc.Close()
	eventually(t, "the session ends", func() bool { return strings.Contains(s.access.String(), "ControlChannelClosed") })
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("the session ended after %v", took)
	}
}

// Whatever a client has sent behind its QUIT, it reads the reply to that: a close
// over unread octets would take it back.
func TestQuit_lastReplyArrives(t *testing.T) {
	s := startSite(t, nil)
	for range 50 {
		c := dial(t, s.addr)
		c.login()
		c.send("QUIT\r\n" + strings.Repeat("NOOP\r\n", 4<<10))
		_ = c.nc.SetReadDeadline(time.Now().Add(patience))
		if got, err := io.ReadAll(c.r); err != nil || string(got) != "221 Goodbye.\r\n" {
			t.Fatalf("got %q, %v", got, err)
		}
	}
}
