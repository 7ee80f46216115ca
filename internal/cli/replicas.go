package cli

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
)

// What a domain controller's values are beside those of the others. The words are
// part of the output's contract.
const (
	replicaCurrent     = "current"     // the values, or the newest ones
	replicaLagging     = "lagging"     // older than those of another domain controller
	replicaDiffers     = "differs"     // which ones are newer cannot be told
	replicaMissing     = "missing"     // the user is not there
	replicaUnreachable = "unreachable" // it did not answer
)

// replica is one domain controller.
type replica struct {
	url    string
	forest *ldapattr.Forest // nil: it cannot be reached
	err    error            // why
}

// replicas are all domain controllers of a domain, each asked by itself.
type replicas []*replica

// openReplicas connects to all domain controllers of the domain that is configured.
func openReplicas(ctx context.Context, a *app) (replicas, error) {
	file, _, err := a.configFile()
	if err != nil {
		return nil, err
	}
	cfg, err := directoryConfigOf(ctx, a, file)
	if err != nil {
		return nil, err
	}
	return openReplicasOf(ctx, a, cfg)
}

// openReplicasOf is openReplicas for any domain. Those that do not answer are
// reported; it is an error only if none does.
func openReplicasOf(ctx context.Context, a *app, cfg ldapattr.Config) (replicas, error) {
	urls, err := ldapattr.Controllers(ctx, cfg)
	if err != nil {
		return nil, err
	}
	var all replicas
	for _, url := range urls {
		all = append(all, &replica{url: url})
	}
	all.each(func(r *replica) {
		cfg := cfg
		cfg.Servers = []string{r.url}
		logConnecting(cfg)
		r.forest, r.err = ldapattr.OpenForest(ctx, cfg)
	})
	if ctx.Err() != nil {
		all.close()
		return nil, ctx.Err()
	}
	reached := 0
	for _, r := range all {
		if r.forest != nil {
			reached++
		}
	}
	if reached == 0 {
		return nil, all[0].err
	}
	for _, r := range all {
		if r.err != nil {
			a.report(r.err)
		}
	}
	return all, nil
}

// each does the same with all domain controllers at once.
func (all replicas) each(do func(*replica)) {
	var group sync.WaitGroup
	for _, r := range all {
		group.Go(func() { do(r) })
	}
	group.Wait()
}

func (all replicas) close() {
	for _, r := range all {
		if r.forest != nil {
			_ = r.forest.Close()
		}
	}
}

// outcome is the error of those that did not answer, nil if all did.
func (all replicas) outcome() error {
	silent := 0
	for _, r := range all {
		if r.err != nil {
			silent++
		}
	}
	if silent == 0 {
		return nil
	}
	return &exitError{code: exitPartly, err: fmt.Errorf("%d of %d domain controllers did not answer", silent, len(all))}
}

// copyOf is a user as one domain controller has it.
type copyOf struct {
	url   string
	user  ldapattr.User
	state string
	err   error
}

// find finds each of some users on every domain controller: for each, in their order,
// its copies in the order of the domain controllers.
func (all replicas) find(ctx context.Context, names nameChunk) [][]copyOf {
	found := make([][]copyOf, len(names.names))
	for i := range found {
		found[i] = make([]copyOf, len(all))
	}
	var group sync.WaitGroup
	for k, r := range all {
		if r.forest == nil {
			for i := range found {
				found[i][k] = copyOf{url: r.url, state: replicaUnreachable, err: r.err}
			}
			continue
		}
		for i := range found {
			found[i][k] = copyOf{url: r.url, err: ldapattr.ErrUnreachable} // for those that are not asked for any more
		}
		group.Go(func() {
			i := 0
			for user, err := range names.lookUp(ctx, r.forest) {
				found[i][k] = copyOf{url: r.url, user: user, err: err}
				i++
			}
		})
	}
	group.Wait()
	return found
}

// elsewhere names a user who was found in another domain than that of the domain
// controllers that were asked.
func (all replicas) elsewhere(copies []copyOf) (domain string, guid ldapattr.GUID) {
	for i, c := range copies {
		if c.err == nil && c.state == "" && c.user.DNSDomain != all[i].forest.Home().Domain().DNSName {
			return c.user.DNSDomain, c.user.GUID
		}
	}
	return "", ldapattr.GUID{}
}

// judge gives the copies of one user their states. The error is that of a user whom
// no domain controller knows.
func (all replicas) judge(ctx context.Context, copies []copyOf) error {
	var there []int
	var missing error
	for i := range copies {
		c := &copies[i]
		switch {
		case c.state != "":
		case c.err == nil:
			there, c.state = append(there, i), replicaCurrent
		case errors.Is(c.err, ldapattr.ErrNotFound):
			c.state, missing = replicaMissing, c.err
		case errors.Is(c.err, ldapattr.ErrUnreachable):
			c.state, all[i].err = replicaUnreachable, c.err
		default:
			return c.err
		}
	}
	if len(there) == 0 {
		if missing == nil && len(copies) > 0 {
			missing = copies[0].err
		}
		return missing
	}
	first := copies[there[0]].user
	same := !slices.ContainsFunc(there, func(i int) bool {
		return copies[i].user.Root != first.Root || copies[i].user.Dir != first.Dir
	})
	for i := range copies {
		if copies[i].state == replicaMissing {
			copies[i].user = ldapattr.User{DN: first.DN, GUID: first.GUID, SID: first.SID, SAMAccountName: first.SAMAccountName,
				NetBIOSDomain: first.NetBIOSDomain, DNSDomain: first.DNSDomain}
		}
	}
	if !same {
		all.compare(ctx, copies, there)
	}
	return nil
}

