package lab

import (
	"context"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// StopDC pulls the plug of the domain controller: its ports refuse from now on. It is started again when the
// test ends, if the test has not done so.
func StopDC(tb testing.TB) {
	tb.Helper()
	control(tb, "dc", "stop")
	tb.Cleanup(func() { StartDC(tb) })
}

// StartDC starts the domain controller and returns when it answers. A running one is left alone.
func StartDC(tb testing.TB) {
	tb.Helper()
	control(tb, "dc", "start")
}

// PauseDC freezes the domain controller: connections open, nothing is answered. It goes on when the test ends,
// or with ResumeDC.
func PauseDC(tb testing.TB) {
	tb.Helper()
	control(tb, "dc", "pause")
	tb.Cleanup(func() { ResumeDC(tb) })
}

// ResumeDC lets a paused domain controller go on.
func ResumeDC(tb testing.TB) {
	tb.Helper()
	control(tb, "dc", "resume")
}

// StopFileServer pulls the plug of the file server, as StopDC does of the domain controller.
func StopFileServer(tb testing.TB) {
	tb.Helper()
	control(tb, "fs", "stop")
	tb.Cleanup(func() { StartFileServer(tb) })
}

// StartFileServer starts the file server and returns when it knows the domain's users. A running one is left alone.
func StartFileServer(tb testing.TB) {
	tb.Helper()
	control(tb, "fs", "start")
}

// DropFileServerConnections ends every SMB connection in the middle of what it does; the next one works.
func DropFileServerConnections(tb testing.TB) {
	tb.Helper()
	control(tb, "fs", "drop")
}

// control runs an action of control.sh. It has a context of its own: it also runs when the test's is over.
func control(tb testing.TB, host, action string) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", filepath.Join(Dir(), "control"), host, action)
	cmd.WaitDelay = time.Second
	if out, err := cmd.CombinedOutput(); err != nil {
		tb.Fatalf("%s %s: %v\n%s", action, host, err, out)
	}
}
