package rules

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

const (
	// window is how long a change may take to all domain controllers: the 180 minutes
	// between two runs over a link between sites, as it is set up at first.
	window = 3 * time.Hour
	// mostCompared is how many users whose values differ are looked at one by one.
	mostCompared = 1000
)

// c08 finds homes that depend on which domain controller answers.
func c08() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "C08", Title: "values differ between domain controllers", Severity: audit.Medium,
		Explanation: "Domain controllers of the domain have different values for the user, and the newest of them is older than three hours, which replication takes at most unless a link between sites is set up to wait longer. Where a login leads depends on which one the FTP server asks.",
		Remedy:      "Find out why they do not replicate: repadmin /showrepl, or samba-tool drs showrepl. ftpisoctl get LOGIN --all-dcs shows the values of each.",
		References:  []string{"MS-DRSR 4.1.10.6.12"},
	}, Domain: func(ctx context.Context, _ *audit.Crowd, s *audit.Settings, tell tellObject) error {
		if s.Replicas == nil {
			tell(audit.Object{}, notChecked(noDirectory))
			return nil
		}
		all, err := s.Replicas(ctx)
		if err != nil {
			return err
		}
		var there []audit.Replica
		for _, r := range all {
			if r.Forest != nil {
				there = append(there, r)
				continue
			}
			tell(audit.Object{Login: r.Name}, notChecked("a domain controller does not answer"))
		}
		if len(there) < 2 {
			if len(all) < 2 {
				tell(audit.Object{}, audit.Answer{}) // it agrees with itself
			}
			return nil
		}
		return compareReplicas(ctx, there, s, tell)
	}}
}

// compareReplicas reads all users from each, and looks again at those that differ.
func compareReplicas(ctx context.Context, all []audit.Replica, s *audit.Settings, tell tellObject) error {
	seed := maphash.MakeSeed()
	sums := make([]map[ldapattr.GUID]uint64, len(all))
	users := map[ldapattr.GUID]bool{}
	for i, r := range all {
		sums[i] = map[ldapattr.GUID]uint64{}
		for user, err := range r.Forest.Users(ctx, s.ReplicaScope) {
			if err != nil {
				return err
			}
			sums[i][user.GUID] = maphash.String(seed, user.Root+"\x00"+user.Dir)
			users[user.GUID] = true
		}
	}
	compared := 0
	for guid := range users {
		same := true
		for _, sum := range sums[1:] {
			a, there := sum[guid]
			b, known := sums[0][guid]
			same = same && a == b && there == known
		}
		switch {
		case same:
			tell(audit.Object{}, audit.Answer{})
		case compared == mostCompared:
			tell(audit.Object{GUID: guid.String()}, notChecked("the values of too many users differ"))
		default:
			compared++
			object, answer := compareCopies(ctx, all, guid, s.Now)
			tell(object, answer)
		}
	}
	return ctx.Err()
}

// compareCopies asks each domain controller for one user again, and how recent the
// values are: what has arrived meanwhile, or is on its way, passes.
func compareCopies(ctx context.Context, all []audit.Replica, guid ldapattr.GUID, now time.Time) (audit.Object, audit.Answer) {
	object := audit.Object{GUID: guid.String()}
	answer := audit.Answer{Status: audit.Found, Location: homedir.AttrRoot + ", " + homedir.AttrDir, Message: "domain controllers have different values for the home"}
	name, err := ldapattr.ParseAccountName(guid.String(), "")
	if err != nil {
		return object, notChecked("a user cannot be looked up again")
	}
	values, newest := map[string]bool{}, time.Time{}
	for _, r := range all {
		user, err := r.Forest.Lookup(ctx, name)
		switch {
		case errors.Is(err, ldapattr.ErrNotFound):
			values[""] = true
			answer.Evidence = append(answer.Evidence, audit.Evidence{Name: r.Name, Value: "does not have the user"})
			continue
		case err != nil:
			return object, notChecked("a user cannot be looked up again")
		}
		object = audit.Object{GUID: guid.String(), SID: user.SID, DN: user.DN, Login: user.SAMAccountName, Domain: user.DNSDomain}
		values[user.Root+"\x00"+user.Dir] = true
		answer.Evidence = append(answer.Evidence, audit.Evidence{Name: r.Name, Value: fmt.Sprintf("%s=%s, %s=%s", homedir.AttrRoot, user.Root, homedir.AttrDir, user.Dir)})
		if stamp, err := r.Forest.Stamp(ctx, user); err == nil && changed(stamp).After(newest) {
			newest = changed(stamp)
		}
	}
	switch {
	case len(values) < 2:
		return object, audit.Answer{}
	case newest.IsZero():
		return object, notChecked("nobody says how long the values differ")
	case now.Sub(newest) < window:
		return object, audit.Answer{}
	}
	answer.Evidence = append(answer.Evidence, audit.Evidence{Name: "changed", Value: newest.UTC().Format(time.RFC3339)})
	return object, answer
}

// changed is when one of the attributes was last written, or the object where that
// cannot be read.
func changed(s ldapattr.Stamp) time.Time {
	const epoch = 11_644_473_600 // seconds from 1601 to 1970
	at := max(s.Root.Time, s.Dir.Time)
	if !s.Known || at == 0 {
		return s.Changed
	}
	return time.Unix(at-epoch, 0)
}
