package plan_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/adsim/adsimtest"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/plan"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/intake"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

const adaPassword = "Adm1n-Pa55!"

const seed = `dn: OU=Staff,DC=corp,DC=example,DC=com
objectClass: organizationalUnit

dn: CN=Ada,CN=Users,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: ada
userPassword: ` + adaPassword + `
memberOf: CN=Domain Admins,CN=Users,DC=corp,DC=example,DC=com

dn: CN=Alice,OU=Staff,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: alice
userPrincipalName: alice@corp.example.com
msIIS-FTPRoot: \\fs01\ftp$
msIIS-FTPDir: alice

dn: CN=Bob,OU=Staff,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: bob
msIIS-FTPRoot: \\FS01/ftp$\Teams/North
msIIS-FTPDir: ..\bob

dn: CN=Carol,OU=Staff,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: carol
`

// world is a directory, a connection to it and a journal.
type world struct {
	server *adsim.Server
	forest *ldapattr.Forest
	store  *journal.Store
	cfg    ldapattr.Config
}

func newWorld(t testing.TB, more string) *world {
	t.Helper()
	served := adsimtest.Start(t, adsim.Config{Domain: "corp.example.com", NetBIOS: "CORP", Seed: strings.NewReader(seed + more)})
	w := &world{server: served.Server, store: journal.At(t.TempDir()), cfg: configOf(served.URL)}
	var err error
	w.forest, err = ldapattr.OpenForest(t.Context(), w.cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.forest.Close() })
	return w
}

// configOf is a connection of Ada's to a server.
func configOf(server string) ldapattr.Config {
	return ldapattr.Config{
		Servers: []string{server}, AllowPlaintext: true, Timeout: 5 * time.Second,
		Bind: ldapattr.Bind{User: `CORP\ada`, Password: secret.New(adaPassword)},
	}
}

// values returns what the directory has, as "root|dir".
func (w *world) values(t testing.TB, user string) string {
	t.Helper()
	u := w.user(t, user)
	return u.Root + "|" + u.Dir
}

