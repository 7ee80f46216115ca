package smbfs_test

import (
	"context"
	"encoding/asn1"
	"encoding/binary"
	"errors"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ftpisoctl/ftpisoctl/internal/krb/krbtest"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs/smbtest"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// ticketTaker is the file server's side of a session set up with Kerberos.
type ticketTaker struct {
	krbtest.Acceptor
	demandsMIC bool // of the list of mechanisms (RFC 4178, section 5)
	side       *krbtest.Side
}

func (k *ticketTaker) setUp(body []byte) (key []byte, status uint32, answer []byte) {
	at, length := binary.LittleEndian.Uint16(body[12:]), binary.LittleEndian.Uint16(body[14:])
	offer := ber.DecodePacket(body[at-headerSize:][:length])
	if k.side != nil { // NegTokenResp
		list, err := asn1.Marshal([]asn1.ObjectIdentifier{{1, 2, 840, 113554, 1, 2, 2}})
		if err != nil {
			panic(err)
		}
		k.side.CheckMIC(k.T, part(offer.Children[0], 3), list)
		k.side = nil
		return nil, 0, smbtest.SessionAnswer(0)
	}
	reply, side, err := k.Accept(part(offer.Children[1].Children[0], 2))
	if err != nil {
		k.T.Error(err)
		return nil, 0xC000006D, smbtest.ErrorAnswer()
	}
	state := asn1.Enumerated(0)
	if k.demandsMIC {
		k.side, status, state = side, moreToProcess, 1
	}
	return side.Key.KeyValue[:16], status, smbtest.NegotiationAnswer(state, asn1.ObjectIdentifier{1, 2, 840, 113554, 1, 2, 2}, reply)
}

// part returns an octet string of a sequence by its tag.
func part(sequence *ber.Packet, tag ber.Tag) []byte {
	for _, child := range sequence.Children {
		if child.Tag == tag {
			return child.Children[0].Data.Bytes()
		}
	}
	return nil
}

// realm is a KDC, a file server that takes its tickets, and a login to it.
type realm struct {
	*krbtest.KDC
	server *smbtest.Server
	taker  *ticketTaker
	target smbfs.Target
	login  smbfs.Login

	talking sync.Mutex // one client at a time
	mu      sync.Mutex
	visits  int // connections to the file server that have ended
	octets  int // received there
}

func newRealm(t *testing.T) *realm {
	t.Helper()
	r := &realm{KDC: krbtest.New(t, login().Password.Reveal()), login: login()}
	r.User = r.login.User
	r.login.AllowNTLM = false
	r.login.Kerberos = &smbfs.Kerberos{Realm: strings.ToLower(krbtest.Realm), KDCs: []string{r.Addr}}
	r.taker = &ticketTaker{Acceptor: krbtest.Acceptor{T: t, Keys: r.Service}}
	r.server = &smbtest.Server{Entries: map[string]smbtest.Entry{"": {Attributes: directory}, "alice": {Attributes: directory}}, Ticket: r.taker.setUp}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			running.Go(func() { r.visit(conn) })
		}
	})
	t.Cleanup(func() { _ = ln.Close(); running.Wait() })
	r.target = smbfs.Target{Address: ln.Addr().String(), Host: "fs.example.com", Share: "s", Timeout: 20 * time.Second}
	return r
}

// counted counts what the file server gets.
type counted struct {
	net.Conn
	realm *realm
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.realm.mu.Lock()
	defer c.realm.mu.Unlock()
	c.realm.octets += n
	return n, err
}

func (r *realm) visit(conn net.Conn) {
	r.talking.Lock()
	defer r.talking.Unlock()
	defer conn.Close()
	r.server.Talk(&counted{conn, r})
	r.mu.Lock()
	defer r.mu.Unlock()
	r.visits++
}

