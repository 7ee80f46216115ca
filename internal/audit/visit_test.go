package audit_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/negotiate"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

// told says what each rule about places was asked, one line each.
func told(lines *[]string) audit.Check {
	say := func(format string, args ...any) audit.Answer {
		*lines = append(*lines, fmt.Sprintf(format, args...))
		return audit.Answer{}
	}
	return audit.Check{
		Rule:   audit.Rule{ID: "Z01", Level: 2},
		Server: func(v audit.VisitedServer, _ *audit.Settings) audit.Answer { return say("server %s", v.Name) },
		Share: func(v *audit.VisitedShare, _ *audit.Settings) audit.Answer {
			return say("share %s unknown %q", v.Volume, v.Unknown)
		},
		Home: func(v *audit.VisitedHome, _ *audit.Settings) audit.Answer {
			return say("home %s of %s unknown %q", v.Place, v.User.SAMAccountName, v.Unknown)
		},
	}
}

// places lets a survey find its users in homes on fs01: al and bob in one of them, cy in
// a share that is missing, and dan on fs02, which is dead.
func places(_ context.Context, users iter.Seq2[ldapattr.User, error], out survey.Sink) error {
	by := map[string]ldapattr.User{}
	for u := range users {
		by[u.SAMAccountName] = u
	}
	home := func(h survey.Home, logins ...string) error {
		for _, login := range logins {
			h.Users = append(h.Users, by[login])
		}
		first, err := h.Users[0].Home()
		h.Location, h.Volume = first.Location(), first.Location().Base()
		return errors.Join(err, out.Home(&h))
	}
	share := func(s survey.Share, place string) error {
		l, err := homedir.ParseLocation(place)
		s.Volume = l
		return errors.Join(err, out.Share(&s))
	}
	missing, dead := []survey.Finding{{ID: survey.NoShare, Text: "no such share"}}, []survey.Finding{{ID: survey.NoAnswer, Text: "silence"}}
	return errors.Join(
		home(survey.Home{State: survey.Passed, There: true, Extent: &survey.Extent{Size: 7, Partly: true}}, "al", "bob"),
		home(survey.Home{State: survey.Found, Findings: []survey.Finding{{ID: survey.Missing, Text: "missing"}}}, "ann"),
		share(survey.Share{Counts: survey.Counts{Homes: 2, Passed: 1, Found: 1}, Space: &survey.Space{Total: 100, Free: 40}}, `\\fs01\ftp$`),
		home(survey.Home{State: survey.NotChecked, Behind: true, Cause: survey.NoShare, Reason: "no such share"}, "cy"),
		share(survey.Share{Counts: survey.Counts{Homes: 1, NotChecked: 1}, Findings: missing}, `\\fs01\gone`),
		out.Server(&survey.Server{Name: "fs01", Addresses: []string{"192.0.2.1"}, Offer: &negotiate.Offer{GUID: "one"}}),
		home(survey.Home{State: survey.NotChecked, Behind: true, Cause: survey.NoAnswer, Reason: "silence"}, "dan"),
		share(survey.Share{Counts: survey.Counts{Homes: 1, NotChecked: 1}}, `\\fs02\ftp$`),
		out.Server(&survey.Server{Name: "fs02", Findings: dead}),
	)
}

// dwellers are the accounts of places, and one without a valid home.
func dwellers() iter.Seq2[ldapattr.Account, error] {
	homes := [][3]string{{"al", `\\fs01\ftp$`, "al"}, {"bob", `\\FS01\ftp$`, "AL"}, {"ann", `\\fs01\ftp$`, "ann"}, {"cy", `\\fs01\gone`, "cy"}, {"dan", `\\fs02\ftp$`, "dan"}, {"zoe", "x", ".."}}
	return func(yield func(ldapattr.Account, error) bool) {
		for _, h := range homes {
			a := ldapattr.Account{User: ldapattr.User{DN: "CN=" + h[0], SAMAccountName: h[0], Root: h[1], Dir: h[2], DNSDomain: "example.com"}}
			copy(a.GUID[:], h[0])
			if !yield(a, nil) {
				return
			}
		}
	}
}

