package ldapattr

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Forest is the domain of a Config together with the other domains of its forest,
// each asked at its own domain controllers: never the global catalog, which lacks
// both attributes, and never a host that a referral names. It is safe for
// concurrent use.
type Forest struct {
	cfg     Config
	home    *member
	members members // home first
}

// member is one domain of the forest.
type member struct {
	partition
	slot chan struct{} // held while connecting
	mu   sync.Mutex
	d    *Directory // nil until a name needed it
	shut bool
}

// members are the domains of a forest.
type members []*member

// OpenForest connects to the domain of cfg as Open does. The other domains are
// connected to, with the same account, when a name needs them.
func OpenForest(ctx context.Context, cfg Config) (*Forest, error) {
	for _, other := range cfg.Domains {
		if _, err := newLocator(Config{Domain: cfg.Domain, Servers: other.Servers}); err != nil {
			return nil, err
		}
	}
	d, err := Open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	f := &Forest{cfg: cfg}
	for _, p := range d.domain.partitions {
		m := newMember(p)
		if p.base.EqualFold(d.domain.namingContext) {
			f.home = m
			f.members = append(members{m}, f.members...)
			continue
		}
		f.members = append(f.members, m)
	}
	if f.home == nil {
		f.home = newMember(partition{d.domain.info.NetBIOSName, d.domain.info.DNSName, d.domain.namingContext})
		f.members = members{f.home}
	}
	f.home.d = d
	return f, nil
}

func newMember(p partition) *member { return &member{partition: p, slot: make(chan struct{}, 1)} }

// Home returns the domain that the Config is about.
func (f *Forest) Home() *Directory { return f.home.d }

// Domains returns the domains of the forest, that of the Config first, without Server.
// Nobody is asked.
func (f *Forest) Domains() []DomainInfo {
	var list []DomainInfo
	for _, m := range f.members {
		list = append(list, DomainInfo{DNSName: m.dns, NetBIOSName: m.netbios, BaseDN: m.base.String()})
	}
	return list
}

// Close ends all connections. Calls in progress fail.
func (f *Forest) Close() error {
	for _, m := range f.members {
		m.mu.Lock()
		m.shut = true
		if m.d != nil {
			_ = m.d.Close()
		}
		m.mu.Unlock()
	}
	return nil
}

