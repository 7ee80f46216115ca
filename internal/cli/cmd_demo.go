package cli

import (
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/config/words"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftptls"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

const demoHelp = `Run a domain with a handful of users, a home for each and an FTP server, all in
this process and on this machine only, and print lines to paste that try them.

Users: alice (Wonder1and!), bob (Bui1der!!), carol, who is disabled, and dave,
who has no home. A change of the attributes shows at the next login. Homes lie in
a temporary folder that goes when the demo ends, or in the folder of --data,
which stays. FTP is offered in clear text and with TLS, by a certificate that the
demo makes for itself; --listen-tls adds a port that begins with TLS.`

//go:embed demo.ldif
var demoPeople string

// The demo's domain, and the share that its homes seem to lie on.
const (
	demoDomain  = "demo.example"
	demoNetBIOS = "DEMO"
	demoShare   = `\\files.demo.example\ftp$`
	demoAdmin   = "administrator@" + demoDomain
)

// demoFailureDelay is short: the demo tells its passwords to everybody, and the test
// suites of clients wait for no reply for seconds.
const demoFailureDelay = 100 * time.Millisecond

type demoOptions struct {
	listen    string
	listenTLS string
	data      string
}

func newDemoCommand(a *app) *cobra.Command {
	var o demoOptions
	cmd := &cobra.Command{
		Use:     "demo",
		Short:   "Try everything: a domain, homes and an FTP server in one process",
		Long:    demoHelp,
		Example: "  ftpisoctl demo\n  ftpisoctl demo --listen 127.0.0.1:2121 --data ./homes",
		Args:    none,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runDemo(cmd.Context(), a, o) },
	}
	cmd.Flags().StringVar(&o.listen, "listen", "127.0.0.1:2121", "serve FTP on `ADDRESS`; the next free port if it is taken")
	cmd.Flags().StringVar(&o.listenTLS, "listen-tls", "", "serve FTP with implicit TLS on `ADDRESS`, too; the next free port if it is taken")
	cmd.Flags().StringVar(&o.data, "data", "", "keep the homes in `FOLDER`, alice's in FOLDER/alice and so on")
	return cmd
}

// demo is what runs: the directory and the place of its files.
type demo struct {
	folder   string // of this run; removed at the end
	homes    string
	password secret.Text // of the administrator
	ca       []byte
	listener net.Listener // LDAPS
	server   *adsim.Server
}

func runDemo(ctx context.Context, a *app, o demoOptions) error {
	d, err := newDemo(ctx, o.data)
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(d.folder) }()
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- d.server.ServeTLS(serving, d.listener) }()
	err = serveDemo(ctx, a, o, d)
	stop()
	if directory := <-ended; err == nil {
		err = directory
	}
	return err
}

func newDemo(ctx context.Context, data string) (*demo, error) {
	folder, err := os.MkdirTemp("", "ftpisoctl-demo-")
	if err != nil {
		return nil, err
	}
	d := &demo{folder: folder, password: secret.New(rand.Text())}
	if err := d.prepare(ctx, data); err != nil {
		_ = os.RemoveAll(folder)
		return nil, err
	}
	return d, nil
}

func (d *demo) prepare(ctx context.Context, data string) error {
	if err := d.makeHomes(data); err != nil {
		return err
	}
	tlsConfig, ca, err := adsim.SelfSigned("127.0.0.1", "localhost")
	if err != nil {
		return err
	}
	d.ca = ca
	places, err := json.Marshal([]map[string]string{{"from": demoShare, "to": d.homes}}) // which is YAML, too
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{
		d.caFile(): ca, d.passwordFile(): []byte(d.password.Reveal() + "\n"), d.configFile(): append([]byte("pathMap: "), places...),
	} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			return err
		}
	}
	administrator := fmt.Sprintf("\ndn: CN=Administrator,CN=Users,DC=demo,DC=example\nobjectClass: user\ncn: Administrator\n"+
		"sAMAccountName: administrator\nuserPrincipalName: %s\nuserPassword: %s\nmemberOf: CN=Domain Admins,CN=Users,DC=demo,DC=example\n",
		demoAdmin, d.password.Reveal())
	d.server, err = adsim.New(adsim.Config{
		Domain: demoDomain, NetBIOS: demoNetBIOS, TLS: tlsConfig, RequireTLS: true,
		Seed: strings.NewReader(demoPeople + administrator),
	})
	if err != nil {
		return err
	}
	d.listener, err = new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	return err
}

func (d *demo) caFile() string       { return filepath.Join(d.folder, "ca.pem") }
func (d *demo) ftpCAFile() string    { return filepath.Join(d.folder, "ftp.pem") }
func (d *demo) passwordFile() string { return filepath.Join(d.folder, "administrator.password") }
func (d *demo) configFile() string   { return filepath.Join(d.folder, "ftpisoctl.yaml") }
func (d *demo) url() string          { return "ldaps://" + d.listener.Addr().String() }

