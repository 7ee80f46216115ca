//go:build !embedded

package main

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"ftpisoctl": main, "iisftp": main})
}

// Each script is one behaviour of the program as a user meets it. Beside
// testscript's own commands there are:
//
//	adsim [fault]       start a directory with testdata/corp.ldif, or make it misbehave
//	stats NAME COUNT    the directory has counted exactly so many binds, modifies …
//	code N ftpisoctl …  run the program, which must end with exit code N
//	interrupt ftpisoctl …  run it, interrupt it once it has connected; it must end with 130
//	expand FILE         put the values of variables in place of ${NAME} in a file
//	utf16 FILE          change a file to UTF-16 as Windows PowerShell writes it
//	try PROGRAM         run a program, however it ends
//	eventually NAME COUNT  as stats, once that many are there
func TestScripts(t *testing.T) { testscript.Run(t, scripts("script", "testdata/corp.ldif")) }

// scripts are those in a folder of testdata, which find copies of files in theirs.
func scripts(folder string, files ...string) testscript.Params {
	return testscript.Params{
		Dir: filepath.Join("testdata", folder),
		Setup: func(env *testscript.Env) error {
			env.Values[directoryKey{}] = &directory{}
			env.Setenv("FTPISOCTL_JOURNAL", filepath.Join(env.WorkDir, "journal"))
			env.Setenv("GORACE", "atexit_sleep_ms=0") // else each program sleeps a second before it ends
			for _, file := range files {
				text, err := os.ReadFile(filepath.FromSlash(file))
				if err == nil {
					err = os.WriteFile(filepath.Join(env.WorkDir, filepath.Base(file)), text, 0o600)
				}
				if err != nil {
					return err
				}
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"adsim": startDirectory, "stats": checkStats, "eventually": awaitStats, "code": checkCode, "interrupt": checkInterrupt,
			"expand": expandFile, "utf16": toUTF16, "try": tryProgram,
		},
	}
}

// directory is the running domain controller of a script.
type directory struct {
	server *adsim.Server
	stop   func()
}

type directoryKey struct{}

// startDirectory starts the domain with LDAP and LDAPS on free ports and points
// the program at it, with the administrator's password in a file.
func startDirectory(ts *testscript.TestScript, neg bool, args []string) {
	d := directoryOf(ts)
	if d.server != nil {
		misbehave(ts, d, args)
		return
	}
	seed, err := os.Open(ts.MkAbs("corp.ldif"))
	ts.Check(err)
	defer seed.Close()
	tlsConfig, authority, err := adsim.SelfSigned("localhost", "127.0.0.1")
	ts.Check(err)
	server, err := adsim.New(adsim.Config{
		Domain: "corp.example.com", NetBIOS: "CORP", Seed: seed, TLS: tlsConfig, RequireTLS: true,
	})
	ts.Check(err)
	plain, protected := listenLoopback(ts), listenLoopback(ts)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 2)
	go func() { ended <- server.Serve(ctx, plain) }()
	go func() { ended <- server.ServeTLS(ctx, protected) }()
	d.server = server
	d.stop = func() {
		cancel()
		ts.Check(errors.Join(<-ended, <-ended))
	}
	ts.Defer(func() { d.stop() })
	ts.Check(os.WriteFile(ts.MkAbs("ca.pem"), authority, 0o600))
	ts.Check(os.WriteFile(ts.MkAbs("password"), []byte("Adm1n-Pa55!\n"), 0o600))
	for name, value := range map[string]string{
		"PIN":                     fmt.Sprintf("%x", sha256.Sum256(tlsConfig.Certificates[0].Certificate[0])),
		"LDAP_URL":                "ldap://localhost:" + port(plain),
		"TAKEN":                   plain.Addr().String(),
		"LDAPS_PORT":              port(protected),
		"FTPISOCTL_SERVER":        "ldaps://localhost:" + port(protected),
		"FTPISOCTL_CA_FILE":       ts.MkAbs("ca.pem"),
		"FTPISOCTL_BIND_USER":     `CORP\ada`,
		"FTPISOCTL_PASSWORD_FILE": ts.MkAbs("password"),
	} {
		ts.Setenv(name, value)
	}
}

func directoryOf(ts *testscript.TestScript) *directory { return ts.Value(directoryKey{}).(*directory) }

func listenLoopback(ts *testscript.TestScript) net.Listener {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	return listener
}

