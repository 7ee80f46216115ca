package ldapattr_test

import (
	"errors"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// readAt says of changes when their users were read.
func readAt(at time.Time, changes []ldapattr.Change) []ldapattr.Change {
	for i := range changes {
		changes[i].ReadAt = at
	}
	return changes
}

// modified notes the objects of all modifies, as they are named in them.
type modified struct {
	mu    sync.Mutex
	names []string
}

func (m *modified) note(op ldapattr.Operation) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if op.Type == "modify" {
		m.names = append(m.names, op.Object)
	}
}

// byGUID counts those that are named by objectGUID.
func (m *modified) byGUID() (n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, name := range m.names {
		if strings.HasPrefix(name, "<GUID=") {
			n++
		}
	}
	return n
}

func TestUpdateAll_namesByDNWhoWasJustRead(t *testing.T) {
	for name, tt := range map[string]struct {
		at     time.Time
		force  bool
		byGUID int
	}{
		"just read": {time.Now(), false, 0}, "long ago": {time.Now().Add(-2 * time.Minute), false, 100},
		"nobody knows when": {time.Time{}, false, 100}, "nothing is compared": {time.Now(), true, 100},
	} {
		t.Run(name, func(t *testing.T) {
			var asked modified
			cfg := newSim(t, "corp.example.com", crowd(100)).asAdmin()
			cfg.Trace = asked.note
			f := openForest(t, cfg)
			changes := readAt(tt.at, newDirs(crowdOf(t, f), "x"))
			for i := range changes {
				changes[i].Update.Force = tt.force
			}
			if count := countStates(f.UpdateAll(t.Context(), changes)); count[ldapattr.Done] != 100 {
				t.Errorf("%v", count)
			}
			if n := asked.byGUID(); n != tt.byGUID || len(asked.names) != 100 {
				t.Errorf("%d of %d objects are named by objectGUID, want %d of 100", n, len(asked.names), tt.byGUID)
			}
		})
	}
}

