package adsim

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"
)

// directory is the tree with what is needed to understand it.
type directory struct {
	schema   *schema
	store    *store
	domain   domain
	computed map[*attrType]func(*record) []string
	order    []*attrType  // keys of computed, in the order of answers
	pepper   []byte       // keys the digests of passwords, new with each server
	others   []*directory // of the forest; set by Join
}

// domain is the naming of the one domain served.
type domain struct {
	dns, netbios, host string // host is the DC's own DNS name
	base, config       dn
	root               dn     // base of the forest's first domain
	partition          dn     // CN=Schema,CN=Configuration,…
	sid                string // of the domain; accounts append a RID
}

// newDomain derives every name from the DNS names of the domain and of its forest.
func newDomain(dns, netbios, root string) (domain, error) {
	dns = strings.TrimSuffix(dns, ".")
	base, err := baseOf(dns)
	if err != nil {
		return domain{}, err
	}
	if root == "" {
		root = dns
	}
	first, err := baseOf(root)
	if err != nil {
		return domain{}, err
	}
	if label := firstLabel(dns); netbios == "" {
		netbios = strings.ToUpper(label[:min(len(label), 15)])
	}
	if strings.ContainsAny(netbios, ",=+\"\\/@\x00") || len(netbios) > 15 {
		return domain{}, fmt.Errorf("NetBIOS name %q is not valid", netbios)
	}
	d := domain{dns: dns, netbios: netbios, host: "dc1." + dns, base: base, root: first}
	if d.config, err = parseDN("CN=Configuration," + first.text()); err != nil {
		return domain{}, err
	}
	d.partition, err = parseDN("CN=Schema," + d.config.text())
	// S-1-5-21 and three numbers that depend on the name alone, so that a restart
	// or a second instance of the same domain knows the same SIDs.
	sum := sha256.Sum256([]byte("domain " + fold(dns)))
	d.sid = "\x01\x04\x00\x00\x00\x00\x00\x05\x15\x00\x00\x00" + string(sum[:12])
	return d, err
}

// baseOf returns DC=corp,DC=example,DC=com for corp.example.com.
func baseOf(dns string) (dn, error) {
	labels := strings.Split(strings.TrimSuffix(dns, "."), ".")
	for _, label := range labels {
		if label == "" || len(label) > 63 || strings.ContainsAny(label, " ,=+<>#;\"\\\x00") {
			return nil, fmt.Errorf("domain %q is not a DNS name", dns)
		}
	}
	base, err := parseDN("DC=" + strings.Join(labels, ",DC="))
	if err != nil {
		return nil, fmt.Errorf("domain %q %w", dns, err)
	}
	return base, nil
}

// newDirectory makes the tree of a domain, as yet without entries.
func newDirectory(domain domain) *directory {
	d := &directory{schema: newSchema(), domain: domain, pepper: make([]byte, 32)}
	rand.Read(d.pepper) // never fails (crypto/rand)
	for _, c := range d.schema.classes {
		c.objectCategory = []string{"CN=" + c.category + "," + domain.partition.text()}
	}
	k := &d.schema.known
	d.store = newStore(d.indexKeys, k.samName, k.upn, k.objectGUID, k.objectSid, k.member)
	d.computed, d.order = d.computations()
	return d
}

// indexKeys lists where an entry is found by equality. The index on member also
// answers memberOf the other way round.
func (d *directory) indexKeys(r *record) []indexKey {
	k := &d.schema.known
	keys := []indexKey{{k.objectGUID, r.guid}}
	if r.sid != "" {
		keys = append(keys, indexKey{k.objectSid, r.sid})
	}
	for _, t := range []*attrType{k.samName, k.upn} {
		for _, value := range r.stored(t) {
			keys = append(keys, indexKey{t, fold(value)})
		}
	}
	for _, value := range r.stored(k.member) {
		keys = append(keys, indexKey{k.member, normDN(value)})
	}
	return keys
}

