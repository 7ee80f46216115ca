package crowds_test

import (
	"bufio"
	"context"
	"net"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab/crowds"
)

// A round trip takes its time, and so do a hundred under way at once.
func TestDelay(t *testing.T) {
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	go func() {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		for lines := bufio.NewScanner(conn); lines.Scan(); {
			_, _ = conn.Write([]byte("echo " + lines.Text() + "\n"))
		}
	}()
	const roundTrip = 50 * time.Millisecond
	begin := time.Now()
	conn, err := new(net.Dialer).DialContext(context.Background(), "tcp", net.JoinHostPort("127.0.0.1", crowds.Delay(t, ln.Addr().String(), roundTrip)))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for range 100 {
		if _, err := conn.Write([]byte("x\n")); err != nil {
			t.Fatal(err)
		}
	}
	lines := bufio.NewScanner(conn)
	for range 100 {
		if !lines.Scan() || lines.Text() != "echo x" {
			t.Fatalf("%q, %v", lines.Text(), lines.Err())
		}
	}
	if took := time.Since(begin); took < 2*roundTrip || took > 20*roundTrip { // one for the connection, one for all lines
		t.Errorf("it took %v", took)
	}
}
