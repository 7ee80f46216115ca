package adsim

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// Flags of the control (MS-ADTS 3.1.1.3.4.1.3).
const (
	syncObjectSecurity = 0x1        // what the reader may see, without the right to replicate
	syncIncremental    = 0x80000000 // of members those that came and went
)

// syncControl is the value of the DirSync control.
type syncControl struct {
	flags  uint32
	octets int // of an answer; 0: the server's own limit
	cookie string
}

const maxSyncOctets = 1 << 20

func decodeSync(value string) (*syncControl, error) {
	parts, err := controlParts(value, 3)
	if err != nil {
		return nil, err
	}
	flags, err := number(parts[0], ber.TagInteger)
	if err != nil {
		return nil, err
	}
	most, err := small(parts[1], ber.TagInteger)
	if err != nil {
		return nil, err
	}
	cookie, err := octets(parts[2])
	return &syncControl{flags: uint32(flags), octets: most, cookie: cookie}, err
}

// encodeSync makes the response control: whether there is more, and where it begins.
func encodeSync(more bool, cookie string) []byte {
	var value encoder
	sequence := value.begin(tagSequence)
	flag := int64(0)
	if more {
		flag = 1
	}
	value.integer(tagInteger, flag)
	value.integer(tagInteger, 0)
	value.octets(tagOctets, cookie)
	value.end(sequence)
	return encodeControl(oidDirSync, value.buf)
}

// A cookie is the number of a change and a seal with a key of the server: another
// server, and this one after a restart, refuses it.
type syncKey []byte

const syncCookieSize = 8 + sealSize

func (k syncKey) newCookie(usn int64) string {
	number := binary.BigEndian.AppendUint64(nil, uint64(usn))
	return string(append(number, k.seal(number)...))
}

func (k syncKey) openCookie(cookie string) (int64, bool) {
	if len(cookie) != syncCookieSize || !hmac.Equal([]byte(cookie[8:]), k.seal([]byte(cookie[:8]))) {
		return 0, false
	}
	return int64(binary.BigEndian.Uint64([]byte(cookie))), true
}

func (k syncKey) seal(number []byte) []byte {
	mac := hmac.New(sha256.New, k)
	mac.Write([]byte("sync"))
	mac.Write(number)
	return mac.Sum(nil)[:sealSize]
}

// mayFollow returns the change that a cookie means, 0 without one. Who may not
// replicate, as administrators may, asks for what he may see.
func (s *search) mayFollow(c *syncControl, seesAll bool) (from int64, err error) {
	part := s.base.norm != s.base.context
	switch {
	case part && c.flags&syncObjectSecurity != 0:
		return 0, refuse(unwillingToPerform, errUnwilling, "the base is no naming context")
	case part, c.flags&syncObjectSecurity == 0 && !seesAll:
		return 0, refuseRights()
	case c.cookie == "":
		return 0, nil
	}
	from, ok := syncKey(s.conn.server.dir.pepper).openCookie(c.cookie)
	if !ok {
		return 0, refuse(unavailableCriticalExtension, errInvalidParameter, "the cookie is not of this server")
	}
	return from, nil
}

// sync answers a search for what has changed. Its base is the head of a naming
// context, whatever its scope.
func (s *search) sync(ctx context.Context, c *syncControl) (result, error) {
	d := s.conn.server.dir
	key, seesAll := syncKey(d.pepper), isAdmin(d, s.conn.who)
	from, err := s.mayFollow(c, seesAll)
	if err != nil {
		return result{}, err
	}
	changed, until, ok := s.changed(from)
	if !ok {
		return result{}, refuse(unwillingToPerform, errInvalidParameter, "the cookie is too old")
	}
	t := telling{search: s, control: c, from: from, seesAll: seesAll}
	most := maxSyncOctets
	if c.octets > 0 {
		most = min(most, c.octets)
	}
	for i, r := range changed {
		if i%64 == 0 && ctx.Err() != nil {
			return result{}, nil
		}
		if i > 0 && (time.Now().After(s.deadline) || s.sent == maxPageSize || t.octets >= most) {
			// What has changed since the look, and came into the list all the same, is told again.
			return result{controls: encodeSync(true, key.newCookie(min(changed[i-1].usnChanged, until)))}, nil
		}
		if err := t.tell(r); err != nil {
			return result{}, err
		}
	}
	return result{controls: encodeSync(false, key.newCookie(until))}, nil
}

