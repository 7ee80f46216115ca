//go:build lab

package lab_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// watch is audit --watch at work, as far as one account is concerned.
type watch struct {
	t      *testing.T
	cmd    *exec.Cmd
	events chan string
	mu     sync.Mutex
	told   bytes.Buffer
}

// Write takes what it says on standard error.
func (w *watch) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.told.Write(p)
}

func (w *watch) says(text string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Contains(w.told.String(), text)
}

// watching starts it as an account, and waits until it watches.
func watching(t *testing.T, as lab.Account, login string, args ...string) *watch {
	t.Helper()
	w := &watch{t: t, events: make(chan string, 100)}
	w.cmd = exec.Command(program(t), append(append([]string{"audit", "--watch", "--poll", "200ms", "--timeout", "5s"}, args...), ldaps(as)...)...)
	w.cmd.Env, w.cmd.Stderr = environment(t), w
	out, err := w.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := w.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.cmd.Process.Kill() })
	go func() {
		defer close(w.events)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			var event struct{ Event, Rule, Login string }
			if err := json.Unmarshal(lines.Bytes(), &event); err != nil || event.Login == login {
				w.events <- event.Event + " " + event.Rule
			}
		}
	}()
	if !eventually(30*time.Second, func() bool { return w.says("watching " + lab.Domain) }) {
		t.Fatalf("it does not watch: %s", &w.told)
	}
	return w
}

func (w *watch) want(event string) {
	w.t.Helper()
	select {
	case got := <-w.events:
		if got != event {
			w.t.Fatalf("got %q, want %q", got, event)
		}
	case <-time.After(30 * time.Second):
		w.mu.Lock()
		defer w.mu.Unlock()
		w.t.Fatalf("got nothing for 30 s, want %q\n%s", event, &w.told)
	}
}

// An account that may only read is told by a real domain controller what changes, whoever changes it, also across a
// restart of it, and when an account goes.
func TestWatch_ofARealDomain(t *testing.T) {
	const dn = "CN=Wanda Watched,OU=Staff," + lab.BaseDN
	ldapTool(t, "dn: "+dn+"\nobjectClass: user\nsAMAccountName: wanda\nmsIIS-FTPRoot: "+homes+"\nmsIIS-FTPDir: wanda\n", "ldapadd")
	gone := false
	t.Cleanup(func() {
		if !gone {
			ldapTool(t, "", "ldapdelete", dn)
		}
	})
	w := watching(t, lab.Service, "wanda", "--rules", "V05,X02")
	modify(t, "wanda", homes, `..\alice`)
	w.want("found V05")
	modify(t, "wanda", homes, `wanda`)
	w.want("resolved V05")
	modify(t, "wanda", homes, `alice\wanda`)
	w.want("found X02")

	lab.StopDC(t)
	if !eventually(30*time.Second, func() bool { return w.says("; trying again in ") }) {
		t.Error("it does not notice that the domain controller is away")
	}
	lab.StartDC(t)
	if !eventually(60*time.Second, func() bool { return w.says(" answers again") }) {
		t.Fatalf("it does not come back: %s", &w.told)
	}
	modify(t, "wanda", homes, `..\alice`)
	w.want("found V05")
	w.want("resolved X02")

	ldapTool(t, "", "ldapdelete", dn)
	gone = true
	w.want("resolved V05")

	if err := w.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if more, open := <-w.events; open {
		t.Errorf("got %q after the end", more)
	}
	if err := w.cmd.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v\n%s", err, &w.told)
	}
}
