package rules_test

import (
	"iter"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/audit/rules"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

var now = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// user is an account without fault; change gives it one.
func user(login string, change ...func(*ldapattr.Account)) ldapattr.Account {
	a := ldapattr.Account{
		User: ldapattr.User{
			DN: "CN=" + login + ",OU=Staff,DC=corp,DC=example,DC=com", SAMAccountName: login, UPN: login + "@corp.example.com", DNSDomain: "corp.example.com",
			Root: `\\fs01.corp.example.com\ftp$`, Dir: login, Account: ldapattr.AccountState{Known: true, Enabled: true},
		},
		Classes: []string{"top", "person", "organizationalPerson", "user"}, Flags: 512, LastLogon: now.AddDate(0, 0, -3),
	}
	copy(a.GUID[:], login)
	for _, f := range change {
		f(&a)
	}
	return a
}

// home changes both attributes.
func home(root, dir string) func(*ldapattr.Account) {
	return func(a *ldapattr.Account) { a.Root, a.Dir = root, dir }
}

// noText is a value that no rule about text can judge.
var noText = home(`\\fs01.corp.example.com\ftp$`, "a\xff")

// hidden is an account of which the reader may read little.
func hidden(a *ldapattr.Account) { a.Classes = nil }

// unknown is an account whose state cannot be read.
func unknown(a *ldapattr.Account) { a.Account = ldapattr.AccountState{} }

// judge asks one rule about a few accounts.
func judge(t *testing.T, id string, settings audit.Settings, accounts ...ldapattr.Account) (audit.Result, []audit.Finding) {
	t.Helper()
	settings.Now = now
	return judgeAll(t, []string{id}, settings, accounts...)
}

func judgeAll(t *testing.T, ids []string, settings audit.Settings, accounts ...ldapattr.Account) (audit.Result, []audit.Finding) {
	t.Helper()
	checks, err := audit.Select(rules.All(), audit.Scope{Rules: ids}, 0)
	if err != nil {
		t.Fatal(err)
	}
	report, err := audit.Run(t.Context(), each(accounts), audit.Options{Checks: checks, Settings: settings})
	if err != nil {
		t.Fatal(err)
	}
	return report.Results[0], report.Findings
}

func each(accounts []ldapattr.Account) iter.Seq2[ldapattr.Account, error] {
	return func(yield func(ldapattr.Account, error) bool) {
		for _, a := range accounts {
			if !yield(a, nil) {
				return
			}
		}
	}
}

// example is an account, and what one rule says of it.
type example struct {
	name     string
	account  ldapattr.Account
	settings audit.Settings
	want     string // a part of the message, "passed", "nothing", or "not checked: " and a part of the reason
}

// try asks one rule about each account by itself. Every rule needs a finding, an
// account that passes, and one that is not checked.
func try(t *testing.T, id string, examples ...example) {
	t.Helper()
	seen := map[string]bool{}
	for _, e := range examples {
		t.Run(e.name, func(t *testing.T) {
			result, findings := judge(t, id, e.settings, e.account)
			got := said(result, findings)
			if !strings.Contains(got, e.want) {
				t.Errorf("got %q, want %q", got, e.want)
			}
		})
		kind, _, _ := strings.Cut(e.want, ":")
		seen[kind] = true
	}
	if id == "V24" {
		seen["passed"] = true // deleted objects are never read: it has a test of its own
	}
	if !seen["passed"] || !seen["not checked"] || len(seen) < 3 {
		t.Errorf("%s lacks a finding, a clean case, or one that is not checked", id)
	}
}

func said(result audit.Result, findings []audit.Finding) string {
	switch {
	case len(findings) == 1:
		return findings[0].Severity.String() + " " + findings[0].Location + " " + findings[0].Message
	case result.NotChecked > 0:
		return "not checked: " + result.Reasons[0].Text
	case result.Passed > 0:
		return "passed"
	}
	return "nothing"
}

// found returns who has a finding, with what stands behind.
func found(findings []audit.Finding) []string {
	var list []string
	for _, f := range findings {
		list = append(list, f.Login)
	}
	slices.Sort(list)
	return list
}

func TestAll_isOrderedAndComplete(t *testing.T) {
	last := ""
	order := func(id string) string { return string("012345"[strings.IndexByte("VXASHC", id[0])]) + id }
	for _, c := range rules.All() {
		if !regexp.MustCompile(`^[VXASHC]\d\d$`).MatchString(c.ID) || order(c.ID) <= last {
			t.Errorf("%s stands behind %s", c.ID, last)
		}
		last = order(c.ID)
		if c.Title == "" || c.Severity < audit.Info || c.Level < 0 || c.Level > 3 || (c.Level == 0) == strings.Contains("SH", c.ID[:1]) || len(c.Explanation) < 60 || len(c.Remedy) < 20 {
			t.Errorf("%s says too little: %+v", c.ID, c.Rule)
		}
		if c.Account == nil && c.Crowd == nil && c.Domain == nil && c.Server == nil && c.Share == nil && c.Home == nil && c.Orphans == nil {
			t.Errorf("%s asks nothing", c.ID)
		}
	}
}

// Somebody without fault has no finding at all, nor has somebody without a home.
func TestAll_leaveACleanAccountAlone(t *testing.T) {
	bare := user("carol", home("", ""))
	_, findings := judgeAll(t, nil, audit.Settings{Now: now}, user("alice"), user("bob"), bare)
	for _, f := range findings {
		t.Errorf("%s finds %s: %s", f.Rule, f.Login, f.Message)
	}
}

// One cause is one finding.
func TestAll_oneCauseIsOneFinding(t *testing.T) {
	share := `\\fs01.corp.example.com\ftp$`
	for id, change := range map[string]func(*ldapattr.Account){
		"V01": home(share, ""), "V02": home("", "x"), "V04": home(`\`, share+`\x`), "V05": home(share, `..\bob`), "V06": home(share, `C:\x`),
		"V07": home(`D:\ftp`, "x"), "V08": home(`Z:\ftp`, "x"), "V09": home(share+`\deeper`, "x"), "V10": home(share, "a/b"), "V11": home(share+`\`, "x"),
		"V12": home(share, `"x"`), "V13": home(share, "ab:y"), "V14": home(share, "NUL.txt"), "V15": home(share, strings.Repeat(`abcdefghi\`, 18)+"x"),
		"V17": home(share, "ALICIA~1"), "V18": home(`\\192.0.2.7\ftp$`, "x"), "V20": home(`\\fs01.corp.example.com\C$`, "x"),
		"V21": home(share, "."), "V23": home(share, "cafe\u0301"), "A01": func(a *ldapattr.Account) { a.Account.Enabled = false; a.Account.MustChange = true },
	} {
		_, findings := judgeAll(t, nil, audit.Settings{Now: now}, user("alice", change))
		if len(findings) != 1 || findings[0].Rule != id {
			t.Errorf("%s: got %+v", id, findings)
		}
	}
}
