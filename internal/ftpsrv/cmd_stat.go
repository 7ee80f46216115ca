package ftpsrv

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdSTAT tells the status of the session, also while a transfer is running; with an
// argument it lists over the control connection what LIST lists over a data
// connection (RFC 959, 4.1.3).
func cmdSTAT(_ context.Context, c *conn, _ string) (ftpwire.Reply, error) {
	text := append([]string{"FTP server status:"}, status(c)...)
	return ftpwire.NewReply(211, append(text, "End of status.")...), nil
}

// reportSTAT is STAT with an argument.
func reportSTAT(c *conn, arg string) (task, error) {
	switch {
	case !c.sess.loggedIn():
		return nil, errNotLoggedIn
	case !c.sess.may(reads):
		return nil, errUnauthorized
	}
	open := lists(c, arg)
	return func(ctx context.Context, at *place) (ftpwire.Reply, error) {
		write, single, err := open(ctx, at)
		if err != nil {
			return ftpwire.Reply{}, err
		}
		out := reportLines{lines: []string{"Status of " + arg + ":"}}
		if err := write(&out); err != nil && !errors.Is(err, errLong) {
			return ftpwire.Reply{}, err
		}
		code := 212
		if single {
			code = 213
		}
		return ftpwire.NewReply(code, append(out.lines, "End of status.")...), nil
	}, nil
}

// status describes the session in lines.
func status(c *conn) []string {
	who := "Not logged in"
	if c.sess.loggedIn() {
		who = "Logged in as " + c.sess.name
	}
	kind, mode := "ASCII", "Stream"
	if c.sess.image {
		kind = "Image"
	}
	if c.sess.deflate {
		mode = "Deflate"
	}
	control, data := "clear text", "clear text"
	if c.sess.protected() {
		control = tls.VersionName(c.sess.tls.ConnectionState().Version)
	}
	if c.sess.prot {
		data = "TLS"
	}
	text := []string{
		" Connected from " + c.log.row.Client.Addr().String(), " " + who,
		" TYPE: " + kind + ", STRU: File, MODE: " + mode,
		" Control connection: " + control, " Data connections: " + data,
	}
	switch t := c.job; {
	case t != nil && (t.task != nil || t.open != nil):
		verb, arg := t.x.cmd.Masked()
		text = append(text, " Command in progress: "+verb+" "+arg)
	case t != nil:
		verb, file := t.x.cmd.Masked()
		text = append(text, fmt.Sprintf(" Transfer in progress: %s %s, %d octets so far", verb, file, t.moved.Load()))
	case c.data.Established():
		text = append(text, " A data connection is open")
	case c.data.Armed():
		text = append(text, " Waiting for a data connection")
	default:
		text = append(text, " No data connection")
	}
	return text
}

// reportLimit is how many lines a listing over the control connection has at most:
// it is made whole before it is sent.
const reportLimit = 10_000

// errLong ends a listing at the limit.
var errLong = errors.New("a listing too long for the control connection")

// reportLines gathers the lines of a listing for a reply.
type reportLines struct{ lines []string }

// Write takes whole lines.
func (r *reportLines) Write(p []byte) (int, error) {
	for line := range strings.SplitSeq(strings.TrimSuffix(string(p), "\r\n"), "\r\n") {
		if len(r.lines) > reportLimit {
			r.lines = append(r.lines, "The rest is left out; LIST shows it.")
			return 0, errLong
		}
		r.lines = append(r.lines, line)
	}
	return len(p), nil
}
