//go:build lab

package lab_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jlaffaye/ftp"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// uploader sends one file after the other until one is not taken.
type uploader struct {
	name    string
	content []byte
	stored  []string // what was answered 226
	failed  error    // of the one that was not
	waited  time.Duration
}

func (u *uploader) run(ctx context.Context, c *ftp.ServerConn, stored *atomic.Int64) {
	for i := 0; ctx.Err() == nil; i++ {
		name := fmt.Sprintf("%s-%d.bin", u.name, i)
		begun := time.Now()
		if u.failed = c.Stor(name, bytes.NewReader(u.content)); u.failed != nil {
			u.waited = time.Since(begun)
			return
		}
		u.stored = append(u.stored, name)
		stored.Add(1)
	}
}

// Twenty uploads are under way when fs01 loses its power. Each client is told so, by a reply and soon; what was answered
// 226 is there, whole, and nothing else got its name; the service keeps nothing of it, and serves again when fs01 does.
func TestOutage_ofTheFileServerDuringTwentyUploads(t *testing.T) {
	const clients, size = 20, 6 << 20
	s := serve(t)
	login(t, s, lab.Alice).cmd("QUIT")
	login(t, s, lab.Bob).cmd("QUIT")
	before := s.descriptors(t)
	uploaders, home := make([]uploader, clients), [2]lab.Account{lab.Alice, lab.Bob}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var running sync.WaitGroup
	var stored atomic.Int64
	for i := range uploaders {
		u, who := &uploaders[i], home[i%2]
		u.name, u.content = fmt.Sprintf("%s-%02d", who, i), bytes.Repeat([]byte(fmt.Sprintf("%015d\n", i)), size/16)
		c, err := ftp.Dial(s.addr, ftp.DialWithDialer(net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(lab.ClientAddr)}, Timeout: 10 * time.Second}))
		if err == nil {
			err = c.Login(string(who), who.Password(t).Reveal())
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Quit() })
		running.Go(func() { u.run(ctx, c, &stored) })
	}
	if !eventually(time.Minute, func() bool { return stored.Load() >= clients }) {
		t.Fatalf("only %d files were stored", stored.Load())
	}
	lab.StopFileServer(t)
	running.Wait()
	lab.StartFileServer(t)
	for _, who := range home { // these nobody could delete any more
		left, _ := filepath.Glob(filepath.Join(lab.ShareDir(), string(who), ".~ftpiso-*"))
		for _, name := range left {
			_ = os.Remove(name)
		}
	}
	for i := range uploaders {
		uploaders[i].judge(t, filepath.Join(lab.ShareDir(), string(home[i%2])))
	}
	t.Logf("%d files were stored before the end", stored.Load())

	for _, who := range home {
		c := login(t, s, who)
		if got := c.upload([]byte("again"), "STOR again.txt"); got.code != 226 {
			t.Errorf("%s, afterwards: %v", who, got)
		}
		c.cmd("DELE again.txt")
		c.cmd("QUIT")
	}
	// The pools of the directory may have grown; a connection to the file server of each client would be more than that.
	const pool = 12
	if !eventually(10*time.Second, func() bool { return s.openSessions(t) == clients && s.descriptors(t) <= before+clients+pool }) {
		t.Errorf("%d sessions are open, which should be the %d; %d descriptors, and were %d\n%s", s.openSessions(t), clients, s.descriptors(t), before, open(s.pid))
	}
	s.kill(t, syscall.SIGQUIT) // which has it say what every goroutine does
	for stack := range strings.SplitSeq(s.diag.String(), "\n\n") {
		if strings.HasPrefix(stack, "goroutine ") && strings.Contains(stack, "smbfs.") {
			t.Errorf("this goroutine has stayed:\n%s", stack)
		}
	}
	if !strings.Contains(s.diag.String(), "\ngoroutine ") {
		t.Errorf("no goroutine is told of\n%s", s.diag)
	}
}

// judge compares what the client was told with what is on the file server's disk, and cleans up.
func (u *uploader) judge(t *testing.T, home string) {
	t.Helper()
	var said *textproto.Error
	if !errors.As(u.failed, &said) || said.Code != 426 && said.Code != 451 || u.waited > 20*time.Second {
		t.Errorf("%s was told %v after %v, want 426 or 451", u.name, u.failed, u.waited)
	}
	there, err := filepath.Glob(filepath.Join(home, u.name+"-*"))
	if err != nil || len(there) < len(u.stored) {
		t.Errorf("%s has %d files, %v; %d were answered 226", u.name, len(there), err, len(u.stored))
	}
	for _, name := range there { // one more may have got its name just before
		if content, err := os.ReadFile(name); err != nil || !bytes.Equal(content, u.content) {
			t.Errorf("%s has %d octets, %v, and should have %d", name, len(content), err, len(u.content))
		}
		_ = os.Remove(name)
	}
	for _, name := range u.stored {
		if !slices.Contains(there, filepath.Join(home, name)) {
			t.Errorf("%s was answered 226 and is not there", name)
		}
	}
}