// contextOf returns the norm of the naming context that a name lies in.
func (d *directory) contextOf(norm string) (string, bool) {
	for _, head := range []dn{d.domain.partition, d.domain.config, d.domain.base} {
		if head := head.norm(); within(norm, head) {
			return head, true
		}
	}
	return "", false
}

// identify gives a new entry its objectGUID and, where its class has one, its
// objectSid, unless the seed did. salt is empty for seeds: same DN, same
// identifiers. The caller holds the store's lock.
func (d *directory) identify(r *record, salt string) {
	sum := sha256.Sum256([]byte("entry " + salt + r.norm))
	if r.guid == "" {
		sum[7] = sum[7]&0x0f | 0x40 // version 4, variant 1 (RFC 9562) where the text form shows them
		sum[8] = sum[8]&0x3f | 0x80
		r.guid = string(sum[:16])
	}
	if r.sid != "" || !r.isPrincipal() {
		return
	}
	rid := 1100 + (uint32(sum[16])<<16|uint32(sum[17])<<8|uint32(sum[18]))<<4
	for {
		r.sid = withRID(d.domain.sid, rid)
		if len(d.store.index[d.schema.known.objectSid][r.sid]) == 0 {
			return
		}
		rid++
	}
}

// ancestor returns the DN of the deepest existing entry above name, "" if none:
// matchedDN of noSuchObject.
func (d *directory) ancestor(name dn) string {
	for name = name.parent(); len(name) > 0; name = name.parent() {
		if n := d.store.find(name.norm()); n != nil {
			if r := n.current.Load(); r != nil {
				return r.dn
			}
		}
	}
	return ""
}

// resolve finds the entry that a name in a request means: a DN, or AD's <GUID=…>
// and <SID=…> (MS-ADTS 3.1.1.3.1.2.4).
func (d *directory) resolve(text string) (*node, error) {
	if inner, ok := strings.CutPrefix(text, "<"); ok {
		return d.resolveID(strings.TrimSuffix(inner, ">"))
	}
	name, err := parseDN(text)
	if err != nil {
		return nil, refuseName(text)
	}
	if n := d.store.find(name.norm()); n != nil {
		return n, nil
	}
	if _, ours := d.contextOf(name.norm()); (!ours || d.elsewhere(name.norm())) && strings.HasPrefix(lastOf(name).norm, "dc=") {
		return nil, refuseReferral(name)
	}
	return nil, refuseObject(d.ancestor(name))
}

func lastOf(name dn) rdn {
	if len(name) == 0 {
		return rdn{}
	}
	return name[len(name)-1]
}

func (d *directory) resolveID(text string) (*node, error) {
	kind, value, _ := strings.Cut(text, "=")
	t := d.schema.known.objectGUID
	if fold(kind) == "sid" {
		t = d.schema.known.objectSid
	}
	key, ok := normalize(t, value)
	if !ok {
		key, ok = fromHex(t, value)
	}
	if !ok {
		return nil, refuseName(text)
	}
	if found, _ := d.store.equal(t, key); len(found) == 1 {
		return found[0], nil
	}
	return nil, refuseObject("")
}

// now is the clock of stored times.
func now() int64 { return time.Now().Unix() }

// unique refuses a record whose sAMAccountName, objectSid or objectGUID another
// entry has. UPNs may repeat, since the trouble that this makes is worth testing.
// The caller holds the store's lock; self is the entry that the record is for.
func (d *directory) unique(r *record, self *node) error {
	for _, k := range d.indexKeys(r) {
		if k.typ == d.schema.known.upn || k.typ == d.schema.known.member || k.key == "" {
			continue
		}
		for _, other := range d.store.index[k.typ][k.key] {
			if other != self {
				return refuseUpdate(entryAlreadyExists, errUserExists, "6005 (ENTRY_EXISTS): "+k.typ.name)
			}
		}
	}
	return nil
}
