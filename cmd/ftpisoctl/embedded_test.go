//go:build embedded && unix

// The embedded ring: whole journeys of the built program over real sockets, with
// the clients that people use, against the directory of `ftpisoctl demo`.

package main_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	alice = "alice:Wonder1and!"
	bob   = "bob:Bui1der!!"
)

// binary is the program under test, built once.
var binary string

func TestMain(m *testing.M) { os.Exit(buildAndRun(m)) }

func buildAndRun(m *testing.M) int {
	// A path that a shell takes apart, unless it is quoted.
	folder, err := os.MkdirTemp("", "ftpisoctl's embedded ring ")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	binary = filepath.Join(folder, "ftpisoctl")
	build := exec.Command("go", "build", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// demo is a running `ftpisoctl demo`.
type demo struct {
	process   *exec.Cmd
	output    string   // what it printed until it was ready
	ftp       string   // host:port
	ftps      string   // the same with implicit TLS, where asked for
	trust     string   // file with the certificate of its FTP
	homes     string   // folder that holds alice/ and so on
	temporary string   // its TMPDIR
	env       []string // the printed FTPISOCTL_… settings
}

func startDemo(t *testing.T, args ...string) *demo {
	t.Helper()
	homes := filepath.Join(t.TempDir(), "homes")
	args = append([]string{"demo", "--listen", "127.0.0.1:0", "--data", homes}, args...)
	d := launch(t, exec.Command(binary, args...))
	d.homes = homes
	return d
}

// launch starts a command that runs the demo, in a process group of its own.
func launch(t *testing.T, command *exec.Cmd) *demo {
	t.Helper()
	d := &demo{process: command, temporary: t.TempDir()}
	d.process.Env = append(os.Environ(), "TMPDIR="+d.temporary)
	d.process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	stdout, err := d.process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	d.process.Stderr = &stderr
	if err := d.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if d.process.ProcessState == nil { // else its number may be somebody else's by now
			_ = d.signal(syscall.SIGKILL)
			_ = d.process.Wait()
		}
		if t.Failed() {
			t.Logf("demo's standard error:\n%s", stderr.String())
		}
	})
	d.read(t, stdout)
	return d
}

// signal reaches the command and what it has started, as a terminal's Ctrl-C does.
func (d *demo) signal(what syscall.Signal) error { return syscall.Kill(-d.process.Process.Pid, what) }

// interrupt ends the demo as Ctrl-C does and returns how it ended.
func (d *demo) interrupt(t *testing.T) error {
	t.Helper()
	if err := d.signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- d.process.Wait() }()
	select {
	case err := <-ended:
		return err
	case <-time.After(10 * time.Second):
		t.Fatal("still running 10 s after the interrupt")
		return nil
	}
}

// read waits for the last line of the instructions and picks what tests need.
func (d *demo) read(t *testing.T, stdout io.Reader) {
	t.Helper()
	var text strings.Builder
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		text.WriteString(lines.Text() + "\n")
		if name, value, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(lines.Text()), "export "), "="); ok && strings.HasPrefix(name, "FTPISOCTL_") {
			d.env = append(d.env, name+"="+strings.Trim(value, "'"))
		}
		if strings.Contains(lines.Text(), "Ctrl-C") {
			break
		}
	}
	d.output = text.String()
	if found := regexp.MustCompile(`ftp://([0-9.]+:[0-9]+)`).FindStringSubmatch(d.output); found != nil {
		d.ftp = found[1]
	}
	if found := regexp.MustCompile(`ftps://([0-9.]+:[0-9]+)`).FindStringSubmatch(d.output); found != nil {
		d.ftps = found[1]
	}
	if found := regexp.MustCompile(`--cacert '([^']+)'`).FindStringSubmatch(d.output); found != nil {
		d.trust = found[1]
	}
	if d.ftp == "" || len(d.env) < 4 {
		t.Fatalf("demo printed:\n%s", d.output)
	}
	go func() { _, _ = io.Copy(io.Discard, stdout) }()
}

// run starts a program and returns what it printed and its exit code.
func run(t *testing.T, env []string, name string, args ...string) (output string, code int) {
	t.Helper()
	return runWith(t, "", env, name, args...)
}

// runWith gives the program something to read.
func runWith(t *testing.T, input string, env []string, name string, args ...string) (output string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, name, args...)
	command.Env = append(os.Environ(), env...)
	command.Dir, command.Stdin = t.TempDir(), strings.NewReader(input)
	out, err := command.CombinedOutput()
	if err != nil && command.ProcessState == nil {
		t.Fatalf("%s: %v", name, err)
	}
	return string(out), command.ProcessState.ExitCode()
}

