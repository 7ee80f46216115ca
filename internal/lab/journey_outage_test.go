//go:build lab

package lab_test

import (
	"bytes"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

func TestOutage_ofTheDomainController(t *testing.T) {
	for _, test := range []struct {
		name     string
		down, up func(testing.TB)
	}{
		{"stopped", lab.StopDC, lab.StartDC},
		{"silent", lab.PauseDC, lab.ResumeDC},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t)
			open := login(t, s, lab.Alice)
			test.down(t)

			started := time.Now()
			c := dial(t, s)
			got := c.try("bob", lab.Bob.Password(t).Reveal())
			if took := time.Since(started); got != (reply{530, "User cannot log in."}) || took > 5*time.Second {
				t.Errorf("login without a DC: got %v after %v, want 530 User cannot log in. within 5 s", got, took)
			}
			s.waitForRow(t, "cs-method=PASS sc-status=530 sc-win32-status=1311")

			if got := open.upload([]byte("still here"), "STOR during.txt"); got.code != 226 {
				t.Errorf("upload in the open session: got %v, want 226", got)
			}
			if content, got := open.download("RETR during.txt"); got.code != 226 || string(content) != "still here" {
				t.Errorf("download in the open session: got %v and %q", got, content)
			}

			test.up(t)
			var last reply
			back := eventually(20*time.Second, func() bool {
				last = dial(t, s).try("bob", lab.Bob.Password(t).Reveal())
				return last.code == 230
			})
			if !back {
				t.Errorf("login after the DC is back: got %v, want 230", last)
			}
		})
	}
}

func TestOutage_ofTheFileServerInTheMiddleOfATransfer(t *testing.T) {
	big := filepath.Join(lab.ShareDir(), "alice", "big.bin")
	for _, test := range []struct {
		name     string
		down, up func(testing.TB)
	}{
		{"connections dropped", lab.DropFileServerConnections, func(testing.TB) {}},
		{"server gone", lab.StopFileServer, lab.StartFileServer},
	} {
		t.Run(test.name+", download", func(t *testing.T) {
			randomFile(t, big, 64<<20)
			t.Cleanup(func() { _ = os.Remove(big) })
			s := serve(t)
			c := login(t, s, lab.Alice)
			data := c.beginDownload("big.bin")
			test.down(t)
			_ = data.SetReadDeadline(time.Now().Add(20 * time.Second))
			n, _ := io.Copy(io.Discard, data)
			if n >= 63<<20 {
				t.Fatalf("the whole file arrived; nothing was interrupted")
			}
			c.endsWell(s, test.up)
		})
		t.Run(test.name+", upload", func(t *testing.T) {
			s := serve(t)
			c := login(t, s, lab.Alice)
			before := c.names()
			data := c.beginUpload("interrupted.bin")
			test.down(t)
			_ = data.SetWriteDeadline(time.Now().Add(20 * time.Second))
			for range 256 { // the server may find out at once or by and by
				if _, err := data.Write(block); err != nil {
					break
				}
			}
			_ = data.Close()
			c.endsWell(s, test.up)
			if after := login(t, s, lab.Alice).names(); after != before {
				t.Errorf("an upload without 226 changed the home from\n%s\nto\n%s", before, after)
			}
		})
	}
}

var block = bytes.Repeat([]byte("block of data\r\n"), 4096)

// beginUpload has the server take the first block of a file, and returns the data connection for more.
func (c *client) beginUpload(name string) *net.TCPConn {
	c.t.Helper()
	data := c.passive()
	if got := c.cmd("STOR %s", name); got.code/100 != 1 {
		c.t.Fatalf("STOR: got %v, want 125 or 150", got)
	}
	if _, err := data.Write(block); err != nil {
		c.t.Fatalf("first block: %v", err)
	}
	return data
}

// beginDownload takes the first MiB of a file, and returns the data connection for the rest.
func (c *client) beginDownload(name string) *net.TCPConn {
	c.t.Helper()
	data := c.passive()
	if got := c.cmd("RETR %s", name); got.code/100 != 1 {
		c.t.Fatalf("RETR: got %v, want 125 or 150", got)
	}
	if _, err := io.CopyN(io.Discard, data, 1<<20); err != nil {
		c.t.Fatalf("first MiB: %v", err)
	}
	return data
}

// names is what the client sees in the home.
func (c *client) names() string {
	c.t.Helper()
	names, got := c.download("NLST")
	if got.code != 226 {
		c.t.Errorf("NLST: got %v, want 226", got)
	}
	return string(names)
}

// endsWell wants the end of an interrupted transfer to be told without delay, the session alive or closed in good order,
// and a new login to work once the file server is back.
func (c *client) endsWell(s *service, up func(testing.TB)) {
	c.t.Helper()
	c.breaksOff(time.Now().Add(20 * time.Second))
	up(c.t)
	c.worksAgain(s)
}

// breaksOff wants the interrupted transfer to be answered by then, and the session alive or closed in good order.
func (c *client) breaksOff(deadline time.Time) {
	c.t.Helper()
	if got := c.readUntil(deadline); got.code != 426 && got.code != 451 {
		c.t.Errorf("after the file server went: got %v, want 426 or 451", got)
	}
	if got := c.cmd("NOOP"); got.code != 200 && got.code != 421 && got.code != 0 {
		c.t.Errorf("NOOP: got %v, want 200, 421 or a closed connection", got)
	}
}

func (c *client) worksAgain(s *service) {
	c.t.Helper()
	var last reply
	back := eventually(20*time.Second, func() bool {
		last = dial(c.t, s).try("alice", lab.Alice.Password(c.t).Reveal())
		return last.code == 230
	})
	if !back {
		c.t.Errorf("login after the file server is back: got %v, want 230", last)
	}
}
