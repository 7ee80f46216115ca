//go:build lab

package lab_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// Whoever logs in works on the file server as nobody else: what its access lists deny is denied, also inside of the
// home, and what comes new belongs to the login.
func TestOwnRights_aliceHasAlicesRights(t *testing.T) {
	const name, dir = "locked.txt", "locked"
	s := serve(t)
	c := login(t, s, lab.Alice)
	for _, command := range []string{"MKD made", "MKD " + dir} {
		if got := c.cmd("%s", command); got.code != 257 {
			t.Fatalf("%s: %v", command, got)
		}
	}
	for _, file := range []string{name, "made.txt"} {
		if got := c.upload([]byte("mine"), "STOR %s", file); got.code != 226 {
			t.Fatalf("STOR %s: %v", file, got)
		}
	}
	home := filepath.Join(lab.ShareDir(), "alice")
	t.Cleanup(func() {
		for _, made := range []string{name, dir, "made", "made.txt"} {
			_ = os.RemoveAll(filepath.Join(home, made))
		}
	})
	for _, made := range []string{"made", "made.txt"} {
		if got := owner(t, `alice\`+made); got != `CORP\alice` {
			t.Errorf("%s belongs to %s, want CORP\\alice", made, got)
		}
	}
	for _, locked := range []string{name, dir} {
		const admins = `ACL:CORP\Domain Admins:ALLOWED/0/FULL,ACL:CORP\alice:ALLOWED/0/0x00020000` // alice may read the list
		if got := samba(t, lab.Administrator, "smbcacls", `alice\`+locked, "-S", admins); got.code != 0 {
			t.Fatalf("smbcacls %s: %v", locked, got)
		}
	}
	const denied = "Access is denied. "
	for _, command := range []string{"RETR " + name, "STOR " + name, "APPE " + name, "LIST " + dir, "NLST " + dir, "STOR " + dir + "/new.txt"} {
		before := len(s.rows(t))
		if got := c.upload([]byte("overwritten"), "%s", command); got != (reply{550, denied}) {
			t.Errorf("%s: got %v, want 550 %s", command, got, denied)
		}
		s.waitForNewRow(t, before, "cs-method="+command[:4]+" sc-status=550 sc-win32-status=5 sc-substatus=2")
	}
	before := len(s.rows(t))
	if got := c.cmd("MKD %s/new", dir); got != (reply{550, denied}) {
		t.Errorf("MKD: got %v, want 550 %s", got, denied)
	}
	s.waitForNewRow(t, before, "cs-method=MKD sc-status=550 sc-win32-status=5 sc-substatus=2")
	if content, err := os.ReadFile(filepath.Join(home, name)); err != nil || string(content) != "mine" {
		t.Errorf("the locked file holds %q, %v", content, err)
	}
}

// A password that has been used is in no log, in no argument and no environment, and a service that dies leaves no
// image of its memory, although it is told to and would be allowed to.
func TestOwnRights_passwordIsNowhere(t *testing.T) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_CORE, &limit); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{Cur: 1 << 30, Max: limit.Max}); err != nil {
		t.Logf("this machine allows no core anyway: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Setrlimit(syscall.RLIMIT_CORE, &limit) })
	s := serveIn(t, environment(t, "GOTRACEBACK=crash"))
	password := lab.Alice.Password(t).Reveal()
	c := login(t, s, lab.Alice)
	if got := c.upload([]byte("x"), "STOR x.txt"); got.code != 226 {
		t.Fatal(got)
	}
	c.cmd("DELE x.txt")
	if got := dial(t, s).try("bob", password); got.code != 530 { // a wrong one, that is somebody's
		t.Errorf("bob with alice's password: %v", got)
	}
	for what, text := range map[string][]byte{
		"arguments": read(t, s.file("cmdline")), "environment": read(t, s.file("environ")),
		"messages": []byte(s.diag.String()), "access log": s.accessLog(t),
	} {
		if len(text) == 0 && what != "messages" || bytes.Contains(text, []byte(password)) {
			t.Errorf("%s: %d octets, which hold the password, or nothing", what, len(text))
		}
	}
	if limits := string(read(t, s.file("limits"))); !strings.Contains(strings.Join(strings.Fields(limits), " "), "Max core file size 0 0 ") {
		t.Errorf("limits are\n%s\nwant no core file", limits)
	}
	if state := s.kill(t, syscall.SIGABRT); state.CoreDump() {
		t.Error("the service has left a core")
	}
	if cores, _ := filepath.Glob("core*"); len(cores) > 0 {
		t.Errorf("there is %q", cores)
	}
}

func (s *service) file(name string) string { return fmt.Sprintf("/proc/%d/%s", s.pid, name) }

func read(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// accessLog is all of it.
func (s *service) accessLog(t *testing.T) (all []byte) {
	t.Helper()
	s.waitForRow(t, "cs-method=PASS sc-status=530")
	err := filepath.Walk(s.logs, func(name string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			all = append(all, read(t, name)...)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
