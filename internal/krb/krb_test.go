package krb_test

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/krb"
	"github.com/ftpisoctl/ftpisoctl/internal/krb/krbtest"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

const password = "Gehe1m-svc!!"

const ldapHost, cifsHost = "ldap/localhost", "cifs/fs.example.com"

// client asks the given addresses.
func client(addresses ...string) *krb.Client {
	return &krb.Client{KDCs: func(string) krb.KDCs { return krb.KDCs{Addresses: addresses} }, Timeout: 5 * time.Second}
}

// login asks for both tickets.
func login(ctx context.Context, c *krb.Client, text string) (krb.Ticket, error) {
	granting, err := c.Login(ctx, krb.Principal{Name: krbtest.User, Realm: krbtest.Realm}, krb.Password(secret.New(text)))
	if err != nil {
		return krb.Ticket{}, err
	}
	return granting.Service(ctx, cifsHost)
}

// refused demands an *Error with a code, and no password in it.
func refused(t *testing.T, err error, want winerr.Code) *krb.Error {
	t.Helper()
	var e *krb.Error
	if !errors.As(err, &e) || winerr.Of(err) != want {
		t.Fatalf("got %v (code %d), want code %d", err, winerr.Of(err), want)
	}
	if strings.Contains(err.Error()+e.Hint, password) {
		t.Errorf("the password shows up: %v", err)
	}
	return e
}

func TestLogin(t *testing.T) {
	k := krbtest.New(t, password)
	got, err := login(t.Context(), client(k.Addr), password)
	if err != nil {
		t.Fatal(err)
	}
	open(t, k, got, krbtest.Acceptor{})
	if n := k.Asked.Load(); n != 3 {
		t.Errorf("%d connections, want three: without a proof, with one, for the service", n)
	}
	keys, err := krb.LoadKeytab(k.Keytab(krbtest.AES128))
	if err != nil {
		t.Fatal(err)
	}
	granting, err := client(k.Addr).Login(t.Context(), krb.Principal{Name: krbtest.User, Realm: krbtest.Realm}, keys)
	if err != nil {
		t.Fatal(err)
	}
	k.Refer = true // into the other realm, which has the service
	if got, err = granting.Service(t.Context(), ldapHost); err != nil {
		t.Fatal(err)
	}
	open(t, k, got, krbtest.Acceptor{})
}

