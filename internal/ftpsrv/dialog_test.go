package ftpsrv_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/ftpisoctl/ftpisoctl/internal/admission"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftptls"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// update rewrites the logs, never the dialogs: these were written from the
// reference, and a change of theirs belongs to docs/ftp-behaviour.md first.
var update = flag.Bool("update", false, "rewrite the access logs under testdata/dialog")

// TestDialog plays the sessions of testdata/dialog. In each archive:
//
//	setup    key=value lines, see setUp
//	home/…   files of the home; a name that ends with a slash is a directory
//	dialog   "> " the client's line, ">> " octets without CRLF, "< " the server's
//	         line, "! " an event (see event); Go's escapes count, {port} and the
//	         like stand for what differs from run to run
//	log      rows of the access log: user, port (C control, D data), method, stem,
//	         status, Win32 status, sub-status, full path
func TestDialog(t *testing.T) { playAll(t, "testdata/dialog/*.txtar") }

func playAll(t *testing.T, pattern string) {
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no dialogs: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			play(t, file)
		})
	}
}

func play(t *testing.T, file string) { playIn(t, file, mode{}) }

func playIn(t *testing.T, file string, m mode) {
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	parts := make(map[string]string)
	for _, f := range ar.Files {
		parts[f.Name] = string(f.Data)
	}
	if len(strings.TrimSpace(string(ar.Comment))) < 20 {
		t.Error("the archive does not say which behaviour it holds, and its source")
	}
	m.rewrite(parts)
	s := newSite(t, func(cfg *ftpsrv.Config) { setUp(t, cfg, parts["setup"]) })
	if m.home != nil {
		s.root, s.session = m.home(t)
	}
	for _, f := range ar.Files {
		if name, found := strings.CutPrefix(f.Name, "home"); found {
			s.put(t, name, f.Data)
		}
	}
	s.settle(t, parts["setup"])
	s.startOn(t, m.host())
	p := &player{client: dial(t, s.addr), site: s, parts: parts}
	p.tls.newest = m.tls
	if space, err := s.root.Statfs(t.Context()); err == nil {
		p.base = space.Total - space.Free
	}
	for i, line := range strings.Split(strings.TrimSuffix(parts["dialog"], "\n"), "\n") {
		if line != "" {
			p.play(i+1, line)
		}
	}
	p.finish()
	s.stop(t)
	got := earlyOpened.ReplaceAllString(strings.NewReplacer(p.ports...).Replace(rows(t, s)), "$2\n$1")
	want, logged := parts["log"]
	if !logged && !*update || got == want {
		return
	}
	if !*update {
		t.Errorf("access log:\n%s\nwant:\n%s", got, want)
		return
	}
	if logged {
		replacePart(t, file, ar, got)
	}
}

// earlyOpened is an active data connection that is up before PORT is answered, as row
// 1.3 allows; the archives have it behind.
var earlyOpened = regexp.MustCompile(`(?m)^(\S+ D DataChannelOpened - - 0 0 -)\n(\S+ C (?:PORT|EPRT) \{\w+\} 200 0 0 -)$`)

func replacePart(t *testing.T, file string, ar *txtar.Archive, log string) {
	for i := range ar.Files {
		if ar.Files[i].Name == "log" {
			ar.Files[i].Data = []byte(log)
		}
	}
	if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
		t.Fatal(err)
	}
}

