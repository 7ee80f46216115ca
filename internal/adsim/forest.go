package adsim

import (
	"fmt"
	"strings"
)

// Join makes one forest of domains that were made with the same Config.ForestRoot:
// each lists the others in its partitions, refers to them for names that are theirs,
// and trusts their accounts at a bind. It is called once, before any of them serves.
func Join(servers ...*Server) error {
	for _, s := range servers {
		for _, other := range servers {
			if other == s {
				continue
			}
			if s.dir.domain.root.norm() != other.dir.domain.root.norm() {
				return fmt.Errorf("embedded directory: %s and %s are of different forests", s.dir.domain.dns, other.dir.domain.dns)
			}
			if err := trust(s.dir, other.dir); err != nil {
				return fmt.Errorf("embedded directory: %w", err)
			}
		}
	}
	return nil
}

// trust takes another domain into the forest.
func trust(d, other *directory) error {
	ldif := strings.NewReplacer("{config}", d.domain.config.text(), "{base}", other.domain.base.text(),
		"{dns}", other.domain.dns, "{netbios}", other.domain.netbios).Replace(crossRefTemplate)
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	s := &seeding{dir: d}
	if err := s.read(strings.NewReader(ldif), s.sow); err != nil {
		return err
	}
	d.others = append(d.others, other)
	return nil
}

const crossRefTemplate = `dn: CN={netbios},CN=Partitions,{config}
objectClass: crossRef
nCName: {base}
dnsRoot: {dns}
nETBIOSName: {netbios}
systemFlags: 3
`

// isRoot tells whether the domain is the forest's first.
func (d domain) isRoot() bool { return d.root.norm() == d.base.norm() }

// elsewhere tells whether a name within this domain is of another one below it.
func (d *directory) elsewhere(norm string) bool {
	for _, other := range d.others {
		if head := other.domain.base.norm(); within(norm, head) && within(head, d.domain.base.norm()) {
			return true
		}
	}
	return false
}

// references are the continuations of a subtree search from base (MS-ADTS
// 3.1.1.4.6): naming contexts right below it.
func references(d *directory, base string) []string {
	if base != d.domain.base.norm() {
		return nil
	}
	var uris []string
	if d.domain.isRoot() {
		uris = append(uris, "ldap://"+d.domain.dns+"/"+d.domain.config.text())
	}
	for _, other := range d.others {
		if within(other.domain.base.norm(), base) {
			uris = append(uris, "ldap://"+other.domain.dns+"/"+other.domain.base.text())
		}
	}
	return uris
}

// dnsOf turns DC=corp,DC=example,DC=com into corp.example.com.
func dnsOf(base dn) string {
	var labels []string
	for _, component := range base {
		labels = append(labels, component.value)
	}
	return strings.Join(labels, ".")
}
