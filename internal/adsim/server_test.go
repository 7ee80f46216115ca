package adsim_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
)

func TestNew_badNames(t *testing.T) {
	for _, cfg := range []adsim.Config{
		{}, {Domain: "a..b"}, {Domain: "a b"}, {Domain: strings.Repeat("x", 64)}, {Domain: "a,dc=b"},
		{Domain: "example.com", NetBIOS: "MUCHTOOLONGFORIT"}, {Domain: "example.com", NetBIOS: `A\B`},
	} {
		if s, err := adsim.New(cfg); err == nil || s != nil {
			t.Errorf("%q %q: got a server, want an error", cfg.Domain, cfg.NetBIOS)
		}
	}
}

func TestNew_startsFast(t *testing.T) {
	best := time.Hour
	for range 5 {
		began := time.Now()
		if _, err := adsim.New(adsim.Config{Domain: "corp.example.com", Seed: strings.NewReader(seed)}); err != nil {
			t.Fatal(err)
		}
		best = min(best, time.Since(began))
	}
	if best > 50*time.Millisecond {
		t.Errorf("New took %v, want less than 50ms", best)
	}
}

func TestServe_listenerThatDies(t *testing.T) {
	s, err := adsim.New(adsim.Config{Domain: "corp.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	if err := s.Serve(t.Context(), ln); !errors.Is(err, net.ErrClosed) {
		t.Errorf("got %v, want net.ErrClosed", err)
	}
	done, cancel := context.WithCancel(t.Context())
	cancel()
	if ln, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	if err := s.Serve(done, ln); err != nil {
		t.Errorf("got %v with a context that is done, want nil", err)
	}
}

func TestServe_leavesNothingBehind(t *testing.T) {
	before := runtime.NumGoroutine()
	t.Run("serve", func(t *testing.T) {
		d := startSeed(t, crowd(50))
		var clients sync.WaitGroup
		for range 20 {
			c := d.admin(t)
			clients.Go(func() {
				for range 10 {
					if _, err := c.Search(ask("(cn=p*)", "1.1")); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		clients.Wait()
		d.raw(t) // connected, and silent
		if got := d.Stats(); got.Searches != 200 || got.Binds != 20 {
			t.Errorf("got %d searches and %d binds, want 200 and 20", got.Searches, got.Binds)
		}
	})
	eventually(t, fmt.Sprintf("at most %d goroutines", before), func() bool { return runtime.NumGoroutine() <= before })
}

// Readers, writers and renamers at a time, under the race detector.
func TestServe_manyAtOnce(t *testing.T) {
	d := startSeed(t, crowd(20))
	var all sync.WaitGroup
	for i := range 6 {
		c := d.admin(t)
		all.Go(func() {
			for j := range 20 {
				var err error
				mine := fmt.Sprintf("CN=own-%d,OU=Crowd,%s", i, base)
				switch j % 5 {
				case 0:
					err = c.Add(newUser(mine))
				case 1:
					err = c.Modify(modify(mine, replace("msIIS-FTPDir", fmt.Sprint(j))))
				case 2:
					err = c.ModifyDN(ldap.NewModifyDNRequest(mine, fmt.Sprintf("CN=own-%d-renamed", i), true, ""))
				case 3:
					err = c.Del(ldap.NewDelRequest(fmt.Sprintf("CN=own-%d-renamed,OU=Crowd,%s", i, base), nil))
				case 4:
					_, err = c.SearchWithPaging(ask("(objectClass=user)", "1.1"), 7)
				}
				if err != nil {
					t.Errorf("client %d, step %d: %v", i, j, err)
					return
				}
			}
		})
	}
	all.Wait()
	if got := names(t, d.admin(t), ask("(cn=own*)")); len(got) != 0 {
		t.Errorf("got %q left over, want nothing", got)
	}
}

func TestServe_idleConnectionIsClosed(t *testing.T) {
	d := start(t, adsim.Config{Seed: strings.NewReader(seed), IdleTimeout: 50 * time.Millisecond})
	if got := d.raw(t).rest(); len(got) != 0 {
		t.Errorf("got %x, want the end", got)
	}
}

// lockedBuffer is a log that may be read while it is written.
type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *lockedBuffer) text() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.String()
}

func TestServe_logsNoPassword(t *testing.T) {
	var log lockedBuffer
	d := start(t, adsim.Config{Seed: strings.NewReader(seed), Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	c := d.admin(t)
	wantCode(t, c.Modify(modify(bobDN, replace("userPassword", "N3w-secret"))), 0)
	wantCode(t, d.dialTLS(t).Bind(aliceDN, "Wr0ng-secret"), ldap.LDAPResultInvalidCredentials)
	got := log.text()
	for _, secret := range []string{"Adm1n!!", "N3w-secret", "Wr0ng-secret"} {
		if strings.Contains(got, secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	for _, want := range []string{"data=52e", `by=CORP\admin`} {
		if !strings.Contains(got, want) {
			t.Errorf("got the log %s, want %s in it", got, want)
		}
	}
}
