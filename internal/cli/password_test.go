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

func TestRunPasswordCommand_endlessOutputIsCut(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var told bytes.Buffer
	e := Env{Stdin: strings.NewReader(""), Stderr: &told}
	// The test program itself prints more than any password when asked for help.
	_, err = e.runPasswordCommand(t.Context(), `"`+program+`" -test.list .* -test.v -h`)
	if exitCode(err) != exitUsage {
		t.Errorf("%v, want a usage error", err)
	}
	var b limitedBuffer
	for range 10 {
		_, err = b.Write(make([]byte, 1000))
	}
	if err == nil || len(b.data) != maxPassword+1 {
		t.Errorf("%d bytes are kept, %v", len(b.data), err)
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
