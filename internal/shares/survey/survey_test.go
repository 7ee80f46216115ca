//go:build unix

package survey_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

// user is somebody whose attributes have these values. Each has a GUID of its own.
func user(name, root, dir string) ldapattr.User {
	u := ldapattr.User{SAMAccountName: name, NetBIOSDomain: "CORP", DNSDomain: "corp.example.com", DN: "CN=" + name, SID: corp + "-1", Root: root, Dir: dir}
	copy(u.GUID[:], name)
	return u
}

func users(list ...ldapattr.User) iter.Seq2[ldapattr.User, error] {
	return func(yield func(ldapattr.User, error) bool) {
		for _, u := range list {
			if !yield(u, nil) {
				return
			}
		}
	}
}

func location(t *testing.T, s string) homedir.Location {
	t.Helper()
	l, err := homedir.ParseLocation(s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// told writes down the records of a survey, one line each.
type told struct {
	lines []string
	share []survey.Share
	fails error // what Home returns
}

func ids(findings []survey.Finding) string {
	var list []string
	for _, f := range findings {
		list = append(list, string(f.ID))
	}
	return strings.Join(list, ",")
}

func (o *told) Home(h *survey.Home) error {
	var names []string
	for _, u := range h.Users {
		names = append(names, u.SAMAccountName)
	}
	o.lines = append(o.lines, strings.TrimSpace(fmt.Sprintf("home %s %s %s %s", strings.Join(names, "+"), h.Location, h.State, ids(h.Findings))))
	return o.fails
}

func (o *told) Share(s *survey.Share) error {
	o.share = append(o.share, *s)
	o.lines = append(o.lines, strings.TrimSpace(fmt.Sprintf("share %s %d/%d %d ok %d found %d unchecked %s",
		s.Volume, s.Homes, s.Users, s.Passed, s.Found, s.NotChecked, ids(s.Findings))))
	return nil
}

func (o *told) Server(s *survey.Server) error {
	o.lines = append(o.lines, strings.TrimSpace(fmt.Sprintf("server %s %d/%d %d ok %d found %d unchecked %s",
		s.Name, s.Homes, s.Users, s.Passed, s.Found, s.NotChecked, ids(s.Findings))))
	return nil
}

// want compares what was told with lines in which ROOT stands for a folder.
func (o *told) want(t *testing.T, root string, want ...string) {
	t.Helper()
	got := strings.ReplaceAll(strings.Join(o.lines, "\n"), root, "ROOT")
	if got != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}

// site is a folder with homes, served as \\fs01\ftp$ too.
func site(t *testing.T, homes ...string) (shares.Policy, string) {
	t.Helper()
	root := t.TempDir()
	for _, home := range homes {
		if err := os.MkdirAll(filepath.Join(root, home), 0o750); err != nil {
			t.Fatal(err)
		}
	}
	local := location(t, root)
	return shares.Policy{
		LocalRoots: []homedir.Location{local},
		PathMap:    []shares.Mapping{{From: location(t, `\\fs01\ftp$`), To: local}},
	}, root
}

func TestRun_foldersOfThisMachine(t *testing.T) {
	policy, root := site(t, "alice", "team/bob", "zoe")
	if err := os.WriteFile(filepath.Join(root, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("alice", filepath.Join(root, "link")); err != nil {
		t.Fatal(err)
	}
	var got told
	err := survey.New(shares.NewOpener(policy), survey.Config{}).Run(t.Context(), users(
		user("zoe", root, "zoe"),
		user("alice", root, "alice"),
		user("alias", `\\FS01\FTP$`, "alice"), // the same place by another way
		user("linked", root, "link"),
		user("blocked", root, "file"),
		user("absent", root, "absent"),
		user("bob", root+"/team", "bob"),
		user("elsewhere", "/elsewhere", "x"),
		user("half", root, ""),
		user("other-half", "", "x"),
		user("neither", "", ""),
		user("bad", root, ".."),
	), &got)
	if err != nil {
		t.Fatal(err)
	}
	got.want(t, root,
		"home bad  problem V00",
		"home half  problem V01",
		"home neither  problem V03",
		"home other-half  problem V02",
		"home elsewhere /elsewhere/x problem S14",
		"home absent ROOT/absent problem H01",
		"home alice+alias ROOT/alice ok",
		"home blocked ROOT/file problem H02",
		"home linked ROOT/link problem H02",
		"home bob ROOT/team/bob ok",
		"home zoe ROOT/zoe ok",
		"share ROOT 6/7 3 ok 3 found 0 unchecked",
		"server local 7/8 3 ok 4 found 0 unchecked",
	)
}

// Space is compared with the threshold and with what the homes are expected to use.
func TestRun_space(t *testing.T) {
	policy, root := site(t, "alice", "bob")
	everything, err := survey.ParseThreshold("100%")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		cfg  survey.Config
		want string
	}{
		{survey.Config{}, ""},
		{survey.Config{PerUser: 1}, ""},
		{survey.Config{MinFree: everything}, "S09"},
		{survey.Config{PerUser: 1 << 61}, "S15"},
		{survey.Config{PerUser: 1 << 61, MinFree: everything}, "S09,S15"},
	} {
		var got told
		if err := survey.New(shares.NewOpener(policy), tt.cfg).Run(t.Context(), users(user("a", root, "alice"), user("b", root, "bob")), &got); err != nil {
			t.Fatal(err)
		}
		s := got.share[0]
		if ids(s.Findings) != tt.want || s.Expected != 2*tt.cfg.PerUser || s.Space == nil || s.Space.Total == 0 || s.Space.Left > s.Space.Total {
			t.Errorf("%+v: got %q, %+v", tt.cfg, ids(s.Findings), s)
		}
	}
}

// resolver replaces that of the process: no name has an address, and each answer
// takes as long as wait.
func resolver(t *testing.T, wait func(context.Context)) *atomic.Int32 {
	t.Helper()
	var asked atomic.Int32
	system := net.DefaultResolver
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		asked.Add(1)
		wait(ctx)
		return nil, syscall.ECONNREFUSED
	}}
	t.Cleanup(func() { net.DefaultResolver = system })
	return &asked
}

var anybody = shares.NewCredentials("CORP", "svc", "corp.example.com", secret.New("Serv1ceOnly!"))

// A server that is not there is one finding, however many homes are on it, and none
// of them passes or fails; what else is to be checked is checked. One that is not
// admitted is not even asked for.
func TestRun_deadServersAreToldOnce(t *testing.T) {
	resolver(t, func(context.Context) {})
	policy, root := site(t, "alice")
	policy.FileServers = []shares.FileServer{{Pattern: "dead"}, {Pattern: "*.corp.example.com"}}
	list := []ldapattr.User{user("alice", root, "alice"), user("eve", `\\evil.example.net\s`, "eve"), user("eva", `\\EVIL.example.net\s`, "eva")}
	for i := range 3 {
		list = append(list, user(fmt.Sprintf("u%d", i), `\\dead\ftp$`, fmt.Sprintf("u%d", i)), user(fmt.Sprintf("v%d", i), `\\dead.corp.example.com\other`, "same"))
	}
	var got told
	if err := survey.New(shares.NewOpener(policy), survey.Config{As: anybody}).Run(t.Context(), users(list...), &got); err != nil {
		t.Fatal(err)
	}
	got.want(t, root,
		"home alice ROOT/alice ok",
		"share ROOT 1/1 1 ok 0 found 0 unchecked",
		"server local 1/1 1 ok 0 found 0 unchecked",
		`home u0 \\dead\ftp$\u0 not checked`,
		`home u1 \\dead\ftp$\u1 not checked`,
		`home u2 \\dead\ftp$\u2 not checked`,
		`share \\dead\ftp$ 3/3 0 ok 0 found 3 unchecked`,
		`home v0+v1+v2 \\dead.corp.example.com\other\same not checked`,
		`share \\dead.corp.example.com\other 1/3 0 ok 0 found 1 unchecked`,
		"server dead 4/6 0 ok 0 found 4 unchecked S01",
		`home eva \\EVIL.example.net\s\eva not checked`,
		`home eve \\evil.example.net\s\eve not checked`,
		"server EVIL.example.net 2/2 0 ok 0 found 2 unchecked S14",
	)
}

// Behind a namespace each server that is not listed is a finding of its own, and what
// the namespace leads nowhere with is another.
func TestRun_whatANamespaceHides(t *testing.T) {
	asked := resolver(t, func(context.Context) {})
	policy := shares.Policy{DFS: []shares.Mapping{
		{From: location(t, `\\corp.example.com\a`), To: location(t, `\\near\a`)}, {From: location(t, `\\corp.example.com\b`), To: location(t, `\\far\b`)},
	}}
	var got told
	err := survey.New(shares.NewOpener(policy), survey.Config{As: anybody}).Run(t.Context(), users(
		user("ann", `\\corp.example.com\a`, "ann"), user("bob", `\\corp.example.com\b`, "bob"), user("cy", `\\corp.example.com\c`, "cy"), user("dan", `\\far\b`, "dan"),
	), &got)
	if err != nil || asked.Load() != 0 {
		t.Fatalf("%v, %d names asked for", err, asked.Load())
	}
	got.want(t, "-",
		`home cy \\corp.example.com\c\cy not checked`,
		"server corp.example.com 1/1 0 ok 0 found 1 unchecked S04",
		`home bob \\corp.example.com\b\bob not checked`,
		`home dan \\far\b\dan not checked`,
		"server far 2/2 0 ok 0 found 2 unchecked S14",
		`home ann \\corp.example.com\a\ann not checked`,
		"server near 1/1 0 ok 0 found 1 unchecked S14",
	)
}

// Several dead servers are waited for side by side, but not all at once, and their
// records come in order all the same.
func TestRun_manyServersSideBySide(t *testing.T) {
	var mu sync.Mutex
	waiting, most := 0, 0
	resolver(t, func(ctx context.Context) {
		mu.Lock()
		waiting++
		most = max(most, waiting)
		mu.Unlock()
		timer := time.NewTimer(20 * time.Millisecond)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
		mu.Lock()
		waiting--
		mu.Unlock()
	})
	var list []ldapattr.User
	for i := range 40 {
		list = append(list, user(fmt.Sprintf("u%02d", i), fmt.Sprintf(`\\fs%02d.example.com\s`, 39-i), "x"))
	}
	policy := shares.Policy{FileServers: []shares.FileServer{{Pattern: "*.example.com"}}}
	var got told
	if err := survey.New(shares.NewOpener(policy), survey.Config{As: anybody}).Run(t.Context(), users(list...), &got); err != nil {
		t.Fatal(err)
	}
	var servers []string
	for _, line := range got.lines {
		if name, ok := strings.CutPrefix(line, "server "); ok {
			servers = append(servers, name)
		}
	}
	if len(servers) != 40 || !slices.IsSorted(servers) {
		t.Errorf("got %d servers: %q", len(servers), servers)
	}
	if most < 2 || most > 2*16 { // a name is asked for as A and as AAAA
		t.Errorf("%d questions at once, want several and at most two for each of 16 servers", most)
	}
}

// An error of users, of the sink or of the context ends a survey at once.
func TestRun_ends(t *testing.T) {
	policy, root := site(t, "alice")
	s := survey.New(shares.NewOpener(policy), survey.Config{})
	broken := errors.New("broken")
	failing := func(yield func(ldapattr.User, error) bool) { yield(ldapattr.User{}, broken) }
	if err := s.Run(t.Context(), failing, &told{}); !errors.Is(err, broken) {
		t.Errorf("users: %v", err)
	}
	if err := s.Run(t.Context(), users(user("alice", root, "alice"), user("x", root, "x")), &told{fails: broken}); !errors.Is(err, broken) {
		t.Errorf("sink: %v", err)
	}
	if err := s.Run(t.Context(), users(), &told{}); err != nil {
		t.Errorf("nobody: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	resolver(t, func(asked context.Context) { cancel(); <-asked.Done() })
	policy.FileServers = []shares.FileServer{{Pattern: "fs02"}}
	var got told
	err := survey.New(shares.NewOpener(policy), survey.Config{As: anybody}).Run(ctx, users(user("alice", `\\fs02\s`, "alice")), &got)
	if !errors.Is(err, context.Canceled) || len(got.lines) != 0 {
		t.Errorf("context: %v, and told %q", err, got.lines)
	}
}