// sent is how many octets the file server has got when so many connections have ended.
func (r *realm) sent(t *testing.T, visits int) int {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); ; runtime.Gosched() {
		r.mu.Lock()
		got, octets := r.visits, r.octets
		r.mu.Unlock()
		if got == visits {
			return octets
		}
		if time.Now().After(end) {
			t.Fatalf("the file server had %d visits, want %d", got, visits)
		}
	}
}

// enter logs in and says by which mechanism.
func (r *realm) enter(ctx context.Context) (string, error) {
	s, err := smbfs.Connect(ctx, r.target)
	if err != nil {
		return "", err
	}
	defer s.Close()
	err = s.Login(ctx, r.login)
	return s.Mechanism(), err
}

func TestDial_withATicket(t *testing.T) {
	for name, change := range map[string]func(*ticketTaker){
		"server's subkey":              func(*ticketTaker) {},
		"client's subkey":              func(k *ticketTaker) { k.NoSubkey = true },
		"mechanisms to be vouched for": func(k *ticketTaker) { k.demandsMIC = true },
		"both":                         func(k *ticketTaker) { k.NoSubkey, k.demandsMIC = true, true },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRealm(t)
			change(r.taker)
			home, err := smbfs.Dial(t.Context(), r.target, r.login, "alice", storage.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer home.Close()
			if info, err := home.Stat(t.Context(), "/"); err != nil || !info.IsDir() {
				t.Errorf("%v, %v", info, err)
			}
			if n := r.Asked.Load(); n != 3 {
				t.Errorf("%d questions to the KDC, want three", n)
			}
		})
	}
}

// A server that cannot read the ticket is not the server.
func TestLogin_impostor(t *testing.T) {
	r := newRealm(t)
	r.taker.OldStamp = true
	if mechanism, err := r.enter(t.Context()); err == nil || mechanism != "" {
		t.Errorf("got %q, %v", mechanism, err)
	}
}

// Each refusal of the KDC is said, and NTLM comes only after those that are not
// about the account or its password.
func TestLogin_refusedByTheKDC(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*realm)
		want   winerr.Code
		ntlm   bool
	}{
		{"wrong password", func(r *realm) { r.login.Password = secret.New("Wonder1and?") }, winerr.LogonFailure, false},
		{"wrong password, no proof asked", func(r *realm) { r.login.Password, r.NoProof = secret.New("Wonder1and?"), true }, winerr.LogonFailure, false},
		{"unknown", func(r *realm) { r.login.User = "nobody" }, winerr.NoSuchUser, false},
		{"disabled", func(r *realm) { r.Refuse = 18 }, winerr.AccountDisabled, false},
		{"locked", func(r *realm) { r.Refuse, r.Status = 18, 0xC0000234 }, winerr.AccountLockedOut, false},
		{"expired password", func(r *realm) { r.Refuse = 23 }, winerr.PasswordExpired, false},
		{"policy", func(r *realm) { r.Refuse = 12 }, winerr.AccountRestriction, false},
		{"clock", func(r *realm) { r.Refuse = 37 }, winerr.TimeSkew, true},
		{"clock, unsaid", func(r *realm) { r.Ahead = time.Hour }, winerr.TimeSkew, true},
		{"no AES", func(r *realm) { r.KeyTypes = []int32{krbtest.RC4} }, winerr.NotSupported, true},
		{"few iterations", func(r *realm) { r.S2KParams = []byte{0, 0, 0, 1} }, winerr.NoLogonServers, true},
		{"iterations for hours", func(r *realm) { r.S2KParams = []byte{0xff, 0, 0, 1} }, winerr.NoLogonServers, true},
		{"out of service", func(r *realm) { r.Refuse = 29 }, winerr.NoLogonServers, true},
		{"unknown server", func(r *realm) { r.target.Host = "alias.example.com" }, winerr.WrongTargetName, true},
		{"a length of 4 GiB", func(r *realm) { r.Reply = []byte{0xff, 0xff, 0xff, 0xff, 0x6b} }, winerr.NoLogonServers, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRealm(t)
			tt.change(r)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := r.enter(t.Context())
			runtime.ReadMemStats(&after)
			if got := winerr.Of(err); got != tt.want {
				t.Errorf("got %v (code %d), want code %d", err, got, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), r.login.Password.Reveal()) {
				t.Errorf("the password shows up: %v", err)
			}
			if n := r.sent(t, 1); n > 0 {
				t.Errorf("%d octets went to the file server", n)
			}
			if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 8<<20 {
				t.Errorf("%d octets were allocated", allocated)
			}
			stamps := r.Stamps.Load()
			r.login.AllowNTLM = true
			mechanism, err := r.enter(t.Context())
			if tt.ntlm != (mechanism == "ntlm") || tt.ntlm != (err == nil) {
				t.Errorf("with NTLM allowed: %q, %v", mechanism, err)
			}
			if n := r.Stamps.Load() - stamps; n > 1 {
				t.Errorf("the password was tried %d times", n)
			}
		})
	}
}

