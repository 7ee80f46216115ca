package ldapattr

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// recent is how long a DN that was read is used. It only keeps small the number of
// those that are in vain: what is done by DN is proven afterwards.
const recent = time.Minute

// namedByDN says whether the user was read so lately that his DN will do. Without
// comparing values, though, there is nothing that could be taken back.
func namedByDN(c Change) bool {
	return !c.ReadAt.IsZero() && time.Since(c.ReadAt) < recent && c.User.GUID != GUID{} && !c.Update.Force
}

// object is how the request names the user.
func (j *job) object() string {
	if j.byDN {
		return j.user.DN
	}
	return sameObject(j.user)
}

// again makes the job one that is to be sent with the objectGUID, if the connection has
// not been lost.
func (j *job) again(lost error) {
	*j.outcome = Outcome{}
	j.byDN, j.answered, j.refused, j.open = false, false, nil, lost == nil
	if lost != nil {
		j.outcome.Err = &Error{Kind: ErrUnreachable, Op: "change", Object: j.user.DN, Win32: winerr.NoLogonServers, Err: errNotTried}
	}
}

// renamed are those of the jobs that are to be sent again.
func renamed(jobs []*job) []*job {
	var again []*job
	for _, j := range jobs {
		if j.open && j.request.DN != j.object() {
			again = append(again, j)
		}
	}
	return again
}

// unproven says whether the job was done to whoever had the DN.
func (j *job) unproven() bool { return j.byDN && j.outcome.State == Done }

// prove looks at the objects that were changed by DN, over the same connection, hence
// on the same domain controller.
func (p *pipeline) prove(run context.Context, l *link, jobs []*job) {
	var open []*job
	for _, j := range jobs {
		if j.unproven() {
			open = append(open, j)
		}
	}
	if len(open) == 0 {
		return
	}
	ctx, cancel := context.WithTimeoutCause(run, l.raw.timeout, errNoAnswer)
	defer cancel()
	names, err := p.names(ctx, l, open)
	for _, j := range open {
		switch name := names[j.user.GUID]; {
		case err != nil:
			*j.outcome = Outcome{State: Unknown, Err: unanswered(j.user, noAnswer(ctx, err))}
		case name != j.user.DN && keyOf(attrDN, name) != keyOf(attrDN, j.user.DN):
			p.follow(run, l, j)
		}
	}
}

// names asks for the present DNs of users, and for nothing else, as it is asked of all.
func (p *pipeline) names(ctx context.Context, l *link, jobs []*job) (map[GUID]string, error) {
	names := map[GUID]string{}
	var mu sync.Mutex
	var asking sync.WaitGroup
	var failed error
	err := l.do(ctx, func(conn *ldap.Conn) error {
		for some := range slices.Chunk(jobs, chunkNames) {
			asking.Go(func() {
				entries, err := p.byGUIDs(conn, some)
				mu.Lock()
				defer mu.Unlock()
				failed = errors.Join(failed, err)
				for _, entry := range entries {
					var guid GUID
					copy(guid[:], entry.GetEqualFoldRawAttributeValue(attrGUID))
					names[guid] = entry.DN
				}
			})
		}
		asking.Wait()
		return failed
	})
	return names, err
}

// byGUIDs is one search for some users.
func (p *pipeline) byGUIDs(conn *ldap.Conn, jobs []*job) ([]*ldap.Entry, error) {
	var filter strings.Builder
	for _, j := range jobs {
		filter.WriteString(reading{attrGUID, string(j.user.GUID[:])}.condition())
	}
	request := ldap.NewSearchRequest(p.domain.namingContext.String(), ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, len(jobs), 0, false,
		"(|"+filter.String()+")", []string{attrGUID}, nil)
	request.EnforceSizeLimit = true
	result, err := conn.Search(request)
	if err != nil {
		return nil, err
	}
	return result.Entries, nil
}

// follow tells a user who was moved after the change from one who had been moved
// before, so that another one was changed.
func (p *pipeline) follow(run context.Context, l *link, j *job) {
	ctx, cancel := context.WithTimeoutCause(run, l.raw.timeout, errNoAnswer)
	defer cancel()
	everywhere := everywhereIn(p.domain)
	entries, err := asker{everywhere, l}.one(ctx, reading{attrGUID, string(j.user.GUID[:])})
	var now User
	if err == nil && len(entries) == 1 {
		now, err = everywhere.userOf(entries[0], time.Now())
	}
	switch {
	case err != nil:
		*j.outcome = Outcome{State: Unknown, Err: unanswered(j.user, noAnswer(ctx, err))}
	case len(entries) == 1 && reached(now, j.swaps):
		j.outcome.Now = now
	default:
		p.takeBack(ctx, l, j, len(entries) == 1)
	}
}

// takeBack takes from the object that has the DN now what was meant for another, and
// lets the change be sent again. If the user it was meant for is not there any more, nor
// anybody of that name, he was deleted, changed or not.
func (p *pipeline) takeBack(ctx context.Context, l *link, j *job, there bool) {
	entries, err := read(ctx, l, search{j.user.DN, ldap.ScopeBaseObject, "(objectClass=*)"}, p.domain.attributes...)
	if err == nil && len(entries) == 0 && !there {
		*j.outcome = Outcome{State: Refused, Err: deleted(j.user)}
		return
	}
	if err == nil && len(entries) != 1 {
		err = errors.New("it is gone")
	}
	var holder User
	if err == nil {
		holder, err = p.domain.userOf(entries[0], time.Now())
	}
	if err == nil && holder.GUID == j.user.GUID {
		return // it was away for a moment, but it is the right one
	}
	if err == nil {
		err = l.do(ctx, func(conn *ldap.Conn) error { return conn.Modify(modifyOf(sameObject(holder), reversed(j.swaps))) })
	}
	if err == nil {
		j.again(nil)
		return
	}
	*j.outcome = Outcome{State: Refused, Err: &Error{Kind: ErrConflict, Op: "change", Object: j.user.DN, Win32: winerr.NoSuchAttribute,
		Err:  fmt.Errorf("another object had this name just now and was given the values; taking them back: %w", err),
		Hint: "look at the object of this name, and at " + j.user.SAMAccountName + " (objectGUID " + j.user.GUID.String() + ")"}}
}
