//go:build unix

package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/cli"
)

// badDomain are users with one trouble each; the password of each is pw-NAME.
func badDomain() string {
	var ldif strings.Builder
	ldif.WriteString(seed)
	add := func(name string, lines ...string) {
		fmt.Fprintf(&ldif, "\ndn: CN=%[1]s,CN=Users,DC=corp,DC=example,DC=com\nobjectClass: user\nsAMAccountName: %[1]s\nuserPassword: pw-%[1]s\n", name)
		for _, line := range lines {
			ldif.WriteString(line + "\n")
		}
	}
	home := func(name string) []string { return []string{`msIIS-FTPRoot: \\fs01\ftp$`, "msIIS-FTPDir: " + name} }
	add("fine", home("fine")...)
	add("disabled", append(home("fine"), "userAccountControl: 514")...)
	add("locked", append(home("fine"), "lockoutTime: 133000000000000000")...)
	add("expired", append(home("fine"), "accountExpires: 133000000000000000")...)
	add("mustchange", append(home("fine"), "pwdLastSet: 0")...)
	add("oldpassword", append(home("fine"), "userAccountControl: 8389120")...)
	add("hours", append(home("fine"), "logonHours:: AAAAAAAAAAAAAAAAAAAAAAAAAAAA")...)
	add("elsewhere", append(home("fine"), "userWorkstations: ws1,ws2")...)
	add("card", append(home("fine"), "userAccountControl: 262656")...)
	add("nodir", `msIIS-FTPRoot: \\fs01\ftp$`)
	add("noroot", "msIIS-FTPDir: noroot")
	add("homeless")
	add("dots", home(`..\alice`)...)
	add("device", home(`con`)...)
	add("foreign", `msIIS-FTPRoot: \\fs99\ftp$`, "msIIS-FTPDir: foreign")
	add("local", `msIIS-FTPRoot: D:\ftp`, "msIIS-FTPDir: local")
	add("gone", home("gone")...)
	add("afile", home("afile")...)
	add("barred", home("fine")...)
	add("mayread", home("fine")...)
	add("twin1", append(home("fine"), "userPrincipalName: twin@corp.example.com")...)
	add("twin2", append(home("fine"), "userPrincipalName: twin@corp.example.com")...)
	return ldif.String()
}

// agreement is a domain with a server, to which real logins are made.
type agreement struct {
	*world
	server  *adsim.Server
	config  string
	address string
	logs    string
}

