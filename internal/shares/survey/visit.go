package survey

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/shares/negotiate"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// patience is how long a server may take for its name, and again for its first
// answer. One that drops packets is told from a slow one by then, and 2,000 users
// behind it do not make anybody wait longer than one.
const patience = 10 * time.Second

// Why nobody enters a server with which nothing is wrong. The texts hold for many.
const (
	serverAlone  = "only the file server itself was asked"
	nobodyEnters = "there is no account with a password to enter file servers with"
)

// server is one file server with all places on it, or this machine.
type server struct {
	whose   whose
	places  []*place
	volumes map[string]*volume
	arrived chan arrival // room for all, so that nobody waits for whoever prints
	over    chan struct{}
	// What the visit has found out; to be read when over is closed.
	name      string
	addresses []string
	findings  []Finding
	offer     *negotiate.Offer
	session   string
}

// arrival is a home that has been looked at.
type arrival struct {
	index int
	home  *Home
}

// open makes the server ready for a visit: its places are known, and in order.
func (v *server) open() {
	v.arrived, v.over = make(chan arrival, len(v.places)), make(chan struct{})
	v.name = v.whose.name
	if first := v.places[0]; v.whose.rank == elsewhere {
		v.name = first.way.Volume().Server()
	} else if v.whose.rank == barred {
		v.name = first.barred()
	}
}

// visit looks at all places of a server.
func (s *Survey) visit(ctx context.Context, v *server) {
	defer close(v.over)
	switch v.whose.rank {
	case nowhere:
		for i := range v.places {
			v.settle(i)
		}
	case here:
		newLanes(s, v).local(ctx)
	case barred:
		v.fail(*v.places[0].fault)
	case elsewhere:
		s.visitFileServer(ctx, v)
	}
}

// visitFileServer goes to the server once, and if it lets us in to its homes.
func (s *Survey) visitFileServer(ctx context.Context, v *server) {
	if finding := v.reach(ctx, cmp.Or(s.cfg.Patience, patience)); finding != nil {
		v.fail(*finding)
		return
	}
	switch {
	case s.cfg.Level < Exists:
		v.leave(serverAlone)
		return
	case s.cfg.As.User == "":
		v.leave(nobodyEnters)
		return
	}
	first, err := s.opener.Enter(ctx, v.places[0].location, s.cfg.As)
	if err != nil {
		v.fail(loginFinding(v.name, err))
		return
	}
	v.session = first.Mechanism()
	newLanes(s, v).remote(ctx, first)
}

// reach asks what every visitor of a server needs: its name's address, and an answer
// on port 445.
func (v *server) reach(ctx context.Context, patience time.Duration) *Finding {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	addresses, err := net.DefaultResolver.LookupHost(ctx, v.name)
	if err != nil {
		return &Finding{ID: NoName, Step: "name", Text: "the name does not resolve: " + err.Error(), Err: fmt.Errorf("%w: %w", winerr.BadNetPath, err)}
	}
	v.addresses = addresses
	ctx, cancelProbe := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancelProbe()
	offer, err := negotiate.Probe(ctx, v.places[0].way.Address())
	if err != nil {
		return &Finding{ID: NoAnswer, Step: "connect", Text: "no SMB server answers on port 445: " + err.Error(), Err: err}
	}
	v.offer = &offer
	if offer.SMB1Only {
		return &Finding{ID: OldDialect, Step: "negotiate", Text: "the server speaks SMB 1 only", Err: winerr.NotSupported}
	}
	return nil
}

// loginFinding says why nobody gets in: the account, or the way there.
func loginFinding(server string, err error) Finding {
	if lost(err) {
		return Finding{ID: NoAnswer, Step: "session", Text: err.Error(), Err: err}
	}
	return Finding{ID: Refused, Step: "session", Text: server + " does not take the account: " + err.Error(), Err: err}
}

// lost tells connections that broke or stayed silent from answers.
func lost(err error) bool {
	switch winerr.Of(err) {
	case winerr.NetNameDeleted, winerr.SemTimeout, winerr.ConnectionAborted, winerr.BadNetPath:
		return !errors.Is(err, smbfs.ErrDFS)
	}
	return false
}

// fail is the end of a visit before any home was looked at.
func (v *server) fail(f Finding) {
	v.findings = append(v.findings, f)
	for i := range v.places {
		v.deliver(i, v.notChecked(i, f))
	}
}

// leave is the end of a visit to a server with which nothing is wrong.
func (v *server) leave(reason string) {
	for i := range v.places {
		v.deliver(i, v.notChecked(i, Finding{Text: reason}))
	}
}

// settle delivers a place that has a fault of its own, which nobody needs to look at.
func (v *server) settle(i int) {
	home := v.home(i)
	found(home, *v.places[i].fault)
	v.deliver(i, home)
}

// home begins the record of a place.
func (v *server) home(i int) *Home {
	p := v.places[i]
	h := &Home{Server: v.name, Location: p.location, Users: p.users, State: Passed}
	if p.volume != nil {
		h.Volume = p.way.Volume()
	}
	return h
}

// notChecked is the record of a place that nobody got to, for a reason that its
// server or its share has.
func (v *server) notChecked(i int, f Finding) *Home {
	home := v.home(i)
	home.State, home.Reason, home.Behind, home.Cause = NotChecked, f.Text, true, f.ID
	return home
}

// found adds a finding.
func found(h *Home, f Finding) {
	h.State, h.Findings = Found, append(h.Findings, f)
}

func (v *server) deliver(i int, home *Home) { v.arrived <- arrival{i, home} }

// hand hands the records of the server out, in order.
func (v *server) hand(ctx context.Context, cfg Config, out Sink) error {
	homes := make([]*Home, len(v.places))
	var all, shared Counts
	for i, p := range v.places {
		if err := v.await(ctx, homes, i); err != nil {
			return err
		}
		home := homes[i]
		homes[i] = nil
		all.Add(home)
		if err := out.Home(home); err != nil {
			return err
		}
		if p.volume == nil {
			continue
		}
		shared.Add(home)
		if i+1 < len(v.places) && v.places[i+1].volume == p.volume {
			continue
		}
		if err := out.Share(p.volume.record(v.name, shared, cfg)); err != nil {
			return err
		}
		shared = Counts{}
	}
	return v.close(ctx, all, out)
}

// await takes what arrives until the home with that index is there.
func (v *server) await(ctx context.Context, homes []*Home, i int) error {
	for homes[i] == nil {
		select {
		case a := <-v.arrived:
			homes[a.index] = a.home
		case <-ctx.Done():
		}
		if ctx.Err() != nil { // what arrives now may have been broken off
			return ctx.Err()
		}
	}
	return nil
}

// close hands out the server itself.
func (v *server) close(ctx context.Context, all Counts, out Sink) error {
	select {
	case <-v.over:
	case <-ctx.Done():
	}
	if ctx.Err() != nil || v.whose.rank == nowhere {
		return ctx.Err()
	}
	return out.Server(&Server{Name: v.name, Counts: all, Findings: v.findings, Addresses: v.addresses, Offer: v.offer, Session: v.session})
}
