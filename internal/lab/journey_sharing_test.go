//go:build lab

package lab_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// holder opens a file of the share ftp$ and shares it with nobody, until its standard input ends. No command-line client
// does that; Samba's own library for Python can.
const holder = `
import sys
from samba import credentials, param as settings
from samba.samba3 import libsmb_samba_internal, param
host, share, domain, user, password, name = sys.argv[1:]
context = param.get_context()
context.load("/dev/null")
defaults = settings.LoadParm()
defaults.load("/dev/null")
who = credentials.Credentials()
who.guess(defaults)
who.set_domain(domain)
who.set_username(user)
who.set_password(open(password).read().rstrip("\n"))
connection = libsmb_samba_internal.Conn(host, share, context, who)
held = connection.create(name, DesiredAccess=0x3, ShareAccess=0, CreateDisposition=1)
print("held", flush=True)
sys.stdin.read()
connection.close(held)
`

// holdExclusively has another SMB client hold a file open and share it with nobody. What it returns lets go.
func holdExclusively(t *testing.T, as lab.Account, name string) (release func()) {
	t.Helper()
	cmd := exec.Command("/usr/bin/python3", "-c", holder, lab.FileServer, lab.Share, lab.NetBIOS, string(as), as.PasswordFile(), name)
	cmd.Stderr = os.Stderr
	input, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	release = func() {
		_ = input.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("the other client: %v", err)
		}
	}
	if said, err := bufio.NewReader(output).ReadString('\n'); said != "held\n" {
		release()
		t.Fatalf("the other client cannot open %s: %q, %v", name, said, err)
	}
	return release
}

// Checklist W5: a file that another SMB client shares with nobody is neither read nor changed.
func TestChecklist_W5_fileHeldByAnotherClient(t *testing.T) {
	const name, content = "held.txt", "theirs"
	s := serve(t)
	c := login(t, s, lab.Alice)
	if got := c.upload([]byte(content), "STOR %s", name); got.code != 226 {
		t.Fatalf("STOR: got %v, want 226", got)
	}
	t.Cleanup(func() { _ = os.Remove(filepath.Join(lab.ShareDir(), "alice", name)) })
	names := c.names()
	release := holdExclusively(t, lab.Alice, `alice\`+name)
	const text = "The process cannot access the file because it is being used by another process."
	refused := func(verb string, got reply) {
		t.Helper()
		if got.code != 550 || strings.TrimSuffix(got.text, " ") != text {
			t.Errorf("%s: got %v, want 550 %s", verb, got, text)
		}
	}
	for _, verb := range []string{"RETR", "STOR", "APPE"} {
		before := len(s.rows(t))
		refused(verb, c.upload([]byte("ours"), "%s %s", verb, name))
		s.waitForNewRow(t, before, "cs-method="+verb+" sc-status=550 sc-win32-status=32 sc-substatus=3")
	}
	for _, verb := range []string{"HASH", "DELE"} {
		refused(verb, c.cmd("%s %s", verb, name))
	}
	if got := c.cmd("RNFR %s", name); got.code == 350 {
		refused("RNTO", c.cmd("RNTO moved.txt"))
	}
	release()
	if got, end := c.download("RETR %s", name); end.code != 226 || string(got) != content {
		t.Errorf("when it is free: got %v and %q, want the file as it was", end, got)
	}
	if after := c.names(); after != names {
		t.Errorf("the home lists\n%s\nand had\n%s", after, names)
	}
}
