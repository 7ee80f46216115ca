//go:build lab && unix

package smbfs_test

import (
	"context"
	"net"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/storagetest"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func TestLogin_mechanisms(t *testing.T) {
	alias := target()
	alias.Address, alias.Host = net.JoinHostPort(lab.FileServerAddr, "445"), "alias.example.org" // no principal of that name
	both := kerberos(t, lab.Alice)
	both.AllowNTLM = true
	for _, tt := range []struct {
		name  string
		to    smbfs.Target
		login smbfs.Login
		want  string
		code  winerr.Code
	}{
		{"kerberos", target(), kerberos(t, lab.Alice), "kerberos", 0},
		{"ntlm", target(), ntlm(t, lab.Alice), "ntlm", 0},
		{"kerberos comes first", target(), both, "kerberos", 0},
		{"ntlm where there is no ticket", alias, both, "ntlm", 0},
		{"no ticket and no ntlm", alias, kerberos(t, lab.Alice), "", winerr.WrongTargetName},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := smbfs.Connect(t.Context(), tt.to)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if err := s.Login(t.Context(), tt.login); winerr.Of(err) != tt.code || s.Mechanism() != tt.want {
				t.Fatalf("got %q, %v (code %d), want %q, code %d", s.Mechanism(), err, winerr.Of(err), tt.want, tt.code)
			}
			if tt.code != 0 {
				return
			}
			if err := s.Mount(t.Context()); err != nil {
				t.Fatal(err)
			}
			home, err := s.Open(t.Context(), "alice", storage.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := home.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestLogin_refused(t *testing.T) {
	wrong := func(l smbfs.Login) smbfs.Login { l.Password = secret.New("Wrong" + "Pass1!"); return l }
	both := kerberos(t, lab.Carol)
	both.AllowNTLM = true
	nobody := kerberos(t, lab.Alice)
	nobody.User = "nosuchuser"
	for _, tt := range []struct {
		name  string
		login smbfs.Login
		want  []winerr.Code
	}{
		{"wrong password, ntlm", wrong(ntlm(t, lab.Alice)), []winerr.Code{winerr.LogonFailure}},
		{"wrong password, kerberos", wrong(kerberos(t, lab.Alice)), []winerr.Code{winerr.LogonFailure}},
		{"disabled, ntlm", ntlm(t, lab.Carol), []winerr.Code{winerr.AccountDisabled}},
		{"disabled, kerberos", kerberos(t, lab.Carol), []winerr.Code{winerr.AccountDisabled}},
		{"disabled, the password is not tried twice", both, []winerr.Code{winerr.AccountDisabled}},
		{"expired, ntlm", ntlm(t, lab.Erin), []winerr.Code{winerr.AccountExpired}},
		{"expired, kerberos", kerberos(t, lab.Erin), []winerr.Code{winerr.AccountDisabled}},      // and one for disabled, locked and expired
		{"must change, kerberos", kerberos(t, lab.Frank), []winerr.Code{winerr.PasswordExpired}}, // the KDC has one code for both
		{"nobody, kerberos", nobody, []winerr.Code{winerr.NoSuchUser}},
		{"must change, ntlm", ntlm(t, lab.Frank), []winerr.Code{winerr.PasswordMustChange, winerr.LogonFailure}},
		{"nobody", smbfs.Login{User: "nosuchuser", Password: secret.New("x"), AllowNTLM: true}, []winerr.Code{winerr.LogonFailure, winerr.NoSuchUser}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := smbfs.Dial(t.Context(), target(), tt.login, "alice", storage.Options{})
			for _, want := range tt.want {
				if winerr.Of(err) == want {
					return
				}
			}
			t.Errorf("got %v (code %d), want %d", err, winerr.Of(err), tt.want)
		})
	}
}

func TestOpen_places(t *testing.T) {
	alice := open(t, kerberos(t, lab.Alice), "alice", storage.Options{})
	if err := storagetest.Put(t.Context(), alice, "/a file", "x"); err != nil {
		t.Fatal(err)
	}
	if err := alice.Mkdir(t.Context(), "/private"); err != nil {
		t.Fatal(err)
	}
	nowhere := target()
	nowhere.Share = "nosuchshare"
	for _, tt := range []struct {
		name string
		to   smbfs.Target
		who  lab.Account
		dir  string
		want winerr.Code
	}{
		{"own home", target(), lab.Alice, `\alice\`, winerr.Success},
		{"a stranger's home", target(), lab.Bob, "alice", winerr.AccessDenied},
		{"below a stranger's home", target(), lab.Bob, `alice\private`, winerr.AccessDenied},
		{"a link to a stranger's home", target(), lab.Bob, `bob\to-alice`, winerr.AccessDenied},
		{"a link out of the share", target(), lab.Bob, `bob\to-outside`, winerr.FileNotFound}, // the server hides it
		{"absent", target(), lab.Alice, `alice\absent`, winerr.FileNotFound},
		{"absent parent", target(), lab.Alice, `absent\absent`, winerr.PathNotFound},
		{"a file", target(), lab.Alice, `alice\a file`, winerr.Directory},
		{"the way up", target(), lab.Alice, `alice\..\bob`, winerr.InvalidName},
		{"a short name", target(), lab.Alice, `ALICE~1`, winerr.InvalidName},
		{"a stream", target(), lab.Alice, `alice::$DATA`, winerr.InvalidName},
		{"no such share", nowhere, lab.Alice, "alice", winerr.BadNetName},
	} {
		t.Run(tt.name, func(t *testing.T) {
			home, err := smbfs.Dial(t.Context(), tt.to, kerberos(t, tt.who), tt.dir, storage.Options{})
			if err == nil {
				defer home.Close()
			}
			if got := winerr.Of(err); got != tt.want {
				t.Errorf("got %v (code %d), want code %d", err, got, tt.want)
			}
		})
	}
}

// Bob's home holds the bait of the lab: links to alice's home and out of the share.
func TestChecklist_P2_baitLeadsNowhere(t *testing.T) {
	bob := open(t, kerberos(t, lab.Bob), "bob", storage.Options{})
	for _, name := range []string{"/to-alice", "/to-outside", "/secret-link.txt", "/to-outside/secret.txt", "/to-alice/a file"} {
		if r, err := bob.Open(t.Context(), name, 0); err == nil {
			_ = r.Close()
			t.Errorf("open %s succeeded", name)
		}
		if _, err := bob.List(t.Context(), name); err == nil {
			t.Errorf("list %s succeeded", name)
		}
		if err := storagetest.Put(t.Context(), bob, name+"/planted", "x"); err == nil {
			t.Errorf("upload below %s succeeded", name)
		}
		if err := bob.Mkdir(t.Context(), name+"/planted"); err == nil {
			t.Errorf("mkdir below %s succeeded", name)
		}
	}
}

func TestLogin_leavesNothing(t *testing.T) {
	logins := func(n int) {
		for range n {
			home := open(t, kerberos(t, lab.Alice), "alice", storage.Options{})
			if err := home.Close(); err != nil {
				t.Fatal(err)
			}
			_, _ = smbfs.Dial(t.Context(), target(), kerberos(t, lab.Bob), "alice", storage.Options{})
		}
	}
	logins(3)
	goroutines, files := settle(t, -1, -1)
	logins(10)
	if g, f := settle(t, goroutines, files); g > goroutines || f > files {
		stack := make([]byte, 1<<20)
		t.Errorf("%d goroutines, then %d; %d descriptors, then %d\n%s", goroutines, g, files, f, stack[:runtime.Stack(stack, true)])
	}
}

// settle waits until no more than so many goroutines and descriptors are left, or
// for a moment, and returns how many there are. Negative ones stand for any number
// that stays the same for a while.
func settle(t *testing.T, goroutines, files int) (int, int) {
	t.Helper()
	var before [2]int
	since := time.Now()
	for deadline := since.Add(2 * time.Second); ; {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		now := [2]int{runtime.NumGoroutine(), len(entries)}
		if now != before {
			before, since = now, time.Now()
		}
		few := now[0] <= goroutines && now[1] <= files
		steady := goroutines < 0 && time.Since(since) > 300*time.Millisecond
		if few || steady || time.Now().After(deadline) {
			return now[0], now[1]
		}
		<-time.After(20 * time.Millisecond)
	}
}

func TestDial_keepsNoPassword(t *testing.T) {
	_, err := smbfs.Dial(context.Background(), target(), smbfs.Login{
		User: "alice", Password: secret.New("Not" + "TheOne1!"), Kerberos: &smbfs.Kerberos{Realm: lab.Domain}, AllowNTLM: true,
	}, "alice", storage.Options{})
	if err == nil || strings.Contains(err.Error(), "NotTheOne1!") {
		t.Errorf("got %v", err)
	}
}
