package smbfs

import (
	"context"
	"io"
	"slices"

	"github.com/cloudsoda/go-smb2"
)

// writeBehind gathers octets and has the server write them meanwhile. One
// goroutine at a time uses it.
type writeBehind struct {
	do     request
	at     int64    // place of what is in hand
	hand   []byte   // octets that wait to be as many; its capacity is the room
	full   bool     // they have been: more will come
	pieces []*piece // under way, in order
	stored int64    // all before it is on the server
	window window
	err    error // the first one; nothing behind it counts
}

func newWriteBehind(do request, at int64, w window) writeBehind {
	return writeBehind{do: do, at: at, stored: at, window: w}
}

// Write takes octets. Its error may be about those of an earlier call.
func (w *writeBehind) Write(p []byte) (n int, err error) {
	for n < len(p) {
		hand, err := w.lend()
		if err != nil {
			return n, err
		}
		m := min(len(p)-n, cap(hand)-len(hand))
		if err := w.giveBack(append(hand, p[n:n+m]...)); err != nil {
			return n, err
		}
		n += m
	}
	return n, w.err
}

// lend gives what is in hand away, with room for more, until giveBack.
func (w *writeBehind) lend() (hand []byte, err error) {
	if w.err != nil {
		return nil, w.err
	}
	hand, w.hand = w.hand, nil
	switch {
	case hand == nil && !w.full:
		hand = room(sip)[:0]
	case hand == nil:
		hand = room(chunk)[:0]
	case len(hand) == sip && cap(hand) == sip:
		hand = append(room(chunk)[:0], hand...)
	}
	return hand, nil
}

// giveBack has what is in hand written when it is full.
func (w *writeBehind) giveBack(hand []byte) error {
	w.hand = hand
	if len(hand) == chunk {
		w.full = true
		w.send()
	}
	return w.err
}

// send has what is in hand written, once the window allows, unless that would
// leave a hole.
func (w *writeBehind) send() {
	for w.err == nil && len(w.pieces) >= w.window.size {
		w.settle()
	}
	if w.err != nil {
		return
	}
	w.pieces = append(w.pieces, begin(w.do, w.hand, w.at))
	w.at += int64(len(w.hand))
	w.hand = nil
}

// settle waits for the oldest request.
func (w *writeBehind) settle() {
	p := w.pieces[0]
	w.pieces = slices.Delete(w.pieces, 0, 1)
	w.window.learn(p.wait(), p.took)
	free(p.octets)
	if w.err != nil {
		return
	}
	w.stored += int64(p.n)
	if w.err = p.err; w.err == nil && p.n < len(p.octets) {
		w.err = io.ErrShortWrite
	}
}

// flush returns when the server has answered for every octet, with the place
// before which none is missing, and the first error.
func (w *writeBehind) flush() (stored int64, err error) {
	if w.err == nil && len(w.hand) > 0 {
		w.send()
	}
	w.drop()
	return w.stored, w.err
}

// drop leaves no request behind, and nothing in hand.
func (w *writeBehind) drop() {
	for len(w.pieces) > 0 {
		w.settle()
	}
	free(w.hand)
	w.hand = nil
}

// arriving is the file on the server in which an upload's octets arrive.
type arriving struct {
	home   *home
	file   *smb2.File
	behind writeBehind
}

func (a *arriving) request(octets []byte, at int64) (n int, err error) {
	err = a.home.call(context.Background(), func(*smb2.Share) (err error) {
		n, err = a.home.link.writeAt(a.file, octets, at)
		return err
	})
	return n, err
}

// trim leaves of what has arrived the part in which nothing is missing.
func (a *arriving) trim() error {
	stored, err := a.behind.flush()
	if err != nil {
		return a.cut(stored)
	}
	return nil
}

func (a *arriving) cut(at int64) error {
	return a.home.call(context.Background(), func(*smb2.Share) error { return a.file.Truncate(at) })
}
