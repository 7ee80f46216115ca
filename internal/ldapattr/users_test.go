package ldapattr_test

import (
	"errors"
	"net"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func names(t *testing.T, d *ldapattr.Directory, scope ldapattr.Scope) []string {
	t.Helper()
	var list []string
	for u, err := range d.Users(t.Context(), scope) {
		if err != nil {
			t.Fatalf("Users(%+v): %v", scope, err)
		}
		list = append(list, u.SAMAccountName)
	}
	slices.Sort(list)
	return list
}

func TestUsers_yieldsAllPages(t *testing.T) {
	d := open(t, newSim(t, "corp.example.com", crowd(2500)).asAdmin())
	seen := map[string]bool{}
	for u, err := range d.Users(t.Context(), ldapattr.Scope{Filter: "(sAMAccountName=u*)"}) {
		if err != nil {
			t.Fatal(err)
		}
		if seen[u.DN] {
			t.Fatalf("%s comes twice", u.DN)
		}
		seen[u.DN] = true
	}
	if len(seen) != 2500 {
		t.Errorf("%d users, want 2500", len(seen))
	}
}

func TestUsers_scope(t *testing.T) {
	d := open(t, newCorp(t).asAdmin())
	for _, tt := range []struct {
		scope ldapattr.Scope
		want  []string
	}{
		{ldapattr.Scope{OU: "ou=staff," + baseDN}, []string{"alice", "bob", "carol", "mallory", "twina"}},
		{ldapattr.Scope{Filter: "(msIIS-FTPDir=*)"}, []string{"alice", "bob", "mallory"}},
		{ldapattr.Scope{OU: "OU=Other," + baseDN, Filter: "(sAMAccountName=t*)"}, []string{"twinb"}},
		// What is added to the filter holds whatever the filter says.
		{ldapattr.Scope{OU: "OU=Staff," + baseDN, Filter: "(|(objectClass=computer)(objectClass=contact)(sAMAccountName=alice))"}, []string{"alice"}},
	} {
		if got := names(t, d, tt.scope); !slices.Equal(got, tt.want) {
			t.Errorf("%+v yields %v, want %v", tt.scope, got, tt.want)
		}
	}
}

const groupsSeed = seed + `dn: CN=Inner,OU=Staff,DC=corp,DC=example,DC=com
objectClass: group
sAMAccountName: inner
member: CN=Alice,OU=Staff,DC=corp,DC=example,DC=com
member: CN=PC7,OU=Staff,DC=corp,DC=example,DC=com

dn: CN=Outer (all)\, *,OU=Other,DC=corp,DC=example,DC=com
objectClass: group
sAMAccountName: outer
member: CN=Inner,OU=Staff,DC=corp,DC=example,DC=com
member: CN=Bob,OU=Staff,DC=corp,DC=example,DC=com

dn: CN=Primary,OU=Other,DC=corp,DC=example,DC=com
objectClass: group
sAMAccountName: primary
objectSid: S-1-5-21-1-2-3-7777

dn: CN=Peter,OU=Staff,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: peter
primaryGroupID: 7777
msIIS-FTPRoot: \\fs01\ftp$
`

func TestUsers_ofAGroup(t *testing.T) {
	d := open(t, newSim(t, "corp.example.com", groupsSeed).asAdmin())
	for group, want := range map[string][]string{
		"inner": {"alice"}, `CORP\outer`: {"alice", "bob"}, "primary": {"peter"}, "S-1-5-21-1-2-3-7777": {"peter"},
		`CN=Outer (all)\, *,OU=Other,` + baseDN: {"alice", "bob"},
	} {
		if got := names(t, d, ldapattr.Scope{Group: accountName(t, group)}); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", group, got, want)
		}
	}
	for _, tt := range []struct {
		scope ldapattr.Scope
		want  []string
	}{
		{ldapattr.Scope{Missing: true, OU: "OU=Staff," + baseDN}, []string{"carol", "peter", "twina"}},
		{ldapattr.Scope{Missing: true, Group: accountName(t, "primary")}, []string{"peter"}},
		{ldapattr.Scope{Missing: true, Group: accountName(t, "outer")}, nil},
		{ldapattr.Scope{Group: accountName(t, "outer"), Filter: "(|(sAMAccountName=bob)(sAMAccountName=carol))"}, []string{"bob"}},
	} {
		if got := names(t, d, tt.scope); !slices.Equal(got, tt.want) {
			t.Errorf("%+v: %v, want %v", tt.scope, got, tt.want)
		}
	}
	for group, kind := range map[string]error{"nobody": ldapattr.ErrNotFound, "alice": ldapattr.ErrNotFound, `OTHER\inner`: ldapattr.ErrNotFound,
		"inner@corp.example.com": ldapattr.ErrUsage, "CN=Inner,DC=other,DC=com": ldapattr.ErrNotFound} {
		asError(t, firstError(d.Users(t.Context(), ldapattr.Scope{Group: accountName(t, group)})), kind)
	}
}

func TestUsers_refusesBadScopes(t *testing.T) {
	s := newCorp(t)
	d := open(t, s.asAdmin())
	before := s.Stats()
	for _, scope := range []ldapattr.Scope{
		{Filter: "sAMAccountName=a"}, {Filter: "(a=b"}, {Filter: "(a=b))(|(c=d)"}, {Filter: "(a=b)(c=d)"}, {Filter: "()"},
		{OU: "OU=Staff"}, {OU: "DC=other,DC=example,DC=com"}, {OU: "nonsense"},
	} {
		asError(t, firstError(d.Users(t.Context(), scope)), ldapattr.ErrUsage)
	}
	if after := s.Stats(); after.Searches != before.Searches || after.Connections != before.Connections {
		t.Error("a bad scope was sent to the directory")
	}
	asError(t, firstError(d.Users(t.Context(), ldapattr.Scope{OU: "OU=Absent," + baseDN})), ldapattr.ErrNotFound)
}

