package ftpsrv

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/netip"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/dtp"
	"github.com/ftpisoctl/ftpisoctl/internal/w3clog"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Pseudo-methods of the access log.
const (
	controlOpened = "ControlChannelOpened"
	controlClosed = "ControlChannelClosed"
	dataOpened    = "DataChannelOpened"
	dataClosed    = "DataChannelClosed"
)

// recorder writes the rows of one session; the owner alone calls it.
type recorder struct {
	out  *w3clog.Writer
	diag *slog.Logger
	row  w3clog.Entry // what all rows share
}

// answer writes the row of a command. A preliminary reply has none: the row of a
// transfer is written at its end, after that of its data connection. Neither has
// a reply that no command asked for.
func (r *recorder) answer(a answer, user string, written int) {
	if a.reply.Preliminary() || a.x.cmd.Octets == 0 {
		return
	}
	e := r.row
	e.User, e.Status, e.Win32, e.SubStatus = user, a.reply.Code, uint32(a.win32), a.substatus
	e.Method, e.Stem = a.x.cmd.Masked()
	e.FullPath = a.x.path
	e.TimeTaken = time.Since(a.x.at)
	// Plain commands count their lines; on the side where a transfer's octets
	// went, these take the place of the line.
	e.BytesSent, e.BytesReceived = int64(written), int64(a.x.cmd.Octets)
	switch {
	case a.octets > 0 && a.upload:
		e.BytesReceived = a.octets
	case a.octets > 0:
		e.BytesSent = a.octets
	}
	r.write(e)
}

// data writes the row of a data connection's event.
func (r *recorder) data(ev dtp.Event, user string) {
	e := r.row
	e.User, e.Win32, e.SubStatus = user, uint32(ev.Win32), ev.SubStatus
	e.Method = dataOpened
	if ev.Kind == dtp.Closed {
		e.Method = dataClosed
	}
	if ev.Local.IsValid() {
		e.Server = netip.AddrPortFrom(e.Server.Addr(), ev.Local.Port())
	}
	if ev.Remote.IsValid() {
		e.Client = ev.Remote
	}
	r.write(e)
}

// control writes the row of the session's begin or end.
func (r *recorder) control(method, user string, win32 winerr.Code, substatus int) {
	e := r.row
	e.Method, e.User, e.Win32, e.SubStatus = method, user, uint32(win32), substatus
	r.write(e)
}

func (r *recorder) write(e w3clog.Entry) {
	if r.out == nil {
		return
	}
	e.Time = time.Now()
	if err := r.out.Write(e); err != nil {
		r.diag.Error("access log", "err", err)
	}
}

// newSessionID returns a random GUID (RFC 9562, version 4).
func newSessionID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
