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
	folder, err := os.MkdirTemp("", "ftpisoctl-embedded-")
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
	homes     string   // folder that holds alice/ and so on
	temporary string   // its TMPDIR
	env       []string // the printed FTPISOCTL_… settings
}

func startDemo(t *testing.T, args ...string) *demo {
	t.Helper()
	d := &demo{homes: filepath.Join(t.TempDir(), "homes"), temporary: t.TempDir()}
	args = append([]string{"demo", "--listen", "127.0.0.1:0", "--data", d.homes}, args...)
	d.process = exec.Command(binary, args...)
	d.process.Env = append(os.Environ(), "TMPDIR="+d.temporary)
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
		_ = d.process.Process.Kill()
		_ = d.process.Wait()
		if t.Failed() {
			t.Logf("demo's standard error:\n%s", stderr.String())
		}
	})
	d.read(t, stdout)
	return d
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
	if d.ftp == "" || len(d.env) < 4 {
		t.Fatalf("demo printed:\n%s", d.output)
	}
	go func() { _, _ = io.Copy(io.Discard, stdout) }()
}

// run starts a program and returns what it printed and its exit code.
func run(t *testing.T, env []string, name string, args ...string) (output string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, name, args...)
	command.Env = append(os.Environ(), env...)
	command.Dir = t.TempDir()
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
	if _, code := d.curl(t, bob, "/", "--quote", "RNFR welcome.txt", "--quote", "RNTO ../alice/moved.txt"); code == 0 {
		if _, err := os.Stat(filepath.Join(d.homes, "alice", "moved.txt")); err == nil {
			t.Error("a rename reached alice's home")
		}
	}
}

// The lines that the demo prints for the command line do what they say.
func TestDemo_printedCommandsWork(t *testing.T) {
	d := startDemo(t)
	if out, code := run(t, d.env, binary, "get", "alice", "-o", "csv"); code != 0 || !strings.Contains(out, `\\files.demo.example\ftp$`) {
		t.Errorf("get: exit %d, %s", code, out)
	}
	if out, _ := d.curl(t, bob, "/", "--list-only"); strings.Contains(out, "plan.txt") {
		t.Fatalf("bob is in the projects already: %s", out)
	}
	line := regexp.MustCompile(`(?m)set (bob .*?)(?:\s+#.*)?$`).FindStringSubmatch(d.output)
	if line == nil {
		t.Fatalf("no set line in:\n%s", d.output)
	}
	if out, code := run(t, d.env, binary, append([]string{"set"}, strings.Fields(line[1])...)...); code != 0 {
		t.Errorf("set: exit %d, %s", code, out)
	}
	if out, code := d.curl(t, bob, "/", "--list-only"); code != 0 || !strings.Contains(out, "plan.txt") {
		t.Errorf("bob's next login: exit %d, %s", code, out)
	}
}

func TestDemo_startsQuicklyAndEndsOnInterrupt(t *testing.T) {
	began := time.Now()
	d := startDemo(t)
	// The bar is one second; the test allows for a loaded machine.
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("ready after %v", took)
	}
	if err := d.process.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- d.process.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("ended with %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("still running 10 s after the interrupt")
	}
	if left, err := os.ReadDir(d.temporary); err != nil || len(left) > 0 {
		t.Errorf("the demo left %v, %v", left, err)
	}
	if _, err := os.Stat(filepath.Join(d.homes, "alice", "welcome.txt")); err != nil {
		t.Errorf("the homes of --data are gone: %v", err)
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
	script := fmt.Sprintf("set net:timeout 10; set net:max-retries 1; set cmd:fail-exit yes; open -u alice,Wonder1and! ftp://%s; "+
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