// makeHomes makes the homes that are not there, and a file to look at in each
// home that it makes.
func (d *demo) makeHomes(data string) (err error) {
	if data == "" {
		data = filepath.Join(d.folder, "homes")
	}
	if d.homes, err = filepath.Abs(data); err != nil {
		return err
	}
	for home, file := range map[string]string{"alice": "welcome.txt", "bob": "welcome.txt", "carol": "welcome.txt", "projects": "plan.txt"} {
		folder := filepath.Join(d.homes, home)
		if _, err := os.Stat(folder); err == nil {
			continue
		}
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return usage("make the home of %s: %w", home, err)
		}
		if err := os.WriteFile(filepath.Join(folder, file), []byte("This is "+home+".\r\n"), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// configuration is the demo's ftpisoctl.yaml, so to speak.
func (d *demo) configuration() (config.File, config.Site, error) {
	file, site := config.Default(), config.DefaultSite()
	from, err := homedir.ParseLocation(demoShare)
	if err != nil {
		return file, site, err
	}
	to, err := homedir.ParseLocation(d.homes)
	if err != nil {
		return file, site, usage("--data: the folder %q %w", d.homes, err)
	}
	file.PathMap = []config.Mapping{{From: from, To: to}}
	file.AllowRoot = true                                                 // the demo's own files, on this machine
	file.Server.Security.Authentication.DenyByFailure.EntryExpiration = 0 // whoever tries it, tries wrong passwords too
	site.Name = "demo"
	site.Security.SSL = config.SSL{ControlChannelPolicy: words.SSLAllow, DataChannelPolicy: words.SSLAllow}
	site.UserIsolation.ActiveDirectory.ADCacheRefresh = 0
	site.Messages.AllowLocalDetailedErrors = false // all its clients are local
	site.LogFile.Enabled = false
	return file, site, nil
}

func serveDemo(ctx context.Context, a *app, o demoOptions, d *demo) error {
	doors, err := d.doors(ctx, o)
	if err != nil {
		return err
	}
	defer closeDoors(doors)
	plan, err := d.plan(doors)
	if err != nil {
		return err
	}
	roots, err := readCAFile(d.caFile())
	if err != nil {
		return err
	}
	directory, err := ldapattr.Open(ctx, ldapattr.Config{
		Servers: []string{d.url()}, RootCAs: roots, Bind: ldapattr.Bind{User: demoAdmin, Password: d.password}, Log: a.log(),
	})
	if err != nil {
		return err
	}
	service, err := newService(ctx, directory, plan, a.log())
	if err != nil {
		_ = directory.Close()
		return err
	}
	defer service.close()
	if err := demoLines(a.out, d, doors); err != nil {
		return err
	}
	return service.run(ctx, doors, orders{})
}

// doors opens the ports of the demo.
func (d *demo) doors(ctx context.Context, o demoOptions) ([]door, error) {
	listener, err := listenNear(ctx, "--listen", o.listen)
	if err != nil {
		return nil, err
	}
	doors := []door{{Listener: listener}}
	if o.listenTLS == "" {
		return doors, nil
	}
	if listener, err = listenNear(ctx, "--listen-tls", o.listenTLS); err != nil {
		closeDoors(doors)
		return nil, err
	}
	return append(doors, door{listener, true}), nil
}

// plan is the demo's service, with a certificate for the names of its doors, which
// lies beside the passwords for clients to trust.
func (d *demo) plan(doors []door) (sitePlan, error) {
	file, site, err := d.configuration()
	if err != nil {
		return sitePlan{}, err
	}
	names := []string{"localhost", "127.0.0.1", "::1"}
	for _, door := range doors {
		if host, _, err := net.SplitHostPort(door.Addr().String()); err == nil && !slices.Contains(names, host) {
			names = append(names, host)
		}
	}
	certificates, trust, err := ftptls.SelfMade(names...)
	if err != nil {
		return sitePlan{}, err
	}
	return sitePlan{file, site, certificates, demoFailureDelay}, os.WriteFile(d.ftpCAFile(), trust, 0o600)
}

// listenNear takes the address, or the next free port after it.
func listenNear(ctx context.Context, flag, address string) (net.Listener, error) {
	const tries = 20
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, usage("%s: %w", flag, err)
	}
	first, err := net.DefaultResolver.LookupPort(ctx, "tcp", port)
	if err != nil {
		return nil, usage("%s: %w", flag, err)
	}
	var refused error // of the address that was asked for: what is wrong with the others nobody wants to know
	for next := first; ; next++ {
		listener, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(host, fmt.Sprint(next)))
		if err == nil {
			return listener, nil
		}
		if refused == nil {
			refused = fmt.Errorf("%s: %w", flag, err)
		}
		if first == 0 || next-first >= tries || next >= 65535 {
			return nil, refused
		}
	}
}
