package cli_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
)

// controller is an embedded domain controller that can be switched off and on at one
// address.
type controller struct {
	t       *testing.T
	address string
	stop    func()
	start   func(seed string)
}

func newController(t *testing.T, seed string) (*world, *controller) {
	t.Helper()
	tlsConfig, authority, err := adsim.SelfSigned()
	if err != nil {
		t.Fatal(err)
	}
	c := &controller{t: t, address: "127.0.0.1:0"}
	c.start = func(seed string) {
		t.Helper()
		server, err := adsim.New(adsim.Config{Domain: "corp.example.com", NetBIOS: "CORP", Seed: strings.NewReader(seed), TLS: tlsConfig, RequireTLS: true})
		if err != nil {
			t.Fatal(err)
		}
		listener, err := net.Listen("tcp", c.address)
		if err != nil {
			t.Fatal(err)
		}
		c.address = listener.Addr().String()
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- server.ServeTLS(ctx, listener) }()
		c.stop = func() { cancel(); <-ended; c.stop = func() {} }
	}
	c.start(seed)
	t.Cleanup(func() { c.stop() })
	state := t.TempDir()
	return &world{variables: map[string]string{
		"FTPISOCTL_SERVER": "ldaps://" + c.address, "FTPISOCTL_CA_FILE": file(t, "ca.pem", string(authority)),
		"FTPISOCTL_BIND_USER": `CORP\ada`, "FTPISOCTL_PASSWORD_FILE": file(t, "password", adaPassword), "FTPISOCTL_JOURNAL": t.TempDir(),
		"XDG_STATE_HOME": state, "LocalAppData": state,
	}}, c
}

// hangUp takes one connection in its place, and ends it.
func (c *controller) hangUp() {
	c.t.Helper()
	listener, err := net.Listen("tcp", c.address)
	if err != nil {
		c.t.Fatal(err)
	}
	defer listener.Close()
	if conn, err := listener.Accept(); err == nil {
		_ = conn.Close()
	}
}

// lines are what audit --watch writes, as it comes.
type lines struct {
	t    *testing.T
	in   chan string
	end  context.CancelFunc
	code chan int
	errs *world
}

// watching starts audit --watch in the world of another.
func watching(t *testing.T, w *world, args ...string) *lines {
	t.Helper()
	reader, writer := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	l := &lines{t: t, in: make(chan string, 100), end: cancel, code: make(chan int, 1), errs: &world{variables: maps.Clone(w.variables), stdout: writer}}
	go func() {
		l.code <- l.errs.runUntil(ctx, append([]string{"audit", "--watch", "--poll", "100ms", "--timeout", "5s"}, args...)...)
		_ = writer.Close()
	}()
	go func() {
		defer close(l.in)
		for scanner := bufio.NewScanner(reader); scanner.Scan(); {
			l.in <- scanner.Text()
		}
	}()
	t.Cleanup(cancel)
	return l
}

// next is the next line, abridged: event, rule, login.
func (l *lines) next() string {
	l.t.Helper()
	select {
	case text, ok := <-l.in:
		if !ok {
			return "the end"
		}
		var event struct {
			Event, Rule, Login string
			Time               time.Time
		}
		if err := json.Unmarshal([]byte(text), &event); err != nil || time.Since(event.Time) > time.Minute {
			l.t.Fatalf("%s: %v, at %v", text, err, event.Time)
		}
		return event.Event + " " + event.Rule + " " + event.Login
	case <-time.After(20 * time.Second):
		return "nothing for 20 s"
	}
}

func (l *lines) want(all ...string) {
	l.t.Helper()
	var got []string
	for range all {
		got = append(got, l.next())
	}
	if slices.Sort(got); !slices.Equal(got, slices.Sorted(slices.Values(all))) {
		l.t.Fatalf("got %q, want %q", got, all)
	}
}

// finish interrupts it, and wants it to have nothing more to say and to end well.
func (l *lines) finish() string {
	l.t.Helper()
	l.end()
	if got := l.next(); got != "the end" {
		l.t.Errorf("got %q, want the end", got)
	}
	if code := <-l.code; code != 0 {
		l.t.Errorf("exit code %d, want 0: %s", code, &l.errs.err)
	}
	return l.errs.err.String()
}

