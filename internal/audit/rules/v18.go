package rules

import (
	"net/netip"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// v18 finds hosts for which there is no Kerberos ticket.
func v18() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "V18", Title: "host is an address or this machine", Severity: audit.Medium,
		Explanation: "The host of the UNC path is an IP address, localhost or a dot. There is no Kerberos ticket for an address, so logins fall back to NTLM or fail; and localhost is another machine on every FTP server.",
		Remedy:      "Write the DNS name of the file server, in all accounts at once with ftpisoctl rename-root.",
	}, Account: readable(func(a *audit.Account, _ *audit.Settings) audit.Answer {
		host := strings.ToLower(hostOf(a.Root))
		_, err := netip.ParseAddr(host)
		switch {
		case host == "":
			return audit.Answer{}
		case err == nil || strings.HasSuffix(host, ".ipv6-literal.net"):
			return found(a, homedir.AttrRoot, "the host is an address: no Kerberos")
		case host == "localhost" || host == "." || strings.HasPrefix(host, "localhost."):
			return found(a, homedir.AttrRoot, "the host is whichever machine serves FTP")
		}
		return audit.Answer{}
	})}
}
