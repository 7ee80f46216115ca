package ftpsrv_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
)

// robot is one client of TestLoad. It lives through one session after the other.
type robot struct {
	*client
	t       *testing.T
	horde   *horde
	number  int
	random  *rand.Rand
	content []byte // of its file; nil while it has none
	secured bool   // data connections are
	resumes bool   // the control connection's TLS session
}

// member is the i-th client. What it does depends on the number alone, as far as
// time allows.
func (c *horde) member(t *testing.T, i int) *robot {
	return &robot{t: t, horde: c, number: i, random: rand.New(rand.NewPCG(uint64(i), 3))}
}

// robotJobs are what a robot may do in a session; the last ones end it.
var robotJobs = []struct {
	name string
	do   func(*robot) (ends bool)
}{
	{"upload", (*robot).upload},
	{"append", (*robot).appendTo},
	{"resume", (*robot).resume},
	{"download", (*robot).download},
	{"part", (*robot).part},
	{"listing", (*robot).list},
	{"pipeline", (*robot).pipeline},
	{"rename", (*robot).rename},
	{"unused", (*robot).unused},
	{"abort", (*robot).abort},
	{"abortUpload", (*robot).abortUpload},
	{"reset", (*robot).reset},
	{"hangup", (*robot).hangup},
	{"hangupUpload", (*robot).hangupUpload},
}

// live goes on until ctx ends or something is wrong.
func (r *robot) live(ctx context.Context) {
	for ctx.Err() == nil && r.session(ctx) {
	}
}

// mishap ends a session of a robot. Package testing would end the goroutine.
type mishap string

// untested makes the helpers of client end a session and no test.
type untested struct {
	testing.TB
	clean []func()
}

func (u *untested) Helper()          {}
func (u *untested) Cleanup(f func()) { u.clean = append(u.clean, f) }
func (u *untested) Fatal(args ...any) {
	panic(mishap(fmt.Sprint(args...)))
}
func (u *untested) Fatalf(format string, args ...any) {
	panic(mishap(fmt.Sprintf(format, args...)))
}

func (r *robot) session(ctx context.Context) (fine bool) {
	tb := &untested{TB: r.t}
	what := "connect"
	defer func() {
		for _, f := range tb.clean {
			f()
		}
		switch p := recover().(type) {
		case nil:
		case mishap:
			fine = false
			r.t.Errorf("client %d, %s: %s", r.number, what, p)
		default:
			panic(p)
		}
	}()
	kind := r.random.IntN(4)
	addr := r.horde.clear
	if kind == 3 {
		addr = r.horde.implicit
	}
	r.client = dial(tb, addr)
	r.tls.newest = []uint16{tls.VersionTLS12, tls.VersionTLS13}[r.random.IntN(2)]
	r.secured, r.resumes = kind > 0 && r.random.IntN(5) > 0, r.random.IntN(2) == 0
	what = "login"
	r.enter(kind)
	r.horde.count("session")
	for range r.random.IntN(8) {
		job := robotJobs[r.random.IntN(len(robotJobs))]
		if ctx.Err() != nil {
			break
		}
		what = job.name
		ends := job.do(r)
		r.horde.count(job.name)
		if ends {
			return true
		}
	}
	what = "quit"
	if r.random.IntN(4) > 0 {
		r.cmd("QUIT", "221 ")
	}
	return true
}

// enter logs in: 0 in clear text, 1 and 2 with AUTH, 3 behind implicit TLS.
func (r *robot) enter(kind int) {
	switch kind {
	case 0:
	case 3:
		r.handshake()
	default:
		r.want("220 ")
		r.cmd("AUTH TLS", "234 ")
		r.handshake()
	}
	if kind == 0 || kind == 3 {
		r.want("220 ")
	}
	if kind > 0 {
		r.cmd("PBSZ 0", "200 ")
		r.cmd(map[bool]string{true: "PROT P", false: "PROT C"}[r.secured], "200 ")
	}
	r.cmd("USER alice", "331 ")
	r.cmd("PASS "+password, "230 ")
	r.cmd("TYPE I", "200 ")
}

// own names the robot's file.
func (r *robot) own() string { return fmt.Sprintf("/own%d/file", r.number) }

// begin opens a data connection in one of the ways there are, and begins the command.
func (r *robot) begin(command string) net.Conn {
	switch r.random.IntN(4) {
	case 0:
		r.cmd("PASV", "227 ")
		r.connect()
		r.cmd(command, "125 ")
	case 1:
		r.cmd("EPSV", "229 ")
		r.send(command + "\r\n")
		r.want("150 ")
		r.connect()
	default:
		port, eprt := r.listen()
		if r.random.IntN(2) == 0 {
			r.cmd("PORT "+port, "200 ")
		} else {
			r.cmd("EPRT "+eprt, "200 ")
		}
		r.accept()
		_ = r.ln.Close()
		r.cmd(command, "1")
	}
	if r.secured {
		var tickets tls.ClientSessionCache
		if r.resumes {
			tickets = r.tls.tickets
		}
		if err := r.secure(tickets); err != nil {
			r.client.t.Fatalf("%s: TLS on the data connection: %v", command, err)
		}
	}
	return r.stream()
}

// put writes to a data connection and ends it.
func (r *robot) put(dc net.Conn, content []byte) {
	if _, err := dc.Write(content); err != nil {
		r.client.t.Fatal(err)
	}
	_ = dc.Close()
	r.want("226 ")
}

