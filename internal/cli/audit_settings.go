package cli

import (
	"context"
	"errors"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
)

// suffixesOf returns the UPN suffixes of the forest, nil if they cannot be read: then
// the rule about them says so.
func suffixesOf(ctx context.Context, a *app, forest *ldapattr.Forest) []string {
	suffixes, err := forest.Suffixes(ctx)
	if err != nil {
		a.log().Warn("the UPN suffixes of the forest are not known", "cause", err.Error())
		return nil
	}
	return suffixes
}

// reachOf returns where pathMap and dfs of the configuration lead, nil where there are
// none.
func reachOf(file config.File) func(homedir.Location) homedir.Location {
	policy := sharePolicy(file)
	if len(policy.PathMap)+len(policy.DFS) == 0 {
		return nil
	}
	opener := shares.NewOpener(policy)
	return func(place homedir.Location) homedir.Location {
		reached, err := opener.Resolve(place, shares.Credentials{})
		var refused *shares.NotAllowedError
		switch {
		case errors.As(err, &refused): // which is behind dfs, too
			return refused.Location
		case err != nil:
			return place
		}
		return reached
	}
}