// Between reading and writing some are moved. That the DN is nobody's now, or
// somebody's with other values, says nothing about them.
func TestUpdateAll_findsWhoWasMovedMeanwhile(t *testing.T) {
	s := newSim(t, "corp.example.com", crowd(20))
	f := openForest(t, s.asAdmin())
	users := crowdOf(t, f)
	changes := readAt(time.Now(), newDirs(users, "x"))
	admin := s.dial(t)
	for i, u := range users[:6] {
		moved := move(t, admin, u)
		switch i {
		case 0: // its old name is nobody's
		case 1:
			addUser(t, admin, u, "none")
		case 2:
			addUser(t, admin, u, "other", "msIIS-FTPDir", "other")
		case 3: // no object that could have the attributes
			group := ldap.NewAddRequest(u.DN, nil)
			group.Attribute("objectClass", []string{"group"})
			group.Attribute("sAMAccountName", []string{"some group"})
			if err := admin.Add(group); err != nil {
				t.Fatal(err)
			}
		case 4:
			addUser(t, admin, u, "same", "msIIS-FTPDir", u.Dir)
		case 5: // and is deleted
			addUser(t, admin, u, "heir", "msIIS-FTPDir", u.Dir)
			if err := admin.Del(ldap.NewDelRequest(moved, nil)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i, o := range f.UpdateAll(t.Context(), changes) {
		switch {
		case i == 5:
			if o.State != ldapattr.Refused || !errors.Is(o.Err, ldapattr.ErrNotFound) {
				t.Errorf("who was deleted: %+v", o)
			}
		case o.State != ldapattr.Done || o.Now.GUID != users[i].GUID || o.Now.Dir != "x":
			t.Errorf("user %d: %+v", i, o)
		}
	}
	for i, u := range users {
		if now, err := f.Lookup(t.Context(), accountName(t, u.GUID.String())); i != 5 && (err != nil || now.Dir != "x") {
			t.Errorf("user %d has %q, %v", i, now.Dir, err)
		}
	}
	for name, want := range map[string]string{"none": "", "other": "other", "same": users[4].Dir, "heir": users[5].Dir} {
		if now, err := f.Lookup(t.Context(), accountName(t, name)); err != nil || now.Dir != want || now.Root != "" {
			t.Errorf("%s, who was not meant, has %q, want %q; %v", name, now.Dir, want, err)
		}
	}
}

// move gives u another name and returns it.
func move(t *testing.T, admin *ldap.Conn, u ldapattr.User) string {
	t.Helper()
	rdn, _, _ := strings.Cut(u.DN, ",")
	if err := admin.ModifyDN(ldap.NewModifyDNRequest(u.DN, rdn+" Old", true, "OU=Staff,"+baseDN)); err != nil {
		t.Fatal(err)
	}
	return rdn + " Old,OU=Staff," + baseDN
}

// addUser adds a user who has u's DN.
func addUser(t *testing.T, admin *ldap.Conn, u ldapattr.User, name string, attributes ...string) {
	t.Helper()
	add := ldap.NewAddRequest(u.DN, nil)
	add.Attribute("objectClass", []string{"user"})
	add.Attribute("sAMAccountName", []string{name})
	for i := 0; i < len(attributes); i += 2 {
		add.Attribute(attributes[i], []string{attributes[i+1]})
	}
	if err := admin.Add(add); err != nil {
		t.Fatal(err)
	}
}

// A conflict is told as one, however the object was named.
func TestUpdateAll_tellsConflictsOfWhoWasJustRead(t *testing.T) {
	f := openForest(t, newSim(t, "corp.example.com", crowd(50)).asAdmin())
	users := crowdOf(t, f)
	want := users[7].Dir
	users[7].Dir = "stale"
	for i, o := range f.UpdateAll(t.Context(), readAt(time.Now(), newDirs(users, "x"))) {
		if i == 7 && (o.State != ldapattr.Refused || !errors.Is(o.Err, ldapattr.ErrConflict) || o.Now.Dir != want) || i != 7 && o.State != ldapattr.Done {
			t.Errorf("user %d: %+v", i, o)
		}
	}
}

// throughScript is a forest with some users, whose requests pass somebody who may answer
// them himself.
func throughScript(t *testing.T, answer func(conn net.Conn, request *ber.Packet) bool) (*sim, *ldapattr.Forest) {
	t.Helper()
	s := serve(t, adsim.Config{Domain: "corp.example.com", Seed: strings.NewReader(crowd(20))})
	cfg := s.asAdmin()
	cfg.AllowPlaintext = true
	cfg.Servers = []string{scripted(t, s, answer)}
	return s, openForest(t, cfg)
}

// What cannot be taken back from the wrong one is told, with both names.
func TestUpdateAll_saysWhatItCannotTakeBack(t *testing.T) {
	s, f := throughScript(t, func(conn net.Conn, request *ber.Packet) bool {
		op := request.Children[1]
		refuse := op.Tag == ldap.ApplicationModifyRequest && strings.HasPrefix(op.Children[0].Data.String(), "<GUID=")
		if refuse {
			_, _ = conn.Write(modifyAnswer(idOf(request), ldap.LDAPResultInsufficientAccessRights))
		}
		return refuse
	})
	users := crowdOf(t, f)
	conn, err := ldap.DialURL(s.ldap)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.Bind("admin@corp.example.com", adminPass); err != nil {
		t.Fatal(err)
	}
	changes := readAt(time.Now(), newDirs(users, "x"))
	move(t, conn, users[3])
	addUser(t, conn, users[3], "heir", "msIIS-FTPDir", users[3].Dir)
	for i, o := range f.UpdateAll(t.Context(), changes) {
		switch {
		case i != 3 && o.State != ldapattr.Done:
			t.Errorf("user %d: %+v", i, o)
		case i == 3 && (o.State != ldapattr.Refused || !errors.Is(o.Err, ldapattr.ErrConflict) ||
			!strings.Contains(o.Err.Error(), users[3].DN) || !strings.Contains(hintOf(o.Err), users[3].GUID.String())):
			t.Errorf("who was moved: %+v, hint %q", o, hintOf(o.Err))
		}
	}
}

// A connection that is lost before it is known whom a change was made to leaves that
// open.
func TestUpdateAll_doesNotKnowWhomItCouldNotLookAt(t *testing.T) {
	var changed atomic.Bool
	_, f := throughScript(t, func(conn net.Conn, request *ber.Packet) bool {
		op := request.Children[1].Tag
		changed.Store(changed.Load() || op == ldap.ApplicationModifyRequest)
		lose := changed.Load() && op == ldap.ApplicationSearchRequest
		if lose {
			_ = conn.Close()
		}
		return lose
	})
	for _, o := range f.UpdateAll(t.Context(), readAt(time.Now(), newDirs(crowdOf(t, f), "x"))) {
		if o.State != ldapattr.Unknown || !errors.Is(o.Err, ldapattr.ErrUnreachable) || !strings.Contains(hintOf(o.Err), "not known") {
			t.Fatalf("%+v, hint %q", o, hintOf(o.Err))
		}
	}
}

// What is said of a DN means nothing when the connection is lost before the objectGUID
// could be tried: nothing was done, and no conflict is known.
func TestUpdateAll_concludesNothingFromANameAlone(t *testing.T) {
	refusals := []int64{ldap.LDAPResultNoSuchObject, ldap.LDAPResultNoSuchAttribute, ldap.LDAPResultInsufficientAccessRights}
	seen := 0
	_, f := throughScript(t, func(conn net.Conn, request *ber.Packet) bool {
		if request.Children[1].Tag != ldap.ApplicationModifyRequest {
			return false
		}
		if seen < len(refusals) {
			_, _ = conn.Write(modifyAnswer(idOf(request), refusals[seen]))
		}
		if seen++; seen == 20 {
			_ = conn.Close()
		}
		return true
	})
	for i, o := range f.UpdateAll(t.Context(), readAt(time.Now(), newDirs(crowdOf(t, f), "x"))) {
		want := ldapattr.Unknown
		if i < len(refusals) {
			want = ldapattr.NotSent
		}
		if o.State != want || !errors.Is(o.Err, ldapattr.ErrUnreachable) {
			t.Errorf("user %d: %+v", i, o)
		}
	}
}

// Who is deleted right after the change is not found; nobody else was given anything.
func TestUpdateAll_tellsWhoWasDeletedJustNow(t *testing.T) {
	var changed atomic.Bool
	var gone func()
	var once sync.Once
	s, f := throughScript(t, func(_ net.Conn, request *ber.Packet) bool {
		op := request.Children[1].Tag
		if changed.Load() && op == ldap.ApplicationSearchRequest {
			once.Do(gone)
		}
		changed.Store(changed.Load() || op == ldap.ApplicationModifyRequest)
		return false
	})
	users := crowdOf(t, f)
	admin, err := ldap.DialURL(s.ldap)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	if err := admin.Bind("admin@corp.example.com", adminPass); err != nil {
		t.Fatal(err)
	}
	gone = func() {
		if err := admin.Del(ldap.NewDelRequest(users[4].DN, nil)); err != nil {
			t.Error(err)
		}
	}
	for i, o := range f.UpdateAll(t.Context(), readAt(time.Now(), newDirs(users, "x"))) {
		switch {
		case i != 4 && o.State != ldapattr.Done:
			t.Errorf("user %d: %+v", i, o)
		case i == 4 && (o.State != ldapattr.Refused || !errors.Is(o.Err, ldapattr.ErrNotFound)):
			t.Errorf("who was deleted: %+v", o)
		}
	}
}