func (r *robot) fetch(command string, want []byte) {
	dc := r.begin(command)
	got, err := io.ReadAll(dc)
	_ = dc.Close()
	if err != nil {
		r.client.t.Fatalf("%s: %v", command, err)
	}
	r.want("226 ")
	if wrong := same(got, want); wrong != "" {
		r.client.t.Fatalf("%s: %s", command, wrong)
	}
}

// some is new content.
func (r *robot) some(most int) []byte {
	return patterned(r.random.Uint64(), r.random.IntN(most))
}

// needFile makes sure that there is a file, and looks whether it is what it should be.
func (r *robot) needFile() {
	if r.content == nil {
		r.upload()
	}
	r.fetch("RETR "+r.own(), r.content)
}

func (r *robot) upload() bool {
	content := r.some(300_000)
	r.put(r.begin("STOR "+r.own()), content)
	r.content = content
	return false
}

func (r *robot) appendTo() bool {
	r.needFile()
	more := r.some(50_000)
	r.put(r.begin("APPE "+r.own()), more)
	r.content = append(r.content, more...)
	r.fetch("RETR "+r.own(), r.content)
	return false
}

func (r *robot) resume() bool {
	r.needFile()
	at := r.random.IntN(len(r.content) + 1)
	more := r.some(50_000)
	// REST comes before the port: begin sends the command at once.
	r.cmd(fmt.Sprintf("REST %d", at), "350 ")
	r.put(r.begin("STOR "+r.own()), more)
	r.content = append(r.content[:at:at], more...)
	r.fetch("RETR "+r.own(), r.content)
	return false
}

func (r *robot) download() bool {
	i := r.random.IntN(len(sharedFiles()))
	r.fetch(fmt.Sprintf("RETR /shared%d", i), sharedFiles()[i])
	return false
}

func (r *robot) part() bool {
	i := r.random.IntN(len(sharedFiles()))
	want := sharedFiles()[i]
	at := r.random.IntN(len(want) + 1)
	r.cmd(fmt.Sprintf("REST %d", at), "350 ")
	r.fetch(fmt.Sprintf("RETR /shared%d", i), want[at:])
	return false
}

func (r *robot) list() bool {
	var want strings.Builder
	for i := range sharedFiles() {
		fmt.Fprintf(&want, "shared%d\r\n", i)
	}
	r.fetch("NLST shared*", []byte(want.String()))
	dc := r.begin("LIST /")
	got, err := io.ReadAll(dc)
	_ = dc.Close()
	if err != nil || strings.Count(string(got), "\r\n") < len(sharedFiles()) {
		r.client.t.Fatalf("listing %q, %v", got, err)
	}
	r.want("226 ")
	return false
}

func (r *robot) pipeline() bool {
	r.send("NOOP\r\nPWD\r\nSIZE /shared0\r\nCWD /none\r\nSYST\r\n")
	for _, want := range []string{"200 ", "257 ", "213 1000", "550 ", "215 "} {
		r.want(want)
	}
	return false
}

func (r *robot) rename() bool {
	r.needFile()
	for _, names := range [][2]string{{r.own(), r.own() + "2"}, {r.own() + "2", r.own()}} {
		r.cmd("RNFR "+names[0], "350 ")
		r.cmd("RNTO "+names[1], "250 ")
	}
	r.cmd("DELE "+r.own(), "250 ")
	r.content = nil
	return false
}

// unused data ports: one that nobody comes to, and one that somebody came to.
func (r *robot) unused() bool {
	r.cmd("EPSV", "229 ")
	r.passive()
	_ = r.data.Close()
	r.cmd("NOOP", "200 ")
	return false
}

// abort ends a download, unless that is faster.
func (r *robot) abort() bool {
	dc := r.begin("RETR /shared7")
	_, _ = io.ReadFull(dc, make([]byte, r.random.IntN(100)))
	r.send("ABOR\r\n")
	r.drain(dc)
	switch got := r.reply(); {
	case strings.HasPrefix(got, "426 "):
		r.want("226 ")
	case strings.HasPrefix(got, "226 "):
		r.want("22") // 225 where the transfer was over before ABOR was read
	default:
		r.client.t.Fatalf("got %q after ABOR", got)
	}
	return false
}

func (r *robot) drain(dc net.Conn) {
	_, _ = io.Copy(io.Discard, dc)
	_ = dc.Close()
}

// An aborted upload leaves what was there before.
func (r *robot) abortUpload() bool {
	r.needFile()
	dc := r.begin("STOR " + r.own())
	_, _ = dc.Write(r.some(50_000))
	r.cmd("ABOR", "426 ")
	r.want("226 ")
	_ = dc.Close()
	r.fetch("RETR "+r.own(), r.content)
	return false
}

// reset breaks an upload's data connection.
func (r *robot) reset() bool {
	r.needFile()
	dc := r.begin("STOR " + r.own())
	_, _ = dc.Write(r.some(50_000))
	_ = r.data.SetLinger(0)
	_ = r.data.Close()
	r.want("426 ")
	r.fetch("RETR "+r.own(), r.content)
	return false
}

// hangup leaves in the middle of a download.
func (r *robot) hangup() bool {
	dc := r.begin("RETR /shared7")
	_, _ = io.ReadFull(dc, make([]byte, 100))
	r.close()
	return true
}

// hangupUpload dies as a process does: all connections close at once, and what arrived
// is no file, as the test sees at its end.
func (r *robot) hangupUpload() bool {
	dc := r.begin(fmt.Sprintf("STOR /own%d/half%d", r.number, r.random.Uint64()))
	if _, err := dc.Write(r.some(20_000)); err != nil {
		r.client.t.Fatal(err)
	}
	r.close()
	return true
}
