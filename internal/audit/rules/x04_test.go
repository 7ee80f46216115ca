package rules_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/audit/rules"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

func TestX04_shortAndFullHost(t *testing.T) {
	group(t, "X04", audit.Settings{}, []ldapattr.Account{of("al", "team"), of("bob", "Team", `\\FS01\ftp$`), of("cy", "cy", `\\fs01\ftp$`)}, "bob")
}

// What names cannot tell is not checked.
func TestX04_restIsNotChecked(t *testing.T) {
	result, findings := judge(t, "X04", audit.Settings{}, of("al", "al"), of("bob", "bob", `\\fs02\ftp$`), of("cy", "cy", `D:\x`))
	if len(findings) != 0 || result.NotChecked != 2 || result.Passed != 0 {
		t.Errorf("got %+v, %+v", result, findings)
	}
}

// leads is a configuration that leads what is below one place to another.
func leads(t *testing.T, from, to string) func(homedir.Location) homedir.Location {
	t.Helper()
	var ends [2]homedir.Location
	for i, text := range []string{from, to} {
		var err error
		if ends[i], err = homedir.ParseLocation(text); err != nil {
			t.Fatal(err)
		}
	}
	return func(l homedir.Location) homedir.Location {
		if rest, ok := ends[0].Rel(l); ok {
			return ends[1].Below(rest)
		}
		return l
	}
}

// What the configuration leads to one place is one place, whatever it is called; what
// overlaps by name is left to other rules.
func TestX04_ledToOnePlace(t *testing.T) {
	dfs := `\\corp.example.com\dfs`
	settings := audit.Settings{Reach: leads(t, dfs, share+`\homes`)}
	findings := group(t, "X04", settings, []ldapattr.Account{
		of("al", `homes\team`), of("bob", "TEAM", dfs), of("cy", "cy", dfs), of("di", `team\di`, dfs), of("ed", "homes"), of("flo", `far\off`),
	}, "al", "bob", "cy", "di")
	messages := ""
	for _, f := range findings {
		messages += f.Login + ": " + f.Message + "\n"
	}
	for _, want := range []string{
		"al: the home is the one of bob, by another name\n", "bob: the home is the one of al, by another name\n", "cy: the home lies inside the one of ed, by another name\n",
		"di: the home lies inside the one of al, by another name\n",
	} {
		if !strings.Contains(messages, want) {
			t.Errorf("no %q in\n%s", want, messages)
		}
	}
	if e := findings[1].Evidence; e[len(e)-1].Value != share+`\homes\TEAM` || e[len(e)-2].Value != share+`\homes\team` {
		t.Errorf("got %q", e)
	}
	group(t, "X04", audit.Settings{Reach: leads(t, `\\other\x`, share)}, []ldapattr.Account{of("al", "al"), of("bob", "al", dfs)})
	shared := audit.Settings{Reach: settings.Reach, Shared: []audit.Shared{{Place: dfs + `\team`, Reason: "one office"}, {Place: share + `\homes\team`, Reason: "one office"}}}
	group(t, "X04", shared, []ldapattr.Account{of("al", `homes\team`), of("bob", "team", dfs)})
}

// Two names of one file server have its addresses, as a survey finds out.
func TestX04_namesWithTheSameAddresses(t *testing.T) {
	nas := `\\nas.corp.example.com\ftp$`
	accounts := []ldapattr.Account{of("al", "team"), of("bob", "Team", nas), of("cy", "cy", nas), of("di", "team", `\\fs02.corp.example.com\ftp$`)}
	checks, err := audit.Select(rules.All(), audit.Scope{Rules: []string{"X04"}}, 1)
	if err != nil {
		t.Fatal(err)
	}
	meet := func(_ context.Context, users iter.Seq2[ldapattr.User, error], out survey.Sink) error {
		for user := range users {
			one := scene{server: func(s *survey.Server) {
				if strings.HasPrefix(s.Name, "fs02") {
					s.Addresses = []string{"192.0.2.2"}
				}
			}}
			h, sh, sv := one.records(t, user)
			if err := errors.Join(out.Home(h), out.Share(sh), out.Server(sv)); err != nil {
				return err
			}
		}
		return nil
	}
	report, err := audit.Run(t.Context(), each(accounts), audit.Options{Checks: checks, Level: 1, Survey: meet})
	if err != nil {
		t.Fatal(err)
	}
	if got := found(report.Findings); !slices.Equal(got, []string{"al", "bob"}) {
		t.Errorf("got %q", got)
	}
	if r := report.Results[0]; r.NotChecked != 2 || r.Reasons[0].Text != "second shares and junctions do not show in names" {
		t.Errorf("got %+v", r)
	}
}

// crowded are accounts of which all have one home; dfs leads to it by another name.
func crowded(n int) []ldapattr.Account {
	accounts := []ldapattr.Account{of("outside", `homes\%USERNAME%\x`, `\\corp.example.com\dfs`)}
	for i := range n {
		login := fmt.Sprint("u", i)
		accounts = append(accounts, user(login, home(share, `homes\%USERNAME%`), func(a *ldapattr.Account) { copy(a.GUID[:], login) }))
	}
	return accounts
}

// What a script does to everybody is looked at in about the time that as many homes take.
func TestX04_everybodyInOneHome(t *testing.T) {
	const n = 20_000
	settings := audit.Settings{Reach: leads(t, `\\corp.example.com\dfs`, share)}
	began := time.Now()
	result, findings := judge(t, "X04", settings, crowded(n)...)
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("it takes %v", took)
	}
	if len(findings) != 1 || findings[0].Login != "outside" || result.NotChecked != n {
		t.Errorf("%d findings, %+v", len(findings), result.NotChecked)
	}
}
