//go:build linux

package cli

import (
	"errors"
	"net/textproto"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/config/words"
)

// ordered is a service that takes orders, and what its configuration says next.
func ordered(t *testing.T, next func() (sitePlan, error)) (r *runningDemo, reload, roll chan os.Signal) {
	reload, roll = make(chan os.Signal), make(chan os.Signal)
	r = startDemoServiceWith(t, orders{reload, roll, next}, nil)
	return r, reload, roll
}

func (r *runningDemo) banner(t *testing.T) string {
	t.Helper()
	conn, err := textproto.Dial("tcp", r.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	line, err := conn.ReadLine()
	if err != nil {
		t.Fatal(err)
	}
	return line
}

func say(t *testing.T, conn *textproto.Conn, command string) string {
	t.Helper()
	if err := conn.PrintfLine("%s", command); err != nil {
		t.Fatal(err)
	}
	reply, err := conn.ReadLine()
	if err != nil {
		t.Fatal(err)
	}
	return reply
}

// A reload changes what new sessions get and leaves those that there are alone; one
// that fails changes nothing.
func TestService_reload(t *testing.T) {
	type plan struct {
		user string
		err  error
	}
	plans, seen := make(chan plan), (*runningDemo)(nil)
	r, reload, _ := ordered(t, func() (sitePlan, error) {
		next := <-plans
		file, site, err := seen.configuration()
		site.Messages.BannerMessage = "reloaded"
		site.Security.Authorization = []config.AuthorizationRule{{
			AccessType: words.AccessAllow, Users: []string{next.user}, Permissions: []words.Permission{words.PermissionRead},
		}}
		return sitePlan{file: file, site: site}, errors.Join(err, next.err)
	})
	seen = r
	// The second order is taken when the first is done.
	order := func(next plan) {
		for range 2 {
			reload <- os.Interrupt
			plans <- next
		}
	}
	alice, reply := r.login(t, "alice", "Wonder1and!")
	defer alice.Close()
	if !strings.HasPrefix(reply, "230") {
		t.Fatal(reply)
	}
	order(plan{err: errors.New("no such file")})
	if got := r.banner(t); got != "220 Microsoft FTP Service" {
		t.Errorf("banner %q after a reload that failed", got)
	}
	order(plan{user: "bob"})
	if got := r.banner(t); got != "220-Microsoft FTP Service" {
		t.Errorf("banner %q after a reload", got)
	}
	if got := say(t, alice, "MKD kept"); !strings.HasPrefix(got, "257 ") {
		t.Errorf("a session that was there: %s", got)
	}
	for user, want := range map[string]string{
		"alice Wonder1and!": "530 User cannot log in, home directory inaccessible.", "bob Bui1der!!": "230 User logged in.",
	} {
		name, password, _ := strings.Cut(user, " ")
		conn, got := r.loginBehind(t, name, password)
		if got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		if name == "bob" {
			if got := say(t, conn, "MKD d"); got != "550 Access is denied. " {
				t.Errorf("bob may only read: %s", got)
			}
		}
		conn.Close()
	}
	r.awaitRow(t, " PASS *** 530 5 1 ", 1)
	order(plan{user: "nobody@corp.example.com"}) // a form that rules do not take
	conn, got := r.loginBehind(t, "bob", "Bui1der!!")
	conn.Close()
	if !strings.HasPrefix(got, "230 ") {
		t.Errorf("after a reload with a rule that is refused: %s", got)
	}
}

// loginBehind is login behind a banner of two lines.
func (r *runningDemo) loginBehind(t *testing.T, user, password string) (*textproto.Conn, string) {
	t.Helper()
	conn, err := textproto.Dial("tcp", r.address)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := conn.ReadLine(); err != nil {
			t.Fatal(err)
		}
	}
	say(t, conn, "USER "+user)
	return conn, say(t, conn, "PASS "+password)
}

func TestService_rollsTheAccessLog(t *testing.T) {
	r, _, roll := ordered(t, nil)
	files, err := filepath.Glob(filepath.Join(r.logs, "*.log"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	if err := os.Rename(files[0], files[0]+".old"); err != nil {
		t.Fatal(err)
	}
	roll <- os.Interrupt
	roll <- os.Interrupt
	if _, err := os.Stat(files[0]); err != nil {
		t.Errorf("no new file: %v", err)
	}
}

func TestKeepFixed(t *testing.T) {
	plan := func() sitePlan { return sitePlan{file: config.Default(), site: config.DefaultSite()} }
	for key, change := range map[string]func(*sitePlan){
		"":                       func(p *sitePlan) { p.site.Messages.BannerMessage = "x" },
		"directory":              func(p *sitePlan) { p.file.Directory.Server = []string{"ldaps://dc2"} },
		"server.firewallSupport": func(p *sitePlan) { p.file.Server.FirewallSupport.LowDataChannelPort = 5000 },
		"bindings":               func(p *sitePlan) { p.site.Bindings = []config.Binding{"*:2121"} },
		"logFile":                func(p *sitePlan) { p.site.LogFile.Enabled = false },
		"adUserName":             func(p *sitePlan) { p.site.UserIsolation.ActiveDirectory.ADUserName = "x" },
		"adPasswordFile":         func(p *sitePlan) { p.site.UserIsolation.ActiveDirectory.ADPasswordFile = "x" },
		"adPasswordCommand":      func(p *sitePlan) { p.site.UserIsolation.ActiveDirectory.ADPasswordCommand = "x" },
		"directory, adUserName": func(p *sitePlan) {
			p.file.Directory.Domain = "x"
			p.site.UserIsolation.ActiveDirectory.ADUserName = "x"
		},
	} {
		next := plan()
		change(&next)
		kept := keepFixed(&next, plan())
		if got := strings.Join(kept, ", "); got != key {
			t.Errorf("%q: kept %q", key, got)
		}
		if again := keepFixed(&next, plan()); len(again) > 0 {
			t.Errorf("%q: %v is not put back", key, again)
		}
	}
	if next := plan(); !slices.Equal(keepFixed(&next, plan()), nil) {
		t.Error("nothing has changed")
	}
}

// The limit of a service that ends is the configuration's.
func TestService_shutdownTimeLimit(t *testing.T) {
	r := startDemoService(t, func(file *config.File, _ *config.Site) { file.Server.ShutdownTimeLimit = 0 })
	conn, reply := r.login(t, "alice", "Wonder1and!")
	defer conn.Close()
	if !strings.HasPrefix(reply, "230") {
		t.Fatal(reply)
	}
	if got := say(t, conn, "EPSV"); !strings.HasPrefix(got, "229") {
		t.Fatal(got)
	}
	if got := say(t, conn, "STOR never-sent"); !strings.HasPrefix(got, "150") {
		t.Fatal(got)
	}
	start := time.Now()
	r.stop()
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %v, with a transfer that nobody feeds", took)
	}
}
