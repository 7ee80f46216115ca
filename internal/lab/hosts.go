package lab

import (
	"context"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// host is one of the lab's two machines, under the name that control.sh has for it.
type host string

const (
	domainController host = "dc"
	fileServer       host = "fs"
)

// StopDC pulls the plug of the domain controller: its ports refuse from now on. It is started again when the
// test ends, if the test has not done so.
func StopDC(tb testing.TB) {
	tb.Helper()
	domainController.down(tb, "stop", StartDC)
}

// StartDC starts the domain controller and returns when it answers. A running one is left alone.
func StartDC(tb testing.TB) {
	tb.Helper()
	domainController.control(tb, "start")
}

// PauseDC freezes the domain controller: connections open, nothing is answered. It goes on when the test ends,
// or with ResumeDC.
func PauseDC(tb testing.TB) {
	tb.Helper()
	domainController.down(tb, "pause", ResumeDC)
}

// ResumeDC lets a paused domain controller go on.
func ResumeDC(tb testing.TB) {
	tb.Helper()
	domainController.control(tb, "resume")
}

// StopFileServer pulls the plug of the file server, as StopDC does of the domain controller.
func StopFileServer(tb testing.TB) {
	tb.Helper()
	fileServer.down(tb, "stop", StartFileServer)
}

// StartFileServer starts the file server and returns when it knows the domain's users. A running one is left alone.
func StartFileServer(tb testing.TB) {
	tb.Helper()
	fileServer.control(tb, "start")
}

// PauseFileServer freezes the file server, as PauseDC does the domain controller.
func PauseFileServer(tb testing.TB) {
	tb.Helper()
	fileServer.down(tb, "pause", ResumeFileServer)
}

// ResumeFileServer lets a paused file server go on.
func ResumeFileServer(tb testing.TB) {
	tb.Helper()
	fileServer.control(tb, "resume")
}

// DropFileServerConnections ends every SMB connection in the middle of what it does; the next one works.
func DropFileServerConnections(tb testing.TB) {
	tb.Helper()
	fileServer.control(tb, "drop")
}

// down takes a host away. That it comes back is promised first: what fails half-way may have taken it away, too.
func (h host) down(tb testing.TB, action string, up func(testing.TB)) {
	tb.Helper()
	tb.Cleanup(func() { up(tb) })
	h.control(tb, action)
}

// control runs an action of control.sh. It has a context of its own: it also runs when the test's is over.
func (h host) control(tb testing.TB, action string) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", filepath.Join(Dir(), "control"), string(h), action)
	cmd.WaitDelay = time.Second
	if out, err := cmd.CombinedOutput(); err != nil {
		tb.Fatalf("%s %s: %v\n%s", action, h, err, out)
	}
}
