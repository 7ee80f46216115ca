//go:build linux

package cli

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/textproto"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/config/words"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// runningDemo is the demo's domain and a service on top of it.
type runningDemo struct {
	*demo
	address string
	logs    string // folder of the access log
	stop    func()
}

func startDemoService(t *testing.T, change func(*config.File, *config.Site)) *runningDemo {
	t.Helper()
	return startDemoServiceWith(t, orders{}, change)
}

func startDemoServiceWith(t *testing.T, o orders, change func(*config.File, *config.Site)) *runningDemo {
	t.Helper()
	d, err := newDemo(t.Context(), filepath.Join(t.TempDir(), "homes"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	directoryEnded := make(chan error, 1)
	go func() { directoryEnded <- d.server.ServeTLS(ctx, d.listener) }()
	roots, err := readCAFile(d.caFile())
	if err != nil {
		t.Fatal(err)
	}
	file, site, err := d.configuration()
	if err != nil {
		t.Fatal(err)
	}
	running := &runningDemo{demo: d, logs: t.TempDir()}
	site.LogFile.Enabled, site.LogFile.Directory = true, running.logs
	if change != nil {
		change(&file, &site)
	}
	directory, err := ldapattr.Open(ctx, ldapattr.Config{
		Servers: []string{d.url()}, RootCAs: roots, Bind: ldapattr.Bind{User: demoAdmin, Password: d.password}, Timeout: 3 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	service, err := newService(ctx, directory, sitePlan{file: file, site: site}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	running.address = listener.Addr().String()
	serviceEnded := make(chan error, 1)
	serving, stopServing := context.WithCancel(ctx)
	go func() { serviceEnded <- service.run(serving, []door{{Listener: listener}}, o) }()
	stopped := false
	running.stop = func() {
		if stopped {
			return
		}
		stopped = true
		stopServing()
		if err := <-serviceEnded; err != nil {
			t.Error(err)
		}
		service.close()
		cancel()
		if err := <-directoryEnded; err != nil {
			t.Error(err)
		}
		_ = os.RemoveAll(d.folder)
	}
	t.Cleanup(running.stop)
	return running
}

// log returns the rows of the access log.
func (r *runningDemo) log(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(r.logs, "*.log"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no access log in %s: %v", r.logs, err)
	}
	var all bytes.Buffer
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(content)
	}
	return all.String()
}

// awaitRow waits until so many rows hold a text: a row is written right after the
// reply.
func (r *runningDemo) awaitRow(t *testing.T, text string, count int) {
	t.Helper()
	deadline, poll := time.Now().Add(5*time.Second), time.Tick(5*time.Millisecond)
	for strings.Count(r.log(t), text) != count {
		if time.Now().After(deadline) {
			t.Fatalf("want %d rows with %q in\n%s", count, text, r.log(t))
		}
		<-poll
	}
}

// login opens a control connection and returns it with the final reply.
func (r *runningDemo) login(t *testing.T, user, password string) (conn *textproto.Conn, reply string) {
	t.Helper()
	dialed, err := net.DialTimeout("tcp", r.address, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if err := dialed.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	conn = textproto.NewConn(dialed)
	for _, line := range []string{"", "USER " + user, "PASS " + password} {
		if line != "" {
			if err := conn.PrintfLine("%s", line); err != nil {
				t.Fatal(err)
			}
		}
		if reply, err = conn.ReadLine(); err != nil {
			t.Fatalf("%s: %v", strings.SplitN(line, " ", 2)[0], err)
		}
	}
	return conn, reply
}

// descriptors counts the open files of this process, goroutines its goroutines.
func descriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

func TestService_leavesNothingAfterAThousandLogins(t *testing.T) {
	r := startDemoService(t, nil)
	once := func(user, password, want string) {
		conn, reply := r.login(t, user, password)
		if !strings.HasPrefix(reply, want) {
			t.Fatalf("%s: %s", user, reply)
		}
		if err := conn.PrintfLine("QUIT"); err != nil {
			t.Fatal(err)
		}
		if _, err := conn.ReadLine(); err != nil {
			t.Fatal(err)
		}
		conn.Close()
	}
	for range 20 { // fill the pools first
		once("alice", "Wonder1and!", "230")
	}
	goroutines, files := runtime.NumGoroutine(), descriptors(t)
	for i := range 1000 {
		if i%10 == 0 {
			once(fmt.Sprintf("nobody%d", i), "x", "530")
			continue
		}
		once("alice", "Wonder1and!", "230")
	}
	deadline, poll := time.Now().Add(10*time.Second), time.Tick(10*time.Millisecond)
	for runtime.NumGoroutine() > goroutines || descriptors(t) > files {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("goroutines %d, were %d; descriptors %d, were %d\n%s", runtime.NumGoroutine(), goroutines,
				descriptors(t), files, stacks[:runtime.Stack(stacks, true)])
		}
		<-poll
	}
}

// One text for the client, whatever the cause; the cause in the row.
func TestService_refusedLoginsInReplyAndRow(t *testing.T) {
	r := startDemoService(t, nil)
	for _, tt := range []struct{ user, password, reply, row string }{
		{"alice", "wrong", "530 User cannot log in.", " PASS *** 530 1326 41 "},
		{"alice", "", "530 User cannot log in.", " PASS *** 530 1326 41 "},
		{"nobody", "x", "530 User cannot log in.", " PASS *** 530 1317 41 "},
		{"carol", "Car0l!sOut", "530 User cannot log in.", " PASS *** 530 1331 41 "},
		{"anonymous", "me@example.com", "530 User cannot log in.", " PASS *** 530 5 33 "},
		{"dave", "N0where2go!", "530 User cannot log in, home directory inaccessible.", " PASS *** 530 8202 33 "},
	} {
		t.Run(tt.user+"/"+tt.password, func(t *testing.T) {
			before := strings.Count(r.log(t), tt.row)
			conn, reply := r.login(t, tt.user, tt.password)
			conn.Close()
			if reply != tt.reply {
				t.Errorf("reply %q, want %q", reply, tt.reply)
			}
			r.awaitRow(t, tt.row, before+1)
			if tt.password != "" && strings.Contains(r.log(t), tt.password) && tt.password != "x" {
				t.Error("the access log shows the password")
			}
		})
	}
}

// An attacker who can write the attributes wants the service to knock at a
// server of his own. Nothing is sent: the name is not even looked up.
func TestService_homeOutsideTheListsIsRefusedAtOnce(t *testing.T) {
	r := startDemoService(t, func(file *config.File, _ *config.Site) { file.PathMap = nil })
	began := time.Now()
	conn, reply := r.login(t, "alice", "Wonder1and!")
	conn.Close()
	if reply != "530 User cannot log in, home directory inaccessible." {
		t.Errorf("reply %q", reply)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("refused after %v, which smells of a network", took)
	}
	r.awaitRow(t, " PASS *** 530 5 33 ", 1)
}

// A column that can be chosen is filled: site and computer tell the nodes behind
// a balancer apart.
func TestService_everyColumnIsFilled(t *testing.T) {
	computer, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	r := startDemoService(t, func(_ *config.File, site *config.Site) {
		site.LogFile.LogExtFileFlags = []words.LogField{"Method", "SiteName", "ComputerName"}
	})
	conn, reply := r.login(t, "alice", "Wonder1and!")
	conn.Close()
	if !strings.HasPrefix(reply, "230") {
		t.Fatal(reply)
	}
	r.awaitRow(t, "\nPASS demo "+computer+"\r\n", 1)
}
