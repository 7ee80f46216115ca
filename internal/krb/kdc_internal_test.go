package krb

import (
	"context"
	"net"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

// answering accepts connections and says the same to all of them.
func answering(t *testing.T, says []byte) (address string, asked *atomic.Int32) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	asked = new(atomic.Int32)
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			asked.Add(1)
			var request [64]byte
			_, _ = conn.Read(request[:])
			_, _ = conn.Write(says)
			_ = conn.Close()
		}
	}()
	return ln.Addr().String(), asked
}

// DNS is asked only when the KDCs that are known have failed, and once; it has a
// bounded time, and the KDC that answered is asked first from then on.
func TestAsk_asksDNSLast(t *testing.T) {
	good, asked := answering(t, []byte{0, 0, 0, 2, 0x6b, 0})
	bad, failed := answering(t, nil)
	silent := func(ctx context.Context) []string { <-ctx.Done(); return nil }
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()

	kdcs := &kdcList{known: []string{good}, more: silent}
	begin := time.Now()
	if _, err := kdcs.ask(ctx, []byte{1}); err != nil || time.Since(begin) > 3*time.Second/2 {
		t.Errorf("a known KDC waits for DNS: %v after %v", err, time.Since(begin))
	}

	questions := 0
	kdcs = &kdcList{known: []string{bad}, more: func(ctx context.Context) []string {
		if _, ok := ctx.Deadline(); !ok {
			t.Error("DNS has no deadline")
		}
		questions++
		return []string{bad, good}
	}}
	for range 2 {
		if reply, err := kdcs.ask(ctx, []byte{1}); err != nil || len(reply) != 2 {
			t.Errorf("got % x, %v", reply, err)
		}
	}
	if want := []string{good, bad}; questions != 1 || failed.Load() != 1 || asked.Load() != 3 || !slices.Equal(kdcs.known, want) {
		t.Errorf("%d questions, the failing KDC asked %d times, the good one %d times, then %v", questions, failed.Load(), asked.Load(), kdcs.known)
	}
	if _, err := (&kdcList{known: []string{bad}, more: silent}).ask(ctx, []byte{1}); err == nil || ctx.Err() != nil {
		t.Errorf("a silent name server: %v, %v", err, ctx.Err())
	}
}

// Who has won a race, and who is left to ask if the winner does not answer.
func TestConnect(t *testing.T) {
	good, _ := answering(t, nil)
	other, _ := answering(t, nil)
	dead := "127.0.0.1:1"
	won := connect(t.Context(), []string{dead, good, other})
	if won.conn == nil || won.address != good || len(won.failures) != 1 || !slices.Equal(won.rest, []string{other}) {
		t.Fatalf("got %+v", won)
	}
	_ = won.conn.Close()
	if won = connect(t.Context(), []string{dead, dead}); won.conn != nil || len(won.failures) != 2 || len(won.rest) != 0 {
		t.Errorf("got %+v", won)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if won = connect(ctx, []string{good}); won.conn != nil || len(won.failures) != 1 {
		t.Errorf("after the end: %+v", won)
	}
}
