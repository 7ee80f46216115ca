package ldapattr

import (
	"context"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"
)

// Facts are what a domain controller says about itself.
type Facts struct {
	Host          string
	Site          string    // of Active Directory; "" when it does not say
	Time          time.Time // its clock; zero when it does not say
	NamingContext string    // of its domain
	GlobalCatalog bool      // it is one, too, on other ports than are used here
}

// Facts asks the domain controller that requests go to, of the home domain. Errors:
// ErrUnreachable, ErrAuth.
func (p *Permissions) Facts(ctx context.Context) (Facts, error) {
	var found Facts
	err := p.home().request(ctx, func(ctx context.Context, l *link) error {
		root, err := read(ctx, l, search{filter: "(objectClass=*)"}, "dnsHostName", "serverName", "currentTime", "defaultNamingContext", "isGlobalCatalogReady")
		if err != nil {
			return err
		}
		if len(root) != 1 {
			return errOddAnswer
		}
		text := root[0].GetEqualFoldAttributeValue
		found = Facts{
			Host: text("dnsHostName"), Site: siteOf(text("serverName")), NamingContext: text("defaultNamingContext"),
			GlobalCatalog: strings.EqualFold(text("isGlobalCatalogReady"), "TRUE"),
		}
		found.Time, _ = time.Parse(generalizedTime, text("currentTime")) // zero is not known
		return nil
	})
	return found, explain("ask", "the domain controller about itself", err)
}

// siteOf takes the site out of CN=DC1,CN=Servers,CN=Site,CN=Sites,… (MS-ADTS
// 6.1.1.2.2.1).
func siteOf(server string) string {
	dn, err := ldap.ParseDN(server)
	if err != nil || len(dn.RDNs) < 4 || len(dn.RDNs[2].Attributes) != 1 {
		return ""
	}
	return dn.RDNs[2].Attributes[0].Value
}
