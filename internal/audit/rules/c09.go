package rules

import (
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

// c09 finds passwords of the program's own that cross the network.
func c09() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "C09", Title: "directory connection may be unprotected", Severity: audit.Medium,
		Explanation: "A directory of the configuration may be reached without TLS and without sealing (allowPlaintext). The password of the account, and with serve those of all users, cross the network for everybody to read.",
		Remedy:      "Use ldaps:// servers, startTls or kerberos, and take allowPlaintext away.",
	}, Domain: eachConnection(func(c audit.Connection) (location, message string) {
		if c.Protected || !c.Plaintext {
			return "", ""
		}
		return strings.Join(c.Servers, ", "), "the directory " + c.Name + " takes passwords in clear text"
	})}
}