func (w *world) must(t *testing.T, args ...string) {
	t.Helper()
	if code := w.run(t, args...); code != 0 {
		t.Fatalf("%q: exit code %d: %s", args, code, &w.err)
	}
}

const carol = `
dn: CN=Carol,CN=Users,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: carol
msIIS-FTPRoot: \\fs01\ftp$
msIIS-FTPDir: `

func TestAuditWatch_tellsWhatComesAndGoes(t *testing.T) {
	w, dc := newController(t, seed+carol+"..\\x\n")
	l := watching(t, w, "--rules", "X*,V05")
	l.want("found V05 carol")

	w.must(t, "set", "bob", "--dir", `alice\deep`)
	l.want("found X02 bob")
	w.must(t, "set", "bob", "--dir", "bob")
	l.want("resolved X02 bob")

	dc.stop()
	dc.hangUp()
	dc.start(seed + strings.Replace(carol, "Carol", "Carla", 1) + "alice\n") // with carol gone and another of that name
	l.want("resolved V05 carol", "found X01 alice", "found X01 carol")
	w.must(t, "clear", "carol")
	l.want("resolved X01 alice", "resolved X01 carol")
	told := l.finish()
	for _, want := range []string{"watching corp.example.com: ", "warning: ", "; trying again in ", " answers again"} {
		if !strings.Contains(told, want) {
			t.Errorf("standard error has no %q: %s", want, told)
		}
	}
}

// The line is a contract.
func TestAuditWatch_form(t *testing.T) {
	w, _ := newController(t, seed+carol+"..\\\x1b[31mx\n")
	l := watching(t, w, "--rules", "V05", "-q")
	select {
	case got := <-l.in:
		for _, want := range []string{
			`{"schema":1,"event":"found","time":"20`, `Z","rule":"V05","severity":"critical","status":"found","guid":"`, `"login":"carol","domain":"corp.example.com"`,
			`"location":"msIIS-FTPDir","evidence":[{"name":"msIIS-FTPRoot","value":"\\\\fs01\\ftp$"}`, `\u001b[31m`, `"fingerprint":"`,
		} {
			if !strings.Contains(got, want) {
				t.Errorf("there is no %s in %s", want, got)
			}
		}
	case <-time.After(20 * time.Second):
		t.Fatal("nothing comes")
	}
	if told := l.finish(); told != "" {
		t.Errorf("with -q it says %q", told)
	}
}

// What rules about the directory have found stays, while nobody asks them.
func TestAuditWatch_rulesAboutTheDirectory(t *testing.T) {
	w, _ := newController(t, seed+carol+"..\\x\n")
	config := file(t, "ftpisoctl.yaml", "directory: {profiles: [{name: clear, server: ['ldap://dc1.corp.example.com'], allowPlaintext: true}]}\n")
	l := watching(t, w, "--rules", "C09,V05,X02", "--config", config, "--every", "1s")
	l.want("found C09 clear", "found V05 carol")
	w.must(t, "clear", "carol")
	l.want("resolved V05 carol")
	w.must(t, "set", "bob", "--dir", `alice\deep`)
	l.want("found X02 bob")
	l.finish()
}

func TestAuditWatch_acceptedFindingsAreNoNews(t *testing.T) {
	w, _ := newController(t, seed+carol+"..\\x\n")
	w.must(t, "audit", "-o", "json", "--fail-on", "none", "--rules", "V05")
	earlier := file(t, "report.json", w.out.String())
	for _, flag := range []string{"--baseline", "--since"} {
		l := watching(t, w, "--rules", "V05,X*", flag, earlier)
		w.must(t, "set", "bob", "--dir", "alice")
		l.want("found X01 alice", "found X01 bob")
		w.must(t, "set", "bob", "--dir", "bob")
		l.want("resolved X01 alice", "resolved X01 bob")
		l.finish()
	}
	// What was told is known the next time, and what went meanwhile is told then.
	l := watching(t, w, "--rules", "V05,X*", "--since", "last")
	l.want("found V05 carol")
	l.finish()
	w.must(t, "clear", "carol")
	w.must(t, "set", "bob", "--dir", "alice")
	l = watching(t, w, "--rules", "V05,X*", "--since", "last")
	l.want("found X01 alice", "found X01 bob", "resolved V05 carol")
	l.finish()
}

