package cli

import (
	"slices"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// connection is how to reach the directory, after flags, environment and file
// have been laid over each other.
type connection struct {
	config.DirectorySection
	password secret.Text // from the environment
}

// layer is what one source says: setting name → values.
type layer map[string][]string

// connection merges the sources: flags over environment over file over defaults.
func (a *app) connection(file config.DirectorySection) (connection, error) {
	c := connection{DirectorySection: file}
	environment := layer{}
	for _, s := range settings() {
		if value := a.env.lookup(s.variable()); value != "" {
			environment[s.flag] = []string{value}
		}
	}
	if sources := environment.passwords(); sources > 1 || (sources == 1 && !a.password.Empty()) {
		return c, hint(usage("the environment gives more than one password"),
			"keep one of FTPISOCTL_PASSWORD, FTPISOCTL_PASSWORD_FILE and FTPISOCTL_PASSWORD_COMMAND")
	}
	if err := c.lay(environment, !a.password.Empty()); err != nil {
		return c, err
	}
	c.password = a.password
	given := layer{}
	for name, f := range a.given {
		if len(f.values) > 0 {
			given[name] = f.values
		}
	}
	if given.passwords() > 1 {
		return c, usage("--password-file and --password-command exclude each other")
	}
	return c, c.lay(given, false)
}

// passwords counts the sources of a password in a layer.
func (l layer) passwords() int {
	return min(len(l["password-file"]), 1) + min(len(l["password-command"]), 1)
}

// lay puts a layer over c. Settings that mean one thing together are replaced
// together: a password from above hides any password from below, and a domain
// from above hides the servers of another domain below.
func (c *connection) lay(l layer, password bool) error {
	if password || l.passwords() > 0 {
		c.PasswordFile, c.PasswordCommand, c.password = "", "", secret.Text{}
	}
	if len(l["server"]) > 0 || len(l["domain"]) > 0 {
		c.Server = nil
	}
	for _, s := range settings() {
		for _, value := range l[s.flag] {
			if err := s.set(&c.DirectorySection, value); err != nil {
				// A flag has been checked when it was parsed.
				return usage("%s: %w", s.variable(), err)
			}
		}
	}
	c.Server = slices.Clip(c.Server)
	return nil
}
