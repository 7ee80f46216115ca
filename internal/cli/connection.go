package cli

import (
	"runtime"
	"slices"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/krb"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// connection is how to reach the directory, after flags, environment and file
// have been laid over each other.
type connection struct {
	config.Connection
	password secret.Text       // from the environment
	origin   map[string]string // flag of a setting → what gave it its value, where that is not the file
}

// layer is what one source says: setting name → values.
type layer map[string][]string

// passwordVariable holds a password itself.
const passwordVariable = "FTPISOCTL_PASSWORD"

// connection merges the sources: flags over environment over file over defaults. A
// profile that a flag names hides the environment, which is about another directory.
func (a *app) connection(file config.Connection) (connection, error) {
	c := connection{Connection: file, origin: map[string]string{}}
	if a.profile == "" {
		if err := layEnvironment(a, &c); err != nil {
			return c, err
		}
	}
	given := layer{}
	for name, f := range a.given {
		if len(f.values) > 0 {
			given[name] = f.values
		}
	}
	if given.passwords() > 1 {
		return c, usage("--password-file and --password-command exclude each other")
	}
	if err := c.lay(given, func(s setting) string { return "--" + s.flag }); err != nil {
		return c, err
	}
	c.assume(a.env)
	return c, nil
}

// layEnvironment lays the variables over c.
func layEnvironment(a *app, c *connection) error {
	environment := layer{}
	for _, s := range settings() {
		if value := a.env.lookup(s.variable()); value != "" {
			environment[s.flag] = []string{value}
		}
	}
	if sources := environment.passwords(); sources > 1 || (sources == 1 && !a.password.Empty()) {
		return hint(usage("the environment gives more than one password"),
			"keep one of FTPISOCTL_PASSWORD, FTPISOCTL_PASSWORD_FILE and FTPISOCTL_PASSWORD_COMMAND")
	}
	if !a.password.Empty() {
		c.dropPassword(passwordVariable)
		c.password = a.password
	}
	return c.lay(environment, setting.variable)
}

// passwords counts the sources of a password in a layer.
func (l layer) passwords() int {
	return min(len(l["password-file"]), 1) + min(len(l["password-command"]), 1)
}

// lay puts a layer over c; from names where a setting of it stands. Settings that
// mean one thing together are replaced together: a password from above hides any
// password from below, and a domain from above hides the servers of another domain
// below.
func (c *connection) lay(l layer, from func(setting) string) error {
	if l.passwords() > 0 {
		c.dropPassword("")
	}
	if len(l["server"]) > 0 || len(l["domain"]) > 0 {
		c.Server = nil
		c.origin["server"] = from(setting{flag: "domain"})
	}
	for _, s := range settings() {
		for _, value := range l[s.flag] {
			c.origin[s.flag] = from(s)
			if err := s.set(&c.Connection, value); err != nil {
				// A flag has been checked when it was parsed.
				return usage("%s: %w", s.variable(), err)
			}
		}
	}
	c.Server = slices.Clip(c.Server)
	return nil
}

// dropPassword forgets where a password would have come from; by has it.
func (c *connection) dropPassword(by string) {
	c.PasswordFile, c.PasswordCommand, c.password = "", "", secret.Text{}
	for _, flag := range []string{"password-file", "password-command"} {
		c.origin[flag] = by
	}
}

// assume takes the domain of who is logged on, where nothing says which directory to
// use: on Windows that of the session, else that of the Kerberos ticket. Nobody has
// named an account then, so it is this one.
func (c *connection) assume(env Env) {
	if len(c.Server) > 0 || c.Domain != "" {
		return
	}
	from := "USERDNSDOMAIN"
	domain := env.lookup(from)
	if domain == "" && runtime.GOOS != "windows" {
		from = "the credential cache"
		domain, _ = krb.CacheRealm(env.lookup("KRB5CCNAME")) // no cache is no domain
	}
	if domain == "" {
		return
	}
	c.Domain, c.origin["domain"] = strings.ToLower(domain), from
	if c.BindUser == "" && c.origin["kerberos"] == "" && c.source().none() {
		c.Kerberos, c.origin["kerberos"] = true, from
	}
}
