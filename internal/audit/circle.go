package audit

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

const (
	// tokensAtOnce bounds the questions about groups that are under way.
	tokensAtOnce = 8
	// mostWeighed is how many users are weighed against one home at most, and
	// mostNamed after how many who get in nobody looks for more.
	mostWeighed, mostNamed = 1000, 10
)

// Circle knows all users with a home, and by which SIDs access lists could mean them.
type Circle struct {
	users  []ldapattr.User
	tokens []secdesc.Token         // of the same users; without SIDs where they cannot be read
	by     map[secdesc.SID][]int32 // those who have a SID
	admins []bool                  // which of them are administrators
	dark   int                     // users whose groups cannot be read
	last   struct {                // what Others has said last, since it is asked for each user of a home
		home   *survey.Home
		who    []survey.Access
		reason string
	}
}

// newCircle asks for the groups of all users.
func newCircle(ctx context.Context, users []ldapattr.User, ask func(context.Context, ldapattr.User) (secdesc.Token, error)) (*Circle, error) {
	c := &Circle{users: users, tokens: make([]secdesc.Token, len(users)), by: map[secdesc.SID][]int32{}, admins: make([]bool, len(users))}
	var running sync.WaitGroup
	for lane := range tokensAtOnce {
		running.Go(func() {
			for i := lane; i < len(users) && ctx.Err() == nil; i += tokensAtOnce {
				if token, err := ask(ctx, users[i]); err == nil {
					c.tokens[i] = token
				}
			}
		})
	}
	running.Wait()
	for i, token := range c.tokens {
		if len(token.SIDs) == 0 {
			c.dark++
		}
		c.admins[i] = administers(token, sidOf(users[i]).Domain())
		for _, sid := range token.SIDs {
			c.by[sid] = append(c.by[sid], int32(i))
		}
	}
	return c, ctx.Err()
}

// Token returns the token of a user of the circle; its SIDs are empty where it cannot
// be read.
func (c *Circle) Token(user ldapattr.User) secdesc.Token {
	for _, i := range c.by[sidOf(user)] {
		if c.users[i].GUID == user.GUID {
			return c.tokens[i]
		}
	}
	return secdesc.Token{}
}

// sidOf is the SID of a user, "" where there is none.
func sidOf(user ldapattr.User) secdesc.SID {
	sid, err := secdesc.ParseSID(user.SID)
	if err != nil {
		return ""
	}
	return sid
}

// Others returns some of those who get into a home besides its users, with what they
// may do, and why there may be more; "" there are not. Administrators are left out:
// they get in everywhere. One goroutine asks at a time.
func (c *Circle) Others(h *VisitedHome) (who []survey.Access, reason string) {
	if c.last.home != h.Home {
		c.last.home = h.Home
		c.last.who, c.last.reason = c.others(h.Home)
	}
	return c.last.who, c.last.reason
}

func (c *Circle) others(h *survey.Home) (who []survey.Access, reason string) {
	d := *h.Descriptor
	if d.DACL == nil {
		return nil, ""
	}
	if c.dark > 0 {
		reason = "the groups of some users cannot be read"
	}
	own := map[ldapattr.GUID]bool{}
	for i := range h.Users {
		own[h.Users[i].GUID] = true
	}
	weighed := map[int32]bool{}
	// Those whom the list names go first, so that a large group hides none of them.
	few := func(a, b secdesc.ACE) int { return cmp.Compare(len(c.by[a.SID]), len(c.by[b.SID])) }
	for _, e := range slices.SortedStableFunc(slices.Values(d.DACL.Entries), few) {
		for _, i := range c.by[e.SID] {
			if weighed[i] || c.admins[i] || own[c.users[i].GUID] {
				continue
			}
			if len(weighed) == mostWeighed || len(who) == mostNamed {
				return who, "there are more users than can be weighed"
			}
			weighed[i] = true
			rights, unsure := survey.Weigh(d, c.tokens[i])
			switch {
			case rights != 0:
				who = append(who, survey.Access{Account: c.users[i], Rights: rights})
			case unsure != "" && reason == "":
				reason = "what other users may do is not known for sure"
			}
		}
	}
	return who, reason
}

// administers reports whether a token is one of administrators, of the domain of its own
// user: in another one, or in a SID history, the same numbers open nothing.
func administers(t secdesc.Token, domain secdesc.SID) bool {
	const domainAdmins, enterpriseAdmins = 512, 519
	return slices.ContainsFunc(t.SIDs, func(sid secdesc.SID) bool {
		return sid == secdesc.Administrators || domain != "" && (sid == domain.WithRID(domainAdmins) || sid == domain.WithRID(enterpriseAdmins))
	})
}