// Each home is told with each of its users, what lies behind a cause with its reason,
// and what has no valid home as not checked.
func TestRun_visitsPlaces(t *testing.T) {
	var lines []string
	visited, servers, homes := 0, 0, 0
	report, err := audit.Run(t.Context(), dwellers(), audit.Options{
		Checks: []audit.Check{told(&lines)}, Level: 2, Survey: places,
		Announce: func(s, h int) { servers, homes = s, h }, Visited: func() { visited++ },
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`home \\fs01\ftp$\al of al unknown ""`, `home \\FS01\ftp$\AL of bob unknown ""`, `home \\fs01\ftp$\ann of ann unknown ""`, `share \\fs01\ftp$ unknown ""`,
		`home \\fs01\gone\cy of cy unknown "the share is missing"`, `share \\fs01\gone unknown ""`, "server fs01",
		`home \\fs02\ftp$\dan of dan unknown "the file server does not answer"`, `share \\fs02\ftp$ unknown "the file server does not answer"`, "server fs02",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	if r := report.Results[0]; r.Passed != 10 || r.NotChecked != 1 || r.Reasons[0].Text != "the home is not valid" {
		t.Errorf("got %+v", r)
	}
	if servers != 2 || homes != 4 || visited != 4 {
		t.Errorf("%d servers and %d homes announced, %d visited", servers, homes, visited)
	}
	if got := fmt.Sprint(report.Unreachable); got != `[{\\fs01\gone no such share 1} {fs02 silence 1}]` {
		t.Errorf("got %s", got)
	}
	wanted := "[{fs01 ok  [{ftp$ ok  100 40 [{al [al bob] ok 7 true} {ann [ann] missing 0 false}]} {gone missing no such share 0 0 [{cy [cy]  0 false}]}]} " +
		"{fs02 unreachable silence [{ftp$   0 0 [{dan [dan]  0 false}]}]}]"
	if got := fmt.Sprint(report.Servers); got != wanted {
		t.Errorf("got  %s\nwant %s", got, wanted)
	}
}

// Rules about all accounts see what a survey has found out.
func TestRun_crowdKnowsHosts(t *testing.T) {
	var lines []string
	check := audit.Check{Rule: audit.Rule{ID: "Z02"}, Crowd: func(c *audit.Crowd, _ *audit.Settings, tell func(audit.Object, audit.Answer)) {
		lines = nil
		c.Places(func(p *audit.Place) bool {
			host, asked := c.Host(p)
			spot, known := c.Spot(p)
			lines = append(lines, fmt.Sprint(p.Login, " ", host.GUID, len(host.Addresses), asked, spot, known))
			return true
		})
	}}
	for _, tt := range []struct {
		survey audit.Survey
		want   string
	}{
		{places, "al one1 true 0 true, bob one1 true 0 true, ann one1 true 1 true, cy one1 true 2 true, dan 0 true 3 true"},
		{nil, "al 0 false 0 false, bob 0 false 0 false, ann 0 false 0 false, cy 0 false 0 false, dan 0 false 0 false"},
	} {
		if _, err := audit.Run(t.Context(), dwellers(), audit.Options{Checks: []audit.Check{check}, Survey: tt.survey}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(lines, ", "); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
}

// An error of the survey, of whoever takes the findings, or of the context is the end.
func TestRun_visitsAreCutShort(t *testing.T) {
	broken := errors.New("broken")
	found := audit.Check{Rule: audit.Rule{ID: "Z01"}, Home: func(*audit.VisitedHome, *audit.Settings) audit.Answer { return audit.Answer{Status: audit.Found} }}
	failing := func(context.Context, iter.Seq2[ldapattr.User, error], survey.Sink) error { return broken }
	if _, err := audit.Run(t.Context(), dwellers(), audit.Options{Checks: []audit.Check{found}, Survey: failing}); !errors.Is(err, broken) {
		t.Errorf("the survey: %v", err)
	}
	n := 0
	_, err := audit.Run(t.Context(), dwellers(), audit.Options{Checks: []audit.Check{found}, Survey: places, Emit: func(audit.Finding) error { n++; return broken }})
	if !errors.Is(err, broken) || n != 1 {
		t.Errorf("the output: %v after %d findings", err, n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	stopping := func(ctx context.Context, users iter.Seq2[ldapattr.User, error], out survey.Sink) error {
		cancel()
		return places(ctx, users, out)
	}
	if _, err := audit.Run(ctx, dwellers(), audit.Options{Checks: []audit.Check{found}, Survey: stopping}); !errors.Is(err, context.Canceled) {
		t.Errorf("the context: %v", err)
	}
}

// What is announced beforehand is what the level asks, and no more is said to be asked.
func TestCost(t *testing.T) {
	for level, want := range []string{"no file server is asked", "one question without a login", "one look at each home", "its owner, its access list"} {
		if got := audit.Cost(level); !strings.Contains(got, want) {
			t.Errorf("level %d: %q", level, got)
		}
	}
	if got := audit.LevelOf([]audit.Check{{}, {Rule: audit.Rule{Level: 2}}, {Rule: audit.Rule{Level: 1}}}); got != 2 {
		t.Errorf("got level %d", got)
	}
}
