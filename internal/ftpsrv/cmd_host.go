package ftpsrv

import (
	"context"
	"net/netip"
	"regexp"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdHOST names the host that the client means (RFC 7151), before the login. TLS
// has told a name already where the client sent one (SNI), and another one then is
// refused, as is one that the site does not have.
func cmdHOST(_ context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	name, valid := hostName(arg)
	switch {
	case c.sess.loggedIn() || c.sess.asked:
		return ftpwire.Reply{}, errSequence
	case !valid:
		return ftpwire.Reply{}, errArgument
	case !serves(c, name):
		return ftpwire.Reply{}, errOtherHost
	}
	nameHost(c, name)
	return ftpwire.NewReply(220, "Host accepted."), nil
}

var hostLabels = regexp.MustCompile(`^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$`)

// hostName is the argument of HOST in lower case: a DNS name, an IPv4 address, or
// an IPv6 address in brackets (RFC 7151, 3.2).
func hostName(arg string) (name string, valid bool) {
	const longest = 253 // of a DNS name (RFC 1035, 2.3.4)
	name = strings.TrimSuffix(strings.ToLower(strings.TrimSpace(arg)), ".")
	if inner, bracketed := strings.CutPrefix(name, "["); bracketed {
		addr, err := netip.ParseAddr(strings.TrimSuffix(inner, "]"))
		return name, err == nil && addr.Is6() && addr.Zone() == "" && strings.HasSuffix(name, "]")
	}
	return name, len(name) <= longest && hostLabels.MatchString(name)
}

// serves reports whether the connection may be for a host.
func serves(c *conn, name string) bool {
	if told := serverName(c); told != "" && told != name {
		return false
	}
	hosts := c.srv.cfg.HostNames
	for _, host := range hosts {
		if strings.EqualFold(host, name) {
			return true
		}
	}
	return len(hosts) == 0
}

// serverName is the host that TLS was begun with, in lower case, if there is one.
func serverName(c *conn) string {
	if c.sess.tls == nil {
		return ""
	}
	name, _ := hostName(c.sess.tls.ServerName())
	return name
}

func nameHost(c *conn, name string) { c.sess.host, c.log.row.Host = name, name }

// chooseHost settles the host before a login: by HOST, by the user's name
// (host|user), or by TLS. It fails where one is wanted and none is named, where two
// are, and where the name is no host of the site.
func chooseHost(c *conn, user string) error {
	name := c.sess.host
	if prefix, _, found := strings.Cut(user, "|"); found {
		host, valid := hostName(prefix)
		if !valid || name != "" && name != host {
			return errNoHost
		}
		name = host
	}
	if told := serverName(c); name == "" && len(c.srv.cfg.HostNames) > 0 {
		name = told
	}
	switch {
	case name == "" && len(c.srv.cfg.HostNames) == 0:
		return nil
	case name == "" || !serves(c, name):
		return errNoHost
	}
	nameHost(c, name)
	return nil
}
