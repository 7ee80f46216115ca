package dtp_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/dtp"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Row 1.4: Release does not wait for the client, though much is under way to it.
func TestRelease_returnsBeforeTheCloseEnds(t *testing.T) {
	c, rec := open(t)
	server, client := passive(t, c)
	sent := fill(t, server)
	c.Release() // would block here for ever if it waited: nobody reads yet
	rec.want(t, "opened 0 0", "closed 0 0")
	got, err := io.Copy(io.Discard, client)
	if got != sent || err != nil {
		t.Errorf("client got %d bytes, %v, want %d", got, err, sent)
	}
}

// fill writes until the buffers between server and client are full.
func fill(t *testing.T, server *net.TCPConn) (sent int64) {
	t.Helper()
	block := bytes.Repeat([]byte("x"), 64<<10)
	for {
		server.SetWriteDeadline(time.Now().Add(50 * time.Millisecond))
		n, err := server.Write(block)
		sent += int64(n)
		if err != nil {
			return sent
		}
	}
}

// A client slower than the wait for its FIN still gets every byte: what was
// answered with 226 must arrive.
func TestRelease_slowClientLosesNothing(t *testing.T) {
	c, _ := open(t)
	c.SetCloseWait(20 * time.Millisecond)
	server, client := passive(t, c)
	sent := fill(t, server)
	c.Release()
	listened := make(chan error)
	go func() { // a successor must not cut it off either
		_, err := c.Listen(context.Background())
		listened <- err
	}()
	var got int64
	buf := make([]byte, 256<<10)
	for {
		n, err := client.Read(buf)
		got += int64(n)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("after %d of %d bytes: %v", got, sent, err)
		}
		time.Sleep(time.Millisecond) // the slowness that is tested
	}
	if got != sent {
		t.Errorf("client got %d bytes, want %d", got, sent)
	}
	client.Close()
	if err := <-listened; err != nil {
		t.Errorf("Listen after the close: %v", err)
	}
}

// Row 1.7: PASV waits until the client has closed the earlier connection.
func TestListen_waitsForTheClientsClose(t *testing.T) {
	c, rec := open(t)
	c.SetCloseWait(patience)
	_, client := passive(t, c)
	c.Release()
	listened := make(chan error)
	go func() {
		_, err := c.Listen(context.Background())
		listened <- err
	}()
	if _, err := client.Read(make([]byte, 1)); err != io.EOF {
		t.Fatalf("client reads %v, want EOF", err)
	}
	select {
	case err := <-listened:
		t.Fatalf("Listen returned %v while the earlier connection is open", err)
	case <-time.After(50 * time.Millisecond):
	}
	client.Close()
	if err := <-listened; err != nil {
		t.Errorf("Listen: %v", err)
	}
	rec.want(t, "opened 0 0", "closed 0 0")
}

// … and after 2 s (here less) the earlier connection is reset.
func TestListen_resetsWhoDoesNotClose(t *testing.T) {
	c, _ := open(t)
	c.SetCloseWait(50 * time.Millisecond)
	server, client := passive(t, c)
	if _, err := server.Write([]byte("all")); err != nil {
		t.Fatal(err)
	}
	c.Release()
	join(t, listen(t, c), nil)
	acquire(t, c)
	if got, err := io.ReadAll(client); string(got) != "all" || err != nil {
		t.Errorf("client got %q, %v, want all that was sent", got, err)
	}
	eventually(t, "reset", func() bool {
		_, err := client.Write([]byte("x"))
		return err != nil
	})
}

// A client that keeps its side open for longer than that, before PASV comes, has an
// open connection still, which is reset before PASV is answered.
func TestListen_resetsWhoDoesNotCloseForLong(t *testing.T) {
	c, _ := open(t)
	c.SetCloseWait(30 * time.Millisecond)
	_, client := passive(t, c)
	c.Release()
	if _, err := client.Read(make([]byte, 1)); err != io.EOF {
		t.Fatalf("client reads %v, want EOF", err)
	}
	for range 10 {
		<-time.After(30 * time.Millisecond)
		if _, err := client.Write([]byte("x")); err != nil {
			t.Fatalf("nobody waits, and the connection is gone: %v", err)
		}
	}
	listen(t, c)
	eventually(t, "reset", func() bool {
		_, err := client.Write([]byte("x"))
		return err != nil
	})
}

