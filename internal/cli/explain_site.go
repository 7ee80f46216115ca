package cli

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/explain"
	"github.com/ftpisoctl/ftpisoctl/internal/isolation"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
)

// siteNamed returns the site of that name, or the only one; nil where there is none.
func siteNamed(file config.File, path, name string) (*config.Site, error) {
	var names []string
	for i := range file.Sites {
		if file.Sites[i].Name == name || name == "" && len(file.Sites) == 1 {
			return &file.Sites[i], nil
		}
		names = append(names, file.Sites[i].Name)
	}
	switch {
	case name != "":
		return nil, hint(usage("%s has no site %q", orNone(path), name), "its sites: "+orNone(strings.Join(names, ", ")))
	case len(names) > 1:
		return nil, hint(usage("%s has several sites", path), "name one with --site: "+strings.Join(names, ", "))
	}
	return nil, nil
}

// explainConnection says how the directory is reached: as the service reaches it, unless
// somebody has named another account.
func explainConnection(ctx context.Context, a *app, file config.File, site *config.Site) (ldapattr.Config, error) {
	c, err := a.connection(file.Directory.Connection)
	if err == nil && site != nil && c.origin["bind-user"] == "" {
		c, err = siteConnection(a, file, *site)
	}
	if err != nil {
		return ldapattr.Config{}, err
	}
	return a.directoryConfig(ctx, c)
}

// explainer puts together what a login is explained with.
type explainer struct {
	app       *app
	file      config.File
	site      *config.Site // nil: none
	directory ldapattr.Config
	forest    *ldapattr.Forest
}

// config is the site's, as the service would have it.
func (x *explainer) config(ctx context.Context, servers *fileServerFlags) (explain.Config, error) {
	policy, err := servers.policy(x.file)
	if err != nil {
		return explain.Config{}, err
	}
	as, err := shareAccount(ctx, x.forest, x.directory.Bind)
	if err != nil {
		x.app.log().Info("file servers are visited as nobody", "cause", err.Error())
		as = shares.Credentials{}
	}
	v := &visitor{forest: x.forest, permissions: &ldapattr.Permissions{Forest: x.forest}, policy: policy, bind: x.directory.Bind, as: as}
	given := explain.Config{
		Isolation:   isolation.Config{Directory: x.forest.Home(), Opener: shares.NewOpener(policy)},
		Permissions: v.permissions, As: as, Inspect: v.inspections, Copies: x.copies(ctx),
	}
	if x.site == nil {
		return given, nil
	}
	given.Isolation.Opener = shares.NewOpener(sitePolicy(x.file, *x.site))
	given.Isolation.DefaultDomain = x.site.Security.Authentication.BasicAuthentication.DefaultLogonDomain
	if given.Isolation.Rules, err = resolveRules(ctx, x.forest.Home(), *x.site, x.app.log()); err != nil {
		return given, err
	}
	given.Site = &explain.Site{Server: doorOf(*x.site), Grant: granted}
	if x.site.LogFile.Enabled {
		given.Site.Fields = logColumns(*x.site)
	}
	given.Site.Engine, err = engineConfig(sitePlan{file: x.file, site: *x.site})
	return given, err
}

// doorOf is the address that clients of a site see, as far as its first binding says.
func doorOf(site config.Site) net.Addr {
	host, port, err := net.SplitHostPort(site.Bindings[0].Address())
	if err != nil {
		return nil
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil
	}
	address, _ := netip.ParseAddr(host) // "": any
	return &net.TCPAddr{IP: address.AsSlice(), Port: int(number)}
}

// copies asks the domain controllers one by one; nil where there is but one.
func (x *explainer) copies(ctx context.Context) func(context.Context, ldapattr.User) ([]explain.Copy, error) {
	if urls, err := ldapattr.Controllers(ctx, x.directory); err != nil || len(urls) < 2 {
		return nil
	}
	return func(ctx context.Context, user ldapattr.User) ([]explain.Copy, error) {
		all, err := openReplicasOf(ctx, silent(x.app), x.directory)
		if err != nil {
			return nil, err
		}
		defer all.close()
		name, err := parseName(user.GUID.String())
		if err != nil {
			return nil, err
		}
		found := all.find(ctx, nameChunk{names: []ldapattr.AccountName{name}, errors: []error{nil}})[0]
		if err := all.judge(ctx, found); err != nil {
			return nil, err
		}
		copies := make([]explain.Copy, len(found))
		for i, c := range found {
			copies[i] = explain.Copy{Server: c.url, Root: c.user.Root, Dir: c.user.Dir, State: c.state, Current: c.state == replicaCurrent}
			if slices.Contains([]string{replicaUnreachable, replicaMissing}, c.state) {
				copies[i].Err = c.err
			}
		}
		return copies, nil
	}
}