func (d *demo) curl(t *testing.T, user, path string, args ...string) (output string, code int) {
	t.Helper()
	args = append([]string{"--silent", "--show-error", "--max-time", "30", "--user", user}, args...)
	return run(t, nil, "curl", append(args, "ftp://"+d.ftp+path)...)
}

// randomFile writes size random bytes to a new file and returns its name and hash.
func randomFile(t *testing.T, size int64) (name string, sum [sha256.Size]byte) {
	t.Helper()
	name = filepath.Join(t.TempDir(), "random.bin")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	hash := sha256.New()
	if _, err := io.CopyN(io.MultiWriter(file, hash), rand.Reader, size); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return name, [sha256.Size]byte(hash.Sum(nil))
}

func randomBytes(n int) []byte {
	content := make([]byte, n)
	_, _ = rand.Read(content)
	return content
}

func runQuietly(name string, args ...string) error {
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, out)
	}
	return nil
}

func sumOf(t *testing.T, name string) [sha256.Size]byte {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return sha256.Sum256(content)
}

func TestDemo_curlUploadsListsAndDownloads(t *testing.T) {
	d := startDemo(t)
	file, want := randomFile(t, 16<<20)
	for _, name := range []string{"alice", `DEMO\alice`, "alice@demo.example"} {
		t.Run(name, func(t *testing.T) {
			user := name + ":Wonder1and!"
			if out, code := d.curl(t, user, "/up.bin", "-T", file); code != 0 {
				t.Fatalf("upload: exit %d, %s", code, out)
			}
			if got := sumOf(t, filepath.Join(d.homes, "alice", "up.bin")); got != want {
				t.Error("the file in the home differs from what was sent")
			}
			if out, code := d.curl(t, user, "/"); code != 0 || !strings.Contains(out, " 16777216 up.bin\n") {
				t.Errorf("listing: exit %d, %q", code, out)
			}
			back := filepath.Join(t.TempDir(), "back.bin")
			if out, code := d.curl(t, user, "/up.bin", "-o", back); code != 0 || sumOf(t, back) != want {
				t.Errorf("download: exit %d, %s", code, out)
			}
		})
	}
	t.Run("active mode", func(t *testing.T) {
		back := filepath.Join(t.TempDir(), "back.bin")
		if out, code := d.curl(t, alice, "/up.bin", "--ftp-port", "127.0.0.1", "-o", back); code != 0 || sumOf(t, back) != want {
			t.Errorf("exit %d, %s", code, out)
		}
	})
	t.Run("resume", func(t *testing.T) {
		back := filepath.Join(t.TempDir(), "back.bin")
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(back, content[:5<<20], 0o600); err != nil {
			t.Fatal(err)
		}
		if out, code := d.curl(t, alice, "/up.bin", "-C", "-", "-o", back); code != 0 || sumOf(t, back) != want {
			t.Errorf("download: exit %d, %s", code, out)
		}
		if err := os.Truncate(filepath.Join(d.homes, "alice", "up.bin"), 3<<20); err != nil {
			t.Fatal(err)
		}
		if out, code := d.curl(t, alice, "/up.bin", "-C", "-", "-T", file); code != 0 || sumOf(t, filepath.Join(d.homes, "alice", "up.bin")) != want {
			t.Errorf("upload: exit %d, %s", code, out)
		}
	})
}

func TestDemo_refusedLogins(t *testing.T) {
	d := startDemo(t)
	for _, user := range []string{
		"alice:wrong", "alice:", "nobody:x", "anonymous:me@example.com", "carol:Car0l!sOut", "dave:N0where2go!",
	} {
		out, code := d.curl(t, user, "/")
		const loginDenied = 67 // curl's own exit code
		if code != loginDenied || !strings.Contains(out, "530") {
			t.Errorf("%s: exit %d, %s", user, code, out)
		}
	}
}