// The two seconds count from the last octet's delivery: a client that took long for
// the data has as much time to close as any other.
func TestListen_countsFromTheDelivery(t *testing.T) {
	const wait = time.Second
	c, _ := open(t)
	c.SetCloseWait(wait)
	server, client := passive(t, c)
	sent := fill(t, server)
	c.Release()
	listened := make(chan error)
	go func() {
		_, err := c.Listen(context.Background())
		listened <- err
	}()
	<-time.After(wait + wait/5)
	if got, err := io.Copy(io.Discard, client); got != sent || err != nil {
		t.Fatalf("client got %d bytes, %v, want %d", got, err, sent)
	}
	<-time.After(wait / 3)
	if _, err := client.Write([]byte("x")); err != nil {
		t.Errorf("%v after the delivery: %v", wait/3, err)
	}
	client.Close()
	if err := <-listened; err != nil {
		t.Errorf("Listen: %v", err)
	}
}

// Nobody waits: after Timeout the system has the connection, and nothing is left here.
func TestRelease_endsWithoutASuccessor(t *testing.T) {
	c, _ := open(t, func(cfg *dtp.Config) { cfg.Timeout = 50 * time.Millisecond })
	_, client := passive(t, c)
	c.Release()
	eventually(t, "goroutine ends", func() bool { return !bytes.Contains(stacks(), []byte("dtp.(*link)")) })
	if _, err := client.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("client reads %v, want EOF", err)
	}
}

func TestListen_beyondTimeout(t *testing.T) {
	c, _ := open(t, func(cfg *dtp.Config) { cfg.Timeout = 30 * time.Millisecond })
	c.SetCloseWait(patience)
	_, client := passive(t, c)
	c.Release()
	_, err := c.Listen(t.Context())
	if !errors.Is(err, dtp.ErrBusy) || winerr.Of(err) != winerr.SemTimeout {
		t.Errorf("Listen: %v, want ErrBusy with 121", err)
	}
	client.Close()
	eventually(t, "the session goes on", func() bool {
		_, err := c.Listen(t.Context())
		return err == nil
	})
}

func TestListen_cancelled(t *testing.T) {
	c, _ := open(t)
	c.SetCloseWait(patience)
	passive(t, c)
	c.Release()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Listen(ctx); !errors.Is(err, dtp.ErrBusy) || !errors.Is(err, context.Canceled) {
		t.Errorf("Listen: %v, want ErrBusy and cancelled", err)
	}
}

func TestListen_waitsForTheTransferInUse(t *testing.T) {
	c, _ := open(t)
	_, client := passive(t, c)
	listened := make(chan error)
	go func() {
		_, err := c.Listen(context.Background())
		listened <- err
	}()
	select {
	case err := <-listened:
		t.Fatalf("Listen returned %v during a transfer", err)
	case <-time.After(20 * time.Millisecond):
	}
	c.Release()
	client.Close()
	if err := <-listened; err != nil {
		t.Errorf("Listen: %v", err)
	}
}

// PASV, connect, RETR of a missing file, PASV: the connection was never used.
func TestListen_closesAConnectionThatWasNotUsed(t *testing.T) {
	c, rec := open(t)
	client := join(t, listen(t, c), nil)
	if !c.Established() {
		t.Fatal("not established")
	}
	go func() {
		_, _ = io.Copy(io.Discard, client)
		client.Close()
	}()
	next := listen(t, c)
	rec.want(t, "opened 0 0", "closed 0 0")
	join(t, next, nil)
	acquire(t, c)
}

