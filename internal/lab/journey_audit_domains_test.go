//go:build lab

package lab_test

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// preparedDomain is a part of the lab's domain made after a file of internal/audit/rules/testdata, with the
// configuration for it.
type preparedDomain struct {
	t      *testing.T
	env    []string
	config string
	users  []string // sAMAccountName of all who have a password
}

// preparedPassword is that of all accounts of the files.
const preparedPassword = "Bad-D0main!"

func fixture(t *testing.T, name string) string {
	t.Helper()
	return string(read(t, filepath.Join("..", "audit", "rules", "testdata", name)))
}

var (
	passwordLine = regexp.MustCompile(`(?m)^userPassword: (.*)$`)
	nameLine     = regexp.MustCompile(`(?m)^sAMAccountName: (.*)$`)
)

// prepare makes the domain of a file.
func prepare(t *testing.T, name string) *preparedDomain {
	t.Helper()
	return populate(t, fixture(t, name+".ldif"), fixture(t, name+".yaml"))
}

// populate adds records to the domain until the test ends, straight into the database.
func populate(t *testing.T, ldif, config string) *preparedDomain {
	t.Helper()
	p := &preparedDomain{t: t, config: filepath.Join(t.TempDir(), "ftpisoctl.yaml")}
	p.env = environment(t, "FTPISOCTL_SERVER=ldaps://"+lab.DC, "FTPISOCTL_CA_FILE="+lab.CAFile(),
		"FTPISOCTL_BIND_USER="+lab.Administrator.UPN(), "FTPISOCTL_PASSWORD_FILE="+lab.Administrator.PasswordFile())
	for path, text := range map[string]string{p.config: config, filepath.Join(filepath.Dir(p.config), "svc.password"): preparedPassword} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var dns []string
	var records strings.Builder
	for record := range strings.SplitSeq(ldif, "\n\n") {
		if _, dn, is := strings.Cut("\n"+record, "\ndn: "); is {
			dn, _, _ = strings.Cut(dn, "\n")
			dns = append(dns, dn)
		}
		if login := nameLine.FindStringSubmatch(record); login != nil && passwordLine.MatchString(record) {
			p.users = append(p.users, login[1])
		}
		records.WriteString(passwordLine.ReplaceAllStringFunc(record, func(line string) string {
			_, password, _ := strings.Cut(line, ": ")
			return "unicodePwd:: " + base64.StdEncoding.EncodeToString(utf16le(`"`+password+`"`))
		}) + "\n\n")
	}
	t.Cleanup(func() {
		slices.Reverse(dns) // what lies below goes first
		database(t, "", "ldbdel", dns...)
	})
	database(t, records.String(), "ldbadd")
	return p
}

func utf16le(s string) []byte {
	var octets []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		octets = append(octets, byte(unit), byte(unit>>8))
	}
	return octets
}

// database runs one of ldb's tools on the domain controller's own database; also when the test is over.
func database(t *testing.T, stdin, tool string, args ...string) {
	t.Helper()
	flags := []string{"-H", filepath.Join(lab.Dir(), "dc1", "private", "sam.ldb"), "--configfile=" + filepath.Join(lab.Dir(), "dc1", "etc", "smb.conf")}
	cmd := exec.Command(tool, append(flags, args...)...)
	cmd.Stdin = strings.NewReader(stdin)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%.2000s", tool, err, out)
	}
}

// act runs a command, which must succeed, as the administrator.
func (p *preparedDomain) act(args ...string) string {
	p.t.Helper()
	got := execute(p.t, p.env, program(p.t), append([]string{args[0], "--config", p.config}, args[1:]...)...)
	if got.code != 0 {
		p.t.Fatalf("%q: %v", args, got)
	}
	return got.stdout
}

