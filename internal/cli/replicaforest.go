package cli

import (
	"context"
	"iter"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// replicaForest is the domain controllers of the domain that is configured, and of
// those other domains of the forest in which users are found.
type replicaForest struct {
	app    *app
	home   replicas
	others map[string]replicas // by DNS name
}

func (f *replicaForest) close() {
	f.home.close()
	for _, all := range f.others {
		all.close()
	}
}

// outcome is the error of those that did not answer, nil if all did.
func (f *replicaForest) outcome() error {
	every := f.home
	for _, all := range f.others {
		every = append(every[:len(every):len(every)], all...)
	}
	return every.outcome()
}

// lookUp finds each of some users on every domain controller of his own domain.
func (f *replicaForest) lookUp(ctx context.Context, names nameChunk) iter.Seq2[[]copyOf, error] {
	return func(yield func([]copyOf, error) bool) {
		found := f.home.find(ctx, names)
		foreign, failed := f.foreign(ctx, found)
		for i, copies := range found {
			var err error
			switch domain, _ := f.home.elsewhere(copies); {
			case domain == "":
				err = f.home.judge(ctx, copies)
			case failed[domain] != nil:
				err = failed[domain]
			default:
				copies = foreign[i]
				err = f.others[domain].judge(ctx, copies)
			}
			if !yield(copies, err) {
				return
			}
		}
	}
}

// foreign asks again, by objectGUID, for those who turned out to be of other domains:
// every domain controller of the first domain has got their values from the same one.
func (f *replicaForest) foreign(ctx context.Context, found [][]copyOf) (copies map[int][]copyOf, failed map[string]error) {
	names, places := map[string]*nameChunk{}, map[string][]int{}
	copies, failed = map[int][]copyOf{}, map[string]error{}
	for i := range found {
		domain, guid := f.home.elsewhere(found[i])
		if domain == "" {
			continue
		}
		if names[domain] == nil {
			names[domain] = &nameChunk{}
		}
		name, err := ldapattr.ParseAccountName(guid.String(), domain)
		names[domain].names, names[domain].errors = append(names[domain].names, name), append(names[domain].errors, err)
		places[domain] = append(places[domain], i)
	}
	for domain, chunk := range names {
		all, err := f.of(ctx, domain)
		if err != nil {
			failed[domain] = err
			continue
		}
		for k, one := range all.find(ctx, *chunk) {
			copies[places[domain][k]] = one
		}
	}
	return copies, failed
}

// of connects to the domain controllers of another domain, once.
func (f *replicaForest) of(ctx context.Context, domain string) (replicas, error) {
	if all := f.others[domain]; all != nil {
		return all, nil
	}
	var cfg ldapattr.Config
	var err error
	for _, r := range f.home {
		if r.forest != nil {
			cfg, err = r.forest.ConfigOf(domain)
			break
		}
	}
	if err != nil {
		return nil, err
	}
	all, err := openReplicasOf(ctx, f.app, cfg)
	if err == nil {
		f.others[domain] = all
	}
	return all, err
}
