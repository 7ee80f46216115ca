package ldapattr_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// newDirs is a change of Dir for each user.
func newDirs(users []ldapattr.User, dir string) []ldapattr.Change {
	changes := make([]ldapattr.Change, len(users))
	for i, u := range users {
		changes[i] = ldapattr.Change{User: u, Update: ldapattr.Update{Dir: &dir}}
	}
	return changes
}

func crowdOf(t testing.TB, f *ldapattr.Forest) []ldapattr.User {
	t.Helper()
	var users []ldapattr.User
	for u, err := range f.Users(t.Context(), ldapattr.Scope{Filter: "(sAMAccountName=u*)"}) {
		if err != nil {
			t.Fatal(err)
		}
		users = append(users, u)
	}
	return users
}

func countStates(outcomes []ldapattr.Outcome) map[ldapattr.State]int {
	count := map[ldapattr.State]int{}
	for _, o := range outcomes {
		count[o.State]++
	}
	return count
}

func TestUpdateAll_changesAll(t *testing.T) {
	s := newSim(t, "corp.example.com", crowd(1500))
	f := openForest(t, s.asAdmin())
	users := crowdOf(t, f)
	for i, o := range f.UpdateAll(t.Context(), newDirs(users, "new")) {
		want := users[i]
		want.Dir = "new"
		if o.State != ldapattr.Done || o.Err != nil || o.Now != want {
			t.Fatalf("%s: %+v", users[i].DN, o)
		}
	}
	for _, u := range crowdOf(t, f) {
		if u.Dir != "new" {
			t.Fatalf("%s has %q", u.DN, u.Dir)
		}
	}
	if n := s.Stats().Modifies; n != len(users) {
		t.Errorf("%d modifies for %d users", n, len(users))
	}
	if len(f.UpdateAll(t.Context(), nil)) != 0 {
		t.Error("no changes have outcomes")
	}
}

// Each change has its own fate, whatever becomes of those around it.
func TestUpdateAll_tellsEachOutcome(t *testing.T) {
	s := newSim(t, "corp.example.com", crowd(10))
	f := openForest(t, s.asAdmin())
	u := crowdOf(t, f)
	next, bad, present := "next", `..\x`, u[1].Dir
	stale := u[2]
	stale.Dir = "stale"
	staleRoot := u[3]
	staleRoot.Root = `\\old\x`
	gone := u[4]
	gone.GUID[0] ^= 1
	foreign := u[5]
	foreign.DNSDomain = "nowhere.example.com"
	movedOn := u[6]
	movedOn.Dir = "stale"
	changes := []ldapattr.Change{
		{User: u[0], Update: ldapattr.Update{Dir: &next}},
		{User: u[1], Update: ldapattr.Update{Dir: &present}}, // nothing to do
		{User: stale, Update: ldapattr.Update{Dir: &next}},
		{User: staleRoot, Update: ldapattr.Update{Dir: &next}},
		{User: gone, Update: ldapattr.Update{Dir: &next}},
		{User: foreign, Update: ldapattr.Update{Dir: &next}},
		{User: movedOn, Update: ldapattr.Update{}}, // nothing to do, but somebody else has
		{User: u[7], Update: ldapattr.Update{Dir: &bad}},
		{User: u[0], Update: ldapattr.Update{Dir: &next}}, // a second time
		{User: stale, Update: ldapattr.Update{Dir: &next, Force: true}},
	}
	changes[9].User.GUID = u[8].GUID
	outcomes := f.UpdateAll(t.Context(), changes)
	want := []struct {
		state ldapattr.State
		kind  error
		now   string // Dir
	}{
		{ldapattr.Done, nil, next}, {ldapattr.Done, nil, present},
		{ldapattr.Refused, ldapattr.ErrConflict, u[2].Dir}, {ldapattr.Refused, ldapattr.ErrConflict, u[3].Dir},
		{ldapattr.Refused, ldapattr.ErrNotFound, ""}, {ldapattr.Refused, ldapattr.ErrUsage, ""},
		{ldapattr.Refused, ldapattr.ErrConflict, u[6].Dir}, {ldapattr.Refused, ldapattr.ErrValue, ""},
		{ldapattr.Refused, ldapattr.ErrUsage, ""}, {ldapattr.Done, nil, next},
	}
	for i, w := range want {
		o := outcomes[i]
		if o.State != w.state || !errors.Is(o.Err, w.kind) || o.Now.Dir != w.now {
			t.Errorf("change %d: %+v\nwant %+v", i, o, w)
		}
		if w.kind == ldapattr.ErrConflict && !strings.Contains(hintOf(o.Err), fmt.Sprintf("%q", w.now)) {
			t.Errorf("change %d: hint %q", i, hintOf(o.Err))
		}
	}
}

