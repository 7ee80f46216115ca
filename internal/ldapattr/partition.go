package ldapattr

import (
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// partition is a domain of the forest, as its crossRef object tells (MS-ADTS
// 6.1.1.2.1.1).
type partition struct {
	netbios string
	dns     string
	base    *ldap.DN
}

// onlyDomains are the crossRef objects of domains: those of the configuration, the
// schema and DNS zones, and of other forests, lack one of the two bits.
const onlyDomains = "(&(objectClass=crossRef)(systemFlags:1.2.840.113556.1.4.803:=3))"

// maxDomains is far above the domains of any forest.
const maxDomains = 900

// readPartitions asks for the domains of the forest. A directory that does not
// tell has none, and no NetBIOS name.
func readPartitions(conn *ldap.Conn, root rootDSE) ([]partition, error) {
	if root.configuration == "" {
		return nil, nil
	}
	result, err := conn.Search(ldap.NewSearchRequest("CN=Partitions,"+root.configuration, ldap.ScopeSingleLevel,
		ldap.NeverDerefAliases, maxDomains, 0, false, onlyDomains, []string{"nETBIOSName", "dnsRoot", "nCName"}, nil))
	switch {
	case ldap.IsErrorWithCode(err, ldap.LDAPResultNoSuchObject):
		return nil, nil
	case err != nil:
		return nil, err
	}
	var list []partition
	for _, entry := range result.Entries {
		if p, ok := partitionOf(entry); ok {
			list = append(list, p)
		}
	}
	return list, nil
}

// partitionOf leaves out what does not fit together: a domain's DNS name and its DN
// say the same, and where names are routed to must not be open to interpretation.
func partitionOf(entry *ldap.Entry) (partition, bool) {
	p := partition{netbios: entry.GetEqualFoldAttributeValue("nETBIOSName"), dns: entry.GetEqualFoldAttributeValue("dnsRoot")}
	base, err := ldap.ParseDN(entry.GetEqualFoldAttributeValue("nCName"))
	p.base = base
	return p, err == nil && checkDomain(p.dns) == nil && strings.EqualFold(dnsNameOf(base), p.dns)
}

// is says whether a domain name, in either form, is this domain's.
func (p partition) is(name string) bool {
	return strings.EqualFold(name, p.dns) || p.netbios != "" && strings.EqualFold(name, p.netbios)
}

// holds says whether a DN lies in the domain, or in one that is below it by name.
func (p partition) holds(dn *ldap.DN) bool { return p.base.EqualFold(dn) || p.base.AncestorOfFold(dn) }
