package crowds

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// patience is how long, in seconds, a race waits for the machine, twice at most. What it waits for lasts seconds, but for
// a linter that CI builds from source.
const patience = "600"

// Alone waits until nothing that scripts/beside.sh has started runs any more, and keeps it from starting anything until
// done is called or the test process ends, however it ends. Fuzzers, which run beside the lab in an ordinary run, would
// else take part in every race. Without FTPISOCTL_ALONE, as when one test is run by hand, nobody is asked.
func Alone(tb testing.TB) (done func()) {
	tb.Helper()
	folder := os.Getenv("FTPISOCTL_ALONE")
	if folder == "" {
		return func() {}
	}
	// flock(1) holds the locks as long as cat finds its input open, which is as long as this process has it open.
	cmd := exec.CommandContext(tb.Context(), "flock", "-w", patience, filepath.Join(folder, "door"),
		"flock", "-w", patience, filepath.Join(folder, "machine"), "sh", "-c", "echo && exec cat")
	cmd.Stderr = os.Stderr
	held, err := cmd.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		_ = cmd.Wait()
		tb.Fatalf("what runs beside the tests has not ended after %v", time.Since(began))
	}
	tb.Logf("alone after %v", time.Since(began))
	return func() {
		_ = held.Close()
		_ = cmd.Wait()
	}
}
