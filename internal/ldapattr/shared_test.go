package ldapattr_test

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// What the tests against adsim and those against the lab's domain controller share.

func accountName(t testing.TB, s string) ldapattr.AccountName {
	t.Helper()
	name, err := ldapattr.ParseAccountName(s, "")
	if err != nil {
		t.Fatal(err)
	}
	return name
}

func lookup(t testing.TB, d *ldapattr.Directory, s string) ldapattr.User {
	t.Helper()
	u, err := d.Lookup(t.Context(), accountName(t, s))
	if err != nil {
		t.Fatalf("Lookup(%q): %v (%s)", s, err, hintOf(err))
	}
	return u
}

// asError demands an error of one kind, in one line, without a password in it.
func asError(t testing.TB, err error, kind error) *ldapattr.Error {
	t.Helper()
	var e *ldapattr.Error
	if !errors.As(err, &e) || !errors.Is(err, kind) {
		t.Fatalf("got error %v, want one of the kind %q", err, kind)
	}
	if text := err.Error() + e.Hint; strings.ContainsAny(text, "\n\r\x00\x1b") {
		t.Errorf("the error is not one line: %q", text)
	}
	return e
}

func hintOf(err error) string {
	var e *ldapattr.Error
	if errors.As(err, &e) {
		return e.Hint
	}
	return ""
}

func countUsers(t testing.TB, d *ldapattr.Directory, scope ldapattr.Scope) int {
	t.Helper()
	n := 0
	for u, err := range d.Users(t.Context(), scope) {
		if err != nil {
			t.Fatalf("Users: %v (%s)", err, hintOf(err))
		}
		if u.SAMAccountName == "" || u.GUID == (ldapattr.GUID{}) {
			t.Fatalf("Users yields %+v", u)
		}
		n++
	}
	return n
}

func firstError(users iter.Seq2[ldapattr.User, error]) error {
	for _, err := range users {
		if err != nil {
			return err
		}
	}
	return nil
}

// endsInTime demands that a call against a dead server fails as unreachable,
// within its timeout and some patience.
func endsInTime(t *testing.T, timeout time.Duration, call func(context.Context) error) {
	t.Helper()
	begin := time.Now()
	err := call(t.Context())
	if took := time.Since(begin); took > timeout+3*time.Second {
		t.Errorf("the call took %v with a timeout of %v", took, timeout)
	}
	asError(t, err, ldapattr.ErrUnreachable)
	if winerr.Of(err) != winerr.NoLogonServers {
		t.Errorf("the error carries %d, want %d", winerr.Of(err), winerr.NoLogonServers)
	}
}

// testSwap drives one user's attributes through every kind of change.
func testSwap(t *testing.T, d *ldapattr.Directory, name string) {
	t.Helper()
	text := func(s string) *string { return &s }
	update := func(u ldapattr.User, change ldapattr.Update, want [2]string) ldapattr.User {
		t.Helper()
		now, err := d.Update(t.Context(), u, change)
		if err != nil {
			t.Fatalf("Update(%+v): %v (%s)", change, err, hintOf(err))
		}
		if got := [2]string{now.Root, now.Dir}; got != want {
			t.Fatalf("Update left %q, want %q", got, want)
		}
		if read := lookup(t, d, name); read != now {
			t.Fatalf("Update returned %+v, the directory has %+v", now, read)
		}
		return now
	}
	const root, other = `\\fs01.corp.example.com\ftp$`, `\\fs02\x`
	u := update(lookup(t, d, name), ldapattr.Update{Root: text(""), Dir: text(""), Force: true}, [2]string{"", ""})
	absent := u
	u = update(u, ldapattr.Update{Root: text(root), Dir: text("a")}, [2]string{root, "a"})
	u = update(u, ldapattr.Update{Dir: text(`b\c`)}, [2]string{root, `b\c`})
	u = update(u, ldapattr.Update{Root: text(root), Dir: text(`B\c`)}, [2]string{root, `B\c`})
	same := update(u, ldapattr.Update{Root: text(root), Dir: text(`B\c`)}, [2]string{root, `B\c`})

	stale := same
	u = update(same, ldapattr.Update{Root: text(other), Dir: text("")}, [2]string{other, ""})
	for what, change := range map[string]func() (ldapattr.User, error){
		"a stale value": func() (ldapattr.User, error) {
			return d.Update(t.Context(), stale, ldapattr.Update{Root: text(`\\a\b`)})
		},
		"an absent value that is": func() (ldapattr.User, error) {
			return d.Update(t.Context(), absent, ldapattr.Update{Root: text(`\\a\b`)})
		},
		"a value that is gone": func() (ldapattr.User, error) { return d.Update(t.Context(), stale, ldapattr.Update{Dir: text("x")}) },
		"one stale value of two": func() (ldapattr.User, error) {
			return d.Update(t.Context(), stale, ldapattr.Update{Root: text(root), Dir: text("x")})
		},
		"nothing to do, but stale": func() (ldapattr.User, error) { return d.Update(t.Context(), stale, ldapattr.Update{Root: text(root)}) },
	} {
		_, err := change()
		if e := asError(t, err, ldapattr.ErrConflict); !strings.Contains(e.Hint, `"\\\\fs02\\x"`) || !strings.Contains(e.Hint, "(absent)") {
			t.Errorf("%s: the hint does not show the present values: %q", what, e.Hint)
		}
		if now := lookup(t, d, name); now != u {
			t.Fatalf("%s changed the entry to %+v", what, now)
		}
	}
	var value *homedir.ValueError
	for _, dir := range []string{`..\bob`, `\\other\share`, `C:\x`, "a:b", "CON", strings.Repeat("a", 257)} {
		if _, err := d.Update(t.Context(), u, ldapattr.Update{Dir: &dir, Force: true}); !errors.As(err, &value) || !errors.Is(err, ldapattr.ErrValue) {
			t.Errorf("Update to %q: %v, want the value refused", dir, err)
		}
	}
	u = update(stale, ldapattr.Update{Root: text(root), Dir: text("z"), Force: true}, [2]string{root, "z"})
	update(u, ldapattr.Update{Root: text(""), Dir: text("")}, [2]string{"", ""})
}

