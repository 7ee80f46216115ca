package smbfs

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// The parts of an SMB2 message that wire looks at [MS-SMB2 2.2.1, 2.2.6].
const (
	frameHeader   = 4 // one zero octet and the length, big-endian
	largestSetup  = 128 << 10
	smbHeader     = 64
	statusAt      = 8
	commandAt     = 12
	flagsAt       = 16
	nextAt        = 20
	sessionFlags  = smbHeader + 2
	largestWrite  = smbHeader + 36 // in the answer to NEGOTIATE [MS-SMB2 2.2.4]
	cmdNegotiate  = 0
	cmdSetup      = 1
	guestOrNull   = 3
	flagSigned    = 8
	moreToProcess = 0xC0000016
	statusPending = 0x00000103 // the answer proper follows
)

var magic = []byte("\xfeSMB")

var (
	errDialect = fmt.Errorf("the server does not speak SMB 2 or later: %w", winerr.NotSupported)
	errGuest   = fmt.Errorf("the server took the login for a guest: %w", winerr.LogonFailure)
)

// wire is the connection as the library sees it. While a session is set up it
// reads every message before the library does, for two reasons: the library does
// not sign or verify anything once a server, or somebody in between, has called
// the session a guest's; and it hides the status of a refused first message.
// Afterwards it looks at the beginning of each, for the sake of directs.
type wire struct {
	net.Conn
	lost    func()        // called when nothing more can be read
	ready   atomic.Bool   // the session is set up
	status  atomic.Uint32 // of the last session set-up message
	refused atomic.Pointer[error]
	pending []byte                 // read ahead and looked at
	coming  coming                 // behind it
	header  []byte                 // length of the message that is written next
	sent    atomic.Pointer[string] // the protection of the latest message
	directs directs
}

// coming is what the library has not read yet of the message that it has begun.
type coming struct {
	octets int64
	seen   bool // the beginning has been looked at
}

// Read gives the library what has passed inspection. Only the library's receiver
// calls it.
func (w *wire) Read(p []byte) (int, error) {
	if len(w.pending) == 0 {
		if w.ready.Load() {
			n, err := w.more(p)
			if err != nil {
				w.lost()
			}
			return n, err
		}
		if err := w.inspect(); err != nil {
			w.refused.Store(&err)
			w.lost()
			return 0, err
		}
	}
	n := copy(p, w.pending)
	w.pending = w.pending[n:]
	return n, nil
}

// more reads on. The library asks for a length, and then for the whole message.
func (w *wire) more(p []byte) (n int, err error) {
	if w.coming.octets == 0 {
		if len(p) < frameHeader {
			return 0, io.ErrShortBuffer
		}
		if n, err = io.ReadFull(w.Conn, p[:frameHeader]); err == nil {
			w.coming = coming{octets: int64(binary.BigEndian.Uint32(p))}
		}
		return n, err
	}
	p = p[:min(int64(len(p)), w.coming.octets)]
	if w.coming.seen {
		n, err = w.Conn.Read(p)
	} else if n, err = io.ReadAtLeast(w.Conn, p, min(len(p), answerSize)); err == nil {
		w.coming.seen = true
		w.directs.answered(p[:n])
	}
	w.coming.octets -= int64(n)
	return n, err
}

// inspect reads one message, or only its length if the session has been set up
// while it waited.
func (w *wire) inspect() error {
	frame := make([]byte, frameHeader)
	if _, err := io.ReadFull(w.Conn, frame); err != nil {
		return err
	}
	w.pending = frame
	size := binary.BigEndian.Uint32(frame)
	if w.ready.Load() {
		w.coming = coming{octets: int64(size)}
		return nil
	}
	if size < smbHeader || size > largestSetup {
		return errDialect
	}
	w.pending = append(frame, make([]byte, size)...)
	if _, err := io.ReadFull(w.Conn, w.pending[frameHeader:]); err != nil {
		return err
	}
	return w.check(w.pending[frameHeader:])
}

func (w *wire) check(message []byte) error {
	little := binary.LittleEndian
	switch {
	case !bytes.HasPrefix(message, magic):
		return errDialect
	case little.Uint32(message[nextAt:]) != 0:
		return errors.New("chained messages before the session is set up")
	case little.Uint16(message[commandAt:]) == cmdNegotiate && len(message) >= largestWrite+4:
		w.directs.largest = little.Uint32(message[largestWrite:])
		return nil
	case little.Uint16(message[commandAt:]) != cmdSetup:
		return nil
	}
	status := little.Uint32(message[statusAt:])
	if status == statusPending {
		return nil
	}
	w.status.Store(status)
	if status == 0 && len(message) > sessionFlags && message[sessionFlags]&guestOrNull != 0 {
		return errGuest
	}
	return nil
}

// setupError says why the session could not be set up, if the wire knows better
// than the library.
func (w *wire) setupError(err error) error {
	if refused := w.refused.Load(); refused != nil && !errors.Is(*refused, io.EOF) && !errors.Is(*refused, net.ErrClosed) {
		return *refused
	}
	if status := w.status.Load(); status != 0 && status != moreToProcess {
		return statusError(status)
	}
	return err
}

// Write joins the length and the message, which the library writes one after the
// other, so that they travel in one segment. Only the library's sender calls it.
func (w *wire) Write(p []byte) (int, error) {
	if w.header == nil && len(p) == frameHeader {
		w.header = append(make([]byte, 0, frameHeader), p...)
		return len(p), nil
	}
	w.note(p)
	if d := w.directs.due(p); d != nil {
		w.header = nil
		return w.directs.send(d, p, w.Conn)
	}
	message := net.Buffers{w.header, p}
	w.header = nil
	n, err := message.WriteTo(w.Conn)
	return int(max(n-frameHeader, 0)), err
}

// The kinds of protection that a message can have.
var encrypted, signed, unsigned = "encrypted", "signed", "unsigned"

// note remembers how a message is protected: an encrypted one has a header of its
// own [MS-SMB2 2.2.41].
func (w *wire) note(message []byte) {
	how := &unsigned
	switch {
	case len(message) < smbHeader:
	case string(message[:4]) == "\xfdSMB":
		how = &encrypted
	case message[flagsAt]&flagSigned != 0:
		how = &signed
	}
	w.sent.Store(how)
}

func (w *wire) protection() string {
	if how := w.sent.Load(); how != nil {
		return *how
	}
	return unsigned
}