// open returns the connected domain.
func (f *Forest) open(ctx context.Context, m *member) (*Directory, error) {
	if d := m.opened(); d != nil {
		return d, nil
	}
	select {
	case m.slot <- struct{}{}:
		defer func() { <-m.slot }()
	case <-ctx.Done():
		return nil, m.unopened(noAnswer(ctx, ctx.Err()))
	}
	if d := m.opened(); d != nil {
		return d, nil
	}
	cfg, err := configOf(f, m)
	if err != nil {
		return nil, err
	}
	cfg.logger().Info("connecting to another domain of the forest", "domain", m.dns, "servers", cfg.Servers)
	ctx, cancel := f.home.d.limit(ctx, cfg.timeout())
	defer cancel()
	d, err := Open(ctx, cfg)
	if err != nil {
		return nil, m.unopened(noAnswer(ctx, err))
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.shut {
		_ = d.Close()
		return nil, m.unopened(errClosed)
	}
	m.d = d
	return d, nil
}

// unopened names the domain: nobody has asked for its servers by name.
func (m *member) unopened(err error) error {
	const op = "open domain"
	var e *Error
	if !errors.As(err, &e) {
		return explain(op, m.dns, err)
	}
	named := *e
	named.Op, named.Object, named.Err = op, m.dns, err
	if named.Hint == "" && errors.Is(e.Kind, ErrUnreachable) {
		named.Hint = `a name of the form DOMAIN\user is looked for in its own domain alone`
	}
	return &named
}

func (m *member) opened() *Directory {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.d
}

// ConfigOf returns the Config that opens one domain of the forest by itself, named by
// DNS or NetBIOS: the same account and trust, its own servers. Errors: ErrUsage.
func (f *Forest) ConfigOf(domain string) (Config, error) {
	m := f.members.named(domain)
	switch {
	case m == nil:
		return Config{}, &Error{Kind: ErrUsage, Op: "open domain", Object: abridge(domain), Err: errors.New("is no domain of this forest")}
	case m == f.home:
		return f.cfg, nil
	}
	return configOf(f, m)
}

// configOf is the configuration with which another domain is opened: the same
// account and trust, its own servers.
func configOf(f *Forest, m *member) (Config, error) {
	cfg := f.cfg
	cfg.Domain, cfg.Servers, cfg.BaseDN, cfg.Domains = m.dns, nil, "", nil
	for _, other := range f.cfg.Domains {
		if m.is(strings.TrimSuffix(other.Domain, ".")) {
			cfg.Servers = other.Servers
		}
	}
	user := f.cfg.Bind.User
	if dn, err := ldap.ParseDN(user); err == nil && len(dn.RDNs) > 1 && !cfg.Bind.Kerberos {
		return Config{}, &Error{Kind: ErrUsage, Op: "bind to", Object: m.dns,
			Err:  errors.New("the account is named by a DN, which only its own domain knows"),
			Hint: `name it as DOMAIN\user or user@suffix`}
	}
	if !strings.Contains(user, "@") && cfg.Bind.Kerberos && user != "" {
		// The realm of a bare name is the domain controller's; the account is of ours.
		_, name, ours := strings.Cut(user, `\`)
		if !ours {
			name = user
		} else if domain, _, _ := strings.Cut(user, `\`); !f.home.is(domain) {
			return cfg, nil
		}
		cfg.Bind.User = name + "@" + strings.ToUpper(f.home.dns)
	}
	return cfg, nil
}

// named returns the domain with that DNS or NetBIOS name.
func (all members) named(name string) *member {
	for _, m := range all {
		if m.is(name) {
			return m
		}
	}
	return nil
}

// holding returns the domain that a DN lies in.
func (all members) holding(text string) *member {
	dn, err := ldap.ParseDN(text)
	if err != nil {
		return nil
	}
	var nearest *member
	for _, m := range all {
		if m.holds(dn) && (nearest == nil || len(m.base.RDNs) > len(nearest.base.RDNs)) {
			nearest = m
		}
	}
	return nearest
}

// Users yields the users in scope, as Directory.Users does, of the domain in which
// its OU and its group are; without either, of Home. Members who belong to another
// domain than their group are not among them.
func (f *Forest) Users(ctx context.Context, scope Scope) iter.Seq2[User, error] {
	return func(yield func(User, error) bool) {
		m, err := f.members.scopeIn(scope)
		if err != nil {
			yield(User{}, err)
			return
		}
		d, err := f.open(ctx, m)
		if err != nil {
			yield(User{}, explain("list", "users", err))
			return
		}
		d.Users(ctx, scope)(yield)
	}
}

// scopeIn finds the one domain that a scope is about.
func (all members) scopeIn(scope Scope) (*member, error) {
	m := all[0]
	if scope.OU != "" {
		if found := all.holding(scope.OU); found != nil {
			m = found
		}
	}
	group := scope.Group
	var of *member
	switch {
	case group.kind == nameSAM && group.domain != "":
		if of = all.named(group.domain); of == nil {
			return nil, all.noDomain(group, group.domain)
		}
	case group.kind == nameDN:
		of = all.holding(group.value)
	}
	switch {
	case of == nil || of == m:
	case scope.OU == "":
		m = of
	default:
		return nil, &Error{Kind: ErrUsage, Op: "list users of", Object: abridge(group.String()),
			Err: fmt.Errorf("the group is of %s, the OU of %s", of.dns, m.dns)}
	}
	return m, nil
}

// noDomain is ErrNotFound for a name whose domain is none of the forest.
func (all members) noDomain(name AccountName, domain string) error {
	return &Error{Kind: ErrNotFound, Op: "look up", Object: abridge(name.String()), Win32: winerr.NoSuchUser,
		Hint: fmt.Sprintf("%s is another domain than %s", abridge(domain), all.list())}
}

// list names the domains for people.
func (all members) list() string {
	var known []string
	for _, m := range all {
		known = append(known, strings.TrimSpace(m.netbios+" ("+m.dns+")"))
	}
	return strings.Join(known, ", ")
}
