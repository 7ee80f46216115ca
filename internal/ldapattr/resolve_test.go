package ldapattr_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func openForest(t testing.TB, cfg ldapattr.Config) *ldapattr.Forest {
	t.Helper()
	f, err := ldapattr.OpenForest(t.Context(), cfg)
	if err != nil {
		t.Fatalf("OpenForest: %v (%s)", err, hintOf(err))
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// everybody is what LookupAll says to each name.
func everybody(t testing.TB, f *ldapattr.Forest, names ...string) (users []ldapattr.User, errs []error) {
	t.Helper()
	parsed := make([]ldapattr.AccountName, len(names))
	for i, name := range names {
		parsed[i] = accountName(t, name)
	}
	for u, err := range f.LookupAll(t.Context(), parsed) {
		users, errs = append(users, u), append(errs, err)
	}
	if len(users) != len(names) {
		t.Fatalf("%d answers to %d names", len(users), len(names))
	}
	return users, errs
}

// Many names at a time mean what each of them means by itself.
func TestLookupAll_meansWhatLookupMeans(t *testing.T) {
	s := newCorp(t)
	f := openForest(t, s.asAdmin())
	alice, twin := lookup(t, f.Home(), "alice"), lookup(t, f.Home(), "twina")
	names := []string{"alice", "nobody", "ALICE", "alice@corp.example.com", "bob@corp.example.com", "carol@corp.example.com", "twin@elsewhere.example",
		`CORP\bob`, `corp.example.com\Bob`, `OTHER\bob`, alice.SID, alice.GUID.String(), "{" + twin.GUID.String() + "}", alice.DN, strings.ToLower(twin.DN),
		`CN=Smith\, John,OU=Other,` + baseDN, "CN=Nobody,OU=Staff," + baseDN, "CN=PC7,OU=Staff," + baseDN, "CN=Alice,DC=other,DC=example,DC=com",
		"smith (x)*", "a*", "*", "alice)(sAMAccountName=bob", "pc7$", "pc7@corp.example.com", "admin@corp.example.com",
		"S-1-5-21-1-2-3-4", "{00000000-0000-0000-0000-000000000001}", "müller", "ſmith"}
	users, errs := everybody(t, f, names...)
	for i, name := range names {
		want, wantErr := f.Home().Lookup(t.Context(), accountName(t, name))
		var kind *ldapattr.Error
		if errors.As(wantErr, &kind) {
			e := asError(t, errs[i], kind.Kind)
			if e.Hint == "" || e.Object != kind.Object {
				t.Errorf("%q: %v, hint %q; Lookup says %v", name, e, e.Hint, kind)
			}
			if kind.Kind == ldapattr.ErrAmbiguous && e.Hint != kind.Hint {
				t.Errorf("%q: hint %q, Lookup's is %q", name, e.Hint, kind.Hint)
			}
		}
		if users[i] != want || (errs[i] == nil) != (wantErr == nil) {
			t.Errorf("%q is %+v, %v\nwant %+v, %v", name, users[i], errs[i], want, wantErr)
		}
		if one, err := f.Lookup(t.Context(), accountName(t, name)); one != want || (err == nil) != (wantErr == nil) {
			t.Errorf("by itself %q is %+v, %v", name, one, err)
		}
	}
	for u, err := range f.LookupAll(t.Context(), make([]ldapattr.AccountName, 1)) {
		if asError(t, err, ldapattr.ErrUsage); u != (ldapattr.User{}) {
			t.Errorf("the zero name is %+v", u)
		}
	}
}

// What is equal the directory says: the Kelvin sign is a k to it, which no comparison
// here would find. Together with others it must be no other user than alone.
func TestLookupAll_comparesAsTheDirectoryDoes(t *testing.T) {
	s := newSim(t, "corp.example.com", seed+"dn: CN=Kelvin,OU=Other,"+baseDN+"\nobjectClass: user\nsAMAccountName: kelvin\n")
	f := openForest(t, s.asAdmin())
	const sign = "\u212aelvin"
	if u := lookup(t, f.Home(), sign); u.SAMAccountName != "kelvin" {
		t.Fatalf("the test's own premise is wrong: %+v", u)
	}
	for _, list := range [][]string{{sign}, {sign, "alice"}, {"alice", sign, "bob", "nobody"}, {"kelvin", sign}, {sign, "KELVIN", "alice", "müller"}} {
		users, errs := everybody(t, f, list...)
		for i, name := range list {
			want, wantErr := f.Home().Lookup(t.Context(), accountName(t, name))
			if users[i] != want || (errs[i] == nil) != (wantErr == nil) {
				t.Errorf("%q among %q is %+v, %v; want %+v, %v", name, list, users[i], errs[i], want, wantErr)
			}
		}
	}
}

func TestLookupAll_withoutAccount(t *testing.T) {
	cfg := newCorp(t).asAdmin()
	full := openForest(t, cfg)
	cfg.WithoutAccount = true
	brief := openForest(t, cfg)
	want, _ := everybody(t, full, "alice", "carol")
	got, errs := everybody(t, brief, "alice", "carol")
	for i, u := range got {
		if errs[i] != nil || u.Account.Known || !want[i].Account.Known {
			t.Errorf("%+v, %v", u, errs[i])
		}
		if u.Account = want[i].Account; u != want[i] {
			t.Errorf("%+v, want %+v", u, want[i])
		}
	}
}

func TestLookupAll_asksForManyAtATime(t *testing.T) {
	s := newSim(t, "corp.example.com", crowd(1500))
	f := openForest(t, s.asAdmin())
	before := s.Stats().Searches
	var names []string
	for i := range 1500 {
		names = append(names, []string{fmt.Sprintf("u%05d", i), fmt.Sprintf("u%05d@corp.example.com", i), fmt.Sprintf("CN=User %d,OU=Other,%s", i, baseDN)}[i%3])
	}
	users, errs := everybody(t, f, names...)
	for i, u := range users {
		if errs[i] != nil || u.SAMAccountName != fmt.Sprintf("u%05d", i) {
			t.Fatalf("%s is %+v, %v", names[i], u, errs[i])
		}
	}
	// 15 questions, and 15 for names that are nobody's UPN; connections read the rootDSE.
	if n := s.Stats().Searches - before; n > 40 {
		t.Errorf("%d searches", n)
	}
}

// A directory that cuts answers short gets smaller questions.
func TestLookupAll_asksForLessAtATime(t *testing.T) {
	s := newSim(t, "corp.example.com", crowd(64))
	f := openForest(t, s.asAdmin())
	s.SetFaults(adsim.Faults{SizeLimit: 3})
	var names []string
	for i := range 64 {
		names = append(names, fmt.Sprintf("u%05d", i))
	}
	users, errs := everybody(t, f, names...)
	for i, u := range users {
		if errs[i] != nil || u.SAMAccountName != names[i] {
			t.Fatalf("%s is %+v, %v", names[i], u, errs[i])
		}
	}
}

func TestLookupAll_endsWithTheLoop(t *testing.T) {
	s := newSim(t, "corp.example.com", crowd(10))
	f := openForest(t, s.asAdmin())
	names := make([]ldapattr.AccountName, 100_000)
	for i := range names {
		names[i] = accountName(t, fmt.Sprintf("u%05d", i%10))
	}
	before := s.Stats().Searches
	for _, err := range f.LookupAll(t.Context(), names) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	if n := s.Stats().Searches - before; n > 20 {
		t.Errorf("%d searches for a loop that was left at once", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	n := 0
	for _, err := range f.LookupAll(ctx, names) {
		if n++; !errors.Is(err, context.Canceled) {
			t.Fatalf("after the end: %v", err)
		}
	}
	if n != len(names) {
		t.Errorf("%d answers to %d names", n, len(names))
	}
}

// A domain that does not answer is asked once, not once for every hundred names.
func TestLookupAll_givesADeadDomainUp(t *testing.T) {
	s := newCorp(t)
	cfg := s.asAdmin()
	cfg.Timeout = 300 * time.Millisecond
	f := openForest(t, cfg)
	s.SetFaults(adsim.Faults{Delay: time.Minute, Only: adsim.OpSearch})
	names := make([]string, 5000)
	for i := range names {
		names[i] = "alice"
	}
	begin := time.Now()
	_, errs := everybody(t, f, names...)
	for _, err := range errs {
		asError(t, err, ldapattr.ErrUnreachable)
	}
	if took := time.Since(begin); took > 3*time.Second {
		t.Errorf("it took %v", took)
	}
}

func BenchmarkLookupAll(b *testing.B) {
	f := openForest(b, newSim(b, "corp.example.com", crowd(2000)).asAdmin())
	var names []ldapattr.AccountName
	for i := range 2000 {
		names = append(names, accountName(b, fmt.Sprintf("u%05d", i)))
	}
	for b.Loop() {
		for _, err := range f.LookupAll(b.Context(), names) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
