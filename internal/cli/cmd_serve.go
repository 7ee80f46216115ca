package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/config/words"
)

const serveHelp = `Serve FTP as the configuration file says: each login lands in the home that
its attributes name. The file needs one entry in sites.

The passwords are those of the domain, so both TLS policies default to SslRequire,
and the server wants a certificate: security.ssl of the site. Clients begin TLS
with AUTH; on port 990, or behind ftps:// in bindings, they begin with it.

The account that reads the two attributes is userIsolation.activeDirectory of the
site, or else that of the directory section; it binds with Kerberos if the
directory section says so. Local homes are not served as root or LocalSystem
unless allowRoot says so.

The log goes to standard error; -v tells every command in it.

SIGHUP reads configuration and certificates again; sessions go on. SIGUSR1 rolls
the access log. An interrupt or SIGTERM ends the server: it accepts nobody new and
lets transfers end for server.shutdownTimeLimit; a second one ends it at once.`

type serveOptions struct{ checkConfig, printConfig bool }

func newServeCommand(a *app) *cobra.Command {
	var options serveOptions
	cmd := &cobra.Command{
		Use:     "serve --config FILE",
		Short:   "Serve FTP, each login in its own home",
		Long:    serveHelp,
		Example: "  ftpisoctl serve --config ftpisoctl.yaml --check-config\n  ftpisoctl serve --config ftpisoctl.yaml",
		Args:    none,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runServe(cmd.Context(), a, options) },
	}
	cmd.Flags().BoolVar(&options.checkConfig, "check-config", false, "check the configuration file, contact nobody, and end")
	cmd.Flags().BoolVar(&options.printConfig, "print-config", false, "print the configuration in force, with every default and without secrets, and end")
	return cmd
}

func runServe(ctx context.Context, a *app, options serveOptions) error {
	plan, err := siteToServe(a)
	if err != nil {
		return err
	}
	c, err := siteConnection(a, plan.file, plan.site)
	if err != nil {
		return err
	}
	if options.printConfig {
		return printConfig(a, plan.file)
	}
	if options.checkConfig {
		return checkSite(a, c, plan)
	}
	withoutCores()
	reload, roll, forget := serviceSignals()
	defer forget()
	cfg, err := a.directoryConfig(ctx, c)
	if err != nil {
		return err
	}
	cfg.Log = a.serviceLog()
	if plan.site.Security.SSL.ControlChannelPolicy == words.SSLAllow {
		a.note("WARNING: controlChannelPolicy SslAllow: PASSWORDS OF THE DOMAIN MAY CROSS THE NETWORK IN CLEAR TEXT")
	}
	doors, err := openDoors(ctx, plan.site)
	if err != nil {
		return err
	}
	defer closeDoors(doors)
	directory, err := connect(ctx, cfg)
	if err != nil {
		return err
	}
	service, err := newService(ctx, directory, plan, cfg.Log)
	if err != nil {
		_ = directory.Close()
		return err
	}
	defer service.close()
	warnOfExpiry(cfg.Log, plan.certificates)
	for _, d := range doors {
		cfg.Log.Info("serving FTP", "site", plan.site.Name, "address", d.String(), "directory", directory.Domain().Server)
	}
	service.notify = newNotifier(a.env, cfg.Log)
	return service.run(ctx, doors, orders{reload, roll, func() (sitePlan, error) { return siteToServe(a) }})
}

// siteToServe loads the configuration and refuses what cannot be served.
func siteToServe(a *app) (sitePlan, error) {
	file, path, err := a.configFile()
	if err != nil {
		return sitePlan{}, err
	}
	if len(file.Sites) != 1 {
		what := path
		if what == "" {
			what = "no configuration file was found, so it"
		}
		return sitePlan{}, hint(usage("%s holds no site to serve", what), "name a file with --config; docs/configuration.md has an example")
	}
	site := file.Sites[0]
	ssl := site.Security.SSL
	if ssl.ServerCertFile == "" && (ssl.ControlChannelPolicy != words.SSLAllow || ssl.DataChannelPolicy == words.SSLRequire) {
		return sitePlan{}, hint(usage("%s: site %q requires TLS (controlChannelPolicy %s, dataChannelPolicy %s) and has no certificate",
			path, site.Name, ssl.ControlChannelPolicy, ssl.DataChannelPolicy),
			"name one in security.ssl.serverCertFile; or set both policies to SslAllow to serve clear text on a network that you trust")
	}
	if err := sitePolicy(file, site).CheckProcess(); err != nil {
		return sitePlan{}, usage("%s: %w", path, err)
	}
	certificates, err := siteCertificates(site)
	return sitePlan{file: file, site: site, certificates: certificates}, err
}
