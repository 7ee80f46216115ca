package rules_test

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/audit/rules"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

func TestH04(t *testing.T) {
	visit(t, "H04",
		seen{name: "bob by name", scene: scene{sddl: private + "(A;OICI;0x1200a9;;;" + bobSID + ")"}, want: `high \\fs01.corp.example.com\ftp$\al other users may list,read here`},
		seen{name: "bob through his group", scene: scene{sddl: private + "(A;OICI;0x1301bf;;;" + groupSID + ")"}, want: "other users may list,read,write,delete here"},
		seen{name: "everybody reads", scene: scene{sddl: private + "(A;OICI;0x1200a9;;;AU)"}, want: "every user of the domain may list,read here"},
		seen{name: "bob is denied", scene: scene{sddl: "O:BAD:P(D;OICI;FA;;;" + bobSID + ")(A;OICI;FA;;;" + groupSID + ")"}, want: "passed"},
		seen{name: "going through is not getting in", scene: scene{sddl: private + "(A;;0x100020;;;" + bobSID + ")"}, want: "passed"},
		seen{name: "private", want: "passed"},
		seen{name: "private, and not all users", settings: audit.Settings{Narrowed: true}, want: "not checked: the groups of accounts outside the scope are not known"},
		seen{name: "bob, and not all users", scene: scene{sddl: private + "(A;OICI;0x1200a9;;;" + bobSID + ")"}, settings: audit.Settings{Narrowed: true}, want: "other users may list,read here"},
		seen{name: "everybody writes is H03", scene: scene{sddl: private + "(A;OICI;FA;;;WD)"}, want: "nothing"},
		seen{name: "everybody reads, and users write, is H03", scene: scene{sddl: private + "(A;OICI;0x1200a9;;;WD)(A;OICI;FA;;;AU)"}, want: "nothing"},
		seen{name: "guests on a condition", scene: scene{sddl: private + "(XA;OICI;0x1200a9;;;BG;0x61727478)"}, want: "not checked: what other users may do is not known for sure"},
		seen{name: "a null list is H10", scene: scene{sddl: "O:BA"}, want: "nothing"},
		seen{name: "no list was read", scene: scene{sddl: "none"}, want: "not checked: its access list cannot be read"},
		seen{name: "silence", scene: dead(survey.NoAnswer), want: "not checked: the file server does not answer"},
	)
}

// Who else gets in is named; administrators get in everywhere, and that is A06.
func TestH04_whoGetsIn(t *testing.T) {
	open := scene{sddl: private + "(A;OICI;0x1200a9;;;" + groupSID + ")"}
	_, findings := looked(t, "H04", open, audit.Settings{}, member("root", corp+"-1500"))
	if len(findings) != 1 || findings[0].Evidence[0] != (audit.Evidence{Name: "others", Value: "bob"}) || !strings.Contains(findings[0].Evidence[1].Value, "not known") {
		t.Errorf("got %+v", findings)
	}
}

// The administrators of a domain that was left behind open nothing in this one.
func TestH04_administratorsOfAnotherDomain(t *testing.T) {
	open := scene{sddl: private + "(A;OICI;0x1200a9;;;" + groupSID + ")"}
	_, findings := looked(t, "H04", open, audit.Settings{}, member("migrated", corp+"-1500"))
	if len(findings) != 1 || findings[0].Evidence[0].Value != "bob, migrated" {
		t.Errorf("got %+v", findings)
	}
}

// Who is named is found behind a group of more users than are weighed, who may not get in.
func TestH04_behindALargeGroup(t *testing.T) {
	var many []ldapattr.Account
	for i := range 1001 {
		many = append(many, member(fmt.Sprint("many", i), fmt.Sprint(corp, "-", 5000+i)))
	}
	named := scene{sddl: private + "(A;;0x100020;;;" + manySID + ")(A;OICI;0x1200a9;;;" + bobSID + ")"}
	_, findings := looked(t, "H04", named, audit.Settings{}, many...)
	if len(findings) != 1 || findings[0].Evidence[0].Value != "bob" {
		t.Errorf("got %+v", findings)
	}
}

// A user whose groups cannot be read might get in.
func TestH04_groupsThatAreNotKnown(t *testing.T) {
	result, findings := looked(t, "H04", scene{}, audit.Settings{}, member("dark", corp+"-1600"))
	if len(findings) != 0 || result.NotChecked != 1 || result.Reasons[0].Text != "the groups of some users cannot be read" {
		t.Errorf("got %+v, %+v", result, findings)
	}
}

// A home of thousands is weighed once, and takes about the time of as many homes.
func TestH04_homeOfThousands(t *testing.T) {
	const n = 2000
	checks, err := audit.Select(rules.All(), audit.Scope{Rules: []string{"H04"}}, 3)
	if err != nil {
		t.Fatal(err)
	}
	accounts := []ldapattr.Account{member("bob", bobSID)}
	for i := range n {
		one := member(fmt.Sprint("many", i), fmt.Sprint(corp, "-", 5000+i))
		one.Dir = "team"
		accounts = append(accounts, one)
	}
	team := func(_ context.Context, users iter.Seq2[ldapattr.User, error], out survey.Sink) error {
		s := scene{sddl: private + "(A;OICI;0x1301bf;;;" + manySID + ")(A;OICI;0x1200a9;;;" + bobSID + ")"}
		h, _, _ := s.records(t, accounts[1].User)
		for user := range users {
			if user.Dir == "team" && user.GUID != accounts[1].GUID {
				h.Users = append(h.Users, user)
			}
		}
		return out.Home(h)
	}
	began := time.Now()
	report, err := audit.Run(t.Context(), each(accounts), audit.Options{Checks: checks, Level: 3, Survey: team, Settings: audit.Settings{Now: now, Token: tokens(t)}})
	if err != nil || len(report.Findings) != n || report.Findings[n-1].Evidence[0].Value != "bob" {
		t.Errorf("%d findings, %v", len(report.Findings), err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it takes %v", took)
	}
}
