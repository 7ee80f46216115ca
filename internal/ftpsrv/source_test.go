package ftpsrv

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"testing/iotest"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// The chunks are state machines between two time-outs, so they are tested inside.

// choppy is a connection that takes three octets a call and then times out.
type choppy struct {
	net.Conn
	got bytes.Buffer
}

func (c *choppy) Write(p []byte) (int, error) {
	n, _ := c.got.Write(p[:min(3, len(p))])
	if n < len(p) {
		return n, os.ErrDeadlineExceeded
	}
	return n, nil
}

// drain repeats a chunk through its time-outs.
func drain(next chunk) (total int64, err error) {
	for {
		n, err := next()
		if total += n; err != nil && !late(err) {
			return total, err
		}
	}
}

func TestOutgoing_losesNothingInATimeOut(t *testing.T) {
	const text = "what a time-out leaves unsent goes out first the next time"
	for name, src := range map[string]io.Reader{
		"whole": bytes.NewBufferString(text), "octet by octet": iotest.OneByteReader(bytes.NewBufferString(text)),
		"end with data": iotest.DataErrReader(bytes.NewBufferString(text)),
	} {
		dc := &choppy{}
		n, err := drain(outgoing(dc.Write, fromReader(src, make([]byte, 16))))
		if !errors.Is(err, io.EOF) || n != int64(len(text)) || dc.got.String() != text {
			t.Errorf("%s: sent %q, %d octets, %v", name, dc.got.String(), n, err)
		}
	}
}

func TestOutgoing_storageFails(t *testing.T) {
	src := io.MultiReader(bytes.NewBufferString("some"), iotest.ErrReader(winerr.SemTimeout))
	dc := &choppy{}
	_, err := drain(outgoing(dc.Write, fromReader(src, make([]byte, 16))))
	var f *fault
	if blamed := blame(err); errors.As(blamed, &f) || winerr.Of(blamed) != winerr.SemTimeout || dc.got.String() != "some" {
		t.Errorf("sent %q, blamed %v for a failing storage", dc.got.String(), blamed)
	}
}

// A time-out inside the storage is not the client's silence.
func TestLate_tellsTheStorageApart(t *testing.T) {
	if late(&storageError{os.ErrDeadlineExceeded}) || !late(os.ErrDeadlineExceeded) {
		t.Error("a time-out is laid at the wrong door")
	}
}

// piece is a connection that gives one text and then an error.
type piece struct {
	net.Conn
	text string
	err  error
}

func (p *piece) Read(b []byte) (int, error) {
	n := copy(b, p.text)
	p.text = p.text[n:]
	if n > 0 {
		return n, nil
	}
	return 0, p.err
}

func TestIncoming_knowsWhoFailed(t *testing.T) {
	reset := &net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	noHost := &net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.EHOSTUNREACH)}
	noNet := &net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ENETUNREACH)}
	tests := []struct {
		name   string
		dst    io.Writer
		err    error
		client bool
		win32  winerr.Code
	}{
		{"client resets", io.Discard, reset, true, winerr.NetNameDeleted},
		{"client's host is unreachable", io.Discard, noHost, true, winerr.BadNetPath},
		{"client's network is unreachable", io.Discard, noNet, true, winerr.BadNetPath},
		{"file server is unreachable", refusing{noHost}, io.EOF, false, winerr.BadNetPath},
		{"storage is full", refusing{winerr.DiskFull}, io.EOF, false, winerr.DiskFull},
		{"file server is gone", refusing{winerr.NetNameDeleted}, io.EOF, false, winerr.NetNameDeleted},
	}
	for _, tt := range tests {
		_, err := drain(incoming(tt.dst, (&piece{text: "text", err: tt.err}).Read, make([]byte, 16)))
		err = blame(err)
		var f *fault
		if errors.As(err, &f) != tt.client || f != nil && f.win32 != tt.win32 || f == nil && winerr.Of(err) != tt.win32 {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

type refusing struct{ err error }

func (r refusing) Write([]byte) (int, error) { return 0, r.err }

// Every outcome of a transfer has one reply.
func TestTransferred(t *testing.T) {
	tests := []struct {
		name    string
		err     error
		listing bool
		code    int
		win32   winerr.Code
	}{
		{"success", nil, false, 226, winerr.Success},
		{"no connection", &fault{stage: opening, win32: winerr.SemTimeout}, false, 425, winerr.SemTimeout},
		{"abort before it", &fault{stage: opening, win32: winerr.ConnectionAborted, cause: errAborted}, false, 426, winerr.ConnectionAborted},
		{"client drops a file", &fault{stage: moving, win32: winerr.NetNameDeleted}, false, 426, winerr.NetNameDeleted},
		{"client drops a listing", &fault{stage: moving, win32: winerr.NetNameDeleted}, true, 550, winerr.NetNameDeleted},
		{"abort of a listing", &fault{stage: moving, win32: winerr.ConnectionAborted, cause: errAborted}, true, 426, winerr.ConnectionAborted},
		{"storage lost", winerr.NetNameDeleted, false, 451, winerr.NetNameDeleted},
		{"disk full", winerr.DiskFull, false, 452, winerr.DiskFull},
		{"quota", winerr.QuotaExceeded, false, 552, winerr.QuotaExceeded},
		{"unknown", errors.New("x"), false, 451, winerr.GenFailure},
		{"abort failed too", errors.Join(&fault{stage: moving, win32: winerr.SemTimeout}, winerr.AccessDenied), false, 426, winerr.SemTimeout},
	}
	for _, tt := range tests {
		got := transferred(tt.err, tt.listing)
		if got.reply.Code != tt.code || got.win32 != tt.win32 {
			t.Errorf("%s: got %d, Win32 %d, want %d, %d", tt.name, got.reply.Code, got.win32, tt.code, tt.win32)
		}
	}
}