// An earlier report may be of more than is watched. What nobody asks about is not
// resolved, nor what cannot be asked just now.
func TestAuditWatch_whatIsNotAskedIsNotResolved(t *testing.T) {
	w, _ := newController(t, seed+carol+"..\\x\n")
	config := file(t, "ftpisoctl.yaml", "directory: {profiles: [{name: clear, server: ['ldap://dc1.corp.example.com'], allowPlaintext: true}]}\n")
	w.must(t, "set", "bob", "--dir", "alice")
	w.must(t, "audit", "-o", "json", "--fail-on", "none", "--config", config, "--rules", "V05,X*,C09")
	// One domain controller alone cannot be compared with others, which is C08.
	earlier := file(t, "report.json", strings.ReplaceAll(w.out.String(), `"C09"`, `"C08"`))
	w.must(t, "clear", "carol")
	for _, tt := range []struct {
		name string
		args []string
		want []string
	}{
		{"other rules", []string{"--rules", "V05,X02"}, []string{"resolved V05 carol"}},
		{"other users", []string{"--rules", "V05,X*", "--filter", "(!(cn=carol))"}, nil},
		{"not checked", []string{"--rules", "V05,X*,C08"}, []string{"resolved X01 alice", "resolved X01 bob", "resolved V05 carol"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w.must(t, "set", "bob", "--dir", `alice\deep`)
			l := watching(t, w, append(tt.args, "--since", earlier)...)
			l.want(append(tt.want, "found X02 bob")...)
			l.finish()
		})
	}
}

// What could not be asked about this time is still known the next time.
func TestAuditWatch_whatIsNotCheckedIsKept(t *testing.T) {
	w, _ := newController(t, seed)
	config := file(t, "ftpisoctl.yaml", "directory: {profiles: [{name: clear, server: ['ldap://dc1.corp.example.com'], allowPlaintext: true}]}\n")
	args := []string{"--config", config, "--since", "last", "--rules", "X02,C08,C09"}
	l := watching(t, w, args...)
	l.want("found C09 clear")
	l.finish()
	kept, err := filepath.Glob(filepath.Join(w.variables["XDG_STATE_HOME"], "ftpisoctl", "audit", "*.json"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("kept are %q, %v", kept, err)
	}
	text, err := os.ReadFile(kept[0])
	if err != nil {
		t.Fatal(err)
	}
	rules, findings, _ := strings.Cut(string(text), `"findings":`)
	findings = strings.NewReplacer(`"rule":"C09"`, `"rule":"C08"`, `"fingerprint":"`, `"fingerprint":"0`).Replace(findings)
	if err := os.WriteFile(kept[0], []byte(rules+`"findings":`+findings), 0o600); err != nil {
		t.Fatal(err)
	}
	w.must(t, "set", "bob", "--dir", `alice\deep`)
	l = watching(t, w, args...)
	l.want("found C09 clear", "found X02 bob")
	l.finish()
	if text, err = os.ReadFile(kept[0]); err != nil || !strings.Contains(string(text), `"rule":"C08","severity"`) {
		t.Errorf("C08 is forgotten: %v\n%s", err, text)
	}
}

func TestAuditWatch_ends(t *testing.T) {
	w, dc := newController(t, seed+carol+"..\\x\n")
	for _, tt := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"level", []string{"--level", "2"}, 2, "--level 0"},
		{"form", []string{"-o", "csv"}, 2, "jsonl"},
		{"fail-on", []string{"--fail-on", "low"}, 2, "--watch and --fail-on exclude each other"},
		{"poll", []string{"--poll", "1ms"}, 2, "--poll must be 100ms or more"},
		{"group", []string{"--group", "nobody"}, 8, "no such group"},
	} {
		if code := w.run(t, append([]string{"audit", "--watch"}, tt.args...)...); code != tt.code || !strings.Contains(w.err.String(), tt.want) {
			t.Errorf("%s: exit code %d, want %d: %s", tt.name, code, tt.code, &w.err)
		}
	}
	if code := w.run(t, "audit", "--poll", "1s"); code != 2 {
		t.Errorf("--poll alone: exit code %d, want 2", code)
	}
	// Whoever reads has left: there is nobody to tell.
	reader, writer := io.Pipe()
	_ = reader.CloseWithError(errors.New("gone"))
	deaf := &world{variables: maps.Clone(w.variables), stdout: writer}
	limit, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if code := deaf.runUntil(limit, "audit", "--watch", "--rules", "V05"); code != 1 {
		t.Errorf("nobody reads: exit code %d, want 1: %s", code, &deaf.err)
	}
	dc.stop()
	if code := w.run(t, "audit", "--watch"); code != 5 {
		t.Errorf("nobody answers: exit code %d, want 5: %s", code, &w.err)
	}
}

