package cli_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/cli"
)

const adaPassword = "Adm1n-Pa55!"

const seed = `dn: CN=Ada,CN=Users,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: ada
userPassword: ` + adaPassword + `
memberOf: CN=Domain Admins,CN=Users,DC=corp,DC=example,DC=com

dn: CN=Alice,CN=Users,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: alice
userPassword: Wonder1and!
msIIS-FTPRoot: \\fs01\ftp$
msIIS-FTPDir: alice

dn: CN=Bob,CN=Users,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: bob
userPassword: Bui1der!!
msIIS-FTPRoot: \\fs01\ftp$
msIIS-FTPDir: bob
`

// world is one run of the program with an environment of its own.
type world struct {
	variables map[string]string
	stdin     string
	stdout    io.Writer                                 // nil: out
	terminal  bool                                      // all three streams are one
	colors    bool                                      // which understands colours
	clock     time.Duration                             // by which the time goes on whenever somebody looks at it; 0: it is the true time
	begins    time.Time                                 // when the time of clock begins; zero: 1970
	answer    func(ctx context.Context) (string, error) // to a question for a password
	say       func(ctx context.Context) (string, error) // to any other; nil: there is nobody to say it
	input     io.Reader                                 // nil: stdin

	out, err  bytes.Buffer
	prompts   []string
	questions []string
}

func (w *world) run(t *testing.T, args ...string) int {
	t.Helper()
	return w.runUntil(t.Context(), args...)
}

func (w *world) runUntil(ctx context.Context, args ...string) int {
	w.out.Reset()
	w.err.Reset()
	stdout := w.stdout
	if stdout == nil {
		stdout = &w.out
	}
	var now func() time.Time
	if w.clock > 0 {
		at := time.Unix(0, 0)
		if !w.begins.IsZero() {
			at = w.begins
		}
		now = func() time.Time { at = at.Add(w.clock); return at }
	}
	var stdin io.Reader = strings.NewReader(w.stdin)
	if w.input != nil {
		stdin = w.input
	}
	var readLine func(ctx context.Context, prompt string) (string, error)
	if w.say != nil {
		readLine = func(ctx context.Context, prompt string) (string, error) {
			w.questions = append(w.questions, prompt)
			return w.say(ctx)
		}
	}
	return cli.Main(ctx, cli.Env{
		ReadLine: readLine, Now: now, Colors: func(any) bool { return w.colors },
		Stdin: stdin, Stdout: stdout, Stderr: &w.err,
		LookupEnv: func(name string) (string, bool) {
			value, ok := w.variables[name]
			return value, ok
		},
		Unsetenv: func(name string) error {
			delete(w.variables, name)
			return nil
		},
		IsTerminal: func(any) bool { return w.terminal },
		ReadPassword: func(ctx context.Context, prompt string) (string, error) {
			w.prompts = append(w.prompts, prompt)
			return w.answer(ctx)
		},
	}, args)
}

// domain starts a directory and returns a world that is pointed at it as Ada,
// without her password.
func domain(t *testing.T) (*world, *adsim.Server) {
	t.Helper()
	return domainOf(t, seed)
}