// asExpected runs the commands of a table, each on a line that begins with a dollar, and wants each audit to find
// exactly the lines below it. Who else lives in the lab shows in the rule C07 alone, and is left out.
func (p *preparedDomain) asExpected(table string, beside ...string) {
	p.t.Helper()
	for block := range strings.SplitSeq(fixture(p.t, table), "\n$\t") {
		first, findings, _ := strings.Cut(block, "\n")
		args := strings.Split(first, "\t")
		if strings.HasPrefix(first, "#") {
			continue
		}
		if args[0] != "audit" {
			p.act(args...)
			continue
		}
		want := slices.DeleteFunc(lines(findings), func(line string) bool { return slices.Contains(beside, field(line, 2)) })
		if !slices.Contains(args, "--level") {
			args = append(args, "--level", "0")
		}
		got := lines(p.act(append(args, "-q", "--fail-on", "none", "-o", "tsv", "--no-headers", "--columns", "rule,severity,login,location")...))
		got = slices.DeleteFunc(got, func(line string) bool { return field(line, 0) == "C07" && !slices.Contains(p.users, field(line, 2)) })
		for i, line := range got {
			got[i] = domainSID.ReplaceAllString(line, "SID")
		}
		for _, line := range got {
			if !slices.Contains(want, line) {
				p.t.Errorf("%q finds more: %s", args, line)
			}
		}
		for _, line := range want {
			if !slices.Contains(got, line) {
				p.t.Errorf("%q does not find: %s", args, line)
			}
		}
	}
}

var domainSID = regexp.MustCompile(`S-1-5-21-[0-9-]+`)

func lines(text string) []string {
	return slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool { return line == "" || strings.HasPrefix(line, "#") })
}

func field(line string, i int) string {
	fields := strings.Split(line, "\t")
	return fields[min(i, len(fields)-1)]
}

// A domain in which each rule is violated on purpose: exactly that is found, in a real domain as in the embedded one;
// what explain says of each of its users is what a login then gets; and what the plan repairs is found no more.
func TestAudit_badDomain(t *testing.T) {
	bad := prepare(t, "bad")
	t.Run("findings", func(t *testing.T) {
		bad.t = t
		var beside []string // what only the embedded directory takes
		for _, login := range nameLine.FindAllStringSubmatch(fixture(t, "bad-sim.ldif")+fixture(t, "bad-deleted.ldif"), -1) {
			beside = append(beside, login[1])
		}
		bad.asExpected("bad.tsv", beside...)
	})
	t.Run("logins", func(t *testing.T) { bad.t = t; bad.agrees() })
	t.Run("fix plan", func(t *testing.T) { bad.t = t; bad.repaired() })
}

func TestAudit_cleanDomain(t *testing.T) {
	prepare(t, "clean").asExpected("clean.tsv")
}

// repaired applies the plan of an audit, and wants what it was to repair, and nothing else, to be gone.
func (p *preparedDomain) repaired() {
	p.t.Helper()
	plan := filepath.Join(p.t.TempDir(), "fix.json")
	type finding struct {
		Rule, Login, Location, Fingerprint string
		Fix                                *struct{ Action string }
	}
	audit := func(more ...string) map[string]finding {
		var report struct{ Findings []finding }
		if err := json.Unmarshal([]byte(p.act(append([]string{"audit", "--level", "0", "-q", "--fail-on", "none", "-o", "json"}, more...)...)), &report); err != nil {
			p.t.Fatal(err)
		}
		all := map[string]finding{}
		for _, f := range report.Findings {
			all[f.Fingerprint] = f
		}
		return all
	}
	before := audit("--fix-plan", plan)
	p.act("apply", plan, "--yes")
	after, fixes := audit(), 0
	for print, f := range before {
		if f.Fix == nil {
			continue
		}
		fixes++
		if _, still := after[print]; still {
			p.t.Errorf("still found: %s %s %s", f.Rule, f.Login, f.Location)
		}
	}
	for print, f := range after {
		if _, known := before[print]; !known {
			p.t.Errorf("found only now: %s %s %s", f.Rule, f.Login, f.Location)
		}
	}
	if fixes < 5 {
		p.t.Errorf("only %d findings can be repaired", fixes)
	}
}

// homeDirs are made for those of the bad domain whose home could be there.
var homeDirs = []string{"v10/in", "v11", "v11-blank", "v22-differs", "x01", "x02-outer/inner", "x04", "x06-mallory", "x06-victim", "x07",
	"a01", "a02", "a04", "a06", "a07-card", "a07-hours", "a07-host", "a08", "a08-none", "a09", "a09-suffix", "a10", "a11"}

