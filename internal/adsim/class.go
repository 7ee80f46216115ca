package adsim

import "strings"

// class is one structural object class.
type class struct {
	chain          []string // from top down to the class itself
	category       string   // common name of its default objectCategory in the schema
	naming         string   // attribute type of its first name component
	objectCategory []string // the DN with that name, once the domain is known
}

// classTable lists the classes that entries may have, by folded name.
func classTable() map[string]*class {
	person := []string{"top", "person", "organizationalPerson"}
	user := append(person[:3:3], "user")
	computer := append(user[:4:4], "computer")
	table := make(map[string]*class)
	add := func(category, naming string, chain ...string) {
		table[fold(chain[len(chain)-1])] = &class{chain: chain, category: category, naming: naming}
	}
	add("Person", "cn", person[:2]...)
	add("Person", "cn", person...)
	add("Person", "cn", user...)
	add("Person", "cn", append(user[:4:4], "inetOrgPerson")...)
	add("Computer", "cn", computer...)
	add("ms-DS-Managed-Service-Account", "cn", append(computer[:5:5], "msDS-ManagedServiceAccount")...)
	add("ms-DS-Group-Managed-Service-Account", "cn", append(computer[:5:5], "msDS-GroupManagedServiceAccount")...)
	add("Person", "cn", append(person[:3:3], "contact")...)
	add("Group", "cn", "top", "group")
	add("Organizational-Unit", "ou", "top", "organizationalUnit")
	add("Container", "cn", "top", "container")
	add("Builtin-Domain", "cn", "top", "builtinDomain")
	add("Domain-DNS", "dc", "top", "domain", "domainDNS")
	add("Configuration", "cn", "top", "configuration")
	add("DMD", "cn", "top", "dMD")
	add("Attribute-Schema", "cn", "top", "attributeSchema")
	add("Cross-Ref-Container", "cn", "top", "crossRefContainer")
	add("Cross-Ref", "cn", "top", "crossRef")
	return table
}

// classOf returns the most derived class among names. The second result is the
// first name that no class has.
func (s *schema) classOf(names []string) (*class, string) {
	var best *class
	for _, name := range names {
		if strings.EqualFold(name, "top") {
			continue
		}
		c, ok := s.classes[fold(name)]
		if !ok {
			return nil, name
		}
		if best == nil || len(c.chain) > len(best.chain) {
			best = c
		}
	}
	return best, ""
}

// is tells whether the class is, or derives from, one of names.
func (c *class) is(names ...string) bool {
	for _, own := range c.chain {
		for _, name := range names {
			if strings.EqualFold(own, name) {
				return true
			}
		}
	}
	return false
}

// holds tells whether entries of the class may carry the attribute.
func (c *class) holds(t *attrType) bool { return t.classes == nil || c.is(t.classes...) }
