package ldapattr

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"
)

// Mirror holds the accounts in a scope, as Accounts yields them, and follows what
// becomes of them by DirSync (MS-ADTS 3.1.1.3.4.1.3), for which it needs no more than
// the right to read. It keeps one connection, and is for one goroutine.
//
// Told are changes of attributes that domain controllers send to each other, and of
// members of groups. What a domain controller works out by itself, as that a password
// expires, shows when an account is looked at again, at the latest when all are.
type Mirror struct {
	permissions *Permissions
	scope       Scope
	directory   *Directory
	link        *link  // nil: not connected
	cookie      []byte // where changes go on; nil: nothing can be said of the accounts
	server      string // whose cookie it is
	search      search // of accounts in scope
	held        shelf
	changed     int // since Refresh last succeeded
}

// Refreshed tells what Mirror.Refresh has found.
type Refreshed struct {
	Everything bool // all accounts were read
	Changed    int  // accounts that came, went or are different
}

// Mirror returns an empty mirror of the accounts in scope. It needs a Forest.
func (p *Permissions) Mirror(scope Scope) *Mirror { return &Mirror{permissions: p, scope: scope} }

// Accounts yields all accounts held.
func (m *Mirror) Accounts(yield func(Account, error) bool) {
	for i := range m.held.accounts {
		if !yield(m.held.accounts[i], nil) {
			return
		}
	}
}

// Close ends the connection.
func (m *Mirror) Close() {
	if m.link != nil {
		m.link.close()
		m.link = nil
	}
}

// Refresh reads what has changed since the last call, and the suspects, whatever has
// become of them; everything the first time, when everything says so, when another
// domain controller answers than before, and when the one before does not know the
// cookie. After an error the mirror holds what it held, or nothing that counts, and
// the next call tries again. Errors are those of Accounts.
func (m *Mirror) Refresh(ctx context.Context, everything bool, suspects []GUID) (Refreshed, error) {
	reused, err := m.connect(ctx)
	if err != nil {
		return Refreshed{}, explain("follow", "users", err)
	}
	got, err := m.refresh(ctx, everything, suspects)
	if reused && isNetwork(err) && !isOurs(err) && ctx.Err() == nil {
		m.Close()
		if _, err = m.connect(ctx); err == nil {
			got, err = m.refresh(ctx, everything, suspects)
		}
	}
	if err != nil {
		m.Close()
	}
	return got, explain("follow", "users", err)
}

// isOurs: somebody has explained the error already.
func isOurs(err error) bool {
	var done *Error
	return errors.As(err, &done)
}

// connect makes the connection if there is none, and says whether there was one.
func (m *Mirror) connect(ctx context.Context) (reused bool, err error) {
	if m.link != nil && m.link.alive() {
		return true, nil
	}
	m.Close()
	if m.directory == nil {
		of, err := m.permissions.Forest.members.scopeIn(m.scope)
		if err != nil {
			return false, err
		}
		if m.directory, err = m.permissions.Forest.open(ctx, of); err != nil {
			return false, err
		}
	}
	ctx, cancel := m.directory.limit(ctx, m.directory.dialer.cfg.timeout())
	defer cancel()
	if m.link, err = m.directory.connectLink(ctx); err != nil {
		m.link = nil
		return false, noAnswer(ctx, err)
	}
	if m.server != m.link.server {
		m.cookie = nil
	}
	m.server = m.link.server
	m.link.raw.patient.Store(true)
	return false, nil
}

// refresh is Refresh over the connection.
func (m *Mirror) refresh(ctx context.Context, everything bool, suspects []GUID) (Refreshed, error) {
	ctx, cancel := m.directory.limit(ctx, patience*m.directory.dialer.cfg.timeout())
	defer cancel()
	if everything || m.cookie == nil {
		return m.readAll(ctx)
	}
	n := news{objects: map[GUID]bool{}, members: map[string]bool{}}
	for _, guid := range suspects {
		n.objects[guid] = true
	}
	var err error
	n.cookie, err = m.link.sync(ctx, m.changes(followed), m.cookie, n.note)
	var refused *ldap.Error
	switch {
	case errors.Is(err, errTooMuch), errors.As(err, &refused) && !isNetwork(err) && !ldap.IsErrorAnyOf(err, ldap.LDAPResultBusy, ldap.LDAPResultUnavailable):
		// The cookie is refused: by a domain controller that was restored, or that is
		// another one under the same name. Some end the connection for it.
		m.cookie = nil
		if _, err := m.connect(ctx); err != nil {
			return Refreshed{}, err
		}
		return m.readAll(ctx)
	case err != nil:
		return Refreshed{}, err
	case n.moved, (n.renamed || len(n.members) > 0) && m.scope.Group.kind != nameNone:
		return m.readAll(ctx)
	}
	if err := m.readAgain(ctx, &n); err != nil {
		return Refreshed{}, err
	}
	m.cookie = n.cookie
	got := Refreshed{Changed: m.changed}
	m.changed = 0
	return got, nil
}

