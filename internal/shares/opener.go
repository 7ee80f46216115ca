package shares

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// ErrPrivileged says that local folders would be served with the rights of root
// or LocalSystem, whom no file permission stops.
var ErrPrivileged = errors.New("local homes are not served as root or LocalSystem: run the service as an account of its own, or set allowRoot: true")

// Credentials say as whom a file server is entered. The password is used once,
// for the session setup, and not kept.
type Credentials struct {
	Domain, User string // NETBIOS and sAMAccountName
	Realm        string // Kerberos realm; "" = no Kerberos
	Password     secret.Text
}

// NewCredentials returns the account of a domain in the form that file servers
// take: names as the directory has them, and the Kerberos realm, which is the DNS
// name of the domain in capitals (RFC 4120, section 6.1).
func NewCredentials(netbiosDomain, account, dnsDomain string, password secret.Text) Credentials {
	return Credentials{Domain: netbiosDomain, User: account, Realm: strings.ToUpper(dnsDomain), Password: password}
}

// Opener opens homes within its policy. It is safe for concurrent use.
type Opener struct{ policy Policy }

// NewOpener returns an Opener for the policy. Every home that it opens shares one
// table of open files, so that sessions see each other's uploads, and a local home
// may enter what is mounted in it if that volume is listed in LocalRoots.
func NewOpener(policy Policy) *Opener {
	policy.Storage.Trusted = nil
	for _, root := range policy.LocalRoots {
		if root.Local() {
			policy.Storage.Trusted = append(policy.Storage.Trusted, root.String())
		}
	}
	if policy.Storage.OpenFiles == nil {
		policy.Storage.OpenFiles = storage.NewOpenFiles()
	}
	return &Opener{policy}
}

// CheckProcess returns ErrPrivileged if the policy admits local folders, the
// process runs as root or LocalSystem, and AllowRoot is not set.
func (p Policy) CheckProcess() error {
	if len(p.LocalRoots)+len(p.PathMap) == 0 || p.AllowRoot || !privileged() {
		return nil
	}
	return ErrPrivileged
}

// Open opens the place as a home: a share with the rights of the given account,
// a local folder with those of the process. A place that the policy does not
// admit is a *NotAllowedError and gets no packet. Other errors carry a
// winerr.Code.
func (o *Opener) Open(ctx context.Context, location homedir.Location, as Credentials) (storage.FS, error) {
	to, err := o.route(location, as)
	if err != nil {
		return nil, err
	}
	if to.local() {
		return o.openLocal(to)
	}
	home, err := smbfs.Dial(ctx, to.target(), to.login(as), to.location.Path(), o.policy.Storage)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", location, err)
	}
	return home, nil
}

// Resolve returns where a place is really reached, behind PathMap and DFS, and the
// error that Open returns for one that it does not reach for. It sends nothing.
func (o *Opener) Resolve(location homedir.Location, as Credentials) (homedir.Location, error) {
	to, err := o.route(location, as)
	if err == nil && to.local() {
		return to.root.Below(to.below), nil
	}
	return to.location, err
}

// Enter connects to the file server of a place and logs in, with the rights of the
// given account, as Open does. A local place is winerr.InvalidParameter. The caller
// closes the session.
func (o *Opener) Enter(ctx context.Context, location homedir.Location, as Credentials) (*smbfs.Session, error) {
	to, err := o.route(location, as)
	if err == nil && to.local() {
		err = fmt.Errorf("%s is on this machine: %w", location, winerr.InvalidParameter)
	}
	if err != nil {
		return nil, err
	}
	session, err := smbfs.Connect(ctx, to.target())
	if err != nil {
		return nil, err
	}
	if err := session.Login(ctx, to.login(as)); err != nil {
		_ = session.Close()
		return nil, err
	}
	return session, nil
}

// route is the policy's, but for a host that is the account's own domain: no file
// server has that name. It is a DFS namespace, whose answer would come from some
// domain controller.
func (o *Opener) route(location homedir.Location, as Credentials) (route, error) {
	to, err := o.policy.route(location)
	host := to.location.Server()
	var refused *NotAllowedError
	if errors.As(err, &refused) {
		host = refused.Location.Server()
	}
	if host == "" || !strings.EqualFold(host, as.Realm) && !strings.EqualFold(host, as.Domain) {
		return to, err
	}
	return route{}, fmt.Errorf("%s is the domain itself and no file server: %w: %w", host, smbfs.ErrDFS, winerr.BadNetPath)
}

func (o *Opener) openLocal(to route) (storage.FS, error) {
	if windows := to.root.Kind() == homedir.KindDrive; windows != (runtime.GOOS == "windows") {
		return nil, fmt.Errorf("open %s: a path of another operating system: %w", to.root, winerr.PathNotFound)
	}
	home, err := openFolder(to.root.String(), to.below, o.policy.Storage)
	if err != nil {
		return nil, fmt.Errorf("open %s below %s: %w", to.below, to.root, err)
	}
	return home, nil
}

func (r route) target() smbfs.Target {
	return smbfs.Target{Address: r.address(), Host: r.location.Server(), Share: r.location.Share()}
}

func (r route) address() string {
	return net.JoinHostPort(r.location.Server(), cmp.Or(r.server.Port, "445"))
}

func (r route) login(as Credentials) smbfs.Login {
	login := smbfs.Login{Domain: as.Domain, User: as.User, Password: as.Password, AllowNTLM: r.server.NTLM, Unsigned: r.server.Unsigned}
	if as.Realm != "" {
		login.Kerberos = &smbfs.Kerberos{Realm: as.Realm}
	}
	return login
}
