package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func passwordFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadPasswordFile(t *testing.T) {
	long := strings.Repeat("x", maxPassword)
	for text, want := range map[string]string{
		"hunter2":         "hunter2",
		"hunter2\n":       "hunter2",
		"hunter2\r\n":     "hunter2",
		" two  blanks \n": " two  blanks ",
		"päss wörd €\n":   "päss wörd €",
		"'quoted'\n":      "'quoted'",
		long:              long,
	} {
		got, err := readPasswordFile(passwordFile(t, text))
		if err != nil || got.Reveal() != want {
			t.Errorf("%.20q: %v; the password is not the line", text, err)
		}
	}
	for _, text := range []string{"", "\n", "\r\n", "a\n\n", "a\nb", "a\r\nb\r\n", "a\x00b", "a\rb", long + "x"} {
		_, err := readPasswordFile(passwordFile(t, text))
		if exitCode(err) != exitUsage {
			t.Errorf("%.20q: %v, want a usage error", text, err)
		}
	}
}

// show returns a command line that prints a file.
func show(path string) string {
	if runtime.GOOS == "windows" {
		return `cmd /c type "` + path + `"`
	}
	return "cat '" + path + "'"
}

func TestRunPasswordCommand(t *testing.T) {
	e := Env{Stdin: strings.NewReader(""), Stderr: &bytes.Buffer{}}
	got, err := e.runPasswordCommand(t.Context(), show(passwordFile(t, "hunter2\n")))
	if err != nil || got.Reveal() != "hunter2" {
		t.Errorf("%v; the password is not what the program printed", err)
	}
	for text, want := range map[string]string{
		strings.Repeat("x", 100_000): "gives more than 4096 bytes", "": "gives an empty password", "a\nb\n": "gives more than one line",
	} {
		_, err := e.runPasswordCommand(t.Context(), show(passwordFile(t, text)))
		if exitCode(err) != exitUsage || !strings.Contains(err.Error(), want) {
			t.Errorf("%.10q: %v, want a usage error with %q", text, err, want)
		}
	}
	if _, err := e.runPasswordCommand(t.Context(), show("no-such-file")); exitCode(err) != exitUsage {
		t.Errorf("a program that fails: %v, want a usage error", err)
	}
}

func TestRunPasswordCommand_endsWithTheProgram(t *testing.T) {
	line := "sleep 60"
	if runtime.GOOS == "windows" {
		line = "ping -n 60 127.0.0.1"
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	e := Env{Stdin: strings.NewReader(""), Stderr: &bytes.Buffer{}}
	begun := time.Now()
	_, err := e.runPasswordCommand(ctx, line)
	if exitCode(err) != exitInterrupted || time.Since(begun) > 10*time.Second {
		t.Errorf("%v after %s, want an interruption at once", err, time.Since(begun))
	}
}

func TestAccountWord(t *testing.T) {
	for want, state := range map[string]ldapattr.AccountState{
		"unknown":              {},
		"enabled":              {Known: true, Enabled: true},
		"disabled":             {Known: true, Locked: true, Expired: true},
		"expired":              {Known: true, Enabled: true, Expired: true, Locked: true},
		"locked":               {Known: true, Enabled: true, Locked: true, MustChange: true},
		"must change password": {Known: true, Enabled: true, MustChange: true, PasswordExpired: true},
		"password expired":     {Known: true, Enabled: true, PasswordExpired: true},
	} {
		if got := accountWord(state); got != want {
			t.Errorf("%+v is %q, want %q", state, got, want)
		}
	}
}
