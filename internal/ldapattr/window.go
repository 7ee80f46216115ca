package ldapattr

import (
	"context"
	"errors"
	"sync"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// window is modifies that are sent without waiting for answers.
type window struct {
	jobs     []*job
	brake    *brake
	first    int64         // message identifier of the first
	progress chan struct{} // has something when there is room again, and at the end

	mu       sync.Mutex
	sent     int
	answered int
	partial  []byte // of an answer
	err      error  // why there will be no more answers
	closed   bool   // nothing that comes counts any more
	unfit    error  // an answer that says that the domain controller will not work now
	refusal  bool   // some change was refused
}

// send sends all jobs in order, several in one write, until ctx ends, and waits for
// the answers to what it has sent.
func (w *window) send(ctx context.Context, l *link) error {
	for w.room(ctx) {
		w.mu.Lock()
		var octets []byte
		for w.sent < len(w.jobs) && w.sent-w.answered < inFlight {
			octets = append(octets, modifyMessage(w.first+int64(w.sent), w.jobs[w.sent].request)...)
			w.sent++
		}
		w.mu.Unlock()
		if _, err := l.Write(octets); err != nil {
			w.end(err)
		}
	}
	for w.due() {
		<-w.progress
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	if w.err == nil {
		return w.unfit
	}
	return w.err
}

// room waits until it is worth sending, and says whether there is anything to send.
func (w *window) room(ctx context.Context) bool {
	for {
		w.mu.Lock()
		over := w.sent == len(w.jobs) || w.err != nil || w.brake.stops(w.refusal)
		under := w.sent - w.answered
		w.mu.Unlock()
		switch {
		case over || ctx.Err() != nil:
			return false
		case under <= lowWater:
			return true
		}
		select {
		case <-w.progress:
		case <-ctx.Done():
		}
	}
}

// due says whether answers are missing that may still come.
func (w *window) due() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err == nil && w.answered < w.sent
}

// end says that no more answers will come.
func (w *window) end(err error) {
	w.mu.Lock()
	if w.err == nil {
		w.err = err
	}
	w.mu.Unlock()
	w.tell()
}

func (w *window) tell() {
	select {
	case w.progress <- struct{}{}:
	default: // it has not been noticed yet
	}
}

// take reads answers out of what has arrived. The error says that these are none.
func (w *window) take(octets []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return errOddAnswer
	}
	full := w.sent-w.answered > lowWater
	defer func() {
		// Not for every answer: to wake the sender costs more than to send.
		if left := w.sent - w.answered; left == 0 || full && left <= lowWater {
			w.tell()
		}
	}()
	w.partial = append(w.partial, octets...)
	for {
		size, err := sizeOfPDU(w.partial)
		if err != nil || size == 0 || size > len(w.partial) {
			return err
		}
		if err := w.answer(w.partial[:size]); err != nil {
			return err
		}
		w.partial = w.partial[size:]
		w.answered++
	}
}

// answer notes one answer. They may come in any order, but each only once.
func (w *window) answer(octets []byte) error {
	packet, err := ber.DecodePacketErr(octets)
	if err != nil {
		return err
	}
	if len(packet.Children) == 0 {
		return errOddAnswer
	}
	id, _ := packet.Children[0].Value.(int64)
	place := id - w.first
	if place < 0 || place >= int64(w.sent) || w.jobs[place].answered {
		return errOddAnswer
	}
	_, refused := checkAnswer(packet, id, tagModifyResponse)
	if errors.Is(refused, errOddAnswer) {
		return refused
	}
	j := w.jobs[place]
	j.answered, j.refused = true, refused
	w.refusal = w.refusal || refused != nil
	if isUnfit(refused) {
		w.unfit = refused
	}
	return nil
}

// conclude makes the outcome of a job. It leaves open a conflict, what is to be sent
// again, and what a brake has kept from being sent.
func (w *window) conclude(ctx, run context.Context, place int, err error) {
	j := w.jobs[place]
	j.open = false
	switch {
	case j.answered && j.refused == nil:
		*j.outcome = Outcome{State: Done, Now: j.wanted()}
	case j.answered && j.byDN && !isUnfit(j.refused):
		j.again(err)
	case j.answered && !isConflict(j.refused):
		*j.outcome = Outcome{State: Refused, Err: explain("change", j.user.DN, j.refused)}
	case j.answered:
	case place < w.sent:
		if err == nil {
			err = errNoAnswer
		}
		*j.outcome = Outcome{State: Unknown, Err: unanswered(j.user, noAnswer(run, err))}
	case ctx.Err() != nil:
		j.outcome.Err = explain("change", j.user.DN, noAnswer(ctx, ctx.Err()))
	case err == nil:
		j.open = true
	default:
		j.outcome.Err = &Error{Kind: ErrUnreachable, Op: "change", Object: j.user.DN, Win32: winerr.NoLogonServers, Err: errNotSent}
	}
}
