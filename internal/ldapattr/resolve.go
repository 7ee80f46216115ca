package ldapattr

import (
	"context"
	"errors"
	"iter"
	"strings"
	"sync"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

const (
	chunkNames  = 100      // names that are asked for at once
	chunkOctets = 32 << 10 // octets of such names, whichever is less
	chunksAhead = 4        // such questions under way
)

// Lookup finds the one user object that name stands for. A name that says its
// domain is looked for there; a bare one at home, or with Config.Forest in all
// domains; a UPN in all, since any domain may have given it to somebody. Errors:
// ErrNotFound, ErrAmbiguous with the candidates of all domains, ErrUnreachable when
// one of them does not answer.
func (f *Forest) Lookup(ctx context.Context, name AccountName) (User, error) {
	for u, err := range f.LookupAll(ctx, []AccountName{name}) {
		return u, err
	}
	return User{}, nil // not reached: there is one pair for each name
}

// LookupAll finds the users that names stand for and yields them in the order of
// names, one pair for each, with what Lookup would return. Many names are asked for
// in one search, and several searches are under way at a time. After a domain has
// failed to answer it is not asked again.
func (f *Forest) LookupAll(ctx context.Context, names []AccountName) iter.Seq2[User, error] {
	return func(yield func(User, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		var running sync.WaitGroup
		defer running.Wait()
		left := make(chan struct{})
		defer close(left)
		defer cancel()
		r := &resolution{forest: f, failed: map[*member]error{}}
		answers := make(chan chan []resolved, chunksAhead-1)
		running.Go(func() {
			defer close(answers)
			for rest := names; len(rest) > 0; {
				n := chunkOf(rest)
				chunk, answer := rest[:n], make(chan []resolved, 1)
				rest = rest[n:]
				select {
				case answers <- answer:
				case <-left:
					return
				}
				running.Go(func() { answer <- r.all(ctx, chunk) })
			}
		})
		for answer := range answers {
			for _, found := range <-answer {
				if !yield(found.user, found.err) {
					return
				}
			}
		}
	}
}

// chunkOf returns how many names go into one question.
func chunkOf(names []AccountName) int {
	octets := 0
	for i, name := range names {
		if octets += len(name.value); i == chunkNames || i > 0 && octets > chunkOctets {
			return i
		}
	}
	return len(names)
}

// resolution is one call of LookupAll.
type resolution struct {
	forest *Forest
	mu     sync.Mutex
	failed map[*member]error // domains that are not asked again
}

// resolved is a name on its way to its user.
type resolved struct {
	name     AccountName
	stages   []stage
	matches  []match
	user     User
	err      error
	finished bool
}

// stage is what is asked for at a time: the first stage that matches anything
// decides, and two matches of it are one too many.
type stage []question

// question is a reading of a name in one domain.
type question struct {
	of      *member
	reading reading
}

// match is an entry and the domain that it came from.
type match struct {
	of    domain
	entry *ldap.Entry
}

// all finds the users of a chunk of names, stage by stage, so that one search
// serves all of them.
func (r *resolution) all(ctx context.Context, names []AccountName) []resolved {
	list := make([]resolved, len(names))
	for i, name := range names {
		list[i].name = name
		list[i].stages, list[i].err = r.forest.stagesOf(name)
		list[i].finished = list[i].err != nil
	}
	for round := 0; r.round(ctx, list, round); round++ {
		for i := range list {
			list[i].settle()
		}
	}
	for i := range list {
		list[i].conclude()
	}
	return list
}

// round asks every domain once for all that this round's stages want of it, and
// reports whether there was anything to ask.
func (r *resolution) round(ctx context.Context, list []resolved, round int) bool {
	type asked struct {
		who      []int
		readings []reading
	}
	questions := map[*member]*asked{}
	for i := range list {
		if list[i].finished || round >= len(list[i].stages) {
			continue
		}
		for _, q := range list[i].stages[round] {
			if questions[q.of] == nil {
				questions[q.of] = &asked{}
			}
			a := questions[q.of]
			a.who, a.readings = append(a.who, i), append(a.readings, q.reading)
		}
	}
	for _, m := range r.forest.members {
		a := questions[m]
		if a == nil {
			continue
		}
		of, found, err := r.ask(ctx, m, a.readings)
		for k, i := range a.who {
			if err != nil {
				list[i].fail(err)
				continue
			}
			for _, entry := range found[k] {
				list[i].matches = append(list[i].matches, match{of, entry})
			}
		}
	}
	return len(questions) > 0
}

// ask opens the domain if need be and asks it. One that has failed before fails
// again at once.
func (r *resolution) ask(ctx context.Context, m *member, readings []reading) (domain, [][]*ldap.Entry, error) {
	r.mu.Lock()
	err := r.failed[m]
	r.mu.Unlock()
	if err != nil {
		return domain{}, nil, err
	}
	d, err := r.forest.open(ctx, m)
	var found [][]*ldap.Entry
	if err == nil {
		found, err = findAll(ctx, d, readings)
	}
	if err != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.failed[m] = err
		return domain{}, nil, err
	}
	return d.domain, found, nil
}

// fail ends the search for a name; the first reason counts.
func (r *resolved) fail(err error) {
	if r.err == nil {
		r.err = explain("look up", abridge(r.name.String()), err)
	}
	r.finished = true
}

// settle ends the search after a stage that matched something.
func (r *resolved) settle() {
	r.finished = r.finished || len(r.matches) > 0
}

// conclude makes a user of the one match, or an error of any other number.
func (r *resolved) conclude() {
	switch {
	case r.err != nil:
	case len(r.matches) == 0:
		r.err = &Error{Kind: ErrNotFound, Op: "look up", Object: abridge(r.name.String()), Win32: winerr.NoSuchUser,
			Hint: "it was looked for in " + r.lookedIn()}
	case len(r.matches) > 1:
		entries := make([]*ldap.Entry, len(r.matches))
		for i, m := range r.matches {
			entries[i] = m.entry
		}
		r.err = ambiguous(r.name, entries)
	default:
		only := r.matches[0]
		if r.user, r.err = only.of.userOf(only.entry, time.Now()); r.err == nil {
			r.err = identified(r.user)
		}
		if r.err != nil {
			r.user = User{}
		}
	}
}

// lookedIn lists the domains that were asked.
func (r *resolved) lookedIn() string {
	var domains []string
	seen := map[*member]bool{}
	for _, s := range r.stages {
		for _, q := range s {
			if !seen[q.of] {
				seen[q.of] = true
				domains = append(domains, q.of.where())
			}
		}
	}
	return strings.Join(domains, ", ")
}

// where names the place of a domain where users are looked for.
func (m *member) where() string {
	if d := m.opened(); d != nil {
		return d.domain.info.BaseDN
	}
	return m.dns
}

// stagesOf says where a name is looked for, and as what.
func (f *Forest) stagesOf(name AccountName) ([]stage, error) {
	in := func(r reading, members ...*member) stage {
		var s stage
		for _, m := range members {
			s = append(s, question{m, r})
		}
		return s
	}
	switch name.kind {
	case nameSAM:
		return stagesOfSAM(f, name, in)
	case nameUPN:
		stages := []stage{in(reading{attrUPN, name.value}, f.members...)}
		at := strings.LastIndexByte(name.value, '@')
		if m := f.members.withSuffix(name.value[at+1:]); m != nil {
			stages = append(stages, in(reading{attrSAM, name.value[:at]}, m))
		}
		return stages, nil
	case nameDN:
		m := f.members.holding(name.value)
		if m == nil {
			return nil, f.members.noDomain(name, name.value)
		}
		return []stage{in(reading{attrDN, name.value}, m)}, nil
	case nameSID, nameGUID:
		return f.members.stagesOfID(name, in)
	}
	return nil, &Error{Kind: ErrUsage, Op: "look up", Err: errors.New("no name is given")}
}

type placing func(reading, ...*member) stage

func stagesOfSAM(f *Forest, name AccountName, in placing) ([]stage, error) {
	r := reading{attrSAM, name.value}
	switch {
	case name.domain == "" && f.cfg.Forest:
		return []stage{in(r, f.members...)}, nil
	case name.domain == "":
		return []stage{in(r, f.home)}, nil
	}
	m := f.members.named(name.domain)
	if m == nil {
		return nil, f.members.noDomain(name, name.domain)
	}
	return []stage{in(r, m)}, nil
}

// stagesOfID: an identifier is nobody else's in the whole forest, so the domain at
// hand is asked first.
func (all members) stagesOfID(name AccountName, in placing) ([]stage, error) {
	r := reading{attrSID, name.binary}
	if name.kind == nameGUID {
		r.attribute = attrGUID
	}
	if name.kind == nameGUID && name.domain != "" {
		m := all.named(name.domain)
		if m == nil {
			return nil, all.noDomain(name, name.domain)
		}
		return []stage{in(r, m)}, nil
	}
	stages := []stage{in(r, all[0])}
	if len(all) > 1 {
		stages = append(stages, in(r, all[1:]...))
	}
	return stages, nil
}

// withSuffix returns the domain whose implicit UPNs end so.
func (all members) withSuffix(suffix string) *member {
	for _, m := range all {
		if strings.EqualFold(m.dns, suffix) {
			return m
		}
	}
	return nil
}