func (w *world) user(t testing.TB, user string) ldapattr.User {
	t.Helper()
	name, err := ldapattr.ParseAccountName(user, "")
	if err != nil {
		t.Fatal(err)
	}
	u, err := w.forest.Lookup(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// set writes the directory of a user behind the plan's back.
func (w *world) set(t testing.TB, user, dir string) {
	t.Helper()
	if _, err := w.forest.Home().Update(t.Context(), w.user(t, user), ldapattr.Update{Dir: &dir, Force: true}); err != nil {
		t.Fatal(err)
	}
}

func table(t testing.TB, text string) intake.Table {
	t.Helper()
	table, err := intake.Read(strings.NewReader(text), "homes.csv", "")
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func (w *world) draft(t testing.TB, text string) plan.Draft {
	t.Helper()
	d, err := plan.FromRows(t.Context(), w.forest, table(t, text), plan.Options{Tool: "test", Source: "homes.csv"})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// text is a draft in words: one line for each entry and each refusal.
func text(d plan.Draft) string {
	var all []string
	for _, e := range d.Plan.Entries {
		all = append(all, fmt.Sprintf("%d %s: %s|%s -> %s|%s", e.Line, e.User, e.Before.Root, e.Before.Dir, e.After.Root, e.After.Dir))
	}
	for _, r := range d.Refused {
		all = append(all, "! "+r.Err.Error())
	}
	return strings.Join(all, "\n")
}

func TestFromRows(t *testing.T) {
	w := newWorld(t, "")
	for _, tt := range []struct {
		name, csv, want string
		totals          plan.Totals
	}{
		{
			"set, change, clear, nothing", "user,root,dir,action\ncarol,\\\\fs01\\ftp$,carol,\nalice,,alice2,\nCORP\\bob,,,clear\nada,,,clear\n",
			`2 CORP\carol: | -> \\fs01\ftp$|carol
3 CORP\alice: \\fs01\ftp$|alice -> \\fs01\ftp$|alice2
4 CORP\bob: \\FS01/ftp$\Teams/North|..\bob -> |`,
			plan.Totals{Set: 1, Change: 1, Clear: 1, Unchanged: 1},
		},
		{
			"what makes no sense", "user,root,dir\nnobody,,x\nalice,,..\ncarol,\\\\fs01,\n\"a\\b\\c\",,x\nbob,\\\\fs02\\x,\n*()\\,,x\n*,,x\n", `! line 2: look up nobody: no such user
! line 3: CORP\alice: msIIS-FTPDir ".." holds ".."; a home cannot be reached through its parent
! line 4: CORP\carol: msIIS-FTPRoot "\\fs01" names no share; write \\server\share
! line 5: read account name a\b\c: invalid argument: is not of the form DOMAIN\user
! line 6: CORP\bob: msIIS-FTPDir "..\bob" holds ".."; a home cannot be reached through its parent
! line 7: read account name *()\: invalid argument: is not of the form DOMAIN\user
! line 8: look up *: no such user`,
			plan.Totals{Refused: 7},
		},
		{
			"what is as bad already stays so", "user,root,dir\nbob,\\\\FS01/ftp$\\Teams/North,..\\bob\n", "", plan.Totals{Unchanged: 1},
		},
		{
			"half of a pair may stay as bad as it is, when nothing changes", "user,root\nbob,\\\\FS01/ftp$\\Teams/North\n", "", plan.Totals{Unchanged: 1},
		},
		{
			"who is named three ways", "user,dir\nalice,a\ncarol,c\nalice@corp.example.com,b\n\"CN=Alice,OU=Staff,DC=corp,DC=example,DC=com\",alice\n", `3 CORP\carol: | -> |c
! line 2: alice is CORP\alice, who is on line 4 again, as alice@corp.example.com
! line 4: alice@corp.example.com is CORP\alice, who is on line 2 already, as alice
! line 5: CN=Alice,OU=Staff,DC=corp,DC=example,DC=com is CORP\alice, who is on line 2 already, as alice`,
			plan.Totals{Set: 1, Refused: 3},
		},
		{
			"expectations", "user,dir,expect_root,expect_dir\nalice,a,\\\\fs01\\ftp$,alice\nbob,b,,bob\ncarol,c,(absent),x\n", `2 CORP\alice: \\fs01\ftp$|alice -> \\fs01\ftp$|a
! line 3: CORP\bob: msIIS-FTPDir is "..\bob", not "bob"
! line 4: CORP\carol: msIIS-FTPDir is absent, not "x"`,
			plan.Totals{Change: 1, Refused: 2},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := w.draft(t, tt.csv)
			if got := text(d); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
			if d.Plan.Totals != tt.totals {
				t.Errorf("totals are %+v, want %+v", d.Plan.Totals, tt.totals)
			}
		})
	}
	if n := w.server.Stats().Modifies; n != 0 {
		t.Errorf("planning has made %d changes", n)
	}
}

// What can be known without the directory is told without it.
func TestCheck_asksNobody(t *testing.T) {
	refused, certain := plan.Check(table(t, "user,root,dir\nalice,,CON\n\"open,,\nbob,\\\\s\\h,NAME~1\ncarol,,c\n"))
	var got []string
	for _, r := range refused {
		got = append(got, r.Err.Error())
	}
	want := []string{
		`line 2: msIIS-FTPDir "CON"`,
		`line 3: field 1 begins with a quote that is not closed on its line`,
		`line 4: msIIS-FTPDir "NAME~1"`,
	}
	if len(got) != len(want) || !certain {
		t.Fatalf("certain %v, got\n%s", certain, strings.Join(got, "\n"))
	}
	if refused, certain := plan.Check(table(t, "user,dir\nalice,CON\n")); len(refused) != 1 || certain {
		t.Errorf("what somebody may have already is certainly wrong: %v, %v", refused, certain)
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("got %s, want %s…", got[i], want[i])
		}
	}
}

// Places that the configuration does not list are refused with the user's line.
func TestFromRows_places(t *testing.T) {
	w := newWorld(t, "")
	only := func(l interface{ Server() string }) error {
		if l.Server() != "fs01" {
			return fmt.Errorf("%s is not listed", l.Server())
		}
		return nil
	}
	d, err := plan.FromRows(t.Context(), w.forest, table(t, "user,root,dir\nalice,\\\\fs02\\x,\ncarol,\\\\fs01\\x,c\nada,\\\\fs02\\x,\n"),
		plan.Options{Allowed: func(l homedir.Location) error { return only(l) }})
	want := `3 CORP\carol: | -> \\fs01\x|c
4 CORP\ada: | -> \\fs02\x|
! line 2: CORP\alice: fs02 is not listed`
	if got := text(d); err != nil || got != want {
		t.Errorf("%v, got\n%s\nwant\n%s", err, got, want)
	}
}

func TestFromRows_directoryIsGone(t *testing.T) {
	w := newWorld(t, "")
	w.server.SetFaults(adsim.Faults{Only: adsim.OpSearch, Drop: true})
	if _, err := plan.FromRows(t.Context(), w.forest, table(t, "user,dir\nalice,a\n"), plan.Options{}); err == nil {
		t.Error("no error")
	}
}