func TestUpdateAll_needsRights(t *testing.T) {
	s := newSim(t, "corp.example.com", crowd(200))
	f := openForest(t, s.as("alice@corp.example.com", alicePass))
	for _, o := range f.UpdateAll(t.Context(), newDirs(crowdOf(t, f), "x")) {
		if o.State != ldapattr.Refused || !errors.Is(o.Err, ldapattr.ErrRights) {
			t.Fatalf("%+v", o)
		}
	}
}

// When the context ends nothing more is sent, and what has been sent is not given up.
func TestUpdateAll_endsWithItsContext(t *testing.T) {
	s := newSim(t, "corp.example.com", crowd(1000))
	f := openForest(t, s.asAdmin())
	changes := newDirs(crowdOf(t, f), "x")
	s.SetFaults(adsim.Faults{Delay: 50 * time.Millisecond, Only: adsim.OpModify})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		until(t, "some are on their way", func() bool { return s.Stats().Modifies > 100 })
		cancel()
	}()
	outcomes := f.UpdateAll(ctx, changes)
	count := countStates(outcomes)
	if count[ldapattr.Done] != s.Stats().Modifies || count[ldapattr.Done]+count[ldapattr.NotSent] != len(changes) || count[ldapattr.NotSent] == 0 {
		t.Errorf("%v after %d modifies", count, s.Stats().Modifies)
	}
	agree(t, f, outcomes)
	for _, o := range outcomes {
		if o.State == ldapattr.NotSent && !errors.Is(o.Err, context.Canceled) {
			t.Fatalf("not sent because of %v", o.Err)
		}
	}
	for _, o := range f.UpdateAll(ctx, changes) {
		if o.State != ldapattr.NotSent {
			t.Fatalf("after the end: %+v", o)
		}
	}
}

// agree demands that the directory is as outcomes say.
func agree(t *testing.T, f *ldapattr.Forest, outcomes []ldapattr.Outcome) {
	t.Helper()
	now := crowdOf(t, f)
	for i, o := range outcomes {
		if changed := now[i].Dir == "x"; changed != (o.State == ldapattr.Done) && o.State != ldapattr.Unknown {
			t.Fatalf("%s has %q, the outcome is %+v", now[i].DN, now[i].Dir, o)
		}
	}
}

// Once a refusal has been answered nothing more is sent.
func TestUpdateUntilRefused_stops(t *testing.T) {
	const most = 96 // three times what is in flight: others may be answered before it
	for name, at := range map[string]time.Time{"named by objectGUID": {}, "named by DN": time.Now()} {
		t.Run(name, func(t *testing.T) {
			s := newSim(t, "corp.example.com", crowd(300))
			f := openForest(t, s.asAdmin())
			users := crowdOf(t, f)
			users[100].Dir = "stale"
			changes := readAt(at, newDirs(users, "x"))
			outcomes := f.UpdateUntilRefused(t.Context(), changes)
			agree(t, f, outcomes)
			for i, o := range outcomes {
				switch {
				case i == 100 && (o.State != ldapattr.Refused || !errors.Is(o.Err, ldapattr.ErrConflict)):
					t.Errorf("change %d: %+v", i, o)
				case i < 4 && o.State != ldapattr.Done:
					t.Errorf("change %d: %+v", i, o)
				case i > 100+most && (o.State != ldapattr.NotSent || o.Err != nil):
					t.Errorf("change %d: %+v", i, o)
				}
			}
		})
	}
}

// What is so already is no reason to stop, though the directory refuses it: a plan that
// was broken off is applied again.
func TestUpdateUntilRefused_goesOnWhereNothingIsToBeDone(t *testing.T) {
	f := openForest(t, newSim(t, "corp.example.com", crowd(300)).asAdmin())
	users := crowdOf(t, f)
	for _, o := range f.UpdateAll(t.Context(), newDirs(users[20:200], "x")) {
		if o.State != ldapattr.Done {
			t.Fatalf("%+v", o)
		}
	}
	for i, o := range f.UpdateUntilRefused(t.Context(), newDirs(users, "x")) {
		if done := i < 20 || i >= 200; done != (o.State == ldapattr.Done) || !done && (!errors.Is(o.Err, ldapattr.ErrConflict) || o.Now.Dir != "x") {
			t.Fatalf("change %d: %+v", i, o)
		}
	}
}

