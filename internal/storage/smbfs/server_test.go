package smbfs_test

import (
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs/smbtest"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// serve runs a server of one connection and returns the way to it.
func serve(t *testing.T, talk func(net.Conn)) smbfs.Target {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		talk(conn)
	}()
	t.Cleanup(func() {
		_ = ln.Close()
		<-done
	})
	return smbfs.Target{Address: ln.Addr().String(), Host: "fs.example.com", Share: "s", Timeout: 20 * time.Second}
}

// briefly is serve for a client that does not wait long.
func briefly(t *testing.T, talk func(net.Conn)) smbfs.Target {
	t.Helper()
	target := serve(t, talk)
	target.Timeout = 300 * time.Millisecond
	return target
}

func login() smbfs.Login {
	return smbfs.Login{Domain: smbtest.Domain, User: smbtest.User, Password: secret.New(smbtest.Password), AllowNTLM: true}
}

// answer reads one request and sends a message with its command and id, as a
// server would.
func answer(conn net.Conn, status uint32, body []byte) error {
	frame := make([]byte, 4)
	if _, err := io.ReadFull(conn, frame); err != nil {
		return err
	}
	request := make([]byte, binary.BigEndian.Uint32(frame))
	if _, err := io.ReadFull(conn, request); err != nil {
		return err
	}
	const headerSize, creditsAt, flagsAt = 64, 14, 16
	message := append(make([]byte, headerSize), body...)
	copy(message, request[:headerSize])
	binary.LittleEndian.PutUint32(message[8:], status)
	binary.LittleEndian.PutUint16(message[creditsAt:], 16)
	binary.LittleEndian.PutUint32(message[flagsAt:], 1) // from the server
	message[40] = 7                                     // a session id
	_, err := conn.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(message))), message...))
	return err
}

func TestDial_hostileServers(t *testing.T) {
	hang := func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }
	send := func(text string) func(net.Conn) {
		return func(conn net.Conn) {
			_, _ = io.WriteString(conn, text)
			hang(conn)
		}
	}
	setup := func(status uint32, body []byte) func(net.Conn) {
		return func(conn net.Conn) {
			if answer(conn, 0, smbtest.Negotiated()) == nil && answer(conn, status, body) == nil {
				hang(conn)
			}
		}
	}
	for _, tt := range []struct {
		name string
		talk func(net.Conn)
		want winerr.Code
	}{
		{"says nothing", hang, winerr.SemTimeout},
		{"hangs up", func(net.Conn) {}, winerr.NetNameDeleted},
		{"speaks SMB 1", send("\x00\x00\x00\x40\xffSMB" + strings.Repeat("\x00", 60)), winerr.NotSupported},
		{"speaks HTTP", send("HTTP/1.1 400 Bad Request\r\n\r\n" + strings.Repeat("x", 70<<10)), winerr.NotSupported},
		{"sends a short message", send("\x00\x00\x00\x05\xfeSMB\x00"), winerr.NotSupported},
		{"promises much", send("\x00\xff\xff\xff"), winerr.NotSupported},
		{"stops half-way", send("\x00\x00\x01\x00\xfeSMB"), winerr.SemTimeout},
		{"sends rubbish", send("\x00\x00\x00\x40\xfeSMB" + strings.Repeat("\xff", 60)), winerr.GenFailure},
		{"makes a guest of us", setup(0, smbtest.SessionAnswer(1)), winerr.LogonFailure},
		{"makes nobody of us", setup(0, smbtest.SessionAnswer(2)), winerr.LogonFailure},
		{"refuses", setup(0xC000006D, smbtest.ErrorAnswer()), winerr.LogonFailure},
		{"knows the account as disabled", setup(0xC0000072, smbtest.ErrorAnswer()), winerr.AccountDisabled},
		{"wants a new password", setup(0xC0000224, smbtest.ErrorAnswer()), winerr.PasswordMustChange},
		{"says that it is busy, and no more", setup(0x103, smbtest.ErrorAnswer()), winerr.SemTimeout},
		{"sends a broken token", setup(0xC0000016, smbtest.SessionAnswer(0)), winerr.GenFailure},
		{"succeeds without a token", setup(0, smbtest.SessionAnswer(0)), winerr.GenFailure},
	} {
		t.Run(tt.name, func(t *testing.T) {
			begun := time.Now()
			way := serve
			if tt.want == winerr.SemTimeout {
				way = briefly
			}
			home, err := smbfs.Dial(t.Context(), way(t, tt.talk), login(), "alice", storage.Options{})
			if err == nil {
				_ = home.Close()
			}
			if got := winerr.Of(err); got != tt.want {
				t.Errorf("got %v (code %d), want code %d", err, got, tt.want)
			}
			if took := time.Since(begun); took > 10*time.Second {
				t.Errorf("it took %v", took)
			}
			if err != nil && strings.Contains(err.Error(), login().Password.Reveal()) {
				t.Error("the error holds the password")
			}
		})
	}
}

// overhear runs a server that only counts what it gets.
func overhear(t *testing.T) (smbfs.Target, <-chan int) {
	sent := make(chan int, 1)
	return serve(t, func(conn net.Conn) {
		got, _ := io.ReadAll(conn)
		sent <- len(got)
	}), sent
}

func TestDial_refusedBeforeAnyPacket(t *testing.T) {
	for name, l := range map[string]smbfs.Login{
		"no user":      {Password: secret.New("x"), AllowNTLM: true},
		"no password":  {User: "alice", AllowNTLM: true},
		"no mechanism": {User: "alice", Password: secret.New("x")},
	} {
		t.Run(name, func(t *testing.T) {
			target, sent := overhear(t)
			s, err := smbfs.Connect(t.Context(), target)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Login(t.Context(), l); err == nil {
				t.Error("the login succeeded")
			}
			if n := <-sent; n > 0 {
				t.Errorf("%d bytes were sent", n)
			}
		})
	}
}

func TestConnect_nobodyThere(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := ln.Addr().String()
	_ = ln.Close()
	if _, err := smbfs.Connect(t.Context(), smbfs.Target{Address: address}); winerr.Of(err) != winerr.BadNetPath {
		t.Errorf("got %v (code %d)", err, winerr.Of(err))
	}
}

func TestSession_stepsInOrder(t *testing.T) {
	s, err := smbfs.Connect(t.Context(), serve(t, func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Mount(t.Context()); winerr.Of(err) != winerr.InvalidParameter {
		t.Errorf("mount before login: %v", err)
	}
	if _, err := s.Open(t.Context(), "x", storage.Options{}); winerr.Of(err) != winerr.InvalidParameter {
		t.Errorf("open before mount: %v", err)
	}
}

// A KDC that nobody reaches must neither hang the login nor, without leave,
// lead to NTLM.
func TestLogin_withoutAKDC(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead := ln.Addr().String()
	_ = ln.Close()
	target, sent := overhear(t)
	l := login()
	l.AllowNTLM = false
	l.Kerberos = &smbfs.Kerberos{Realm: "corp.example.com", KDCs: []string{dead}}
	_, err = smbfs.Dial(t.Context(), target, l, "alice", storage.Options{})
	if winerr.Of(err) != winerr.NoLogonServers {
		t.Errorf("got %v (code %d)", err, winerr.Of(err))
	}
	if n := <-sent; n > 0 {
		t.Errorf("%d bytes went to the file server", n)
	}
}