func port(l net.Listener) string {
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

func misbehave(ts *testscript.TestScript, d *directory, args []string) {
	switch strings.Join(args, " ") {
	case "refuse":
		d.server.SetFaults(adsim.Faults{Refuse: true})
	case "slow searches":
		d.server.SetFaults(adsim.Faults{Only: adsim.OpSearch, Delay: time.Minute})
	case "drop modifies":
		d.server.SetFaults(adsim.Faults{Only: adsim.OpModify, Drop: true})
	case "short":
		d.server.SetFaults(adsim.Faults{SizeLimit: 2})
	case "behave":
		d.server.SetFaults(adsim.Faults{})
	case "stop":
		d.stop()
		d.stop = func() {}
	default:
		ts.Fatalf("adsim has no fault %q", args)
	}
}

func checkStats(ts *testscript.TestScript, neg bool, args []string) {
	if got, want := counted(ts, args); got != want {
		ts.Fatalf("%s: got %d, want %d", args[0], got, want)
	}
}

// awaitStats waits for a program that nobody else waits for.
func awaitStats(ts *testscript.TestScript, neg bool, args []string) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for until := time.Now().Add(20 * time.Second); ; <-tick.C {
		got, want := counted(ts, args)
		if got == want {
			return
		}
		if time.Now().After(until) {
			ts.Fatalf("%s: still %d, want %d", args[0], got, want)
		}
	}
}

// counted returns what the directory has counted of something, and what it should
// have.
func counted(ts *testscript.TestScript, args []string) (got, want int) {
	d := directoryOf(ts)
	if d.server == nil || len(args) != 2 {
		ts.Fatalf("usage: NAME COUNT, after adsim")
	}
	stats := d.server.Stats()
	counters := map[string]int{
		"connections": stats.Connections, "binds": stats.Binds, "clearbinds": stats.ClearBinds,
		"emptybinds": stats.EmptyBinds, "modifies": stats.Modifies,
	}
	got, known := counters[args[0]]
	want, err := strconv.Atoi(args[1])
	if !known || err != nil {
		ts.Fatalf("nothing counts %s, or %s is no number", args[0], args[1])
	}
	return got, want
}

func checkCode(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	switch err := ts.Exec(args[1], args[2:]...); {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if (got == want) == neg {
		ts.Fatalf("exit code is %d, want %d", got, want)
	}
}

// checkInterrupt waits until the program waits for the directory.
func checkInterrupt(ts *testscript.TestScript, neg bool, args []string) {
	d := directoryOf(ts)
	if d.server == nil {
		ts.Fatalf("interrupt comes after adsim")
	}
	connections := d.server.Stats().Connections
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	var text strings.Builder
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = ts.MkAbs("."), &text, &text
	for _, name := range []string{
		"PATH", "FTPISOCTL_SERVER", "FTPISOCTL_CA_FILE", "FTPISOCTL_BIND_USER", "FTPISOCTL_PASSWORD_FILE", "FTPISOCTL_JOURNAL",
		"GOCOVERDIR", "GORACE",
	} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	path, err := lookPath(ts, args[0])
	ts.Check(err)
	cmd.Path, cmd.Err = path, nil
	ts.Check(cmd.Start())
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for d.server.Stats().Connections == connections && ctx.Err() == nil {
		<-tick.C
	}
	ts.Check(cmd.Process.Signal(os.Interrupt))
	err = cmd.Wait()
	ts.Logf("%s", text.String())
	if code := cmd.ProcessState.ExitCode(); code != 130 {
		ts.Fatalf("exit code is %d (%v), want 130", code, err)
	}
}

func expandFile(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: expand FILE")
	}
	text := regexp.MustCompile(`\$\{(\w+)\}`).ReplaceAllStringFunc(ts.ReadFile(args[0]), func(name string) string {
		return ts.Getenv(strings.Trim(name, "${}"))
	})
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

// tryProgram logs how it ended.
func tryProgram(ts *testscript.TestScript, neg bool, args []string) {
	if err := ts.Exec(args[0], args[1:]...); err != nil {
		ts.Logf("%v", err)
	}
}

// toUTF16 writes little-endian units behind a mark, and Windows' line ends.
func toUTF16(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: utf16 FILE")
	}
	text := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(strings.ReplaceAll(ts.ReadFile(args[0]), "\n", "\r\n"))) {
		text = binary.LittleEndian.AppendUint16(text, unit)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), text, 0o600))
}

func lookPath(ts *testscript.TestScript, name string) (string, error) {
	for folder := range strings.SplitSeq(ts.Getenv("PATH"), string(os.PathListSeparator)) {
		if path, err := exec.LookPath(filepath.Join(folder, name)); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%s is not in PATH", name)
}