func TestDemo_homesAreApart(t *testing.T) {
	d := startDemo(t)
	if err := os.WriteFile(filepath.Join(d.homes, "alice", "secret.txt"), []byte("hers"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../alice", filepath.Join(d.homes, "bob", "link")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../alice/secret.txt", filepath.Join(d.homes, "bob", "linked.txt")); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{
		"/../alice/secret.txt", "//../alice/secret.txt", "/%2e%2e/alice/secret.txt", "/..%5calice%5csecret.txt",
		"/link/secret.txt", "/linked.txt", "/" + strings.ReplaceAll(d.homes, "/", "%2f") + "/alice/secret.txt",
	} {
		if out, code := d.curl(t, bob, path, "--path-as-is"); code == 0 || strings.Contains(out, "hers") {
			t.Errorf("%s: exit %d, %q", path, code, out)
		}
	}
	for _, command := range []string{"RNFR secret.txt", "CWD link", "SIZE linked.txt", "DELE ../alice/secret.txt", `CWD ..\alice`} {
		if out, code := d.curl(t, bob, "/", "--quote", command); code == 0 {
			t.Errorf("%s: exit %d, %q", command, code, out)
		}
	}
	// Whatever the reply is, what counts is what lies in alice's home afterwards.
	_, _ = d.curl(t, bob, "/", "--quote", "RNFR welcome.txt", "--quote", "RNTO ../alice/moved.txt")
	entries, err := os.ReadDir(filepath.Join(d.homes, "alice"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	if got := strings.Join(names, " "); got != "secret.txt welcome.txt" {
		t.Errorf("alice's home holds %s", got)
	}
	if text, err := os.ReadFile(filepath.Join(d.homes, "alice", "secret.txt")); err != nil || string(text) != "hers" {
		t.Errorf("her file is %q, %v", text, err)
	}
	if _, err := os.Stat(filepath.Join(d.homes, "bob", "welcome.txt")); err != nil {
		t.Errorf("the file that bob could not move is gone: %v", err)
	}
}

// Every line that the demo prints does what it says, pasted into a shell that
// stands in another folder.
func TestDemo_printedCommandsWork(t *testing.T) {
	d := startDemo(t, "--listen-tls", "127.0.0.1:0")
	folder := t.TempDir()
	var settings strings.Builder
	var commands []string
	for _, line := range regexp.MustCompile(`(?m)^  (echo |curl |export |.* get |.* check |.* set ).*$`).FindAllString(d.output, -1) {
		if strings.HasPrefix(line, "  export ") {
			settings.WriteString(line + "\n")
			continue
		}
		commands = append(commands, line)
	}
	paste := func(line string) (output string, code int) {
		return run(t, nil, "sh", "-c", "cd '"+folder+"'\n"+settings.String()+line)
	}
	const here, elsewhere = "welcome.txt", "plan.txt"
	for i, want := range []struct{ command, holds, lacks string }{
		{"echo", "", ""},
		{"curl -T hello.txt", "", ""},
		{"curl --user 'alice", " 6 hello.txt\n", ""},
		{"curl --ssl-reqd", " 6 hello.txt\n", ""},
		{"curl --cacert", " 6 hello.txt\n", ""},
		{"get alice", `\\files.demo.example\ftp$`, ""},
		{"shares check alice", "list\tok\tnot empty", ""},
		{"curl --user 'bob", here, elsewhere},
		{"set bob", "\tprojects\tchanged\n", ""},
		{"curl --user 'bob", elsewhere, here},
	} {
		if i >= len(commands) || !strings.Contains(commands[i], want.command) {
			t.Fatalf("line %d is no %s in\n%s", i, want.command, d.output)
		}
		out, code := paste(commands[i])
		if code != 0 || !strings.Contains(out, want.holds) || (want.lacks != "" && strings.Contains(out, want.lacks)) {
			t.Errorf("%s\nexit %d, want 0 with %q and without %q:\n%s", commands[i], code, want.holds, want.lacks, out)
		}
	}
	if len(commands) != 10 {
		t.Errorf("%d lines to paste, of which 10 are tried:\n%s", len(commands), d.output)
	}
	if text, err := os.ReadFile(filepath.Join(d.homes, "alice", "hello.txt")); err != nil || string(text) != "hello\n" {
		t.Errorf("what alice uploaded is %q, %v", text, err)
	}
}

func TestDemo_startsQuicklyAndEndsOnInterrupt(t *testing.T) {
	const most = time.Second
	best := time.Hour
	for range 3 { // the machine may be busy with something else once or twice
		began := time.Now()
		d := startDemo(t)
		best = min(best, time.Since(began))
		if err := d.interrupt(t); err != nil {
			t.Errorf("ended with %v", err)
		}
		if left, err := os.ReadDir(d.temporary); err != nil || len(left) > 0 {
			t.Errorf("the demo left %v, %v", left, err)
		}
		if _, err := os.Stat(filepath.Join(d.homes, "alice", "welcome.txt")); err != nil {
			t.Errorf("the homes of --data are gone: %v", err)
		}
	}
	if best > most {
		t.Errorf("ready after %v at best, more than %v", best, most)
	}
}

// What the README says first: one command, on the address that it names or the
// next free one, and nothing left behind.
func TestDemo_makeDemo(t *testing.T) {
	command := exec.Command("make", "demo", "BINARY="+filepath.Join(t.TempDir(), "ftpisoctl"))
	command.Dir = "../.."
	d := launch(t, command)
	if !regexp.MustCompile(`^127\.0\.0\.1:21[2-4][0-9]$`).MatchString(d.ftp) {
		t.Errorf("FTP is on %s", d.ftp)
	}
	if out, code := d.curl(t, alice, "/"); code != 0 || !strings.Contains(out, "welcome.txt") {
		t.Errorf("exit %d, %s", code, out)
	}
	_ = d.interrupt(t) // make ends with a complaint of its own
	if left, err := filepath.Glob(filepath.Join(d.temporary, "ftpisoctl-*")); err != nil || len(left) > 0 {
		t.Errorf("the demo left %v, %v", left, err)
	}
}

func TestDemo_takesTheNextFreePort(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	d := startDemo(t, "--listen", taken.Addr().String())
	if d.ftp == taken.Addr().String() || !strings.HasPrefix(d.ftp, "127.0.0.1:") {
		t.Errorf("FTP is on %s, %s was taken", d.ftp, taken.Addr())
	}
}

func TestDemo_lftp(t *testing.T) {
	d := startDemo(t)
	source, back := t.TempDir(), filepath.Join(t.TempDir(), "back")
	for _, name := range []string{"a.txt", "sub/b c.txt", "sub/ümlaut.txt", "sub/deep/-dash"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(source, name)), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(source, name), []byte("content of "+name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ca := regexp.MustCompile(`--cacert '([^']+)'`).FindStringSubmatch(d.output)[1] // FEAT names AUTH TLS, and lftp takes it
	script := fmt.Sprintf("set ssl:ca-file "+ca+"; set net:timeout 10; set net:max-retries 1; set cmd:fail-exit yes; open -u alice,Wonder1and! ftp://%s; "+
		"mirror -R %s tree; mirror tree %s; mv tree/a.txt tree/z.txt; cls -1 tree; rm -r tree; bye", d.ftp, source, back)
	out, code := run(t, []string{"HOME=" + t.TempDir(), "LC_ALL=C.UTF-8"}, "lftp", "--norc", "-c", script)
	if code != 0 || !strings.Contains(out, "z.txt") {
		t.Fatalf("exit %d, %s", code, out)
	}
	if diff, code := run(t, nil, "diff", "-r", source, back); code != 0 {
		t.Errorf("what came back differs:\n%s", diff)
	}
	if _, err := os.Stat(filepath.Join(d.homes, "alice", "tree")); !os.IsNotExist(err) {
		t.Errorf("rm -r left something: %v", err)
	}
}

func TestDemo_tnftp(t *testing.T) {
	d := startDemo(t)
	host, port, err := net.SplitHostPort(d.ftp)
	if err != nil {
		t.Fatal(err)
	}
	file, want := randomFile(t, 1<<20)
	back := filepath.Join(t.TempDir(), "back.bin")
	for _, mode := range []string{"passive", "active"} {
		t.Run(mode, func(t *testing.T) {
			flag := map[string]string{"passive": "-p", "active": "-A"}[mode]
			script := fmt.Sprintf("open %s %s\nuser alice Wonder1and!\nbinary\nput %s t.bin\nget t.bin %s\nmkdir d\ncd d\npwd\ncd ..\nrename t.bin u.bin\nls\nnlist\nsize u.bin\nmodtime u.bin\ndelete u.bin\nrmdir d\nbye\n",
				host, port, file, back)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			client := exec.CommandContext(ctx, "tnftp", "-n", "-v", flag)
			client.Env = append(os.Environ(), "HOME="+t.TempDir())
			client.Stdin = strings.NewReader(script)
			out, err := client.CombinedOutput()
			if err != nil || sumOf(t, back) != want {
				t.Fatalf("%v\n%s", err, out)
			}
			for _, line := range strings.Split(string(out), "\n") {
				if strings.HasPrefix(line, "4") || strings.HasPrefix(line, "5") {
					t.Errorf("refused: %s", line)
				}
			}
		})
	}
}