// A server that refuses the ticket may be entered with NTLM.
func TestLogin_ticketRefusedByTheServer(t *testing.T) {
	r := newRealm(t)
	first := true
	r.server.On(func(command smbtest.Command, _ string) (uint32, []byte) {
		if command != smbtest.Setup || !first {
			return 0, nil
		}
		first = false
		return 0xC000006D, smbtest.ErrorAnswer()
	})
	r.login.AllowNTLM = true
	if mechanism, err := r.enter(t.Context()); mechanism != "ntlm" || err != nil {
		t.Errorf("got %q, %v", mechanism, err)
	}
	if n := r.Stamps.Load(); n != 1 {
		t.Errorf("the KDC was asked %d times", n)
	}
}

// KDCs that are gone, or hang, cost a moment and no login.
func TestLogin_passesOverDeadKDCs(t *testing.T) {
	r, hung := newRealm(t), krbtest.New(t, "x")
	hung.Silent = true
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead := ln.Addr().String()
	_ = ln.Close()
	begin := time.Now()
	r.login.Kerberos.KDCs = []string{dead, r.Addr}
	if mechanism, err := r.enter(t.Context()); mechanism != "kerberos" || err != nil {
		t.Errorf("behind a dead one: %q, %v", mechanism, err)
	}
	if took := time.Since(begin); took > r.target.Timeout/2 {
		t.Errorf("behind a dead one it took %v", took)
	}
	r.target.Timeout = 8 * time.Second // half of it is for the silent one
	r.login.Kerberos.KDCs = []string{hung.Addr, r.Addr}
	if mechanism, err := r.enter(t.Context()); mechanism != "kerberos" || err != nil {
		t.Errorf("behind a silent one: %q, %v", mechanism, err)
	}
	if n := hung.Asked.Load(); n != 1 {
		t.Errorf("the silent one was asked %d times in one login", n)
	}
}

// When the client hangs up, the login ends at once, and nothing goes on with its
// password.
func TestLogin_endsWithItsContext(t *testing.T) {
	r := newRealm(t)
	r.Silent, r.login.AllowNTLM = true, true
	ctx, cancel := context.WithCancel(t.Context())
	before := runtime.NumGoroutine()
	defer time.AfterFunc(100*time.Millisecond, cancel).Stop()
	begin := time.Now()
	_, err := r.enter(ctx)
	if !errors.Is(err, context.Canceled) || winerr.Of(err) != winerr.OperationAborted {
		t.Errorf("got %v (code %d)", err, winerr.Of(err))
	}
	if took := time.Since(begin); took > r.target.Timeout/2 {
		t.Errorf("it took %v", took)
	}
	if n := r.sent(t, 1); n > 0 {
		t.Errorf("%d octets went to the file server", n)
	}
	for end := time.Now().Add(2 * time.Second); runtime.NumGoroutine() > before && time.Now().Before(end); {
		runtime.Gosched()
	}
	if after := runtime.NumGoroutine(); after > before {
		stack := make([]byte, 1<<16)
		t.Errorf("%d goroutines, then %d\n%s", before, after, stack[:runtime.Stack(stack, true)])
	}
}