func TestAbort_resets(t *testing.T) {
	c, rec := open(t)
	server, client := passive(t, c)
	c.Abort(winerr.OperationAborted, 20)
	wantReset(t, client)
	if _, err := server.Write([]byte("x")); err == nil {
		t.Error("the connection can still be written to")
	}
	rec.want(t, "opened 0 0", "closed 995 20")
	c.Release()
	c.Abort(winerr.OperationAborted, 20)
	rec.want(t, "opened 0 0", "closed 995 20")
}

func TestAbort_beforeUse(t *testing.T) {
	c, rec := open(t)
	client := join(t, listen(t, c), nil)
	if !c.Established() {
		t.Fatal("not established")
	}
	c.Abort(winerr.NetNameDeleted, 23)
	wantReset(t, client)
	rec.want(t, "opened 0 0", "closed 64 23")
	if c.Armed() || c.Established() {
		t.Error("armed after Abort")
	}
}

// A client that goes on sending into a finished transfer is cut off.
func TestRelease_boundsWhatItDrains(t *testing.T) {
	c, _ := open(t)
	c.SetDrain(64 << 10)
	_, client := passive(t, c)
	c.Release()
	block := make([]byte, 64<<10)
	for sent := 0; sent <= 64<<20; {
		n, err := client.Write(block)
		sent += n
		if err == nil {
			continue
		}
		if !isReset(err) && !errors.Is(err, syscall.EPIPE) {
			t.Errorf("after %d bytes: %v, want a reset", sent, err)
		}
		return
	}
	t.Error("was not cut off")
}

// QUIT right after 226: Close does not wait for the client, and loses nothing.
func TestClose_deliversWhatWasReleased(t *testing.T) {
	c, _ := open(t)
	server, client := passive(t, c)
	sent := fill(t, server)
	c.Release()
	c.Close()
	if got, err := io.Copy(io.Discard, client); got != sent || err != nil {
		t.Errorf("client got %d bytes, %v, want %d", got, err, sent)
	}
}

func TestClose_resetsATransferInUse(t *testing.T) {
	c, rec := open(t)
	_, client := passive(t, c)
	c.Close()
	wantReset(t, client)
	rec.want(t, "opened 0 0", "closed 1236 22")
	c.Close()
	rec.want(t, "opened 0 0", "closed 1236 22")
}

// Close waits also for a connection that failed and that Acquire has told about: its
// port is not back yet.
func TestClose_waitsForAFailedConnection(t *testing.T) {
	ports, err := dtp.NewPorts(0, 0)
	if err != nil {
		t.Fatal(err)
	}
	c := dtp.New(dtp.Config{Ports: ports, Local: loopback, Peer: loopback})
	c.SetLowPort(65535)
	addr := listen(t, c)
	thaw := ports.Freeze()
	knock(t, addr, nil)
	if _, err := c.Acquire(t.Context()); !errors.Is(err, winerr.ConnectionAborted) {
		t.Errorf("Acquire: %v, want 1236", err)
	}
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		c.Close()
	}()
	select {
	case <-closed:
		t.Error("Close has returned, and the port is still taken")
	case <-time.After(50 * time.Millisecond):
	}
	thaw()
	<-closed
	if n := ports.InUse(); n != 0 {
		t.Errorf("%d ports are still taken after Close", n)
	}
}

// Everything at once, for the race detector: whatever order the calls take, an
// Opened has its Closed and nothing is left.
func TestChannel_concurrentCalls(t *testing.T) {
	for range 50 {
		c, rec := open(t)
		addr := listen(t, c)
		done := make(chan struct{}, 4)
		for _, f := range []func(){
			func() {
				if conn, err := net.Dial("tcp", addr.String()); err == nil {
					conn.Close()
				}
			},
			func() {
				if _, err := c.Acquire(context.Background()); err == nil {
					c.Release()
				}
			},
			func() { c.Established() },
			func() { c.Abort(winerr.OperationAborted, 20) },
		} {
			go func() { f(); done <- struct{}{} }()
		}
		for range 4 {
			<-done
		}
		c.Close()
		if rows := rec.rows(); len(rows)%2 != 0 {
			t.Fatalf("events %q are not in pairs", rows)
		}
	}
}