// What is refused without asking stops everything before it begins.
func TestUpdateUntilRefused_sendsNothingWhereAValueIsBad(t *testing.T) {
	s := newSim(t, "corp.example.com", crowd(50))
	f := openForest(t, s.asAdmin())
	changes := newDirs(crowdOf(t, f), "x")
	bad := `..\x`
	changes[49].Update.Dir = &bad
	count := countStates(f.UpdateUntilRefused(t.Context(), changes))
	if count[ldapattr.Refused] != 1 || count[ldapattr.NotSent] != 49 || s.Stats().Modifies != 0 {
		t.Errorf("%v, %d modifies", count, s.Stats().Modifies)
	}
}

func TestUpdateAll_waitsForAnswersABoundedTime(t *testing.T) {
	s := newSim(t, "corp.example.com", crowd(100))
	cfg := s.asAdmin()
	cfg.Timeout = 500 * time.Millisecond
	f := openForest(t, cfg)
	changes := newDirs(crowdOf(t, f), "x")
	s.SetFaults(adsim.Faults{Delay: time.Minute, Only: adsim.OpModify})
	ctx, cancel := context.WithCancel(t.Context())
	var begin time.Time
	go func() {
		until(t, "some are on their way", func() bool { return s.Stats().Modifies > 0 })
		begin = time.Now()
		cancel()
	}()
	outcomes := f.UpdateAll(ctx, changes)
	if took := time.Since(begin); took > 3*time.Second {
		t.Errorf("it took %v", took)
	}
	if count := countStates(outcomes); count[ldapattr.Unknown] == 0 || count[ldapattr.Unknown]+count[ldapattr.NotSent] != len(changes) {
		t.Errorf("%v", count)
	}
	for _, o := range outcomes {
		if o.State == ldapattr.Unknown && !strings.Contains(hintOf(o.Err), "not known") {
			t.Fatalf("%+v, hint %q", o, hintOf(o.Err))
		}
	}
}

// A connection that is lost in the middle leaves three kinds: done, unknown, not sent.
// None is sent again.
func TestUpdateAll_saysWhatItDoesNotKnow(t *testing.T) {
	for name, faults := range map[string]adsim.Faults{
		"answers lost": {Lose: true, Only: adsim.OpModify}, "requests lost": {Drop: true, Only: adsim.OpModify},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSim(t, "corp.example.com", crowd(1000))
			f := openForest(t, s.asAdmin())
			changes := newDirs(crowdOf(t, f), "x")
			s.SetFaults(adsim.Faults{Delay: 5 * time.Millisecond, Only: adsim.OpModify})
			go func() {
				until(t, "some are done", func() bool { return s.Stats().Modifies > 200 })
				s.SetFaults(faults)
			}()
			outcomes := f.UpdateAll(t.Context(), changes)
			s.SetFaults(adsim.Faults{})
			agree(t, f, outcomes)
			count := countStates(outcomes)
			if count[ldapattr.Done] == 0 || count[ldapattr.Unknown] == 0 || count[ldapattr.NotSent] == 0 || count[ldapattr.Refused] > 0 {
				t.Errorf("%v", count)
			}
			for _, o := range outcomes {
				if o.State != ldapattr.Done && !errors.Is(o.Err, ldapattr.ErrUnreachable) {
					t.Fatalf("%+v", o)
				}
			}
		})
	}
}

func TestUpdateAll_saysWhenNothingIsThere(t *testing.T) {
	s := newSim(t, "corp.example.com", crowd(20))
	f := openForest(t, s.asAdmin())
	changes := newDirs(crowdOf(t, f), "x")
	s.stop()
	for _, o := range f.UpdateAll(t.Context(), changes) { // over a connection that still seems to be there
		if o.State == ldapattr.Done || o.State == ldapattr.Refused || !errors.Is(o.Err, ldapattr.ErrUnreachable) {
			t.Fatalf("%+v", o)
		}
	}
	for _, o := range f.UpdateAll(t.Context(), changes) {
		if o.State != ldapattr.NotSent || !errors.Is(o.Err, ldapattr.ErrUnreachable) {
			t.Fatalf("without a connection: %+v", o)
		}
	}
	_ = f.Close()
	for _, o := range f.UpdateAll(t.Context(), changes) {
		if o.State != ldapattr.NotSent || o.Err == nil {
			t.Fatalf("after Close: %+v", o)
		}
	}
}