// open makes a context with the ticket, and tries every kind of token.
func open(t *testing.T, k *krbtest.KDC, with krb.Ticket, server krbtest.Acceptor) {
	t.Helper()
	server.T, server.Keys = t, k.Service
	i, token, err := with.Initiate()
	if err != nil {
		t.Fatal(err)
	}
	reply, side, err := server.Accept(token)
	if err != nil {
		t.Fatal(err)
	}
	c, err := i.Accept(reply)
	if err != nil {
		t.Fatal(err)
	}
	if string(c.Key()) != string(side.Key.KeyValue) || len(c.Key()) < 16 {
		t.Errorf("the key is % x, the server's % x", c.Key(), side.Key.KeyValue)
	}
	const text = "some text"
	mic, err := c.MIC([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	side.CheckMIC(t, mic, []byte(text))
	sealed, err := c.Seal([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := side.Open(sealed); string(got) != text || err != nil {
		t.Errorf("the server reads %q, %v", got, err)
	}
	if got, err := c.Open(side.Seal([]byte(text)), true); string(got) != text || err != nil {
		t.Errorf("we read %q, %v", got, err)
	}
}

func TestContext_keys(t *testing.T) {
	k := krbtest.New(t, password)
	got, err := login(t.Context(), client(k.Addr), password)
	if err != nil {
		t.Fatal(err)
	}
	open(t, k, got, krbtest.Acceptor{NoSubkey: true})
	i, token, err := got.Initiate()
	if err != nil {
		t.Fatal(err)
	}
	forged := krbtest.Acceptor{T: t, Keys: k.Service, OldStamp: true}
	reply, _, err := forged.Accept(token)
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range [][]byte{reply, nil, {0x60}, reply[:len(reply)-1]} {
		if _, err := i.Accept(token); !errors.Is(err, krb.ErrToken) {
			t.Errorf("a forged token of %d octets: %v", len(token), err)
		}
	}
}

// Every refusal is one Win32 code, and is either about the user, and final, or not.
func TestLogin_refusals(t *testing.T) {
	const user, server, keys = "user", "server", "keys"
	for _, tt := range []struct {
		name   string
		change func(*krbtest.KDC)
		win32  winerr.Code
		code   int32
		about  string
	}{
		{"wrong password", func(*krbtest.KDC) {}, winerr.LogonFailure, 24, user},
		{"wrong password, no proof asked", func(k *krbtest.KDC) { k.NoProof = true }, winerr.LogonFailure, 0, user},
		{"unknown", func(k *krbtest.KDC) { k.Refuse = 6 }, winerr.NoSuchUser, 6, user},
		{"account expired", func(k *krbtest.KDC) { k.Refuse = 1 }, winerr.AccountExpired, 1, user},
		{"policy", func(k *krbtest.KDC) { k.Refuse = 12 }, winerr.AccountRestriction, 12, user},
		{"disabled", func(k *krbtest.KDC) { k.Refuse = 18 }, winerr.AccountDisabled, 18, user},
		{"locked", func(k *krbtest.KDC) { k.Refuse, k.Status = 18, 0xC0000234 }, winerr.AccountLockedOut, 18, user},
		{"wrong hour", func(k *krbtest.KDC) { k.Refuse, k.Status = 18, 0xC000006F }, winerr.InvalidLogonHours, 18, user},
		{"a status of no login", func(k *krbtest.KDC) { k.Refuse, k.Status = 18, 0xC000009A }, winerr.AccountDisabled, 18, user},
		{"expired password", func(k *krbtest.KDC) { k.Refuse = 23 }, winerr.PasswordExpired, 23, user},
		{"first password", func(k *krbtest.KDC) { k.Refuse, k.Status = 23, 0xC0000224 }, winerr.PasswordMustChange, 23, user},
		{"another realm", func(k *krbtest.KDC) { k.Refuse = 68 }, winerr.LogonFailure, 68, user},
		{"a ticket not valid yet", func(k *krbtest.KDC) { k.Refuse = 33 }, winerr.LogonFailure, 33, server},
		{"something new", func(k *krbtest.KDC) { k.Refuse = 28 }, winerr.LogonFailure, 28, user},
		{"no AES", func(k *krbtest.KDC) { k.Refuse = 14 }, winerr.NotSupported, 14, keys},
		{"only RC4", func(k *krbtest.KDC) { k.KeyTypes = []int32{krbtest.RC4} }, winerr.NotSupported, 0, keys},
		{"unknown service", func(k *krbtest.KDC) { k.Refuse = 7 }, winerr.WrongTargetName, 7, server},
		{"disabled service", func(k *krbtest.KDC) { k.Refuse = 19 }, winerr.WrongTargetName, 19, server},
		{"service of another name", func(k *krbtest.KDC) { k.Refuse = 41 }, winerr.WrongTargetName, 41, server},
		{"clock", func(k *krbtest.KDC) { k.Refuse, k.Ahead = 37, time.Hour }, winerr.TimeSkew, 37, server},
		{"out of service", func(k *krbtest.KDC) { k.Refuse = 29 }, winerr.NoLogonServers, 29, server},
		{"generic", func(k *krbtest.KDC) { k.Refuse = 60 }, winerr.NoLogonServers, 60, server},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := krbtest.New(t, "another password")
			tt.change(k)
			_, err := login(t.Context(), client(k.Addr), password)
			e := refused(t, err, tt.win32)
			if e.Code != tt.code || e.Refused() != (tt.about == user) || e.Elsewhere() != (tt.about == server) {
				t.Errorf("code %d, refused %v, elsewhere %v; want %d and %s", e.Code, e.Refused(), e.Elsewhere(), tt.code, tt.about)
			}
		})
	}
	k := krbtest.New(t, password)
	k.Ahead = time.Hour // unsaid
	_, err := login(t.Context(), client(k.Addr), password)
	if e := refused(t, err, winerr.TimeSkew); !strings.Contains(e.Hint, "difference of") {
		t.Errorf("hint %q", e.Hint)
	}
}

// What a stranger answers costs neither memory nor time, and no key.
func TestLogin_forgedAnswers(t *testing.T) {
	for name, reply := range map[string][]byte{
		"huge":            append(binary.BigEndian.AppendUint32(nil, 1<<32-1), 0x6b),
		"empty":           {0, 0, 0, 0},
		"half a length":   {0, 0},
		"nonsense":        {0, 0, 0, 3, 1, 2, 3},
		"a broken error":  {0, 0, 0, 3, 0x7e, 1, 1},
		"an empty answer": {0, 0, 0, 2, 0x6b, 0},
	} {
		t.Run(name, func(t *testing.T) {
			k := krbtest.New(t, password)
			k.Reply = reply
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := login(t.Context(), client(k.Addr), password)
			runtime.ReadMemStats(&after)
			if e := refused(t, err, winerr.NoLogonServers); e.Refused() {
				t.Errorf("it passes for the KDC's word: %v", err)
			}
			if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 4<<20 {
				t.Errorf("%d octets were allocated", allocated)
			}
		})
	}
	for _, parameters := range [][]byte{{0, 0, 0, 0}, {0, 0, 0, 1}, {0, 0, 0x0f, 0xff}, {0, 0x10, 0, 1}, {0x80, 0, 0, 0}, {0x10}} {
		k := krbtest.New(t, password)
		k.S2KParams = parameters
		_, err := login(t.Context(), client(k.Addr), password)
		if refused(t, err, winerr.NoLogonServers); k.Stamps.Load() != 0 {
			t.Errorf("% x: something was sent under that key", parameters)
		}
	}
}

// One KDC after the other, whatever the first ones do.
func TestLogin_passesOverSickKDCs(t *testing.T) {
	good, hung, broken := krbtest.New(t, password), krbtest.New(t, password), krbtest.New(t, password)
	hung.Silent = true
	broken.Refuse = 29
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead := ln.Addr().String()
	_ = ln.Close()
	c := client(dead, broken.Addr, hung.Addr, good.Addr)
	c.Timeout = 8 * time.Second // half of it is for the silent one
	begin := time.Now()
	if _, err := login(t.Context(), c, password); err != nil {
		t.Error(err)
	}
	if took := time.Since(begin); took > c.Timeout {
		t.Errorf("it took %v", took)
	}
	if b, h, g := broken.Asked.Load(), hung.Asked.Load(), good.Asked.Load(); b == 0 || h == 0 || g == 0 {
		t.Errorf("asked %d, %d and %d times: the test proves nothing", b, h, g)
	}
}

// A caller who gives up is obeyed at once, and nothing goes on.
func TestLogin_endsWithItsContext(t *testing.T) {
	k := krbtest.New(t, password)
	k.Silent = true
	ctx, cancel := context.WithCancelCause(t.Context())
	before := runtime.NumGoroutine()
	gone := errors.New("the client has hung up")
	defer time.AfterFunc(100*time.Millisecond, func() { cancel(gone) }).Stop()
	begin := time.Now()
	_, err := login(ctx, client(k.Addr), password)
	if !errors.Is(err, gone) || winerr.Of(err) == winerr.NoLogonServers {
		t.Errorf("got %v (code %d)", err, winerr.Of(err))
	}
	if took := time.Since(begin); took > 4*time.Second {
		t.Errorf("it took %v", took)
	}
	for end := time.Now().Add(2 * time.Second); runtime.NumGoroutine() > before && time.Now().Before(end); {
		runtime.Gosched()
	}
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines, then %d", before, after)
	}
	c := client(k.Addr)
	c.Timeout = 100 * time.Millisecond
	_, err = login(t.Context(), c, password)
	refused(t, err, winerr.NoLogonServers) // our own time is over: the KDC does not answer
}
