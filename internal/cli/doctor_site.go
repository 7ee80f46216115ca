package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/config/words"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/negotiate"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
)

const (
	maxSampledUsers = 1000 // whose homes name file servers
	serversAtOnce   = 8
)

// examineFileServers looks at each file server once, several at a time.
func examineFileServers(ctx context.Context, d *doctor) {
	names := serverNames(ctx, d)
	if len(names) == 0 {
		d.skip("neither the configuration nor a home leads to one", "file server")
		return
	}
	as := doctorAs(ctx, d)
	found, took := make([]finding, len(names)), make([]time.Duration, len(names))
	slots := make(chan struct{}, serversAtOnce)
	var group sync.WaitGroup
	for i, name := range names {
		group.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			began := time.Now()
			found[i] = examineFileServer(ctx, d, name, as)
			took[i] = time.Since(began)
		})
	}
	group.Wait()
	for i, name := range names {
		found[i].object = name
		d.keep("file server", found[i], took[i])
	}
}

// serverNames are the file servers that are named without a star, and those behind
// homes, as far as pathMap does not serve them from here.
func serverNames(ctx context.Context, d *doctor) []string {
	var names []string
	add := func(name string) {
		if name = strings.ToLower(name); name != "" && !strings.HasPrefix(name, "*") && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, s := range d.file.FileServers {
		add(s.Name)
	}
	for _, m := range d.file.DFS {
		add(m.To.Server())
	}
	if d.forest == nil {
		return names
	}
	opener := shares.NewOpener(sharePolicy(d.file))
	seen := 0
	for user, err := range d.forest.Users(ctx, ldapattr.Scope{Filter: "(" + homedir.AttrRoot + "=*)"}) {
		if seen++; err != nil || seen > maxSampledUsers {
			break
		}
		home, err := user.Home()
		if err != nil {
			continue
		}
		place, err := opener.Resolve(home.Location(), shares.Credentials{})
		var refused *shares.NotAllowedError
		switch {
		case err == nil:
			add(place.Server())
		case errors.As(err, &refused):
			add(refused.Location.Server())
		}
	}
	return names
}

// examineFileServer takes the first steps of a walk to a share. One that the policy does not
// admit gets no packet.
func examineFileServer(ctx context.Context, d *doctor, name string, as shares.Credentials) finding {
	ctx, cancel := d.patience(ctx)
	defer cancel()
	place, err := homedir.ParseLocation(`\\` + name + `\` + placeholder)
	if err != nil {
		return finding{err: err}
	}
	opener := shares.NewOpener(sharePolicy(d.file))
	_, err = opener.Resolve(place, as)
	switch {
	case errors.Is(err, smbfs.ErrDFS):
		_, next := stepOutcome(&shares.Step{Name: "allowed", Err: err})
		return finding{evidence: err.Error(), warning: true, next: next}
	case err != nil:
		return finding{evidence: err.Error() + ", but homes are there", warning: true, next: "list it in fileServers, or correct the homes with ftpisoctl rename-root"}
	}
	addresses, err := net.DefaultResolver.LookupHost(ctx, name)
	if err != nil {
		return finding{err: err, code: exitUnreachable, next: "correct the name, or the DNS"}
	}
	offer, err := negotiate.Probe(ctx, name)
	if err != nil {
		return finding{err: err, code: exitUnreachable, next: "is the server running, does a firewall close port 445?"}
	}
	f := finding{evidence: strings.Join(addresses, " ") + ", " + offerText(offer)}
	switch {
	case offer.SMB1Only:
		f.err, f.code, f.next = errors.New(f.evidence), exitUnreachable, "let the server speak SMB 2 or later"
		return f
	case as.User == "" || as.Password.Empty():
		f.evidence += "; not entered, for want of a password"
		return f
	}
	session, err := opener.Enter(ctx, place, as)
	if err != nil {
		code, next := stepOutcome(&shares.Step{Name: "session", Err: err})
		return finding{err: err, code: code, next: next}
	}
	defer session.Close()
	if listed, err := session.Shares(ctx); err != nil {
		f.evidence += "; its shares are not told: " + err.Error()
		f.warning, f.next = true, "not every account may list shares, and no login needs to; shares check USER goes to one home"
	} else {
		f.evidence += "; " + plural(len(listed), "share")
	}
	return f
}

func offerText(offer negotiate.Offer) string {
	if offer.SMB1Only {
		return "speaks SMB 1 only"
	}
	text := "SMB " + offer.Dialect
	if offer.SigningRequired {
		text += ", signing required"
	}
	if offer.Encryption {
		text += ", can encrypt"
	}
	return text
}

// examineServiceAccount reads the directory as the site does.
func examineServiceAccount(ctx context.Context, d *doctor) finding {
	if d.site.UserIsolation.ActiveDirectory.ADUserName == "" {
		return finding{evidence: "the site reads as the directory section's account"}
	}
	c, err := siteConnection(d.app, d.file, *d.site)
	if err != nil {
		return finding{err: err}
	}
	ask := checkSource // asks nobody; but it runs no command either
	if c.PasswordCommand != "" {
		ask = func(c connection) (secret.Text, error) { return d.app.bindPassword(ctx, c) }
	}
	password, err := ask(c)
	if err != nil {
		return finding{err: err, code: exitRights, next: strings.TrimSuffix("run doctor as the account that the server runs as; "+advice(err), "; ")}
	}
	cfg, err := directoryConfigWith(d.app, c, func() (secret.Text, error) { return password, nil })
	if err != nil {
		return finding{err: err}
	}
	directory, err := connect(ctx, cfg)
	if err != nil {
		return finding{err: err}
	}
	defer directory.Close()
	evidence := c.BindUser + " can bind"
	if d.sample == nil {
		return finding{evidence: evidence + "; there is no home to read", warning: true, next: setAHome}
	}
	name, err := parseName(d.sample.GUID.String())
	if err != nil {
		return finding{err: err}
	}
	user, err := directory.Lookup(ctx, name)
	return readBy(c.BindUser, *d.sample, user, err)
}

// readBy judges what an account that can bind has read of a user with a home.
func readBy(account string, sample, seen ldapattr.User, err error) finding {
	const both = homedir.AttrRoot + " and " + homedir.AttrDir
	switch {
	case errors.Is(err, ldapattr.ErrNotFound), errors.Is(err, ldapattr.ErrRights):
		return finding{err: fmt.Errorf("%s does not see %s, who is there: %w", account, sample.DownLevelName(), err), code: exitRights,
			next: "let it see users, and read " + both + " of them"}
	case err != nil:
		return finding{err: err}
	case seen.Root == "" || seen.Dir == "":
		return finding{err: fmt.Errorf("%s may not read the attributes of %s", account, sample.DownLevelName()), code: exitRights,
			next: "let it read " + both + " of users"}
	}
	return finding{evidence: account + " can bind, and reads the home of " + seen.DownLevelName()}
}

func examinePorts(d *doctor) finding {
	if _, err := portsOf(d.file); err != nil {
		return finding{err: err}
	}
	low, high := d.file.Server.FirewallSupport.LowDataChannelPort, d.file.Server.FirewallSupport.HighDataChannelPort
	if low == 0 && high == 0 {
		return finding{evidence: "the system's dynamic range", next: "a firewall wants a fixed one: server.firewallSupport"}
	}
	return finding{evidence: fmt.Sprintf("%d to %d", low, high)}
}

func examineCertificate(d *doctor) finding {
	certificates, err := siteCertificates(*d.site)
	ssl := d.site.Security.SSL
	switch {
	case err != nil:
		return finding{err: err}
	case certificates == nil && (ssl.ControlChannelPolicy != words.SSLAllow || ssl.DataChannelPolicy == words.SSLRequire):
		return finding{err: errors.New("the site requires TLS and has no certificate"), next: "name one in security.ssl.serverCertFile"}
	case certificates == nil:
		return finding{evidence: "none: passwords of the domain may cross the network in clear text", warning: true, next: "name one in security.ssl.serverCertFile"}
	}
	end := certificates.NotAfter()
	f := finding{evidence: "until " + end.UTC().Format("2006-01-02")}
	switch left := time.Until(end); {
	case left <= 0:
		f.err, f.next = errors.New("it has expired on "+end.UTC().Format("2006-01-02")), "renew it; serve reads it again on SIGHUP"
	case left < certificateWarning:
		f.warning, f.next = true, "renew it; serve reads it again on SIGHUP"
	}
	return f
}