// changes is a search for changes: they are told of a domain as a whole.
func (m *Mirror) changes(filter string) search {
	return search{m.directory.domain.namingContext.String(), ldap.ScopeWholeSubtree, filter}
}

// readAll reads all accounts in scope, over the same connection as the changes: another
// domain controller may know less. Changes count from before.
func (m *Mirror) readAll(ctx context.Context) (Refreshed, error) {
	m.cookie = nil
	d := m.directory.domain
	cookie, err := m.link.sync(ctx, m.changes(nobody), nil, func(*ldap.Entry) {})
	if err != nil {
		return Refreshed{}, err
	}
	listing := listing{scope: m.scope, stragglers: stragglersIn(m.scope)}
	if m.search, err = listing.search(ctx, d, m.link); err != nil {
		return Refreshed{}, err
	}
	m.held.clear()
	pages := newPager(m.link, d, m.search)
	defer m.link.tap.skim.Store(nil)
	pages.wanted = accountAttributes()
	for last := false; !last; {
		var entries []byte
		if entries, last, err = pages.next(ctx); err != nil {
			return Refreshed{}, err
		}
		now := time.Now()
		for len(entries) > 0 {
			var one Account
			if one, entries, err = decodeNext(entries, now, d.accountOf); err != nil {
				return Refreshed{}, err
			}
			m.held.put(one)
		}
	}
	m.cookie, m.changed = cookie, 0
	return Refreshed{Everything: true, Changed: len(m.held.accounts)}, nil
}

// readAgain reads what has changed, as far as it is in scope, and forgets what is not
// there any more.
func (m *Mirror) readAgain(ctx context.Context, n *news) error {
	var guids, names []string
	for guid := range n.objects {
		guids = append(guids, "("+attrGUID+"="+escapeOctets(string(guid[:]))+")")
	}
	for dn := range n.members {
		names = append(names, equals(attrDN, dn))
	}
	there := map[GUID]bool{}
	for some := range slices.Chunk(append(guids, names...), chunkNames) {
		accounts, err := m.some(ctx, "(&"+m.search.filter+"(|"+strings.Join(some, "")+"))")
		if err != nil {
			return err
		}
		for _, a := range accounts {
			there[a.GUID] = true
			if m.held.put(a) {
				m.changed++
			}
		}
	}
	for guid := range n.objects {
		if !there[guid] && m.held.remove(guid) {
			m.changed++
		}
	}
	return nil
}

// some reads the few accounts that match a filter.
func (m *Mirror) some(ctx context.Context, filter string) ([]Account, error) {
	var found []Account
	err := m.link.do(ctx, func(conn *ldap.Conn) error {
		result, err := conn.Search(ldap.NewSearchRequest(m.search.base, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 0, false,
			filter, accountAttributes(), nil))
		if err != nil {
			return err
		}
		now := time.Now()
		for _, entry := range result.Entries {
			one, err := m.directory.domain.accountOf(entry, now)
			if err != nil {
				return err
			}
			found = append(found, one)
		}
		return nil
	})
	return found, err
}

// shelf keeps accounts, each once, in the order in which they came.
type shelf struct {
	accounts []Account
	place    map[GUID]int
	words    map[string]string   // texts that many accounts share
	classes  map[string][]string // and lists of them
}

func (s *shelf) clear() {
	clear(s.accounts)
	s.accounts = s.accounts[:0]
	s.place, s.words, s.classes = map[GUID]int{}, map[string]string{}, map[string][]string{}
}

// put takes an account, and says whether anything is new. One without an identity is
// kept as it is read, since it can be told from no other.
func (s *shelf) put(a Account) bool {
	key := strings.Join(a.Classes, "\x00")
	if _, ok := s.classes[key]; !ok {
		s.classes[key] = a.Classes
	}
	a.Classes = s.classes[key]
	for i, group := range a.Groups {
		if _, ok := s.words[group]; !ok {
			s.words[group] = group
		}
		a.Groups[i] = s.words[group]
	}
	i, held := s.place[a.GUID]
	switch {
	case !held || a.GUID == GUID{}:
		s.place[a.GUID] = len(s.accounts)
		s.accounts = append(s.accounts, a)
		return true
	case reflect.DeepEqual(s.accounts[i], a):
		return false
	}
	s.accounts[i] = a
	return true
}

// remove forgets an account, and says whether it was there. The last one takes its
// place.
func (s *shelf) remove(guid GUID) bool {
	i, held := s.place[guid]
	if !held {
		return false
	}
	last := len(s.accounts) - 1
	s.accounts[i] = s.accounts[last]
	s.place[s.accounts[i].GUID] = i
	s.accounts[last] = Account{}
	s.accounts = s.accounts[:last]
	delete(s.place, guid)
	return true
}
