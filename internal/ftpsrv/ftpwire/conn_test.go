package ftpwire_test

import (
	"errors"
	"io"
	"net"
	"runtime"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

func pair(t *testing.T) (server *ftpwire.Conn, client *net.TCPConn) {
	t.Helper()
	return pairFor(t, 200*time.Millisecond)
}

// pairFor is a pair whose server waits so long for a reply to be taken.
func pairFor(t *testing.T, writeTimeout time.Duration) (server *ftpwire.Conn, client *net.TCPConn) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	nc, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nc.Close() })
	sc, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sc.Close() })
	return ftpwire.NewConn(sc, 4096, writeTimeout), nc.(*net.TCPConn)
}

func TestConn_roundTrip(t *testing.T) {
	server, client := pair(t)
	if _, err := client.Write([]byte("SYST\r\n")); err != nil {
		t.Fatal(err)
	}
	cmd, err := server.ReadCommand()
	if err != nil || cmd.Verb != "SYST" {
		t.Fatalf("got %v, %v", cmd, err)
	}
	n, err := server.WriteReply(ftpwire.NewReply(215, "Windows_NT"))
	if err != nil || n != 16 {
		t.Fatalf("wrote %d octets, %v; want 16", n, err)
	}
	buf := make([]byte, 16)
	if _, err := io.ReadFull(client, buf); err != nil || string(buf) != "215 Windows_NT\r\n" {
		t.Errorf("got %q, %v", buf, err)
	}
}

// Unread commands must not turn the close into a reset that takes the last
// reply back.
func TestConn_closeDeliversTheLastReply(t *testing.T) {
	server, client := pair(t)
	if _, err := client.Write([]byte("QUIT\r\nNOOP\r\nNOOP\r\n")); err != nil {
		t.Fatal(err)
	}
	if _, err := server.ReadCommand(); err != nil {
		t.Fatal(err)
	}
	if _, err := server.WriteReply(ftpwire.NewReply(221, "Goodbye.")); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- server.Close() }()
	got, err := io.ReadAll(client)
	if err != nil || string(got) != "221 Goodbye.\r\n" {
		t.Errorf("got %q, %v", got, err)
	}
	client.Close()
	if err := <-done; err != nil {
		t.Errorf("close: %v", err)
	}
}

func TestConn_interruptEndsARead(t *testing.T) {
	server, _ := pair(t)
	done := make(chan error, 1)
	go func() {
		_, err := server.ReadCommand()
		done <- err
	}()
	server.Interrupt()
	if err := <-done; !errors.Is(err, net.ErrClosed) {
		t.Errorf("got %v, want %v", err, net.ErrClosed)
	}
}

func TestConn_writeHasADeadline(t *testing.T) {
	server, client := pair(t)
	if err := client.SetReadBuffer(4096); err != nil {
		t.Fatal(err)
	}
	big := ftpwire.NewReply(214, string(make([]byte, 1<<20)))
	start := time.Now()
	var err error
	for range 64 {
		if _, err = server.WriteReply(big); err != nil {
			break
		}
	}
	var netErr net.Error
	if !errors.As(err, &netErr) || !netErr.Timeout() {
		t.Errorf("got %v, want a time-out", err)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("the client held the server for %v", took)
	}
}

// Who ends the session wakes a writer, and does not leave the next one its full time.
func TestConn_hurryWakesAWriter(t *testing.T) {
	server, client := pairFor(t, time.Minute)
	if err := client.SetReadBuffer(4096); err != nil {
		t.Fatal(err)
	}
	big := ftpwire.NewReply(214, string(make([]byte, 16<<20)))
	done := make(chan error, 2)
	go func() {
		for range 2 {
			_, err := server.WriteReply(big)
			done <- err
		}
	}()
	start := time.Now()
	server.Hurry()
	for range 2 {
		var netErr net.Error
		if err := <-done; !errors.As(err, &netErr) || !netErr.Timeout() {
			t.Errorf("got %v, want a time-out", err)
		}
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("the client held the server for %v", took)
	}
}

func TestConn_peerClosed(t *testing.T) {
	server, client := pair(t)
	if server.PeerClosed() {
		t.Error("closed before anything happened")
	}
	if _, err := client.Write([]byte("NOOP\r\n")); err != nil {
		t.Fatal(err)
	}
	if _, err := server.ReadCommand(); err != nil || server.PeerClosed() {
		t.Errorf("closed after a command, %v", err)
	}
	_ = client.Close()
	if _, err := server.ReadCommand(); !errors.Is(err, io.EOF) {
		t.Fatalf("got %v, want the end", err)
	}
	if want := runtime.GOOS != "windows"; server.PeerClosed() != want {
		t.Errorf("after the end: got %v, want %v", !want, want)
	}
}

// All that a client has sent is seen until it has become commands: while it is in the
// system, and behind a line that has been read together with it.
func TestConn_waiting(t *testing.T) {
	server, client := pair(t)
	commands := make(chan string)
	next := make(chan struct{})
	go func() {
		defer close(commands)
		for range next {
			cmd, err := server.ReadCommand()
			if err != nil {
				return
			}
			commands <- cmd.Verb
		}
	}()
	defer close(next)
	if server.Waiting() {
		t.Error("before anything happened")
	}
	if _, err := client.Write([]byte("NOOP\r\nABOR\r\nQU")); err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"NOOP", "ABOR"} {
		next <- struct{}{}
		if got := <-commands; got != verb {
			t.Fatalf("got %q, want %q", got, verb)
		}
		if !server.Waiting() {
			t.Errorf("not behind %s", verb)
		}
	}
	next <- struct{}{} // half a line: nothing can be made of it
	for limit := time.Now().Add(10 * time.Second); server.Waiting(); time.Sleep(time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatal("still, behind half a line")
		}
	}
	_ = client.Close()
}
