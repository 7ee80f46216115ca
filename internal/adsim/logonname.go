package adsim

import "strings"

// identity is who a connection is bound as; nil means anonymous.
type identity struct {
	dir  *directory // where the account is: a trusted domain's, perhaps
	node *node
	name string // NETBIOS\sAMAccountName at the time of the bind
}

// findLogon finds the account that a bind name means, in the order of MS-ADTS
// 5.1.1.1.1: DN; userPrincipalName as written, and only then the implied
// sAMAccountName@domain; NETBIOS\sAMAccountName; objectGUID in braces; SID. The
// first form with exactly one entry wins: whoever has bob@domain as explicit UPN
// takes that name away from bob.
func findLogon(d *directory, name string) (*node, bool) {
	for _, form := range []func(*directory, string) []*node{byDN, byUPN, byImpliedUPN, byDownLevelName, byID} {
		if found := form(d, name); len(found) == 1 {
			r := found[0].current.Load()
			return found[0], r != nil && r.isAccount()
		}
	}
	return nil, false
}

// findTrusted finds an account of another domain of the forest. Its DN means nothing
// here, and what the own domain knows by the name comes first.
func findTrusted(d *directory, name string) (*directory, *node, bool) {
	if n, ok := findLogon(d, name); ok || n != nil {
		return d, n, ok
	}
	for _, other := range d.others {
		if len(byDN(other, name)) > 0 {
			continue
		}
		if n, ok := findLogon(other, name); ok {
			return other, n, true
		}
	}
	return nil, nil, false
}

func byDN(d *directory, name string) []*node {
	parsed, err := parseDN(name)
	if err != nil || len(parsed) == 0 {
		return nil
	}
	if n := d.store.find(parsed.norm()); n != nil {
		return []*node{n}
	}
	return nil
}

func byUPN(d *directory, name string) []*node {
	found, _ := d.store.equal(d.schema.known.upn, fold(name))
	return found
}

func byImpliedUPN(d *directory, name string) []*node {
	at := strings.LastIndexByte(name, '@')
	if at < 0 || fold(name[at+1:]) != fold(d.domain.dns) {
		return nil
	}
	return bySAMName(d, name[:at])
}

func byDownLevelName(d *directory, name string) []*node {
	netbios, sam, ok := strings.Cut(name, `\`)
	if !ok || fold(netbios) != fold(d.domain.netbios) {
		return nil
	}
	return bySAMName(d, sam)
}

func bySAMName(d *directory, sam string) []*node {
	found, _ := d.store.equal(d.schema.known.samName, fold(sam))
	return found
}

func byID(d *directory, name string) []*node {
	if strings.HasPrefix(name, "{") {
		if guid, ok := parseGUID(name); ok {
			found, _ := d.store.equal(d.schema.known.objectGUID, guid)
			return found
		}
		return nil
	}
	if sid, ok := parseSID(name); ok {
		found, _ := d.store.equal(d.schema.known.objectSid, sid)
		return found
	}
	return nil
}

// downLevelName returns CORP\alice for an account.
func downLevelName(d *directory, r *record) string {
	sam := r.stored(d.schema.known.samName)
	if len(sam) == 0 {
		return r.dn
	}
	return d.domain.netbios + `\` + sam[0]
}
