package cli

import (
	"context"
	"errors"
	"sync"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

// visitFlags say how an audit looks at the places of homes.
type visitFlags struct {
	level   int
	servers fileServerFlags
	minFree survey.Threshold
	perUser survey.Size
	need    survey.Rights
}

func (f *visitFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.IntVar(&f.level, "level", 2, "how far to look, `LEVEL` 0: the directory alone; 1: file servers' names and ports; 2: shares and homes; 3: access lists")
	f.servers.add(cmd)
	f.need = survey.AllRights
	f.minFree, _ = survey.ParseThreshold("10%")
	flags.Var(valueOf(&f.minFree, survey.ParseThreshold), "min-free", "the least that is to be free on a share, or of a quota: `SIZE` or part")
	flags.Var(valueOf(&f.perUser, survey.ParseSize), "expect-per-user", "the `SIZE` that each home is expected to have in the end, such as 2GiB")
	flags.Var(valueOf(&f.need, survey.ParseRights), "need", "the `RIGHTS` that a user must have: of list, read, write, delete")
}

// plan says which places may be looked at, and whether there are any.
func (f *visitFlags) plan(file config.File, run *audit.Options) (policy shares.Policy, any bool, err error) {
	policy, err = f.servers.policy(file)
	run.Settings.FileServers = len(policy.FileServers) > 0 || len(policy.PathMap) > 0
	run.Settings.LocalRoots = len(policy.LocalRoots) > 0 || len(policy.PathMap) > 0
	return policy, run.Level > 0 && (run.Settings.FileServers || run.Settings.LocalRoots), err
}

// otherUsers reports whether there may be users with homes whom an audit of all users
// does not read.
func otherUsers(cfg ldapattr.Config, forest *ldapattr.Forest) bool {
	return cfg.BaseDN != "" || len(forest.Domains()) > 1
}

// visits makes an audit send a survey to the places that the policy admits. Where there
// is no account to enter file servers with, what needs one is not checked.
func (f *visitFlags) visits(ctx context.Context, a *app, run *audit.Options, v *visitor) {
	as, err := shareAccount(ctx, v.forest, v.bind)
	if err != nil {
		a.note("file servers are not entered: %v", err)
	}
	tokens := &tokenMemory{ask: v.token, known: map[ldapattr.GUID]secdesc.Token{}}
	run.Settings.Token = tokens.of
	run.Survey = survey.New(v.opener(), survey.Config{
		Level: survey.Level(run.Level - 2), As: as, Token: tokens.of, Names: v.sidName,
		Need: f.need, MinFree: f.minFree, PerUser: f.perUser, Extents: run.Level > 2, Orphans: run.Level > 1 && !run.Settings.Partial,
	}).Run
}

// tokenMemory asks for the groups of each user once.
type tokenMemory struct {
	ask   func(context.Context, ldapattr.User) (secdesc.Token, error)
	mu    sync.Mutex
	known map[ldapattr.GUID]secdesc.Token
}

func (m *tokenMemory) of(ctx context.Context, user ldapattr.User) (secdesc.Token, error) {
	m.mu.Lock()
	token, known := m.known[user.GUID]
	m.mu.Unlock()
	if known {
		return token, nil
	}
	token, err := m.ask(ctx, user)
	if err == nil {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.known[user.GUID] = token
	}
	return token, err
}

// comparison are the domain controllers that an audit compares, once it has asked for
// them.
type comparison struct{ all replicas }

func (c *comparison) close() { c.all.close() }

// replicas lets an audit ask for the domain controllers of the domain, if there are
// several. Who calls it closes them.
func (o *auditOptions) replicas(a *app, cfg ldapattr.Config, run *audit.Options, scope ldapattr.Scope) *comparison {
	var c comparison
	run.Settings.ReplicaScope = scope
	run.Settings.ReplicaScope.Filter = bothFilters(hasHome, scope.Filter)
	run.Settings.Replicas = func(ctx context.Context) ([]audit.Replica, error) {
		if len(cfg.Servers) == 1 {
			return nil, errors.New("one domain controller is configured, so no other is asked")
		}
		urls, err := ldapattr.Controllers(ctx, cfg)
		if err != nil || len(urls) < 2 {
			return nil, err
		}
		c.close() // of the time before, when it is asked again and again
		if c.all, err = openReplicasOf(ctx, a, cfg); err != nil {
			return nil, err
		}
		var list []audit.Replica
		for _, r := range c.all {
			list = append(list, audit.Replica{Name: r.url, Forest: r.forest})
		}
		return list, nil
	}
	return &c
}