func TestAuditSince(t *testing.T) {
	w, _ := newController(t, seed+carol+"..\\x\n")
	audited := func(code int, want string, args ...string) {
		t.Helper()
		got := w.run(t, append([]string{"audit", "-q", "--rules", "V05,X*", "-o", "tsv", "--no-headers", "--columns", "rule,login"}, args...)...)
		if out := strings.ReplaceAll(strings.TrimSpace(w.out.String()), "\t", " "); got != code || out != want {
			t.Errorf("%q: exit code %d with %q, want %d with %q: %s", args, got, out, code, want, &w.err)
		}
	}
	w.must(t, "audit", "-o", "json", "--fail-on", "none", "--rules", "V05,X*")
	earlier := file(t, "report.json", w.out.String())
	audited(4, "V05 carol", "--since", "last")
	audited(0, "", "--since", "last")
	audited(4, "V05 carol", "--since", "last", "--severity", "high") // another choice
	audited(0, "", "--since", earlier)
	w.must(t, "set", "bob", "--dir", "alice")
	audited(4, "X01 alice\nX01 bob", "--since", earlier)
	audited(4, "X01 alice\nX01 bob", "--since", "last")
	audited(0, "", "--since", "last")
	audited(4, "V05 carol\nX01 alice\nX01 bob")
	audited(4, "X01 alice\nX01 bob", "--since", wide(t, earlier))
	if code := w.run(t, "audit", "--rules", "V05", "--baseline", wide(t, earlier)); code != 0 {
		t.Errorf("a baseline in UTF-16: exit code %d, want 0: %s", code, &w.err)
	}

	if code := w.run(t, "audit", "--rules", "V05,X*", "--since", earlier, "-o", "table"); code != 4 || !strings.Contains(w.out.String(), "; 1 finding was known.") {
		t.Errorf("exit code %d: %s", code, &w.out)
	}
	w.run(t, "audit", "-o", "json", "--rules", "V05", "--since", earlier)
	if got := w.out.String(); !strings.Contains(got, `"known":1`) || !strings.Contains(got, `"since":"20`) {
		t.Errorf("the report does not say what it leaves out: %s", got)
	}
	parts := file(t, "news.json", w.out.String())
	for _, name := range []string{parts, file(t, "odd.json", "{}"), filepath.Join(t.TempDir(), "none.json")} {
		if code := w.run(t, "audit", "--since", name); code != 2 {
			t.Errorf("%s: exit code %d, want 2: %s", name, code, &w.err)
		}
	}
	kept, err := filepath.Glob(filepath.Join(w.variables["XDG_STATE_HOME"], "ftpisoctl", "audit", "*.json"))
	if err != nil || len(kept) != 2 {
		t.Fatalf("kept are %q, %v", kept, err)
	}
	if err := os.WriteFile(kept[0], []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(kept[1], []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code := w.run(t, "audit", "--rules", "V05,X*", "--since", "last"); code != 2 || !strings.Contains(w.err.String(), "remove it") {
		t.Errorf("a report that was spoilt: exit code %d: %s", code, &w.err)
	}
}

// wide is a copy of a file as PowerShell 5 writes it with >.
func wide(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	octets := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(string(text))) {
		octets = binary.LittleEndian.AppendUint16(octets, unit)
	}
	return file(t, "wide.json", string(octets))
}