// agrees logs in as each user, and wants explain, run by an administrator who knows no password, to have said the reply
// and the row of the access log.
func (p *preparedDomain) agrees() {
	p.t.Helper()
	for _, dir := range homeDirs {
		top, _, _ := strings.Cut(dir, "/")
		p.t.Cleanup(func() { _ = os.RemoveAll(filepath.Join(lab.ShareDir(), top)) })
		if err := os.MkdirAll(filepath.Join(lab.ShareDir(), dir), 0o777); err != nil {
			p.t.Fatal(err)
		}
		for at := dir; at != "."; at = filepath.Dir(at) {
			if err := os.Chmod(filepath.Join(lab.ShareDir(), at), 0o777); err != nil { // past the umask
				p.t.Fatal(err)
			}
		}
	}
	n := p.agree(serve(p.t), p.users)
	if n < 10 || len(p.users)-n < 30 {
		p.t.Errorf("%d of %d users get in", n, len(p.users))
	}
}

// agree is how many of the users get in.
func (p *preparedDomain) agree(s *service, users []string) int {
	p.t.Helper()
	var in atomic.Int32
	p.t.Run("each", func(t *testing.T) {
		for _, user := range users {
			t.Run(user, func(t *testing.T) {
				t.Parallel()
				real := dial(t, s).try(user, preparedPassword)
				if real.code == 230 {
					in.Add(1)
				}
				var more []string
				// The domain has given the former a password that nobody knows; into the home of the latter nobody can look.
				if user == "a07-card" || user == "h10-empty" {
					more = []string{"--password-file", filepath.Join(filepath.Dir(p.config), "svc.password")}
				}
				reply, row := p.explained(t, append([]string{"--config", s.config, "-o", "json", user}, more...)...)
				if want := s.rowOf(t, user).judged(); reply != real.String() || row != want {
					t.Errorf("explain says %s, %s\na login gets %s, %s", reply, row, real, want)
				}
			})
		}
	})
	return int(in.Load())
}

// rowOf is the row of the password of a user, of whom there was one login.
func (s *service) rowOf(t *testing.T, user string) (found row) {
	t.Helper()
	there := eventually(5*time.Second, func() bool {
		rows := s.rows(t)
		i := slices.IndexFunc(rows, func(r row) bool { return r.has("cs-method=USER cs-uri-stem=" + user) })
		if i < 0 {
			return false
		}
		j := slices.IndexFunc(rows, func(r row) bool { return r.has("cs-method=PASS x-session=" + rows[i]["x-session"]) })
		if j >= 0 {
			found = rows[j]
		}
		return j >= 0
	})
	if !there {
		t.Errorf("no row of the login of %s", user)
	}
	return found
}

// judged is the part of a row that two logins of one user have in common.
func (r row) judged() string {
	var columns []string
	for _, name := range []string{"cs-method", "cs-username", "cs-uri-stem", "sc-status", "sc-win32-status", "sc-substatus", "x-fullpath"} {
		columns = append(columns, name+"="+r[name])
	}
	return strings.Join(columns, " ")
}

// explained is the reply and the row that explain foretells.
func (p *preparedDomain) explained(t *testing.T, args ...string) (reply, judged string) {
	t.Helper()
	out := execute(t, p.env, program(t), append([]string{"explain"}, args...)...)
	var told struct {
		Steps []struct{ Step, Evidence string }
	}
	if err := json.Unmarshal([]byte(out.stdout), &told); err != nil {
		t.Fatalf("%v in %v", err, out)
	}
	evidence := map[string]string{}
	for _, step := range told.Steps {
		evidence[step.Step] = step.Evidence
	}
	foretold, values := row{}, strings.Fields(evidence["log"])
	for i, name := range strings.Fields(evidence["fields"]) {
		if i < len(values) {
			foretold[name] = values[i]
		}
	}
	return evidence["reply"], foretold.judged()
}
