//go:build unix

package cli

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// The demo's address is the one that the documents name.
func TestDemo_standardAddress(t *testing.T) {
	if got := newDemoCommand(newApp(Env{})).Flags().Lookup("listen").DefValue; got != "127.0.0.1:2121" {
		t.Errorf("got %s", got)
	}
}

// The printed block does what it says in a shell that stands in another folder,
// wherever program and files lie. A program of that name notes what it is called
// with; the embedded ring runs the real one, and the lines for curl.
func TestDemoLines_runInAnyFolder(t *testing.T) {
	folder := t.TempDir() + "/it's $HOME\\a \"folder\""
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	program := folder + "/ftpisoctl"
	const script = "#!/bin/sh\necho \"$@\"; echo \"$FTPISOCTL_SERVER $FTPISOCTL_BIND_USER\"; cat \"$FTPISOCTL_CA_FILE\" \"$FTPISOCTL_PASSWORD_FILE\" \"$FTPISOCTL_CONFIG\"\n"
	for name, text := range map[string]string{"ftpisoctl": script, "ca.pem": "authority\n", "ftpisoctl.yaml": "places\n", "administrator.password": "password\n"} {
		if err := os.WriteFile(folder+"/"+name, []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	d := &demo{folder: folder, homes: folder + "/homes", listener: listener}
	text := shellOf("linux").lines(d, []door{{Listener: listener}}, program)
	lines := regexp.MustCompile(`(?m)^  (export .*|.* get .*|.* check .*|.* set .*)$`).FindAllString(text, -1)
	sh := exec.Command("sh", "-e")
	sh.Dir, sh.Stdin = t.TempDir(), strings.NewReader(strings.Join(lines, "\n"))
	got, err := sh.CombinedOutput()
	rest := "\n" + d.url() + " " + demoAdmin + "\nauthority\npassword\nplaces\n"
	if want := "get alice" + rest + "shares check alice" + rest + "set bob --dir projects" + rest; err != nil || string(got) != want {
		t.Errorf("%v, got\n%s\nwant\n%s\nfrom\n%s", err, got, want, text)
	}
}

// An absolute path is printed, and quoted where the shell would take it apart.
func TestDemoLines_program(t *testing.T) {
	for _, tt := range []struct{ goos, path, want string }{
		{"linux", "/usr/local/bin/ftpisoctl", "/usr/local/bin/ftpisoctl"},
		{"linux", "/home/a b/ftpisoctl", "'/home/a b/ftpisoctl'"},
		{"linux", "/home/it's/ftpisoctl", `'/home/it'\''s/ftpisoctl'`},
		{"linux", `/home/a\b/ftpisoctl`, `'/home/a\b/ftpisoctl'`},
		{"windows", `C:\bin\ftpisoctl.exe`, `C:\bin\ftpisoctl.exe`},
		{"windows", `C:\Program Files\ftpisoctl.exe`, `& 'C:\Program Files\ftpisoctl.exe'`},
		{"windows", `C:\it's\ftpisoctl.exe`, `& 'C:\it''s\ftpisoctl.exe'`},
	} {
		if got := shellOf(tt.goos).program(tt.path); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.path, got, tt.want)
		}
	}
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	var out bytes.Buffer
	if err := demoLines(&out, &demo{listener: listener}, []door{{Listener: listener}}); err != nil || !strings.Contains(out.String(), own+" get alice") {
		t.Errorf("%v, %s is not in\n%s", err, own, &out)
	}
}