// compare asks the domain controllers how recent values are that differ.
func (all replicas) compare(ctx context.Context, copies []copyOf, there []int) {
	stamps := make([]ldapattr.Stamp, len(there))
	var group sync.WaitGroup
	for n, i := range there {
		group.Go(func() {
			stamp, err := all[i].forest.Stamp(ctx, copies[i].user)
			if err == nil {
				stamps[n] = stamp
			}
		})
	}
	group.Wait()
	for n, state := range recency(stamps) {
		copies[there[n]].state = state
	}
}

// recency says which of some copies that differ are the newest: by the versions
// that replication counts, else by the time of the object's last change.
func recency(stamps []ldapattr.Stamp) []string {
	states := make([]string, len(stamps))
	older := func(a, b ldapattr.Stamp) bool { return olderVersion(a.Root, b.Root) || olderVersion(a.Dir, b.Dir) }
	if slices.ContainsFunc(stamps, func(s ldapattr.Stamp) bool { return !s.Known }) {
		older = func(a, b ldapattr.Stamp) bool { return a.Changed.Before(b.Changed) }
	}
	lagging := false
	for i, s := range stamps {
		states[i] = replicaCurrent
		if slices.ContainsFunc(stamps, func(other ldapattr.Stamp) bool { return older(s, other) }) {
			states[i], lagging = replicaLagging, true
		}
	}
	if !lagging {
		for i := range states {
			states[i] = replicaDiffers
		}
	}
	return states
}

// olderVersion reports whether v loses against than when domain controllers
// replicate (MS-DRSR 4.1.10.6.12).
func olderVersion(v, than ldapattr.Version) bool {
	return v.Number < than.Number || v.Number == than.Number && v.Time < than.Time
}

// replicaList is the list that get and list print with --all-dcs: users, once for
// each domain controller.
func replicaList() recordList {
	columns := []output.Column{
		{Title: "user"},
		{Title: "server"},
		{Title: "root", Absent: "(absent)"},
		{Title: "dir", Absent: "(absent)"},
		{Title: "state", Alarm: func(cell string) bool { return cell != replicaCurrent }},
		{Title: "objectGUID", Detail: true},
		{Title: "dn", Detail: true},
	}
	return recordList{name: "replicas", columns: columns}
}

// replicaRecord is what one domain controller has of one user, in JSON.
type replicaRecord struct {
	User   string  `json:"user"`
	DN     string  `json:"dn"`
	GUID   string  `json:"objectGUID"`
	Server string  `json:"server"`
	Root   *string `json:"root"`
	Dir    *string `json:"dir"`
	State  string  `json:"state"`
}

// printCopies adds one row for each domain controller.
func printCopies(p *output.Printer, copies []copyOf) error {
	known := copies[slices.IndexFunc(copies, func(c copyOf) bool { return c.err == nil })].user
	for _, c := range copies {
		dn := c.user.DN // may differ, too: a user who has been moved
		if dn == "" {
			dn = known.DN
		}
		record := replicaRecord{
			User: known.DownLevelName(), DN: dn, GUID: known.GUID.String(), Server: c.url,
			Root: present(c.user.Root), Dir: present(c.user.Dir), State: c.state,
		}
		err := p.Row(record, record.User, record.Server, c.user.Root, c.user.Dir, record.State, record.GUID, record.DN)
		if err != nil {
			return err
		}
	}
	return nil
}

// inScope lists on every domain controller who is in scope, and names each user
// whom any of them lists: one may have values there that another does not have yet.
func (all replicas) inScope(ctx context.Context, scope ldapattr.Scope) ([]ldapattr.AccountName, error) {
	found := make([][]ldapattr.GUID, len(all))
	failed := make([]error, len(all))
	var group sync.WaitGroup
	for k, r := range all {
		if r.forest == nil {
			continue
		}
		group.Go(func() {
			for user, err := range r.forest.Users(ctx, scope) {
				if err != nil {
					failed[k] = err
					return
				}
				found[k] = append(found[k], user.GUID)
			}
		})
	}
	group.Wait()
	seen := map[ldapattr.GUID]bool{}
	var names []ldapattr.AccountName
	for k, guids := range found {
		if failed[k] != nil {
			return nil, failed[k]
		}
		for _, guid := range guids {
			if seen[guid] {
				continue
			}
			seen[guid] = true
			name, err := parseName(guid.String())
			if err != nil {
				return nil, err
			}
			names = append(names, name)
		}
	}
	return names, nil
}

// namesOf hands names on as if they came from a command line.
func namesOf(names []ldapattr.AccountName) iter.Seq2[ldapattr.AccountName, error] {
	return func(yield func(ldapattr.AccountName, error) bool) {
		for _, name := range names {
			if !yield(name, nil) {
				return
			}
		}
	}
}