// setUp applies the setup part. Keys are the fields' names.
func setUp(t *testing.T, cfg *ftpsrv.Config, setup string) {
	t.Helper()
	number := func(v string) int { return must(t)(strconv.Atoi(v)) }
	period := func(v string) time.Duration {
		d, err := time.ParseDuration(v)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	var limits admission.Config
	defer func() { cfg.Admission = admission.New(limits) }()
	for line := range strings.Lines(setup) {
		key, v, _ := strings.Cut(strings.TrimSpace(line), "=")
		v = strings.ReplaceAll(v, `\n`, "\n")
		switch key {
		case "", "capacity", "fault", "rights", "CRLF":
		case "Banner":
			cfg.Messages.Banner = v
		case "SuppressDefaultBanner":
			cfg.Messages.SuppressDefaultBanner = true
		case "Greeting":
			cfg.Messages.Greeting = v
		case "Exit":
			cfg.Messages.Exit = v
		case "MaxClients":
			cfg.Messages.MaxClients = v
		case "ExternalIP4":
			cfg.ExternalIP4 = netip.MustParseAddr(v)
		case "KeepPartialUploads":
			cfg.Files.KeepPartialUploads = true
		case "AllowReplaceOnRename":
			cfg.Files.AllowReplaceOnRename = true
		case "MaxCommandLine":
			cfg.MaxCommandLine = number(v)
		case "MaxConnections":
			limits.MaxConnections = number(v)
		case "MaxPerUser":
			limits.MaxPerUser = number(v)
		case "MaxFailure":
			limits.Failures = admission.Failures{Max: number(v), Memory: time.Minute}
		case "Deny":
			limits.Networks.Entries = append(limits.Networks.Entries, admission.Network{Prefix: netip.MustParsePrefix(v)})
		case "ModeZ": // an upload's octets and ratio
			cfg.ModeZ = &ftpsrv.ModeZ{}
			if size, ratio, limited := strings.Cut(v, " "); limited {
				cfg.ModeZ.MaxSize, cfg.ModeZ.MaxRatio = int64(number(size)), number(ratio)
			}
		case "DenyCommands", "AllowCommands": // these and no others
			cfg.Commands = ftpsrv.CommandFilter{DenyUnlisted: key == "AllowCommands", Entries: map[string]bool{}}
			for verb := range strings.FieldsSeq(v) {
				cfg.Commands.Entries[verb] = key == "AllowCommands"
			}
		case "TLS":
			withTLS(cfg)
		case "RequireTLSReuse":
			certs, _ := testCertificate()
			cfg.TLS = ftptls.New(ftptls.Config{Certificates: certs, RequireReuse: true})
		case "ControlPolicy":
			cfg.ControlPolicy = policies[v]
		case "DataPolicy":
			cfg.DataPolicy = policies[v]
		case "IIS":
			cfg.IIS = true
		case "MinBytesPerSecond":
			cfg.Connections.MinBytesPerSecond = number(v)
		case "ControlChannelTimeout":
			cfg.Connections.ControlChannelTimeout = period(v)
		case "UnauthenticatedTimeout":
			cfg.Connections.UnauthenticatedTimeout = period(v)
		case "DataChannelTimeout":
			cfg.Connections.DataChannelTimeout = period(v)
		case "NoUTF8":
			cfg.NoUTF8 = true
		case "HostNames":
			cfg.HostNames = strings.Fields(v)
		case "DetailedErrors":
			cfg.DetailedErrors = true
		case "AvailableBytes":
			cfg.AvailableBytes = true
		case "ExpandVariables":
			cfg.Messages.ExpandVariables = true
			cfg.SiteName = "partners"
		case "Unix":
			cfg.Listing.Unix = true
		case "LongDate":
			cfg.Listing.LongDate = true
		default:
			t.Fatalf("unknown key %q", key)
		}
	}
}

var policies = map[string]ftptls.Policy{
	"SslRequire": ftptls.Require, "SslRequireCredentialsOnly": ftptls.RequireCredentials, "SslDeny": ftptls.Deny,
}

func must(t testing.TB) func(int, error) int {
	return func(n int, err error) int {
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
}

// settle gives all files one time, and the home the limits of the setup part.
func (s *site) settle(t *testing.T, setup string) {
	t.Helper()
	var walk func(dir string)
	walk = func(dir string) {
		entries, err := s.root.List(context.Background(), dir)
		if err != nil {
			t.Fatal(err)
		}
		for info, err := range entries {
			if err != nil {
				t.Fatal(err)
			}
			name := strings.TrimSuffix(dir, "/") + "/" + info.Name()
			if info.IsDir() {
				walk(name)
			}
			if err := s.root.SetModTime(context.Background(), name, time.Date(2024, 3, 9, 13, 5, 7, 0, time.UTC)); err != nil {
				t.Fatal(err)
			}
		}
	}
	walk("/")
	for line := range strings.Lines(setup) {
		key, v, _ := strings.Cut(strings.TrimSpace(line), "=")
		switch key {
		case "capacity":
			s.home.SetCapacity(int64(must(t)(strconv.Atoi(v))))
		case "fault":
			s.wrap = faults[v]
		case "rights": // Read, Write, as the authorization rules grant them
			s.rights = ftpsrv.Grant{NoRead: !strings.Contains(v, "Read"), NoWrite: !strings.Contains(v, "Write")}
		case "CRLF": // ends the lines of text files at home
			s.rights.CRLF = true
		}
	}
}

// player performs one dialog.
type player struct {
	*client
	site   *site
	parts  map[string]string
	at     int
	port   string // arguments of PORT and EPRT for our listener
	eprt   string
	ports  []string // what those were, for the log
	over   bool
	others []storage.Upload
	base   uint64 // octets in the home before the dialog
}

func (p *player) play(at int, line string) {
	p.t.Helper()
	p.at = at
	op, text, _ := strings.Cut(line, " ")
	if op != "!" {
		text = p.unescape(text)
	}
	switch op {
	case ">":
		p.send(text + "\r\n")
	case ">>":
		p.send(text)
	case "<":
		got, err := p.line()
		if err != nil || got != text && !pattern(text).MatchString(got) {
			p.t.Fatalf("line %d: got %q, %v, want %q", at, got, err, text)
		}
	case "!":
		name, arg, _ := strings.Cut(text, " ")
		p.event(name, arg)
	case "#":
	default:
		p.t.Fatalf("line %d: no operator in %q", at, line)
	}
}

func (p *player) unescape(text string) string {
	text = strings.NewReplacer("{active}", p.port, "{eprt}", p.eprt).Replace(text)
	plain, err := strconv.Unquote(`"` + strings.ReplaceAll(text, `"`, `\"`) + `"`)
	if err != nil {
		p.t.Fatalf("line %d: %q: %v", p.at, text, err)
	}
	return plain
}

// pattern is the regular expression of an expected line.
func pattern(text string) *regexp.Regexp {
	quoted := regexp.QuoteMeta(strings.ToValidUTF8(text, "?"))
	quoted = strings.NewReplacer(`\{port\}`, `\d+`, `\{line\}`, `.+`).Replace(quoted)
	return regexp.MustCompile(`\A` + quoted + `\z`)
}

// event does or checks something that is no line of the control connection.
func (p *player) event(name, arg string) {
	p.t.Helper()
	switch name {
	case "again": // on another connection; an open one stays open
		p.client, p.over = dial(p.t, p.site.addr), false
	case "login": // as alice, from the banner on
		p.login()
	case "connect": // to the port of the last 227 or 229
		p.connect()
	case "connect-low": // from a privileged port, which needs root and gets a reset
		d := net.Dialer{Timeout: patience, LocalAddr: &net.TCPAddr{IP: net.ParseIP(p.host), Port: 1001}}
		nc, err := d.Dial("tcp", p.pasv)
		if err == nil {
			_, err = io.ReadAll(nc)
			_ = nc.Close()
		}
		if !errors.Is(err, syscall.ECONNRESET) {
			p.t.Errorf("line %d: got %v, want a reset", p.at, err)
		}
	case "within": // so much time the next line of the server comes
		p.within = p.period(arg)
	case "silence": // for so much time the server says nothing
		_ = p.nc.SetReadDeadline(time.Now().Add(p.period(arg)))
		if b, err := p.r.Peek(1); err == nil {
			p.t.Fatalf("line %d: an answer begins with %q", p.at, b)
		}
	case "listen": // {active} and {eprt} are its arguments
		p.port, p.eprt = p.listen()
		p.ports = append(p.ports, "PORT "+p.port, "PORT {active}", "EPRT "+p.eprt, "EPRT {eprt}")
	case "unlisten": // the port of listen stays in {active}
		_ = p.ln.Close()
	case "accept":
		p.accept()
	case "login-tls": // as alice, with protected data connections
		p.want("220 ")
		p.authTLS()
		p.cmd("USER alice", "331 ")
		p.cmd("PASS "+password, "230 ")
	case "nothing": // came on the data connection
		if got, _ := io.ReadAll(p.stream()); len(got) > 0 {
			p.t.Errorf("line %d: data %q, want none", p.at, got)
		}
	case "tls": // on the control connection
		p.handshake()
	case "secure": // the data connection, resuming the control connection's session
		p.mustSecure(p.tls.tickets)
	case "secure-fresh": // the data connection, with a TLS session of its own
		p.mustSecure(nil)
	case "secure-as": // the data connection, with the ticket of another session, of that user
		p.mustSecure(ticketsOf(p.t, p.site.addr, arg, nil))
	case "secure-sister": // the same, of a session that has resumed this one's
		p.mustSecure(ticketsOf(p.t, p.site.addr, arg, p.tls.tickets))
	case "clear": // both ends leave TLS on the control connection
		p.leaveTLS()
	case "cut": // the TCP stream of the data connection, without TLS's own end
		_ = p.data.CloseWrite()
	case "unsafe": // octets of another protocol, where TLS is due
		if _, err := io.WriteString(p.data, p.unescape(arg)); err != nil {
			p.t.Fatalf("line %d: %v", p.at, err)
		}
	case "send": // on the data connection
		if _, err := io.WriteString(p.stream(), p.unescape(arg)); err != nil {
			p.t.Fatalf("line %d: %v", p.at, err)
		}
	case "trickle": // an octet a time until the server has enough
		p.trickle(arg)
	case "arrived": // so many octets of the upload are in the storage
		p.arrived(arg)
	case "end": // of the data connection, orderly
		_ = p.stream().Close()
	case "reset": // the data connection
		_ = p.data.SetLinger(0)
		_ = p.data.Close()
	case "data": // is all that comes on the data connection, which then ends
		p.checkData(arg)
	case "broken": // the data connection ends with a reset
		if _, err := io.ReadAll(p.stream()); err == nil {
			p.t.Errorf("line %d: the data connection ended in an orderly way", p.at)
		}
	case "ended": // the data connection, without a reset
		if _, err := io.ReadAll(p.data); err != nil {
			p.t.Errorf("line %d: the data connection ended with %v", p.at, err)
		}
	case "hangup": // the client closes the control connection
		_ = p.nc.Close()
		p.over = true
	case "closed": // the server has closed the control connection
		if got, err := p.line(); err != io.EOF {
			p.t.Errorf("line %d: got %q, %v, want the end of the connection", p.at, got, err)
		}
		_ = p.nc.Close()
		p.over = true
	case "file": // of the home holds the text
		name, want, _ := strings.Cut(arg, " ")
		if got, err := p.site.get(name); err != nil || got != p.unescape(want) {
			p.t.Errorf("line %d: %s holds %q, %v, want %q", p.at, name, got, err, want)
		}
	case "nofile": // of that name
		if got, err := p.site.get(arg); err == nil {
			p.t.Errorf("line %d: %s exists and holds %q", p.at, arg, got)
		}
	case "hold": // a file open elsewhere, for writing
		up, err := p.site.session().Create(context.Background(), arg, storage.Append, 0)
		if err != nil {
			p.t.Fatalf("line %d: %v", p.at, err)
		}
		p.others = append(p.others, up)
	case "logins": // is how often the login function was called
		if got := fmt.Sprint(p.site.logins.Load()); got != arg {
			p.t.Errorf("line %d: %s calls of Login, want %s", p.at, got, arg)
		}
	case "moved": // so many octets, STAT says
		p.moved(arg)
	case "waiting": // the server has taken the data connection
		eventually(p.t, "data connection in the log", func() bool { return strings.Contains(p.site.access.String(), "DataChannelOpened") })
	default:
		if !p.coded(name, arg) {
			p.t.Fatalf("line %d: unknown event %q", p.at, name)
		}
	}
}

func (p *player) period(text string) time.Duration {
	p.t.Helper()
	d, err := time.ParseDuration(text)
	if err != nil {
		p.t.Fatalf("line %d: %v", p.at, err)
	}
	return d
}

// trickle sends an octet per period in the background.
func (p *player) trickle(period string) {
	dc, tick := p.data, time.NewTicker(p.period(period))
	go func() {
		defer tick.Stop()
		for range tick.C {
			if _, err := dc.Write([]byte("x")); err != nil {
				return
			}
		}
	}()
}

// arrived waits until the home's free space tells that octets have come.
func (p *player) arrived(arg string) {
	p.t.Helper()
	want := uint64(must(p.t)(strconv.Atoi(arg)))
	eventually(p.t, arg+" octets stored", func() bool {
		space, err := p.site.root.Statfs(context.Background())
		return err == nil && space.Total-space.Free >= p.base+want
	})
}

// moved asks with STAT, as often as it takes, until a transfer has moved so many octets.
func (p *player) moved(arg string) {
	p.t.Helper()
	want := ", " + arg + " octets so far"
	eventually(p.t, "STAT tells "+arg+" octets", func() bool {
		p.send("STAT\r\n")
		told := false
		for {
			line, err := p.line()
			if err != nil {
				p.t.Fatalf("line %d: %q, %v", p.at, line, err)
			}
			told = told || strings.HasSuffix(line, want)
			if strings.HasPrefix(line, "211 ") {
				return told
			}
		}
	})
}

func (p *player) checkData(arg string) {
	p.t.Helper()
	want := p.unescape(arg)
	if part, found := strings.CutPrefix(arg, "@"); found {
		want = strings.ReplaceAll(p.parts[part], "\n", "\r\n")
	}
	got, err := io.ReadAll(p.stream())
	if err != nil || string(got) != want {
		p.t.Errorf("line %d: data %q, %v, want %q", p.at, got, err, want)
	}
	_ = p.stream().Close()
}

func (p *player) mustSecure(tickets tls.ClientSessionCache) {
	p.t.Helper()
	if err := p.secure(tickets); err != nil {
		p.t.Fatalf("line %d: TLS on the data connection: %v", p.at, err)
	}
}

func (p *player) leaveTLS() {
	p.t.Helper()
	if _, err := p.tls.control.Read(make([]byte, 1)); err != io.EOF {
		p.t.Fatalf("line %d: got %v, want the end of TLS", p.at, err)
	}
	_ = p.tls.control.CloseWrite()
	_ = p.nc.SetDeadline(time.Now().Add(patience))
	p.tls.control, p.r = nil, bufio.NewReader(p.nc)
}

// finish ends the session; what the server said beyond the dialog is an error.
func (p *player) finish() {
	p.t.Helper()
	for _, up := range p.others {
		_ = up.Abort(false)
	}
	if p.over {
		return
	}
	_ = p.nc.CloseWrite()
	for {
		line, err := p.line()
		if err != nil {
			return
		}
		p.t.Errorf("unexpected reply %q", line)
	}
}

// rows is the access log with the parts that differ from run to run left out.
func rows(t *testing.T, s *site) string {
	t.Helper()
	host, control, err := net.SplitHostPort(s.addr)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	session := ""
	for line := range strings.Lines(s.access.String()) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Fields(line)
		if len(f) != 13 {
			t.Fatalf("row %q has %d fields, want 13", line, len(f))
		}
		if session == "" {
			session = f[11]
		}
		if _, err := time.Parse("2006-01-02 15:04:05", f[0]+" "+f[1]); err != nil || f[2] != host || f[4] != host {
			t.Errorf("row %q: bad time or address", line)
		}
		if !regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`).MatchString(f[11]) {
			t.Errorf("row %q: bad session", line)
		}
		port := "D"
		if f[5] == control {
			port = "C"
		}
		if f[11] != session {
			port += "'" // another session
		}
		fmt.Fprintln(&b, f[3], port, f[6], f[7], f[8], f[9], f[10], f[12])
	}
	return b.String()
}
