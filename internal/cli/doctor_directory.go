package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/authz"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// maxSkew is what Kerberos forgives (RFC 4120, section 1.6).
const maxSkew = 5 * time.Minute

// controllerWarning is shorter than for our own certificate: Windows renews those of
// domain controllers by itself, some weeks before they end.
const controllerWarning = 7 * 24 * time.Hour

// setAHome is the next step of checks that need a user with a home.
const setAHome = "set a home with ftpisoctl set, and run doctor again"

func (d *doctor) configuration() finding {
	var err error
	if d.file, d.path, err = d.app.configFile(); err != nil {
		return finding{err: err, next: advice(err)}
	}
	if d.path == "" {
		return finding{evidence: "no file; flags, environment and defaults", next: "a server needs one: docs/configuration.md has an example"}
	}
	if len(d.file.Sites) == 0 {
		return finding{evidence: d.path + ", without a site"}
	}
	d.site = &d.file.Sites[0]
	if err := authz.Check(rulesOf(*d.site)); err != nil {
		return finding{err: err, next: "correct security.authorization of the site"}
	}
	if _, err := engineConfig(sitePlan{file: d.file, site: *d.site}); err != nil {
		return finding{err: err}
	}
	if err := sitePolicy(d.file, *d.site).CheckProcess(); err != nil {
		return finding{evidence: d.path + ", site " + d.site.Name + ": " + err.Error(), warning: true, next: "that concerns the server, if it runs as this account"}
	}
	return finding{evidence: d.path + ", site " + d.site.Name}
}

func (d *doctor) connection(ctx context.Context) finding {
	c, err := d.app.connection(d.file.Directory.Connection)
	if err == nil {
		d.directory, err = d.app.directoryConfig(ctx, c)
	}
	if err == nil {
		err = ldapattr.Check(d.directory)
	}
	if err != nil {
		return finding{err: err}
	}
	if len(d.directory.Servers) > 0 {
		return finding{evidence: "servers " + strings.Join(d.directory.Servers, ", ")}
	}
	return finding{evidence: "domain " + d.directory.Domain + ", by SRV records"}
}

// examineControllers looks at the port and the certificate of each domain controller.
func examineControllers(ctx context.Context, d *doctor) {
	began := time.Now()
	urls, err := ldapattr.Controllers(ctx, d.directory)
	if err != nil {
		d.keep("controllers", finding{err: err}, time.Since(began))
		return
	}
	d.urls = urls
	d.keep("controllers", finding{evidence: plural(len(urls), "domain controller") + ": " + strings.Join(urls, ", ")}, time.Since(began))
	found, took := make([]finding, len(urls)), make([]time.Duration, len(urls))
	var group sync.WaitGroup
	for i, each := range urls {
		group.Go(func() {
			began := time.Now()
			found[i] = examineController(ctx, d, each)
			took[i] = time.Since(began)
		})
	}
	group.Wait()
	for i, each := range urls {
		found[i].object = each
		d.keep("controller", found[i], took[i])
	}
}

// patience bounds one question to somebody else.
func (d *doctor) patience(ctx context.Context) (context.Context, context.CancelFunc) {
	const most = 10 * time.Second
	wait := d.directory.Timeout
	if wait <= 0 || wait > most {
		wait = most
	}
	return context.WithTimeout(ctx, wait)
}

func examineController(ctx context.Context, d *doctor, address string) finding {
	ctx, cancel := d.patience(ctx)
	defer cancel()
	u, err := url.Parse(address)
	if err != nil {
		return finding{err: err}
	}
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", u.Host)
	if err != nil {
		return finding{err: err, code: exitUnreachable, next: "is the name right, does the domain controller run, does a firewall close the port?"}
	}
	defer conn.Close()
	switch {
	case u.Scheme != "ldaps" && d.directory.StartTLS:
		return finding{evidence: "the port answers; its certificate shows at the bind, after StartTLS"}
	case u.Scheme != "ldaps":
		return finding{evidence: "the port answers; without TLS"}
	case d.directory.PinSHA256 != "":
		return finding{evidence: "the port answers; its certificate must be the pinned one, which shows at the bind"}
	}
	secure := tls.Client(conn, &tls.Config{ServerName: u.Hostname(), RootCAs: d.directory.RootCAs, MinVersion: tls.VersionTLS12})
	if err := secure.HandshakeContext(ctx); err != nil {
		f := finding{err: err, code: exitUnreachable, next: "name the domain's authority with --ca-file, and the server as its certificate does"}
		if ctx.Err() != nil {
			f.evidence, f.next = "it takes the connection, and then no TLS answer comes", "look after the domain controller; does a firewall or a proxy stand in the way?"
		}
		return f
	}
	leaf := secure.ConnectionState().PeerCertificates[0]
	f := finding{evidence: fmt.Sprintf("%s, certificate of %s by %s until %s", tls.VersionName(secure.ConnectionState().Version),
		leaf.Subject.CommonName, leaf.Issuer.CommonName, leaf.NotAfter.UTC().Format("2006-01-02"))}
	if time.Until(leaf.NotAfter) < controllerWarning {
		f.warning, f.next = true, "renew the certificate of the domain controller"
	}
	return f
}

