package cli

import (
	"context"
	"net"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
)

const serveHelp = `Serve FTP as the configuration file says: each login lands in the home that
its attributes name. The file needs one entry in sites.

FTPS is not offered yet. The passwords are those of the domain, so both TLS
policies default to SslRequire; until FTPS is there the server starts only where
both say SslAllow.

The account that reads the two attributes is userIsolation.activeDirectory of the
site, or else that of the directory section; it binds with Kerberos if the
directory section says so. Local homes are not served as root or LocalSystem
unless allowRoot says so.

The log goes to standard error; -v tells every command in it.

An interrupt ends the server: it accepts nobody new and lets transfers end for up
to 30 seconds.`

type serveOptions struct{ checkConfig bool }

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
	return cmd
}

func runServe(ctx context.Context, a *app, options serveOptions) error {
	file, site, err := siteToServe(a)
	if err != nil {
		return err
	}
	c, err := siteConnection(a, file, site)
	if err != nil {
		return err
	}
	if options.checkConfig {
		return checkSite(a, c, file, site)
	}
	cfg, err := a.directoryConfig(ctx, c)
	if err != nil {
		return err
	}
	cfg.Log = a.serviceLog()
	a.note("WARNING: FTPS is not offered yet: PASSWORDS OF THE DOMAIN CROSS THE NETWORK IN CLEAR TEXT")
	listeners, err := listen(ctx, site.Bindings)
	if err != nil {
		return err
	}
	defer closeAll(listeners)
	directory, err := connect(ctx, cfg)
	if err != nil {
		return err
	}
	service, err := newService(directory, file, site, cfg.Log)
	if err != nil {
		_ = directory.Close()
		return err
	}
	defer service.close()
	for _, listener := range listeners {
		cfg.Log.Info("serving FTP", "site", site.Name, "address", listener.Addr().String(), "directory", directory.Domain().Server)
	}
	return service.run(ctx, listeners)
}

// siteToServe loads the configuration and refuses what cannot be served.
func siteToServe(a *app) (config.File, config.Site, error) {
	file, path, err := a.configFile()
	if err != nil {
		return file, config.Site{}, err
	}
	if len(file.Sites) != 1 {
		what := path
		if what == "" {
			what = "no configuration file was found, so it"
		}
		return file, config.Site{}, hint(usage("%s holds no site to serve", what), "name a file with --config; docs/configuration.md has an example")
	}
	site := file.Sites[0]
	ssl := site.Security.SSL
	if ssl.ControlChannelPolicy != config.SSLAllow || ssl.DataChannelPolicy != config.SSLAllow {
		return file, site, hint(usage("%s: site %q requires TLS (controlChannelPolicy %s, dataChannelPolicy %s), which this version does not offer yet",
			path, site.Name, ssl.ControlChannelPolicy, ssl.DataChannelPolicy),
			"set both policies in security.ssl to SslAllow to serve clear text on a network that you trust")
	}
	if err := sitePolicy(file, site).CheckProcess(); err != nil {
		return file, site, usage("%s: %w", path, err)
	}
	return file, site, nil
}

func listen(ctx context.Context, bindings []config.Binding) ([]net.Listener, error) {
	var listeners []net.Listener
	for _, binding := range bindings {
		listener, err := new(net.ListenConfig).Listen(ctx, "tcp", binding.Address())
		if err != nil {
			closeAll(listeners)
			return nil, hint(&exitError{code: exitFailed, err: err}, "is another server on that port? Ports below 1024 need a privilege")
		}
		listeners = append(listeners, listener)
	}
	return listeners, nil
}

func closeAll(listeners []net.Listener) {
	for _, listener := range listeners {
		_ = listener.Close()
	}
}
