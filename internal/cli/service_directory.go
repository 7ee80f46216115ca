package cli

import (
	"os"
	"os/exec"

	"github.com/ftpisoctl/ftpisoctl/internal/authz"
	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// siteConnection says how the site reaches the directory: as any command does,
// but as the site's own account if it has one.
func siteConnection(a *app, file config.File, site config.Site) (connection, error) {
	c, err := a.connection(file.Directory.Connection)
	own := site.UserIsolation.ActiveDirectory
	if err != nil || own.ADUserName == "" {
		return c, err
	}
	// The directory section's password is that of another account. Its keytab may
	// hold keys of several, so it stays unless the site brings a password.
	c.BindUser, c.password = own.ADUserName, a.password
	c.PasswordFile, c.PasswordCommand = own.ADPasswordFile, own.ADPasswordCommand
	if c.PasswordFile != "" || c.PasswordCommand != "" {
		c.password, c.Keytab = secret.Text{}, ""
	}
	return c, nil
}

// checkSite refuses what serve would refuse, as far as that can be known without
// contacting anybody: no password command is run and nobody is asked.
func checkSite(a *app, c connection, plan sitePlan) error {
	file, site := plan.file, plan.site
	cfg, err := directoryConfigWith(a, c, func() (secret.Text, error) { return checkSource(c) })
	if err != nil {
		return err
	}
	if err := ldapattr.Check(cfg); err != nil {
		return err
	}
	if _, err := engineConfig(plan); err != nil {
		return err
	}
	if _, err := portsOf(file); err != nil {
		return err
	}
	if err := authz.Check(rulesOf(site)); err != nil {
		return usage("%w", err)
	}
	if len(file.FileServers)+len(file.LocalRoots)+len(file.PathMap) == 0 {
		a.note("warning: fileServers, localRoots and pathMap are empty, so no home can be opened and every login is refused")
	}
	a.note("the configuration is valid: site %q on %v", site.Name, site.Bindings)
	return nil
}

// checkSource is bindPassword without running or asking anything: what a password
// command would print is stood in for.
func checkSource(c connection) (secret.Text, error) {
	switch {
	case c.PasswordFile != "":
		return readPasswordFile(c.PasswordFile)
	case c.PasswordCommand != "":
		words, err := splitWords(c.PasswordCommand)
		if err != nil {
			return secret.Text{}, usage("the password command cannot be read: %w", err)
		}
		if _, err := exec.LookPath(words[0]); err != nil {
			return secret.Text{}, usage("the password command: %w", err)
		}
		return secret.New("what the command will print"), nil
	case !c.password.Empty():
		return c.password, nil
	case c.Kerberos && c.Keytab != "":
		keys, err := os.Open(c.Keytab)
		if err != nil {
			return secret.Text{}, usage("read the keytab: %w", err)
		}
		return secret.Text{}, keys.Close()
	case c.Kerberos:
		return secret.Text{}, nil
	case c.BindUser == "":
		return secret.Text{}, hint(usage("no account to read the directory with is named"),
			"name one in directory.bindUser, or in activeDirectory.adUserName of the site")
	}
	return secret.Text{}, hint(usage("no password for %s is configured, and a service has nobody to ask", c.BindUser),
		"name a passwordFile or passwordCommand beside the account, or set FTPISOCTL_PASSWORD")
}