func BenchmarkUpdateAll(b *testing.B) {
	f := openForest(b, newSim(b, "corp.example.com", crowd(2000)).asAdmin())
	users := crowdOf(b, f)
	for i := 0; b.Loop(); i++ {
		dir := fmt.Sprint("d", i)
		for k, o := range f.UpdateAll(b.Context(), newDirs(users, dir)) {
			if o.State != ldapattr.Done {
				b.Fatal(o.Err)
			}
			users[k] = o.Now
		}
	}
}

// Whatever a domain controller says instead of answers, what it has been sent is
// unknown, and that is known soon.
func TestUpdateAll_endsWithWhateverComes(t *testing.T) {
	for name, answer := range map[string]func(conn net.Conn, id int64){
		"an answer to nobody":   func(conn net.Conn, id int64) { _, _ = conn.Write(modifyAnswer(id+1000, 0)) },
		"two answers to one":    func(conn net.Conn, id int64) { _, _ = conn.Write(append(modifyAnswer(id, 0), modifyAnswer(id, 0)...)) },
		"an answer to a search": func(conn net.Conn, id int64) { _, _ = conn.Write(endOf(id, "")) },
		"a notice of the end":   func(conn net.Conn, _ int64) { _, _ = conn.Write(modifyAnswer(0, 52)) },
		"no LDAP":               func(conn net.Conn, _ int64) { _, _ = conn.Write([]byte("HTTP/1.1 400 Bad Request\r\n")) },
		"an endless answer":     func(conn net.Conn, _ int64) { _, _ = conn.Write([]byte{0x30, 0x84, 0x7f, 0xff, 0xff, 0xff}) },
		"half an answer":        func(conn net.Conn, id int64) { _, _ = conn.Write(modifyAnswer(id, 0)[:5]); _ = conn.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, adsim.Config{Domain: "corp.example.com", Seed: strings.NewReader(crowd(100))})
			cfg := s.asAdmin()
			cfg.AllowPlaintext, cfg.Timeout = true, 20*time.Second
			cfg.Servers = []string{scripted(t, s, func(conn net.Conn, request *ber.Packet) bool {
				if request.Children[1].Tag != ldap.ApplicationModifyRequest {
					return false
				}
				answer(conn, idOf(request))
				return true
			})}
			f := openForest(t, cfg)
			changes := newDirs(crowdOf(t, f), "x")
			begin := time.Now()
			outcomes := f.UpdateAll(t.Context(), changes)
			if took := time.Since(begin); took > cfg.Timeout/2 {
				t.Errorf("it took %v", took)
			}
			count := countStates(outcomes)
			if count[ldapattr.Unknown] == 0 || count[ldapattr.Refused] > 0 || count[ldapattr.Done] > 1 && name != "two answers to one" {
				t.Errorf("%v", count)
			}
			if u, err := f.Lookup(t.Context(), accountName(t, "alice")); err != nil || u.Dir != "alice" {
				t.Errorf("afterwards: %+v, %v", u, err)
			}
		})
	}
}

// modifyAnswer is a modify response.
func modifyAnswer(id, code int64) []byte {
	answer := ber.Encode(ber.ClassApplication, ber.TypeConstructed, ldap.ApplicationModifyResponse, nil, "")
	answer.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagEnumerated, code, ""))
	answer.AppendChild(octetString(nil))
	answer.AppendChild(octetString(nil))
	return sequence(number(id), answer).Bytes()
}

// Answers may come in pieces of any size.
func TestUpdateAll_takesAnswersInPieces(t *testing.T) {
	s := serve(t, adsim.Config{Domain: "corp.example.com", Seed: strings.NewReader(crowd(200))})
	cfg := s.asAdmin()
	cfg.AllowPlaintext = true
	cfg.Servers = []string{"ldap://" + accept(t, func(conn net.Conn) {
		relay(conn, s.ldap, func(conn, behind net.Conn) {
			for size := 1; ; size = size%7 + 1 {
				piece := make([]byte, size)
				n, err := behind.Read(piece)
				if err != nil {
					return
				}
				if _, err := conn.Write(piece[:n]); err != nil {
					return
				}
			}
		})
	})}
	f := openForest(t, cfg)
	if count := countStates(f.UpdateAll(t.Context(), newDirs(crowdOf(t, f), "x"))); count[ldapattr.Done] != 200 {
		t.Errorf("%v", count)
	}
}
