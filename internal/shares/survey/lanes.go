package survey

import (
	"context"
	"fmt"
	"sync"

	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

const (
	// sessionsPerServer bounds the connections to one server. A single one keeps a
	// core of it busy; more than a few make a file server count us as a crowd.
	sessionsPerServer = 4
	// homesPerSession is how many homes are worth one more login, which takes the
	// domain controller and the server longer than a hundred looks.
	homesPerSession = 200
	// lanesPerSession is how many questions are under way on one connection: far
	// below the credits that servers grant, enough for a line of 20 ms.
	lanesPerSession = 8
	// spareConnections is how often a connection to a server may break before it
	// counts as lost: all of them together, a few times.
	spareConnections = 3 * sessionsPerServer
	// triesPerHome is how many connections may break under the questions about one
	// home. When a server drops all of them at once, its question can be handed from
	// each to the next.
	triesPerHome = sessionsPerServer + 1
)

// lanes share out the places of a server among goroutines.
type lanes struct {
	survey *Survey
	server *server
	mu     sync.Mutex
	next   int         // the places from here on are still to come
	again  []int       // and those whose question got no answer
	broken map[int]int // how often that was so
	spare  int
	lost   *Finding // the server is gone
}

func newLanes(s *Survey, v *server) *lanes {
	return &lanes{survey: s, server: v, broken: map[int]int{}, spare: spareConnections}
}

// take returns the index of a place that nobody looks at yet.
func (l *lanes) take(ctx context.Context) (int, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lost != nil || ctx.Err() != nil {
		return 0, false
	}
	if last := len(l.again) - 1; last >= 0 {
		i := l.again[last]
		l.again = l.again[:last]
		return i, true
	}
	if l.next < len(l.server.places) {
		l.next++
		return l.next - 1, true
	}
	return 0, false
}

// giveBack returns a place that was not asked about: the connection is gone.
func (l *lanes) giveBack(i int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.again = append(l.again, i)
}

// unanswered returns a place under whose question the connection broke.
func (l *lanes) unanswered(i int) {
	l.mu.Lock()
	l.broken[i]++
	tries := l.broken[i]
	l.mu.Unlock()
	if tries < triesPerHome {
		l.giveBack(i)
		return
	}
	home := l.server.home(i)
	home.State, home.Reason = NotChecked, fmt.Sprintf("the connection broke here, %d times", tries)
	l.server.deliver(i, home)
}

// each runs look on all places that can be taken, in several lanes, until one of
// them says that it makes no sense to go on here.
func (l *lanes) each(ctx context.Context, look func(i int) (goOn bool)) {
	var running sync.WaitGroup
	for range min(lanesPerSession, len(l.server.places)) {
		running.Go(func() {
			for i, more := l.take(ctx); more; i, more = l.take(ctx) {
				if !look(i) {
					return
				}
			}
		})
	}
	running.Wait()
}

// remote looks at the homes of a file server, through the session at hand and more
// of them where there is enough to do.
func (l *lanes) remote(ctx context.Context, first *smbfs.Session) {
	sessions := min(sessionsPerServer, 1+len(l.server.places)/homesPerSession)
	var running sync.WaitGroup
	running.Go(func() { l.work(ctx, first) })
	for range sessions - 1 {
		running.Go(func() {
			// One that is refused is no finding: there is one that works.
			if session, err := l.enter(ctx); err == nil {
				l.work(ctx, session)
			}
		})
	}
	running.Wait()
	if l.lost == nil || ctx.Err() != nil {
		return
	}
	l.server.findings = append(l.server.findings, *l.lost)
	for _, i := range l.again {
		l.server.deliver(i, l.server.notChecked(i, *l.lost))
	}
	for ; l.next < len(l.server.places); l.next++ {
		l.server.deliver(l.next, l.server.notChecked(l.next, *l.lost))
	}
}

func (l *lanes) enter(ctx context.Context) (*smbfs.Session, error) {
	return l.survey.opener.Enter(ctx, l.server.places[0].location, l.survey.cfg.As)
}

// work looks at homes through a session, and through another one when it breaks.
func (l *lanes) work(ctx context.Context, session *smbfs.Session) {
	for session != nil {
		d := &door{survey: l.survey, session: session, folders: map[*volume]*folder{}}
		l.each(ctx, func(i int) bool {
			if d.broken() != nil {
				l.giveBack(i)
				return false
			}
			home, err := d.look(ctx, l.server, i)
			if err != nil {
				l.unanswered(i)
				return false
			}
			l.server.deliver(i, home)
			return true
		})
		_ = session.Close()
		session = nil
		if err := d.broken(); err != nil && ctx.Err() == nil {
			session = l.reconnect(ctx, err)
		}
	}
}

// reconnect makes up for a connection that broke, unless too many have.
func (l *lanes) reconnect(ctx context.Context, cause error) *smbfs.Session {
	for l.another() {
		session, err := l.enter(ctx)
		if err == nil {
			return session
		}
		if cause = err; !broke(err) {
			break
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lost = &Finding{ID: NoAnswer, Step: "connect", Text: "the connection was lost: " + cause.Error(),
		Err: fmt.Errorf("the connection was lost: %w: %w", winerr.NetNameDeleted, cause)}
	return nil
}

// another takes one of the spare connections, if the server is not given up.
func (l *lanes) another() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.spare--
	return l.spare >= 0 && l.lost == nil
}

// broke tells connections that a server has let go from a server that is silent or
// not there, which is waited for once.
func broke(err error) bool {
	code := winerr.Of(err)
	return code == winerr.NetNameDeleted || code == winerr.ConnectionAborted
}
