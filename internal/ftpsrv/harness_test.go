package ftpsrv_test

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/listing"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/memfs"
	"github.com/ftpisoctl/ftpisoctl/internal/w3clog"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

const password = "Wonder1and!"

// site is a running server with one home, which alice owns. It is in memory, unless
// the test says otherwise.
type site struct {
	srv     *ftpsrv.Server
	addr    string
	home    *memfs.FS
	root    storage.FS                  // what tests see of the home
	session func() storage.FS           // another session's view of it
	wrap    func(storage.FS) storage.FS // around the home of each login, for faults
	rights  ftpsrv.Grant                // what the login function withholds
	logins  atomic.Int32                // calls of the login function
	access  buffer
	diag    buffer
	ended   chan error
}

// buffer is what logs are written to.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func newSite(t testing.TB, change func(*ftpsrv.Config)) *site {
	t.Helper()
	s := &site{home: memfs.New(), ended: make(chan error, 1)}
	s.root, s.session = s.home, func() storage.FS { return s.home.Session() }
	log, err := w3clog.NewWriter(&s.access)
	if err != nil {
		t.Fatal(err)
	}
	cfg := ftpsrv.Config{
		Login:     s.login,
		AccessLog: log,
		Log:       slog.New(slog.NewTextHandler(&s.diag, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Listing:   listing.Style{GMT: true},
		Connections: ftpsrv.Connections{
			LoginFailureDelay: -1, DataChannelTimeout: 5 * time.Second,
		},
	}
	if change != nil {
		change(&cfg)
	}
	if s.srv, err = ftpsrv.New(cfg); err != nil {
		t.Fatal(err)
	}
	return s
}

// start serves on a port of its own until the test ends.
func (s *site) start(t testing.TB) {
	t.Helper()
	s.startOn(t, "127.0.0.1")
}

func (s *site) startOn(t testing.TB, host string) {
	t.Helper()
	ln, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		t.Fatal(err)
	}
	s.serve(t, ln)
}

func (s *site) serve(t testing.TB, ln net.Listener) {
	s.addr = ln.Addr().String()
	go func() { s.ended <- s.srv.Serve(context.Background(), ln) }()
	t.Cleanup(func() { s.stop(t) })
}

func startSite(t testing.TB, change func(*ftpsrv.Config)) *site {
	t.Helper()
	s := newSite(t, change)
	s.start(t)
	return s
}

// stop shuts the server down and reports a Serve that does not return. It may be
// called again.
func (s *site) stop(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := s.srv.Shutdown(ctx); err != nil {
		t.Errorf("shutdown: %v", err)
	}
	select {
	case err := <-s.ended:
		if err != nil {
			t.Errorf("serve: %v", err)
		}
		s.ended <- nil
	case <-ctx.Done():
		t.Error("Serve does not return")
	}
}

// login knows alice, bob and a user for each way of failing.
func (s *site) login(ctx context.Context, user string, pw secret.Text) (ftpsrv.Grant, error) {
	s.logins.Add(1)
	if _, account, found := strings.Cut(user, "|"); found { // host|user
		user = account
	}
	switch {
	case user == "slow":
		<-ctx.Done()
		return ftpsrv.Grant{}, ctx.Err()
	case user == "panic":
		panic("login gone wrong")
	case user == "anonymous":
		return ftpsrv.Grant{}, &ftpsrv.Refusal{Win32: winerr.AccessDenied, SubStatus: 33}
	case user == "carol":
		return ftpsrv.Grant{}, &ftpsrv.Refusal{Win32: winerr.AccountDisabled, SubStatus: 41}
	case user == "dave" && pw.Reveal() == password:
		return ftpsrv.Grant{}, &ftpsrv.Refusal{Win32: winerr.PathNotFound, SubStatus: 33, Home: true}
	case user == "bob" && pw.Reveal() == password:
		return ftpsrv.Grant{Root: s.session(), Name: `CORP\bob`, User: "bob's objectGUID"}, nil
	case (user == "alice" || user == `CORP\alice`) && pw.Reveal() == password:
		root := s.session()
		if s.wrap != nil {
			root = s.wrap(root)
		}
		grant := s.rights
		grant.Root, grant.Name, grant.User = root, `CORP\alice`, "alice's objectGUID"
		return grant, nil
	}
	return ftpsrv.Grant{}, &ftpsrv.Refusal{Win32: winerr.LogonFailure, SubStatus: 41}
}

// put places a file, and the directories above it, in the home.
func (s *site) put(t testing.TB, name string, data []byte) {
	t.Helper()
	ctx := context.Background()
	for i, c := range name {
		if c == '/' && i > 0 {
			_ = s.root.Mkdir(ctx, name[:i])
		}
	}
	if name[len(name)-1] == '/' {
		return
	}
	up, err := s.root.Create(ctx, name, storage.Replace, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := up.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := up.Commit(); err != nil {
		t.Fatal(err)
	}
}

// get returns what a file of the home holds.
func (s *site) get(name string) (string, error) {
	f, err := s.root.Open(context.Background(), name, 0)
	if err != nil {
		return "", err
	}
	defer f.Close()
	var b bytes.Buffer
	_, err = b.ReadFrom(f)
	return b.String(), err
}

// eventually polls for something that another goroutine is about to do.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}
