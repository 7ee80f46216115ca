package ldapattr

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// rootDSE is what a domain controller says about itself (MS-ADTS 3.1.1.3.2).
type rootDSE struct {
	host          string // dnsHostName
	namingContext string // defaultNamingContext
	configuration string // configurationNamingContext
}

// domain is what the first connection has learnt; it never changes afterwards.
type domain struct {
	info          DomainInfo
	namingContext *ldap.DN
	base          *ldap.DN
	partitions    []partition // the domains of the forest, this one among them
	attributes    []string    // what is read of a user
}

// readRootDSE is the one search that every LDAP server answers; it also shows
// that the connection works in both directions.
func readRootDSE(conn *ldap.Conn) (rootDSE, error) {
	result, err := conn.Search(ldap.NewSearchRequest("", ldap.ScopeBaseObject, ldap.NeverDerefAliases, 1, 0, false,
		"(objectClass=*)", []string{"dnsHostName", "defaultNamingContext", "configurationNamingContext"}, nil))
	if err != nil {
		return rootDSE{}, err
	}
	if len(result.Entries) != 1 {
		return rootDSE{}, errOddAnswer
	}
	entry := result.Entries[0]
	return rootDSE{
		host:          entry.GetEqualFoldAttributeValue("dnsHostName"),
		namingContext: entry.GetEqualFoldAttributeValue("defaultNamingContext"),
		configuration: entry.GetEqualFoldAttributeValue("configurationNamingContext"),
	}, nil
}

// check refuses a domain controller of another domain than the first one's.
func (d domain) check(root rootDSE) error {
	if d.namingContext == nil {
		return nil
	}
	dn, err := ldap.ParseDN(root.namingContext)
	if err != nil || !dn.EqualFold(d.namingContext) {
		return &Error{Kind: ErrServer, Op: "use domain controller", Object: root.host,
			Err: fmt.Errorf("it serves %s, not %s", root.namingContext, d.namingContext)}
	}
	return nil
}

// readDomain learns the domain from the connected domain controller.
func readDomain(ctx context.Context, l *link, cfg Config) (domain, error) {
	var found domain
	err := l.do(ctx, func(conn *ldap.Conn) error {
		root, err := readRootDSE(conn)
		if err != nil {
			return err
		}
		if found, err = newDomain(root, cfg); err != nil {
			return err
		}
		found.partitions, err = readPartitions(conn, root)
		for _, p := range found.partitions {
			if p.base.EqualFold(found.namingContext) {
				found.info.NetBIOSName = p.netbios
			}
		}
		return err
	})
	return found, err
}

// newDomain checks what the first domain controller says against Config.
func newDomain(root rootDSE, cfg Config) (domain, error) {
	refuse := func(kind error, object string, reason error) (domain, error) {
		return domain{}, &Error{Kind: kind, Op: "open", Object: object, Err: reason}
	}
	dn, err := ldap.ParseDN(root.namingContext)
	name := dnsNameOf(dn)
	if err != nil || name == "" {
		return refuse(ErrServer, "the directory", errors.New("it names no domain; is it Active Directory?"))
	}
	if want := strings.TrimSuffix(cfg.Domain, "."); want != "" && !strings.EqualFold(want, name) {
		return refuse(ErrUsage, "domain "+want, fmt.Errorf("the domain controller serves %s", name))
	}
	found := domain{info: DomainInfo{DNSName: name, BaseDN: root.namingContext}, namingContext: dn, base: dn, attributes: userAttributes(cfg)}
	if cfg.BaseDN == "" {
		return found, nil
	}
	if found.base, err = within(cfg.BaseDN, dn); err != nil {
		return refuse(ErrUsage, "base "+abridge(cfg.BaseDN), err)
	}
	found.info.BaseDN = cfg.BaseDN
	return found, nil
}

// within parses a DN that must be above itself or below it.
func within(s string, above *ldap.DN) (*ldap.DN, error) {
	dn, err := ldap.ParseDN(s)
	switch {
	case err != nil || len(dn.RDNs) == 0:
		return nil, errors.New("is not a distinguished name")
	case !dn.EqualFold(above) && !above.AncestorOfFold(dn):
		return nil, fmt.Errorf("is not within %s", above)
	}
	return dn, nil
}

// dnsNameOf turns DC=corp,DC=example,DC=com into corp.example.com.
func dnsNameOf(dn *ldap.DN) string {
	if dn == nil {
		return ""
	}
	var labels []string
	for _, rdn := range dn.RDNs {
		for _, attribute := range rdn.Attributes {
			if !strings.EqualFold(attribute.Type, "DC") {
				return ""
			}
			labels = append(labels, attribute.Value)
		}
	}
	return strings.Join(labels, ".")
}