func domainOf(t *testing.T, seed string) (*world, *adsim.Server) {
	t.Helper()
	tlsConfig, authority, err := adsim.SelfSigned()
	if err != nil {
		t.Fatal(err)
	}
	server, err := adsim.New(adsim.Config{
		Domain: "corp.example.com", NetBIOS: "CORP", Seed: strings.NewReader(seed), TLS: tlsConfig, RequireTLS: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	address := serving(t, server.ServeTLS)
	return &world{variables: map[string]string{
		"FTPISOCTL_SERVER":    "ldaps://" + address,
		"FTPISOCTL_CA_FILE":   file(t, "ca.pem", string(authority)),
		"FTPISOCTL_BIND_USER": `CORP\ada`,
		"FTPISOCTL_JOURNAL":   t.TempDir(),
	}}, server
}

// serving runs a server on loopback until the test ends, and returns its address.
func serving(t *testing.T, serve func(context.Context, net.Listener) error) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return listener.Addr().String()
}

// file writes a private file and returns its path.
func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// domainWithPassword is domain with the password in a file.
func domainWithPassword(t *testing.T) (*world, *adsim.Server) {
	t.Helper()
	w, server := domain(t)
	w.variables["FTPISOCTL_PASSWORD_FILE"] = file(t, "password", adaPassword+"\n")
	return w, server
}

func TestMain_showsATableOnATerminal(t *testing.T) {
	w, _ := domainWithPassword(t)
	w.terminal = true
	if code := w.run(t, "set", "bob", "--dir", "bobby"); code != 0 {
		t.Fatalf("exit code %d: %s", code, &w.err)
	}
	want := "user      attribute     before  after  result\nCORP\\bob  msIIS-FTPDir  bob     bobby  changed\n"
	if got := w.out.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if code := w.run(t, "clear", "bob"); code != 0 || !strings.Contains(w.out.String(), "(absent)") {
		t.Errorf("exit code %d, the absent value is not named:\n%s", code, &w.out)
	}
}

func TestMain_asksForThePasswordOnce(t *testing.T) {
	w, _ := domain(t)
	w.terminal = true
	w.answer = func(context.Context) (string, error) { return adaPassword, nil }
	if code := w.run(t, "get", "alice", "bob"); code != 0 {
		t.Fatalf("exit code %d: %s", code, &w.err)
	}
	if len(w.prompts) != 1 || w.prompts[0] != `Password for CORP\ada: ` {
		t.Errorf("prompts: %q", w.prompts)
	}
}

func TestMain_promptWithoutAnAnswer(t *testing.T) {
	w, server := domain(t)
	w.terminal = true
	w.answer = func(context.Context) (string, error) { return "", io.EOF }
	if code := w.run(t, "get", "alice"); code != 2 {
		t.Errorf("end of input: exit code %d, want 2", code)
	}
	w.answer = func(context.Context) (string, error) { return "", nil }
	if code := w.run(t, "get", "alice"); code != 2 {
		t.Errorf("empty password: exit code %d, want 2", code)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	w.answer = func(ctx context.Context) (string, error) {
		interrupt()
		<-ctx.Done()
		return "", ctx.Err()
	}
	if code := w.runUntil(ctx, "get", "alice"); code != 130 {
		t.Errorf("interrupted: exit code %d, want 130", code)
	}
	if n := server.Stats().Connections; n != 0 {
		t.Errorf("%d connections were made without a password", n)
	}
}

// badWriter fails after a number of writes.
type badWriter struct {
	left int
	err  error
}

func (w *badWriter) Write(p []byte) (int, error) {
	if w.left--; w.left < 0 {
		return 0, w.err
	}
	return len(p), nil
}

func TestMain_outputThatCannotBeWritten(t *testing.T) {
	w, _ := domainWithPassword(t)
	for _, command := range [][]string{{"get", "alice"}, {"list", "-o", "json"}, {"set", "alice", "--dir", "a"}, {"version"}} {
		w.stdout = &badWriter{err: syscall.ENOSPC}
		if code := w.run(t, command...); code != 1 || !strings.Contains(w.err.String(), syscall.ENOSPC.Error()) {
			t.Errorf("%s: exit code %d, want 1: %s", command, code, &w.err)
		}
	}
}

func TestMain_readerThatLeftIsNoError(t *testing.T) {
	w, server := domainWithPassword(t)
	gone := brokenPipe(t)
	for _, command := range [][]string{{"get", "alice"}, {"list"}} {
		w.stdout = &badWriter{err: gone}
		if code := w.run(t, command...); code != 0 || w.err.Len() > 0 {
			t.Errorf("%s: exit code %d, want 0 and silence: %s", command, code, &w.err)
		}
	}
	w.stdout = &badWriter{err: gone}
	if code := w.run(t, "clear", "alice", "bob"); code != 0 || server.Stats().Modifies != 2 {
		t.Errorf("clear: exit code %d, %d changes, want 0 and 2", code, server.Stats().Modifies)
	}
}

// brokenPipe returns the error that this system gives for a pipe without reader.
func brokenPipe(t *testing.T) error {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	r.Close()
	_, err = w.Write([]byte("x"))
	var path *os.PathError
	if !errors.As(err, &path) {
		t.Fatalf("%v", err)
	}
	return path
}

func TestMain_takesThePasswordOutOfTheEnvironment(t *testing.T) {
	w := &world{variables: map[string]string{"FTPISOCTL_PASSWORD": "hunter2"}}
	if code := w.run(t, "version"); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	if _, still := w.variables["FTPISOCTL_PASSWORD"]; still {
		t.Error("the variable is still there")
	}
}

func TestMain_interruptedBeforeItBegins(t *testing.T) {
	w, server := domainWithPassword(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, command := range [][]string{{"get", "alice"}, {"list"}, {"set", "alice", "--dir", "x"}, {"clear", "alice", "bob"}} {
		if code := w.runUntil(ctx, command...); code != 130 || !strings.Contains(w.err.String(), "interrupted") {
			t.Errorf("%s: exit code %d, want 130: %s", command, code, &w.err)
		}
	}
	if n := server.Stats().Modifies; n != 0 {
		t.Errorf("%d changes were made", n)
	}
}

// -v tells on standard error, and leaves standard output to the results.
func TestMain_verbose(t *testing.T) {
	w, _ := domainWithPassword(t)
	if code := w.run(t, "get", "alice"); code != 0 || w.err.Len() > 0 {
		t.Fatalf("exit code %d; silence is the default: %s", code, &w.err)
	}
	quiet := w.out.String()
	if code := w.run(t, "get", "alice", "-v"); code != 0 || !strings.Contains(w.err.String(), `bindUser=CORP\ada`) {
		t.Errorf("exit code %d; -v does not tell the settings: %s", code, &w.err)
	}
	if w.out.String() != quiet {
		t.Errorf("-v changes the output:\n%s", &w.out)
	}
}

// A value in the directory cannot make the terminal obey.
func TestMain_hostileValuesAreShownHarmless(t *testing.T) {
	w, _ := domainWithPassword(t)
	for _, args := range [][]string{
		{"get", "no\x1b[2Jbody"}, {"set", "alice", "--dir", "a\x1b]0;x\x07"}, {"bad\x1bcommand"},
		{"get", "alice", "--server", "x\x1b[31m"}, {"get", "alice", "--config", "no\x1bfile"},
	} {
		if code := w.run(t, args...); code == 0 {
			t.Errorf("%q succeeds", args)
		}
		if strings.ContainsAny(w.err.String()+w.out.String(), "\x1b\x07") {
			t.Errorf("%q: %q", args, w.err.String())
		}
	}
}

// A long list shows that it is alive where somebody waits, and only there. It
// comes whole, across the directory's limit of 1,000 entries a page.
func TestMain_listShowsProgress(t *testing.T) {
	var many strings.Builder
	many.WriteString(seed)
	const users = 2100
	for i := range users {
		fmt.Fprintf(&many, "\ndn: CN=u%d,CN=Users,DC=corp,DC=example,DC=com\nobjectClass: user\nsAMAccountName: u%d\n", i, i)
	}
	w, _ := domainOf(t, many.String())
	w.variables["FTPISOCTL_PASSWORD_FILE"] = file(t, "password", adaPassword)
	list := []string{"list", "--filter", "(sAMAccountName=u*)", "-o"}
	if code := w.run(t, append(list, "csv", "--header=false")...); code != 0 || w.err.Len() > 0 {
		t.Errorf("without a terminal: exit code %d, %q", code, &w.err)
	}
	if n := strings.Count(w.out.String(), "\n"); n != users {
		t.Errorf("%d users, want %d", n, users)
	}
	w.terminal = true
	w.clock = 500 * time.Millisecond
	if code := w.run(t, append(list, "table")...); code != 0 || !strings.HasPrefix(w.err.String(), "\r1 user, 2/s\r2 users, 2/s\r") ||
		!strings.HasSuffix(w.err.String(), "\r2100 users, 2/s\r               \r") {
		t.Errorf("on a terminal: exit code %d, %q", code, w.err.String()[:80])
	}
	for _, silent := range []string{"--quiet", "-v"} {
		if code := w.run(t, append(list, "table", silent)...); code != 0 || strings.Contains(w.err.String(), "\r") {
			t.Errorf("%s: exit code %d, %q", silent, code, &w.err)
		}
	}
	if code := w.run(t, append(list, "json")...); code != 0 || w.err.Len() > 0 {
		t.Errorf("beside a list on the same terminal: exit code %d, %q", code, &w.err)
	}
}

// So do look-ups one by one, which take longer for each; what is reported
// meanwhile stands on lines of its own.
func TestMain_longBatchesShowProgress(t *testing.T) {
	w, _ := domainWithPassword(t)
	w.terminal = true
	w.stdin = strings.Repeat("alice\n", 25) + "nobody\n" + strings.Repeat("bob\n", 24)
	w.clock = 20 * time.Millisecond // half a second is over at the 25th of them
	const missing = "error: look up nobody"
	wiped := func(line string) string { return "\r" + line + "\r" + strings.Repeat(" ", len(line)) + "\r" }
	code := w.run(t, "get", "-")
	if told := w.err.String(); code != 3 || !strings.HasPrefix(told, wiped("25 users, 50/s")+missing) ||
		!strings.Contains(told, "\n\r35 users, 50/s\r45 users, 50/s\r") || !strings.HasSuffix(told, "\rerror: 1 of 50 users failed\n") {
		t.Errorf("get: exit code %d, %q", code, told)
	}
	for _, form := range [][]string{{"-o", "json"}, {"-v"}, {"-q"}} {
		if code := w.run(t, append([]string{"get", "-"}, form...)...); code != 3 || strings.Contains(w.err.String(), "\r") {
			t.Errorf("%s: exit code %d, %q", form, code, &w.err)
		}
	}
	if code := w.run(t, "get", "-", "-o", "json", "--sort", "user"); code != 3 || !strings.Contains(w.err.String(), "\r25 users") {
		t.Errorf("records that come at the end: exit code %d, %q", code, &w.err)
	}
	code = w.run(t, "clear", "-", "--dry-run")
	if told := w.err.String(); code != 3 || !strings.HasPrefix(told, wiped("looking up: 25 of 50 users, 50/s, 1s left")+missing) {
		t.Errorf("clear: exit code %d, %q", code, told)
	}
	w.terminal = false
	if code := w.run(t, "get", "-"); code != 3 || strings.Contains(w.err.String(), "\r") {
		t.Errorf("without a terminal: exit code %d, %q", code, &w.err)
	}
}
