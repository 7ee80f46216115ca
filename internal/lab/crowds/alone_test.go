//go:build lab

package crowds_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab/crowds"
)

// locks makes the folder that FTPISOCTL_ALONE names.
func locks(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for _, name := range []string{"door", "machine"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("FTPISOCTL_ALONE", folder)
	return folder
}

// beside starts a shell command with scripts/beside.sh and tells when it has ended.
func beside(t *testing.T, command string) (ended chan error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), filepath.Join("..", "..", "..", "scripts", "beside.sh"), "sh", "-c", command)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended = make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	return ended
}

// there waits for a file.
func there(t *testing.T, file string) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if _, err := os.Stat(file); err == nil {
			return
		}
	}
	t.Fatalf("there is no %s", file)
}

// A race begins when all that runs beside has ended, and what comes later waits for it; two
// that run beside do not wait for each other.
func TestAlone(t *testing.T) {
	dir := locks(t)
	var ended []chan error
	for i := range 2 {
		name := filepath.Join(dir, strconv.Itoa(i))
		ended = append(ended, beside(t, "touch "+name+".runs; while [ ! -e "+dir+"/go ]; do sleep 0.02; done; touch "+name+".ended"))
	}
	there(t, filepath.Join(dir, "0.runs"))
	there(t, filepath.Join(dir, "1.runs"))
	time.AfterFunc(100*time.Millisecond, func() { _ = os.WriteFile(filepath.Join(dir, "go"), nil, 0o600) })
	done := crowds.Alone(t)
	for _, name := range []string{"0.ended", "1.ended"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Errorf("the race does not wait: %v", err)
		}
	}
	later := beside(t, "touch "+dir+"/later; exit 3")
	select {
	case err := <-later:
		t.Errorf("beside the race runs another one: %v", err)
	case <-time.After(200 * time.Millisecond):
	}
	done()
	if err := <-later; err == nil || err.Error() != "exit status 3" {
		t.Errorf("what waited ends with %v, want its own exit status 3", err)
	}
	there(t, filepath.Join(dir, "later"))
	for _, one := range ended {
		if err := <-one; err != nil {
			t.Error(err)
		}
	}
}

// A race gets its turn although there is never a moment at which nobody else works.
func TestAlone_isNotKeptWaiting(t *testing.T) {
	dir := locks(t)
	for range 3 {
		go func() {
			for i := 0; t.Context().Err() == nil; i++ {
				cmd := exec.CommandContext(t.Context(), filepath.Join("..", "..", "..", "scripts", "beside.sh"), "sh", "-c", "touch "+dir+"/runs; sleep 0.2")
				_ = cmd.Run()
			}
		}()
	}
	there(t, filepath.Join(dir, "runs"))
	began := time.Now()
	crowds.Alone(t)()
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("the race had to wait %v for work of 200 ms", took)
	}
}

// A test that dies in a race keeps nobody from working.
func TestAlone_diesWithItsProcess(t *testing.T) {
	if os.Getenv("FTPISOCTL_ALONE_DIES") != "" {
		crowds.Alone(t)
		self, err := os.FindProcess(os.Getpid())
		if err != nil {
			t.Fatal(err)
		}
		_ = self.Kill()
		select {}
	}
	locks(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestAlone_diesWithItsProcess$")
	cmd.Env = append(os.Environ(), "FTPISOCTL_ALONE_DIES=1")
	if err := cmd.Run(); err == nil {
		t.Fatal("it lives")
	}
	select {
	case err := <-beside(t, "true"):
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("the machine is still taken")
	}
}

// Nobody is asked where nobody runs beside.
func TestAlone_byHand(t *testing.T) {
	t.Setenv("FTPISOCTL_ALONE", "")
	crowds.Alone(t)()
	if err := <-beside(t, "true"); err != nil {
		t.Error(err)
	}
}