// A slow reader, or one that looks users up meanwhile, holds nobody back.
func TestUsers_leavesOtherRequestsAlone(t *testing.T) {
	s := newCorp(t)
	d := open(t, s.asAdmin())
	for u, err := range d.Users(t.Context(), ldapattr.Scope{OU: "OU=Staff," + baseDN}) {
		if err != nil {
			t.Fatal(err)
		}
		for other, err := range d.Users(t.Context(), ldapattr.Scope{Filter: "(sAMAccountName=alice)"}) {
			if err != nil || other.SAMAccountName != "alice" {
				t.Fatalf("%+v, %v", other, err)
			}
		}
		lookup(t, d, u.DN)
	}
	until(t, "the loops' connections are closed", func() bool { return s.Stats().Open <= 1 })
}

func TestUsers_saysWhenAPageIsLost(t *testing.T) {
	s := newSim(t, "corp.example.com", crowd(4500))
	d := open(t, s.asAdmin())
	n := 0
	var last error
	for _, err := range d.Users(t.Context(), ldapattr.Scope{}) {
		if err != nil {
			last = err
			continue
		}
		if n++; n == 10 {
			s.SetFaults(adsim.Faults{Drop: true, Only: adsim.OpSearch})
		}
	}
	// The next page may have been asked for before.
	if !errors.Is(last, ldapattr.ErrUnreachable) || n%1000 != 0 || n > 2000 {
		t.Errorf("%d users, then %v", n, last)
	}
}

// A busy domain controller may take long over a page; only silence ends it.
func TestUsers_waitsForASlowPage(t *testing.T) {
	t.Parallel()
	s := serve(t, adsim.Config{Domain: "corp.example.com", Seed: strings.NewReader(crowd(900))})
	cfg := s.asAdmin()
	cfg.Servers, cfg.AllowPlaintext, cfg.Timeout = []string{"ldap://" + throttled(t, s.ldap)}, true, time.Second
	d := open(t, cfg)
	begin := time.Now()
	if n := countUsers(t, d, ldapattr.Scope{}); n < 900 {
		t.Errorf("%d users", n)
	}
	if took := time.Since(begin); took < cfg.Timeout {
		t.Errorf("it took only %v: the test proves nothing", took)
	}
}

// throttled passes connections to a server and its answers back in small
// pieces, eight a second.
func throttled(t *testing.T, server string) string {
	t.Helper()
	return accept(t, func(conn net.Conn) {
		relay(conn, server, func(conn, behind net.Conn) {
			pace := time.NewTicker(120 * time.Millisecond)
			defer pace.Stop()
			piece := make([]byte, 20_000)
			for {
				n, err := behind.Read(piece)
				if err != nil {
					return
				}
				if n > 1000 { // short answers pass
					<-pace.C
				}
				if _, err := conn.Write(piece[:n]); err != nil {
					return
				}
			}
		})
	})
}

func TestUsers_memoryIsFlat(t *testing.T) {
	size := 20_000
	if os.Getenv("FTPISOCTL_LOAD") != "" {
		size = 100_000
	}
	d := open(t, newSim(t, "corp.example.com", crowd(size)).asAdmin())
	var low, high uint64
	n := 0
	for _, err := range d.Users(t.Context(), ldapattr.Scope{}) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n%(size/8) == 500 {
			now := settledHeap()
			if low == 0 {
				low = now
			}
			low, high = min(low, now), max(high, now)
		}
	}
	if n < size {
		t.Errorf("%d users, want %d", n, size)
	}
	t.Logf("%d users, heap between %d and %d KiB", n, low>>10, high>>10)
	// A page of users is about half a megabyte, and three are held.
	if high-low > 2<<20 {
		t.Errorf("the heap grew by %d KiB over %d users", (high-low)>>10, n)
	}
}

// settledHeap waits until the page in advance has come.
func settledHeap() uint64 {
	var m runtime.MemStats
	for last := uint64(0); ; last = m.HeapAlloc {
		runtime.GC()
		runtime.ReadMemStats(&m)
		if m.HeapAlloc < last+64<<10 && last < m.HeapAlloc+64<<10 {
			return m.HeapAlloc
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// While a page is in use the next one comes, but no more than that.
func TestUsers_asksForTheNextPage(t *testing.T) {
	s := newSim(t, "corp.example.com", crowd(5000))
	d := open(t, s.asAdmin())
	before, n := s.Stats().Searches, 0
	for _, err := range d.Users(t.Context(), ldapattr.Scope{}) {
		if err != nil {
			t.Fatal(err)
		}
		// The connection of its own reads the rootDSE, too.
		if n++; n == 1 {
			until(t, "the next page is asked for", func() bool { return s.Stats().Searches >= before+3 })
			settledHeap()
		}
		if got := s.Stats().Searches - before; n <= 1000 && got > 3 {
			t.Fatalf("%d searches at user %d, want 3", got, n)
		}
	}
}

func BenchmarkUsers(b *testing.B) {
	d := open(b, newSim(b, "corp.example.com", crowd(10000)).asAdmin())
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range d.Users(b.Context(), ldapattr.Scope{}) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
