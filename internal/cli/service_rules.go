package cli

import (
	"context"
	"log/slog"
	"math"
	"slices"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/admission"
	"github.com/ftpisoctl/ftpisoctl/internal/authz"
	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/config/words"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// rulesOf are the authorization rules of a site.
func rulesOf(site config.Site) []authz.Rule {
	var rules []authz.Rule
	for _, r := range site.Security.Authorization {
		rule := authz.Rule{Deny: r.AccessType == words.AccessDeny, Users: r.Users, Roles: r.Roles}
		if slices.Contains(r.Permissions, words.PermissionRead) {
			rule.Rights |= authz.Read
		}
		if slices.Contains(r.Permissions, words.PermissionWrite) {
			rule.Rights |= authz.Write
		}
		rules = append(rules, rule)
	}
	return rules
}

// resolveRules asks the directory for the groups that the rules of a site name.
func resolveRules(ctx context.Context, directory *ldapattr.Directory, site config.Site, log *slog.Logger) (*authz.Rules, error) {
	rules, err := authz.Resolve(ctx, directory, rulesOf(site), log)
	if err != nil {
		return nil, hint(err, "correct security.authorization of the site; groups of other domains are named by their SID")
	}
	return rules, nil
}

// limitsOf is who may connect, and how often.
func limitsOf(file config.File, site config.Site, log *slog.Logger) admission.Config {
	limit := func(n uint32) int { return int(min(n, math.MaxInt32)) }
	deny := file.Server.Security.Authentication.DenyByFailure
	limits := admission.Config{
		Networks:       admission.Networks{DenyUnlisted: !site.Security.IPSecurity.AllowUnlisted},
		MaxConnections: limit(site.Connections.MaxConnections),
		MaxPerAddress:  limit(site.Connections.MaxConnectionsPerAddress),
		MaxPerUser:     limit(site.Connections.MaxConnectionsPerUser),
		Failures:       admission.Failures{Memory: deny.EntryExpiration, LoggingOnly: deny.LoggingOnlyMode},
		Log:            log,
	}
	if deny.Enabled {
		limits.Failures.Max = limit(deny.MaxFailure)
	}
	for _, entry := range site.Security.IPSecurity.Entries {
		limits.Networks.Entries = append(limits.Networks.Entries, admission.Network{Prefix: entry.Network(), Allowed: entry.Allowed})
	}
	return limits
}

func commandsOf(filtering config.CommandFiltering) ftpsrv.CommandFilter {
	filter := ftpsrv.CommandFilter{DenyUnlisted: !filtering.AllowUnlisted, Entries: map[string]bool{}}
	for _, entry := range filtering.Entries {
		filter.Entries[strings.ToUpper(entry.Command)] = entry.Allowed
	}
	return filter
}