// changed returns what has changed after a change, oldest first, and the number of the
// latest change. It fails when deletions since then are forgotten.
func (s *search) changed(from int64) (list []*record, until int64, ok bool) {
	st := s.conn.server.dir.store
	st.mu.RLock()
	nodes, graves, until := st.nodes[:len(st.nodes):len(st.nodes)], slices.Clone(st.graves), st.usn
	ok = from == 0 || from >= st.forgotten
	st.mu.RUnlock()
	fits := func(r *record) bool { return r.context == s.base.context && r.usnChanged > from && s.matches(r) }
	for _, n := range nodes {
		if r := n.current.Load(); r != nil && fits(r) {
			list = append(list, r)
		}
	}
	for _, g := range graves {
		if fits(g.record) {
			list = append(list, g.record)
		}
	}
	slices.SortFunc(list, func(a, b *record) int { return cmp.Compare(a.usnChanged, b.usnChanged) })
	return list, until, ok
}

// matches is the filter of the search on an entry, or on what is left of one.
func (s *search) matches(r *record) bool {
	d := s.conn.server.dir
	dead := r.deleted(d)
	return s.query.filter.eval(func(t *attrType) []string {
		if dead && derived(&d.schema.known, t) {
			return nil
		}
		return d.values(r, t)
	}) == yes
}

// deleted tells whether the record is a tombstone.
func (r *record) deleted(d *directory) bool {
	return r.stored(d.schema.attributes[fold("isDeleted")]) != nil
}

// derived are what no replica sends: each works it out by itself; and what a tombstone
// has lost.
func derived(k *known, t *attrType) bool {
	switch t {
	case k.memberOf, k.distinguishedName, k.usnCreated, k.usnChanged, k.whenChanged, k.objectCategory:
		return true
	}
	return t.constructed || t.secret
}

// telling is the answer to a search for changes.
type telling struct {
	*search
	control *syncControl
	from    int64
	seesAll bool
	octets  int
}

// tell sends what has changed of one entry, if any of it was asked for. Of deleted
// entries others than administrators learn that they are.
func (t *telling) tell(r *record) error {
	d, k := t.conn.server.dir, &t.conn.server.dir.schema.known
	hidden := r.deleted(d) && !t.seesAll
	name := r.dn
	if hidden {
		name = ""
	}
	e := &t.encoder
	e.buf = e.buf[:0]
	message := e.begin(tagSequence)
	e.integer(tagInteger, t.request.id)
	entry := e.begin(tagEntry)
	e.octets(tagOctets, name)
	list := e.begin(tagSequence)
	told := 0
	for _, a := range t.asked(r) {
		if derived(k, a) || r.stampOf(a) <= t.from || hidden && fold(a.name) != "isdeleted" || a == k.objectGUID {
			continue
		}
		told += t.attribute(r, a)
	}
	e.attribute(k.objectGUID.name, []string{r.guid}, false)
	e.end(list)
	e.end(entry)
	e.end(message)
	if told == 0 {
		return nil
	}
	t.sent++
	t.octets += len(e.buf)
	return t.conn.out.send(e.buf, false)
}

// asked are the attributes that the search is about.
func (t *telling) asked(r *record) []*attrType {
	types := slices.Clone(t.query.selection.types)
	if !t.query.selection.all {
		return types
	}
	for _, a := range r.attributes {
		types = append(types, a.typ)
	}
	for _, s := range r.stamps {
		types = append(types, s.typ)
	}
	types = append(types, t.conn.server.dir.order...)
	seen := map[*attrType]bool{}
	return slices.DeleteFunc(types, func(a *attrType) bool {
		again := seen[a]
		seen[a] = true
		return again
	})
}

// attribute writes one that has changed, and returns 1; nothing and 0 when the entry
// never had it.
func (t *telling) attribute(r *record, a *attrType) int {
	d := t.conn.server.dir
	values := d.values(r, a)
	if len(values) == 0 && (t.from == 0 || r.usnCreated > t.from) {
		return 0
	}
	linked := a.syntax == syntaxDN && !a.single
	if !linked || t.control.flags&syncIncremental == 0 || r.usnCreated > t.from || r.known > t.from {
		t.encoder.attribute(a.name, values, t.query.typesOnly)
		return 1
	}
	var came, went []string
	for _, l := range r.links {
		switch {
		case l.usn <= t.from:
		case l.present:
			came = append(came, l.dn)
		default:
			went = append(went, l.dn)
		}
	}
	for _, part := range []partial{{a.name + ";range=1-1", came}, {a.name + ";range=0-0", went}} {
		if len(part.values) > 0 {
			t.encoder.attribute(part.name, part.values, t.query.typesOnly)
		}
	}
	return 1
}