func agree(t *testing.T) *agreement {
	t.Helper()
	homes := t.TempDir()
	if err := os.Mkdir(filepath.Join(homes, "fine"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(homes, "afile"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return agreeOn(t, badDomain(), fmt.Sprintf(`{from: '\\fs01\ftp$', to: %q}`, homes))
}

// agreeOn serves the users of a seed, with shares mapped to folders.
func agreeOn(t *testing.T, seed, shares string) *agreement {
	t.Helper()
	w, server := domainOf(t, seed)
	w.variables["FTPISOCTL_PASSWORD_FILE"] = file(t, "ada.password", adaPassword)
	a := &agreement{world: w, server: server, logs: t.TempDir()}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	a.address = free.Addr().String()
	free.Close()
	a.config = file(t, "ftpisoctl.yaml", fmt.Sprintf(`
pathMap: [%s]
allowRoot: true
server: {security: {authentication: {denyByFailure: {entryExpiration: 1}}}}
sites:
- name: homes
  bindings: [%q]
  logFile: {directory: %q}
  userIsolation: {activeDirectory: {adCacheRefresh: 0}}
  messages: {greetingMessage: "Hello", allowLocalDetailedErrors: false}
  security:
    ssl: {controlChannelPolicy: SslAllow, dataChannelPolicy: SslAllow}
    authentication: {basicAuthentication: {defaultLogonDomain: CORP}}
    authorization:
    - {users: "*", permissions: "Read, Write"}
    - {accessType: Deny, users: barred, permissions: "Read, Write"}
    - {accessType: Deny, users: mayread, permissions: Write}
`, shares, a.address, a.logs))
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	var told notes
	environment := map[string]string{}
	for name, value := range w.variables {
		environment[name] = value
	}
	go func() {
		ended <- cli.Main(ctx, cli.Env{
			Stdin: strings.NewReader(""), Stdout: &bytes.Buffer{}, Stderr: &told,
			LookupEnv:  func(name string) (string, bool) { value, ok := environment[name]; return value, ok },
			IsTerminal: func(any) bool { return false },
		}, []string{"serve", "--config", a.config})
	}()
	t.Cleanup(func() { stop(); <-ended })
	told.await(t, `msg="serving FTP" site=homes address=(\S+)`)
	return a
}

// login logs in for real, and returns the last reply and its row.
func (a *agreement) login(t *testing.T, user, password string) (reply []string, row string) {
	t.Helper()
	before := len(a.rows(t))
	conn, err := net.DialTimeout("tcp", a.address, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	read := func() {
		reply = nil
		for {
			line := readLine(t, conn)
			reply = append(reply, line)
			if len(line) > 3 && line[3] == ' ' && line[:3] == reply[0][:3] {
				return
			}
		}
	}
	read()
	sent := 0
	for _, line := range []string{"USER " + user, "PASS " + password} {
		if _, err := io.WriteString(conn, line+"\r\n"); err != nil {
			t.Fatal(err)
		}
		sent++
		if read(); reply[0][0] != '3' {
			break
		}
	}
	deadline, poll := time.Now().Add(10*time.Second), time.Tick(5*time.Millisecond)
	for len(a.rows(t)) <= before+sent {
		if time.Now().After(deadline) {
			t.Fatal("no row in the access log")
		}
		<-poll
	}
	return reply, a.rows(t)[before+sent]
}

func readLine(t *testing.T, conn net.Conn) string {
	t.Helper()
	var line []byte
	for one := make([]byte, 1); !bytes.HasSuffix(line, []byte("\r\n")); {
		if _, err := conn.Read(one); err != nil {
			t.Fatal(err)
		}
		line = append(line, one[0])
	}
	return strings.TrimSuffix(string(line), "\r\n")
}

// rows are those of the access log so far, without those of sessions that end, which
// come at any time.
func (a *agreement) rows(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(a.logs, "*"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if !strings.HasPrefix(line, "#") && !strings.Contains(line, " ControlChannelClosed ") {
				rows = append(rows, strings.TrimSuffix(line, "\r\n"))
			}
		}
	}
	return rows
}

// explanation is what the program explains, as JSON.
type explanation struct {
	Steps []struct {
		Step, Result, Evidence, Next string
		Win32                        uint32
	}
}

func (a *agreement) explain(t *testing.T, args ...string) (explanation, int) {
	t.Helper()
	code := a.run(t, append([]string{"explain", "--config", a.config, "-o", "json"}, args...)...)
	var e explanation
	if err := json.Unmarshal(a.out.Bytes(), &e); err != nil {
		t.Fatalf("explain %q: %v\n%s%s", args, err, &a.out, &a.err)
	}
	return e, code
}

// evidence returns what the steps of a name say.
func (e explanation) evidence(step string) []string {
	var found []string
	for _, s := range e.Steps {
		if s.Step == step {
			found = append(found, s.Evidence)
		}
	}
	return found
}

func (e explanation) failed() string {
	for _, s := range e.Steps {
		if s.Result == "FAILED" {
			return s.Step
		}
	}
	return ""
}

// sameRow compares rows but for the columns that no two logins have in common.
func sameRow(fields, a, b string) bool {
	x, y := strings.Fields(a), strings.Fields(b)
	names := strings.Fields(fields)
	if len(x) != len(names) || len(y) != len(names) {
		return false
	}
	for i, name := range names {
		if !slices.Contains([]string{"date", "time", "c-ip", "x-session"}, name) && x[i] != y[i] {
			return false
		}
	}
	return true
}

// What explain says is what a login then gets, byte for byte, and what the server's
// log has; with the password and without.
func TestExplain_agreesWithLogins(t *testing.T) {
	a := agree(t)
	for _, test := range []struct {
		login string
		code  int
		step  string // that ends it
	}{
		{"fine", 0, ""}, {`CORP\fine`, 0, ""}, {"fine@corp.example.com", 0, ""}, {"ftp.example.com|fine", 0, ""}, {"mayread", 0, ""},
		{"nobody", 8, "user"}, {`OTHER\fine`, 8, "user"}, {"twin@corp.example.com", 8, "user"}, {"*", 8, "user"},
		{"anonymous", 6, "name"}, {"CN=fine,CN=Users,DC=corp,DC=example,DC=com", 8, "name"}, {"fi\tne", 8, "name"},
		{"disabled", 6, "account"}, {"locked", 6, "account"}, {"expired", 6, "account"}, {"mustchange", 6, "account"},
		{"oldpassword", 6, "account"}, {"hours", 6, "account"}, {"elsewhere", 6, "account"},
		{"nodir", 8, "attributes"}, {"noroot", 8, "attributes"}, {"homeless", 8, "attributes"},
		{"dots", 8, "path"}, {"device", 8, "path"}, {"foreign", 6, "policy"}, {"local", 6, "policy"},
		{"barred", 6, "authorization"}, {"gone", 8, "directory"}, {"afile", 8, "directory"},
	} {
		t.Run(test.login, func(t *testing.T) {
			_, account, _ := strings.Cut(test.login, `\`)
			if account == "" {
				account = test.login
			}
			account, _, _ = strings.Cut(account[strings.Index(account, "|")+1:], "@")
			one := trial{login: test.login, password: "pw-" + account}
			if test.step != "" {
				one.ends = fmt.Sprintf("%d %s", test.code, test.step)
			}
			a.agrees(t, one)
		})
	}
}

// trial is a login that is made and explained.
type trial struct {
	login, password string
	ends            string // exit code of explain and the step, as "8 path"; "" it succeeds
}

// agrees makes the login, and has it explained without the password and with it.
func (a *agreement) agrees(t *testing.T, one trial) {
	t.Helper()
	wantCode, wantStep, refused := strings.Cut(one.ends, " ")
	if !refused {
		wantCode = "0"
	}
	wantReply, wantRow := a.login(t, one.login, one.password)
	if last := wantReply[len(wantReply)-1]; strings.HasPrefix(last, "230 ") == refused {
		t.Errorf("a login gets %q, want it to end at %q", last, one.ends)
	}
	password := file(t, "login.password", one.password)
	for _, args := range [][]string{{one.login}, {one.login, "--password-file", password}} {
		e, code := a.explain(t, args...)
		step := wantStep
		if len(args) > 1 && step == "account" {
			step = "password"
		}
		if strings.Contains(one.login, "\t") {
			step = "command" // the engine asks nobody who that is
		}
		if got := e.failed(); fmt.Sprint(code) != wantCode && step != "command" || got != step {
			t.Errorf("%q: exit code %d, ends at %q; want %s at %q\n%s%s", args, code, got, wantCode, step, &a.out, &a.err)
		}
		if got := e.evidence("reply"); !slices.Equal(got, wantReply) {
			t.Errorf("%q: the reply is %q, a login gets %q", args, got, wantReply)
		}
		fields, row := e.evidence("fields"), e.evidence("log")
		if len(fields) != 1 || len(row) != 1 || !sameRow(fields[0], row[0], wantRow) {
			t.Errorf("%q: the row is %q, the log has %q", args, row, wantRow)
		}
	}
}

// A password that is not given is taken for the right one; where there may be none that
// anybody knows, that is said.
func TestExplain_smartCard(t *testing.T) {
	a := agree(t)
	for login, want := range map[string]bool{"fine": false, "card": true} {
		e, code := a.explain(t, login)
		if said := strings.Join(e.evidence("password"), " "); code != 0 || strings.Contains(said, "smart card") != want {
			t.Errorf("%s: exit code %d, %q", login, code, said)
		}
	}
}

// A wrong password is one attempt, and the account's good state is no proof.
func TestExplain_wrongPassword(t *testing.T) {
	a := agree(t)
	wantReply, wantRow := a.login(t, "fine", "wrong")
	e, code := a.explain(t, "fine", "--password-file", file(t, "login.password", "wrong"))
	if code != 6 || e.failed() != "password" || !slices.Equal(e.evidence("reply"), wantReply) || !sameRow(e.evidence("fields")[0], e.evidence("log")[0], wantRow) {
		t.Errorf("exit code %d, want 6, %q and %s\n%s%s", code, wantReply, wantRow, &a.out, &a.err)
	}
	for _, want := range []string{`error: fine cannot log in, it ends at the step "password": `, "[LDAP-49-52e]", "hint: the password is wrong; each further try counts"} {
		if !strings.Contains(a.err.String(), want) {
			t.Errorf("%s lacks %q", &a.err, want)
		}
	}
	if strings.Contains(a.out.String(), "wrong\"") {
		t.Errorf("the password is shown: %s", &a.out)
	}
}

// The steps and the keys are a contract: tickets hold them.
func TestExplain_outputIsPinned(t *testing.T) {
	a := agree(t)
	e, code := a.explain(t, "fine")
	var steps []string
	for _, s := range e.Steps {
		steps = append(steps, s.Step+" "+s.Result)
	}
	want := []string{"name ok", "domain ok", "user ok", "account ok", "password unknown", "attributes ok", "path ok", "policy ok", "authorization ok",
		"directory ok", "list ok", "space ok", "reply info", "reply info", "fields info", "log info"}
	if code != 0 || !slices.Equal(steps, want) {
		t.Errorf("exit code %d, got %q\nwant %q", code, steps, want)
	}
	for _, want := range []string{
		`{"schema":1,"steps":[`, `{"step":"path","result":"ok","evidence":"\\\\fs01\\ftp$\\fine","as":"","took":"0s","win32":0,"substatus":0,"next":"","login":"fine","account":"CORP\\fine"}`,
	} {
		if !strings.Contains(a.out.String(), want) {
			t.Errorf("no %s in\n%s", want, &a.out)
		}
	}
	if code := a.run(t, "explain", "--config", a.config, "gone"); code != 8 ||
		!strings.Contains(a.out.String(), "reply\tinfo\t530 User cannot log in, home directory inaccessible.\t0s\n") {
		t.Errorf("exit code %d\n%s%s", code, &a.out, &a.err)
	}
}

// Without a site the directory is explained, and the rest is unknown, not fine.
func TestExplain_withoutASite(t *testing.T) {
	a := agree(t)
	a.config = file(t, "none.yaml", "directory: {}")
	e, code := a.explain(t, "fine")
	if code != 0 || !strings.Contains(strings.Join(e.evidence("policy"), ""), "no site is configured") ||
		!slices.Equal(e.evidence("reply"), []string{"nothing in the directory refuses the login; the rest depends on the site, and none is configured"}) {
		t.Errorf("exit code %d\n%s%s", code, &a.out, &a.err)
	}
	// What the engine refuses by itself needs no site.
	if e, code = a.explain(t, "fi\x01ne"); code == 0 || len(e.evidence("command")) != 1 || len(e.evidence("reply")) != 1 || !strings.HasPrefix(e.evidence("reply")[0], "5") {
		t.Errorf("exit code %d\n%s%s", code, &a.out, &a.err)
	}
	e, code = a.explain(t, "disabled")
	if code != 6 || !slices.Equal(e.evidence("reply"), []string{"530 User cannot log in."}) || !slices.Equal(e.evidence("log"), []string{"no access log is configured"}) {
		t.Errorf("exit code %d\n%s%s", code, &a.out, &a.err)
	}
}

func TestExplain_refusesBeforeItConnects(t *testing.T) {
	w, server := domain(t)
	password := file(t, "login.password", "x")
	one := file(t, "one.yaml", "sites: [{name: one}]")
	for line, want := range map[string]string{
		"explain": "takes exactly 1 LOGIN",
		"explain alice --prompt --password-file " + password:       "exclude each other",
		"explain alice --site x --config " + one:                   `has no site "x"`,
		"explain alice --password-file " + password:                "--password-file of explain is the password of LOGIN",
		"explain alice --site one --file-server x --config " + one: "--file-server is for configurations without a site",
	} {
		if code := w.run(t, strings.Fields(line)...); code != 2 || !strings.Contains(w.err.String(), want) {
			t.Errorf("%s: exit code %d: %s", line, code, &w.err)
		}
	}
	if n := server.Stats().Connections; n != 0 {
		t.Errorf("%d connections", n)
	}
}

// A domain controller that goes away is the cause, and no other.
func TestExplain_directoryIsGone(t *testing.T) {
	a := agree(t)
	a.server.SetFaults(adsim.Faults{Refuse: true, Drop: true})
	if code := a.run(t, "explain", "--config", a.config, "--timeout", "2s", "fine"); code != 5 {
		t.Errorf("exit code %d: %s", code, &a.err)
	}
}

// A domain controller that lags behind is told, for a login may be made there; one that
// is gone ends nothing.
func TestExplain_controllers(t *testing.T) {
	w, servers, urls := domainOfTwo(t, []member{{name: "alice", dir: "new", versions: [2]uint32{1, 2}}}, []member{{name: "alice", dir: "old", versions: [2]uint32{1, 1}}})
	for _, want := range []string{urls[1] + `: lagging, root \\fs01\ftp$, dir old`, urls[1] + ": unreachable"} {
		code := w.run(t, "explain", "alice", "-o", "json", "--timeout", "2s")
		var e explanation
		if err := json.Unmarshal(w.out.Bytes(), &e); err != nil {
			t.Fatalf("%v: %s", err, &w.err)
		}
		said := strings.Join(e.evidence("controllers"), "")
		if code != 0 || !strings.Contains(said, urls[0]+": current") || !strings.Contains(said, want) || w.err.Len() > 0 {
			t.Errorf("exit code %d, %q lacks %q: %s", code, said, want, &w.err)
		}
		servers[1].SetFaults(adsim.Faults{Refuse: true, Drop: true})
	}
}