// testRaces lets somebody else be faster, at the attribute that the change does
// not touch: both make the home, so both are compared.
func testRaces(t *testing.T, d *ldapattr.Directory, name string) {
	t.Helper()
	text := func(s string) *string { return &s }
	const root, other = `\\fs01.corp.example.com\ftp$`, `\\fs02\x`
	set := func(u ldapattr.User, change ldapattr.Update) ldapattr.User {
		t.Helper()
		now, err := d.Update(t.Context(), u, change)
		if err != nil {
			t.Fatalf("Update(%+v): %v (%s)", change, err, hintOf(err))
		}
		return now
	}
	for _, tt := range []struct {
		what      string
		root, dir string // at first
		theirs    ldapattr.Update
		ours      ldapattr.Update
	}{
		{"clear, they add the root", "", "a", ldapattr.Update{Root: text(other)}, ldapattr.Update{Root: text(""), Dir: text("")}},
		{"clear, they add the dir", root, "", ldapattr.Update{Dir: text("b")}, ldapattr.Update{Root: text(""), Dir: text("")}},
		{"set the dir, they add the root", "", "a", ldapattr.Update{Root: text(other)}, ldapattr.Update{Dir: text("c")}},
		{"set the dir, they move the root", root, "a", ldapattr.Update{Root: text(other)}, ldapattr.Update{Dir: text("c")}},
		{"set the root, they move the dir", root, "a", ldapattr.Update{Dir: text("b")}, ldapattr.Update{Root: text(other)}},
		{"set the first dir, they remove the root", root, "", ldapattr.Update{Root: text("")}, ldapattr.Update{Dir: text("c")}},
		{"nothing to do, they move the root", root, "a", ldapattr.Update{Root: text(other)}, ldapattr.Update{Dir: text("a")}},
	} {
		before := set(lookup(t, d, name), ldapattr.Update{Root: text(tt.root), Dir: text(tt.dir), Force: true})
		theirs := set(before, tt.theirs)
		_, err := d.Update(t.Context(), before, tt.ours)
		asError(t, err, ldapattr.ErrConflict)
		if now := lookup(t, d, name); now != theirs {
			t.Errorf("%s: left %q, %q", tt.what, now.Root, now.Dir)
		}
		// On what is there now the same change works, and touches nothing else.
		now := set(theirs, tt.ours)
		want := theirs
		if tt.ours.Root != nil {
			want.Root = *tt.ours.Root
		}
		if tt.ours.Dir != nil {
			want.Dir = *tt.ours.Dir
		}
		if now != want {
			t.Errorf("%s, on fresh values: %q, %q, want %q, %q", tt.what, now.Root, now.Dir, want.Root, want.Dir)
		}
	}
	// Half a home stays half a home.
	half := set(lookup(t, d, name), ldapattr.Update{Root: text(""), Dir: text("a"), Force: true})
	if now := set(half, ldapattr.Update{Dir: text("b")}); now.Root != "" || now.Dir != "b" {
		t.Errorf("with the root absent: %q, %q", now.Root, now.Dir)
	}
	set(lookup(t, d, name), ldapattr.Update{Root: text(""), Dir: text(""), Force: true})
}

// testMoved gives u's name to another user after u was read. The change, forced
// or not, finds u where it is now.
func testMoved(t *testing.T, d *ldapattr.Directory, u, newcomer ldapattr.User) {
	t.Helper()
	dir := "elsewhere"
	if newcomer.DN != u.DN || newcomer.GUID == u.GUID {
		t.Fatalf("the test's own premise is wrong: %+v, %+v", u, newcomer)
	}
	for _, force := range []bool{true, false} {
		dir += "x"
		now, err := d.Update(t.Context(), u, ldapattr.Update{Dir: &dir, Force: force})
		if err != nil || now.GUID != u.GUID || now.Dir != dir || now.DN == u.DN {
			t.Fatalf("force %v: %+v, %v (%s)", force, now, err, hintOf(err))
		}
		if read := lookup(t, d, newcomer.GUID.String()); read != newcomer {
			t.Fatalf("force %v changed another user: %+v", force, read)
		}
		u.Dir = dir
	}
}

func benchmarkLookup(b *testing.B, d *ldapattr.Directory, name string) {
	parsed := accountName(b, name)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Lookup(b.Context(), parsed); err != nil {
			b.Fatal(err)
		}
	}
}