func (d *doctor) bind(ctx context.Context) finding {
	forest, err := connectForest(ctx, d.directory)
	if err != nil {
		return finding{err: err}
	}
	d.forest = forest
	info := forest.Home().Domain()
	how := "simple bind as " + d.directory.Bind.User
	if d.directory.Bind.Kerberos {
		how = "Kerberos " + d.directory.Bind.User
	}
	f := finding{evidence: fmt.Sprintf("%s at %s, %s, domain %s (%s)", strings.TrimSpace(how), info.Server, protection(d.directory, d.urls), info.DNSName, info.NetBIOSName)}
	if d.directory.AllowPlaintext {
		f.warning, f.next = true, "allowPlaintext lets passwords cross the network in clear text; use ldaps://, StartTLS or Kerberos"
	}
	return f
}

// protection says what keeps others from reading and changing what goes to the
// directory and back.
func protection(cfg ldapattr.Config, urls []string) string {
	var kinds []string
	for _, each := range urls {
		kind := "in clear text"
		switch {
		case strings.HasPrefix(each, "ldaps:"):
			kind = "protected by LDAPS"
		case cfg.StartTLS:
			kind = "protected by StartTLS"
		case cfg.Bind.Kerberos:
			kind = "signed and sealed by Kerberos"
		}
		if !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	return strings.Join(kinds, " or ")
}

// domain makes the checks of the directory's content.
func (d *doctor) domain(ctx context.Context) {
	permissions := &ldapattr.Permissions{Forest: d.forest}
	d.check("clock", func() (f finding) {
		asked := time.Now()
		if d.facts, f.err = permissions.Facts(ctx); f.err == nil {
			f = clockOf(d.facts, asked.Add(time.Since(asked)/2))
		}
		return f
	})
	if d.facts == (ldapattr.Facts{}) {
		d.skip("the domain controller says nothing of itself", "site", "schema", "base", "catalog")
	} else {
		d.check("site", func() finding {
			if d.facts.Site == "" {
				return finding{evidence: d.facts.Host + " does not say which site it is in"}
			}
			return finding{evidence: d.facts.Host + " is in the site " + d.facts.Site}
		})
		d.check("schema", func() finding { return d.schema(ctx, permissions) })
		d.check("base", d.base)
		d.check("catalog", func() finding {
			return finding{evidence: "no server is a global catalog port, which lacks both attributes"}
		})
	}
	d.check("read", func() finding { return d.read(ctx) })
	d.check("write", func() finding { return d.write(ctx) })
}

func clockOf(facts ldapattr.Facts, now time.Time) finding {
	if facts.Time.IsZero() {
		return finding{evidence: "the domain controller does not say", warning: true, next: "compare the clocks in another way: Kerberos takes five minutes at most"}
	}
	// It tells whole seconds.
	skew := now.Sub(facts.Time).Round(time.Second)
	f := finding{evidence: fmt.Sprintf("this machine and %s differ by %v", facts.Host, skew)}
	switch {
	case skew.Abs() > maxSkew:
		f.err, f.next = errors.New(f.evidence), "set the clock: Kerberos takes five minutes at most"
	case skew.Abs() > time.Minute:
		f.warning, f.next = true, "set the clock before it is five minutes"
	}
	return f
}

func (d *doctor) schema(ctx context.Context, permissions *ldapattr.Permissions) finding {
	missing, err := permissions.MissingAttributes(ctx)
	switch {
	case err != nil:
		return finding{err: err}
	case len(missing) > 0:
		return finding{err: errors.New("the schema lacks " + strings.Join(missing, " and ")), next: "the schema must be of Windows Server 2003 or later"}
	}
	return finding{evidence: homedir.AttrRoot + " and " + homedir.AttrDir + " are there"}
}

func (d *doctor) base() finding {
	info := d.forest.Home().Domain()
	if strings.EqualFold(info.BaseDN, d.facts.NamingContext) {
		return finding{evidence: "users are looked for in all of " + info.BaseDN}
	}
	return finding{evidence: "users are looked for in " + info.BaseDN + " alone; the domain is " + d.facts.NamingContext}
}

// read looks for a user with a home: the right to read shows in what is read.
func (d *doctor) read(ctx context.Context) finding {
	scope := ldapattr.Scope{Filter: "(&(" + homedir.AttrRoot + "=*)(" + homedir.AttrDir + "=*))"}
	for user, err := range d.forest.Users(ctx, scope) {
		if err != nil {
			return finding{err: err}
		}
		d.sample = &user
		return finding{evidence: "both attributes of " + user.DownLevelName() + " can be read"}
	}
	return finding{evidence: "there is no user with both attributes", warning: true,
		next: setAHome + "; if there are homes, the account needs Read Property on both attributes"}
}

func (d *doctor) write(ctx context.Context) finding {
	if d.sample == nil {
		return finding{evidence: "there is no user to ask about", warning: true, next: setAHome}
	}
	record, err := writable(ctx, d.forest, *d.sample)
	switch {
	case err != nil:
		return finding{err: err}
	case record.Root && record.Dir:
		return finding{evidence: "both attributes of " + record.User + " may be written"}
	}
	return finding{evidence: "not both attributes of " + record.User + " may be written", warning: true,
		next: "serve and audit need no more than reading; ftpisoctl delegate prints what lets an account write"}
}
