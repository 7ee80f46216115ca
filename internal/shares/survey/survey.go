package survey

import (
	"context"
	"iter"
	"sync"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
)

// Level says how closely homes are looked at.
type Level int

// The levels.
const (
	Answers     Level = iota - 1 // that their servers have a name and answer; no home is looked at
	Exists                       // that they are there, and directories
	Descriptors                  // and what their descriptors say
)

// serversAtOnce bounds how many file servers are visited at a time. Most of a visit
// to a dead one is waiting, so several of them must not hold up the others; more
// than a handful at work would only compete for this machine's network.
const serversAtOnce = 16

// Config says what a survey looks at, and what it takes for wrong.
type Config struct {
	Level Level
	As    shares.Credentials // who enters the file servers
	// Token returns who a user is to a file server; it is asked from several
	// goroutines. nil: rights are not known.
	Token func(context.Context, ldapattr.User) (secdesc.Token, error)
	// Names names an account of the forest; it returns the SID as it is for everybody
	// else. nil: for all.
	Names     func(context.Context, secdesc.SID) string
	Need      Rights         // what a user must be allowed in the own home
	Anonymous *ldapattr.User // the account that stands in for anonymous users
	MinFree   Threshold
	PerUser   Size          // that each home is expected to use in the end; 0: nobody says
	Patience  time.Duration // how long a server may take for its name, and again for its first answer; 0: 10 s
	Extents   bool          // add up what is in each home
	Orphans   bool          // list the folders above homes, for directories that nobody points to
}

// Sink takes the records of a survey, from one goroutine. An error of it ends the
// survey. After the homes of a share comes the share, after the shares of a server
// the server.
type Sink interface {
	Home(*Home) error
	Share(*Share) error
	Server(*Server) error
}

// Survey visits homes.
type Survey struct {
	opener *shares.Opener
	cfg    Config
	tokens *tokens
}

// New returns a survey of homes within the opener's policy.
func New(opener *shares.Opener, cfg Config) *Survey {
	return &Survey{opener, cfg, newTokens(cfg)}
}

// Run visits the homes of all users and hands out what it finds, ordered by server,
// share and path, whatever came first. The first error of users, of the sink or of
// ctx ends it; what is wrong with a home is no error.
func (s *Survey) Run(ctx context.Context, users iter.Seq2[ldapattr.User, error], out Sink) error {
	all, err := gather(s.opener, s.cfg.As, users)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	running.Go(func() {
		slots := make(chan struct{}, serversAtOnce)
		for _, v := range all {
			select {
			case slots <- struct{}{}:
			case <-ctx.Done():
				return
			}
			running.Go(func() {
				defer func() { <-slots }()
				s.visit(ctx, v)
			})
		}
	})
	for _, v := range all {
		if err := v.hand(ctx, s.cfg, out); err != nil {
			return err
		}
	}
	return nil
}
