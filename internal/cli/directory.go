package cli

import (
	"context"
	"crypto/x509"
	"io"
	"os"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// maxCAFile bounds a file of certificates, in bytes. The system's own collection
// has a quarter of it.
const maxCAFile = 1 << 20

// openForest connects as flags, environment and configuration say, for names of all domains of the forest.
// What adjust says of the settings holds whatever their sources say.
func (a *app) openForest(ctx context.Context, adjust ...func(*ldapattr.Config)) (*ldapattr.Forest, error) {
	file, _, err := a.configFile()
	if err != nil {
		return nil, err
	}
	return openForestOf(ctx, a, file, adjust...)
}

// openForestOf is openForest for a configuration that is loaded already.
func openForestOf(ctx context.Context, a *app, file config.File, adjust ...func(*ldapattr.Config)) (*ldapattr.Forest, error) {
	cfg, err := directoryConfigOf(ctx, a, file)
	if err != nil {
		return nil, err
	}
	for _, f := range adjust {
		f(&cfg)
	}
	return connectForest(ctx, cfg)
}

// connectForest opens the forest, and tells the log how and where.
func connectForest(ctx context.Context, cfg ldapattr.Config) (*ldapattr.Forest, error) {
	logConnecting(cfg)
	forest, err := ldapattr.OpenForest(ctx, cfg)
	if err == nil {
		logConnected(cfg, forest.Home().Domain())
	}
	return forest, err
}

// withoutAccount is for commands that do not ask whether accounts can log on.
func withoutAccount(cfg *ldapattr.Config) { cfg.WithoutAccount = true }

// directoryConfigOf lays flags and environment over the file.
func directoryConfigOf(ctx context.Context, a *app, file config.File) (ldapattr.Config, error) {
	c, err := a.connection(file.Directory.Connection)
	if err != nil {
		return ldapattr.Config{}, err
	}
	return a.directoryConfig(ctx, c)
}

// connect opens the directory, and tells the log how and where.
func connect(ctx context.Context, cfg ldapattr.Config) (*ldapattr.Directory, error) {
	logConnecting(cfg)
	directory, err := ldapattr.Open(ctx, cfg)
	if err == nil {
		logConnected(cfg, directory.Domain())
	}
	return directory, err
}

func logConnecting(cfg ldapattr.Config) {
	cfg.Log.Info("connecting", "servers", cfg.Servers, "domain", cfg.Domain, "startTls", cfg.StartTLS,
		"kerberos", cfg.Bind.Kerberos, "bindUser", cfg.Bind.User, "password", !cfg.Bind.Password.Empty(), "timeout", cfg.Timeout)
}

func logConnected(cfg ldapattr.Config, info ldapattr.DomainInfo) {
	cfg.Log.Info("connected", "server", info.Server, "baseDn", info.BaseDN)
}

// directoryConfig turns settings into what ldapattr takes, with the password
// fetched from where they say.
func (a *app) directoryConfig(ctx context.Context, c connection) (ldapattr.Config, error) {
	return directoryConfigWith(a, c, func() (secret.Text, error) { return a.bindPassword(ctx, c) })
}

func directoryConfigWith(a *app, c connection, password func() (secret.Text, error)) (ldapattr.Config, error) {
	if len(c.Server) == 0 && c.Domain == "" {
		return ldapattr.Config{}, hint(usage("no directory is named"),
			"use --server ldaps://dc1.corp.example.com or --domain corp.example.com, or their FTPISOCTL_ variables")
	}
	roots, err := readCAFile(c.CAFile)
	if err != nil {
		return ldapattr.Config{}, err
	}
	if c.AllowPlaintext {
		a.note("WARNING: --allow-plaintext: THE PASSWORD MAY CROSS THE NETWORK UNPROTECTED; whoever listens can use it")
	}
	proof, err := password()
	if err != nil {
		return ldapattr.Config{}, err
	}
	var domains []ldapattr.DomainServers
	for _, other := range c.Domains {
		domains = append(domains, ldapattr.DomainServers{Domain: other.Domain, Servers: other.Server})
	}
	return ldapattr.Config{
		Servers:        c.Server,
		Domain:         c.Domain,
		StartTLS:       c.StartTLS,
		RootCAs:        roots,
		PinSHA256:      strings.ReplaceAll(c.TLSPin, ":", ""),
		Bind:           ldapattr.Bind{User: c.BindUser, Password: proof, Kerberos: c.Kerberos, Keytab: c.Keytab},
		BaseDN:         c.BaseDN,
		Timeout:        c.Timeout,
		AllowPlaintext: c.AllowPlaintext,
		Domains:        domains,
		Forest:         c.Forest,
		Log:            a.log(),
		Trace:          ldapTrace(a),
	}, nil
}

// source says where the password of the bind comes from.
func (c connection) source() passwordSource {
	return passwordSource{file: c.PasswordFile, command: c.PasswordCommand, value: c.password}
}

// bindPassword finds the password that the bind needs. Kerberos needs none, but
// takes one.
func (a *app) bindPassword(ctx context.Context, c connection) (secret.Text, error) {
	switch source := c.source(); {
	case !source.none():
		return a.env.readSecret(ctx, source)
	case c.Kerberos:
		return secret.Text{}, nil
	case c.BindUser == "":
		return secret.Text{}, hint(usage("no account to bind as is named"), "use --bind-user NAME or --kerberos")
	}
	proof, err := a.env.prompt(ctx, c.BindUser)
	if err != nil && a.profile != "" && !a.password.Empty() {
		err = hint(err, passwordVariable+" does not count beside --profile; name the profile in FTPISOCTL_PROFILE instead, or give it a passwordFile")
	}
	return proof, err
}

// readCAFile returns the authorities in a PEM file, nil for no file.
func readCAFile(path string) (*x509.CertPool, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, usage("read the CA file: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxCAFile))
	if err != nil {
		return nil, usage("read the CA file: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, hint(usage("the CA file %s holds no certificate in PEM form", path),
			"a DER file becomes PEM with: openssl x509 -inform DER -in "+path)
	}
	return pool, nil
}
