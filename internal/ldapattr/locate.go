package ldapattr

import (
	"context"
	"errors"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

const (
	// locateAgain is the age at which SRV records are asked for anew before the
	// next connection; Go's resolver does not tell their real lifetime.
	locateAgain = 5 * time.Minute
	maxTargets  = 16
)

// locator knows the domain controllers and which of them worked last.
type locator struct {
	cfg   Config
	fixed []target // from Config.Servers

	mu      sync.Mutex
	found   []target // from DNS
	foundAt time.Time
	last    target // worked last; tried first
	failed  target // failed since; tried last
}

// newLocator reads Servers and Domain; one of them must be there.
func newLocator(cfg Config) (*locator, error) {
	l := &locator{cfg: cfg}
	for _, server := range cfg.Servers {
		t, err := parseServer(server, cfg.StartTLS)
		if err != nil {
			return nil, &Error{Kind: ErrUsage, Op: "use server", Object: abridge(withoutLogin(server)), Err: err}
		}
		l.fixed = append(l.fixed, t)
	}
	if len(l.fixed) > 0 && cfg.Domain == "" {
		return l, nil
	}
	if err := checkDomain(strings.TrimSuffix(cfg.Domain, ".")); err != nil {
		if cfg.Domain == "" {
			err = errors.New("neither a server nor a domain is given")
		}
		return nil, &Error{Kind: ErrUsage, Op: "use domain", Object: abridge(cfg.Domain), Err: err,
			Hint: "give --server ldaps://dc1.corp.example.com or --domain corp.example.com"}
	}
	return l, nil
}

// targets returns whom to try, in order: the one that worked last, then Servers
// as given, or DNS by priority and weight (RFC 2782), in the end the one that has
// just failed.
func (l *locator) targets(ctx context.Context) ([]target, error) {
	list := l.fixed
	if len(list) == 0 {
		var err error
		if list, err = l.fromDNS(ctx); err != nil {
			return nil, err
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	list = slices.Clone(list)
	if i := slices.Index(list, l.last); i > 0 {
		list = slices.Insert(slices.Delete(list, i, i+1), 0, l.last)
	}
	if i := slices.Index(list, l.failed); i >= 0 {
		list = append(slices.Delete(list, i, i+1), l.failed)
	}
	return list, nil
}

// works remembers a target that answered.
func (l *locator) works(t target) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = t
	if l.failed == t {
		l.failed = target{}
	}
}

// fails remembers a target that answers no more.
func (l *locator) fails(t target) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failed = t
	if l.last == t {
		l.last = target{}
	}
}

// fromDNS asks at most every few minutes: a pool that grows by eight
// connections should not ask eight times.
func (l *locator) fromDNS(ctx context.Context) ([]target, error) {
	l.mu.Lock()
	found, age := l.found, time.Since(l.foundAt)
	l.mu.Unlock()
	if len(found) > 0 && age < locateAgain {
		return found, nil
	}
	fresh, err := lookupDCs(ctx, l.cfg)
	if err != nil {
		if len(found) > 0 {
			return found, nil // an old answer is better than none
		}
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.found, l.foundAt = fresh, time.Now()
	return fresh, nil
}

// lookupDCs asks first for the records that only domain controllers register.
func lookupDCs(ctx context.Context, cfg Config) ([]target, error) {
	domain := strings.TrimSuffix(cfg.Domain, ".")
	var cause error
	for _, name := range []string{"dc._msdcs." + domain + ".", domain + "."} { // absolute: no search list
		// LookupSRV orders by priority and shuffles by weight.
		_, records, err := net.DefaultResolver.LookupSRV(ctx, "ldap", "tcp", name)
		if list := dcTargets(cfg, domain, records); len(list) > 0 {
			return list, nil
		}
		if cause == nil {
			cause = err
		}
	}
	if cause == nil {
		cause = errors.New("DNS names no domain controller")
	}
	return nil, &Error{Kind: ErrUnreachable, Op: "find a domain controller of", Object: domain, Win32: winerr.NoLogonServers, Err: cause,
		Hint: "this machine's DNS must know _ldap._tcp.dc._msdcs." + domain + "; else give --server ldaps://HOST"}
}

// dcTargets makes targets of SRV records. The records name the port of plain
// LDAP; LDAPS has no records of its own and lives on 636.
func dcTargets(cfg Config, domain string, records []*net.SRV) []target {
	var list []target
	for _, record := range records {
		host := strings.TrimSuffix(record.Target, ".")
		if host == "" || record.Port == 0 {
			continue // RFC 2782: "." says that there is no such service
		}
		plain := target{host: host, port: strconv.Itoa(int(record.Port)), certName: certNameFor(host, domain), startTLS: cfg.StartTLS}
		ldaps := plain
		ldaps.port, ldaps.ldaps, ldaps.startTLS = portLDAPS, true, false
		switch {
		case cfg.StartTLS, cfg.Bind.Kerberos && sealsOn389:
			list = append(list, plain)
		case cfg.AllowPlaintext:
			list = append(list, ldaps, plain)
		default:
			list = append(list, ldaps)
		}
	}
	return slices.DeleteFunc(list[:min(len(list), maxTargets)], func(t target) bool {
		_, err := withPort(t)
		return err != nil // a global catalog
	})
}

// certNameFor says which name must be in the certificate. DNS is not
// authenticated: whoever forges the answer could name a host of their own, with
// a certificate of a public authority. So a host outside the domain must prove
// the domain's name, which DC certificates of an enterprise CA hold as well.
func certNameFor(host, domain string) string {
	if strings.HasSuffix(strings.ToLower(host), "."+strings.ToLower(domain)) {
		return host
	}
	return domain
}
