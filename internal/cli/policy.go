package cli

import (
	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/plan"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
)

// sharePolicy returns what the configuration says about places.
func sharePolicy(file config.File) shares.Policy {
	policy := shares.Policy{LocalRoots: file.LocalRoots, AllowRoot: file.AllowRoot}
	for _, server := range file.FileServers {
		policy.FileServers = append(policy.FileServers, shares.FileServer{Pattern: server.Name, NTLM: server.NTLM, Unsigned: server.Unsigned})
	}
	for _, m := range file.DFS {
		policy.DFS = append(policy.DFS, shares.Mapping{From: m.From, To: m.To})
	}
	for _, m := range file.PathMap {
		policy.PathMap = append(policy.PathMap, shares.Mapping{From: m.From, To: m.To})
	}
	return policy
}

// allowedHome returns an error if the configuration in use lists file servers or
// local folders and a home lies on none of them. A machine that only
// administers has no such lists, and then the form of the value is all there is
// to check.
func allowedHome(file config.File, location homedir.Location) error {
	listed := len(file.LocalRoots) > 0
	if location.Kind() == homedir.KindUNC {
		listed = len(file.FileServers) > 0
	}
	if !listed && len(file.PathMap) == 0 {
		return nil
	}
	return sharePolicy(file).Allowed(location)
}

// checkPlace refuses an entry of a plan whose home the configuration in use does not
// admit.
func checkPlace(file config.File, e plan.Entry) error {
	if e.After.Root == "" || e.After.Dir == "" {
		return nil
	}
	home, err := homedir.New(e.After.Root, e.After.Dir)
	if err == nil {
		err = allowedHome(file, home.Location())
	}
	if err != nil {
		return usage("%s: %w", e.User, err)
	}
	return nil
}
