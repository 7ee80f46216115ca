package ldapattr

import (
	"context"
	"errors"
	"fmt"
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

// again makes the job one that is to be sent with the objectGUID.
func (j *job) again() {
	*j.outcome = Outcome{}
	j.byDN, j.answered, j.refused, j.open = false, false, nil, true
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

// proven says whether the object with the job's objectGUID is the one that was
// changed: it has that DN, or the wanted values, having been moved since.
func (j *job) proven(d domain, entries []*ldap.Entry) bool {
	if len(entries) != 1 {
		return false
	}
	now, err := d.userOf(entries[0], time.Now())
	return err == nil && (keyOf(attrDN, now.DN) == keyOf(attrDN, j.user.DN) || reached(now, j.swaps))
}

// takeBack takes from the object that has the DN now what was meant for another, and
// lets the change be sent again.
func (p *pipeline) takeBack(ctx context.Context, l *link, j *job) {
	entries, err := read(ctx, l, search{j.user.DN, ldap.ScopeBaseObject, "(objectClass=*)"}, p.domain.attributes...)
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
		j.again()
		return
	}
	*j.outcome = Outcome{State: Refused, Err: &Error{Kind: ErrConflict, Op: "change", Object: j.user.DN, Win32: winerr.NoSuchAttribute,
		Err:  fmt.Errorf("another object had this name just now and was given the values; taking them back: %w", err),
		Hint: "look at the object of this name, and at " + j.user.SAMAccountName + " (objectGUID " + j.user.GUID.String() + ")"}}
}
