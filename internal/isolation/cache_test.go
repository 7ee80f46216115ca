//go:build unix

package isolation_test

import (
	"crypto/tls"
	"errors"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// reaches logs in and says so if the home is not the one wanted.
func (d *domain) reaches(t *testing.T, when, name, want string) {
	t.Helper()
	if _, home, err := d.login(t, name, "pw-alice"); err != nil || home != want {
		t.Errorf("%s, as %q: home %q, %v, want %q", when, name, home, err, want)
	}
}

func TestLogin_attributesAreKeptForTheRefreshTime(t *testing.T) {
	d := start(t, time.Minute, resident("alice"))
	d.homes(t, "alice", "moved")
	at := time.Unix(1_700_000_000, 0)
	d.resolver.SetClock(func() time.Time { return at })
	d.reaches(t, "at first", "alice", "alice")
	d.move(t, "alice", "moved")
	for _, name := range []string{"alice", `CORP\alice`, "alice@corp.example.com"} {
		d.reaches(t, "within the refresh time", name, "alice")
	}
	at = at.Add(time.Minute - time.Nanosecond)
	d.reaches(t, "at the end of the refresh time", "alice", "alice")
	at = at.Add(time.Nanosecond)
	d.reaches(t, "after the refresh time", "alice", "moved")
	d.move(t, "alice", "alice")
	at = at.Add(time.Minute - time.Nanosecond)
	d.reaches(t, "within the next refresh time", "alice", "moved")
}

func TestLogin_aFailedBindEmptiesTheEntry(t *testing.T) {
	d := start(t, time.Hour, resident("alice"))
	d.homes(t, "alice", "moved")
	d.reaches(t, "at first", "alice", "alice")
	d.move(t, "alice", "moved")
	d.reaches(t, "within the refresh time", "alice", "alice")
	if _, _, err := d.login(t, `CORP\alice`, "wrong"); err == nil {
		t.Fatal("a wrong password was accepted")
	}
	d.reaches(t, "after a failed bind under another form of the name", "alice", "moved")
}

func TestLogin_withoutCacheAChangeShowsAtOnce(t *testing.T) {
	d := start(t, 0, resident("alice"))
	d.homes(t, "alice", "moved")
	d.reaches(t, "at first", "alice", "alice")
	d.move(t, "alice", "moved")
	d.reaches(t, "after the move", "alice", "moved")
}

// Which object a name means is no attribute: it is asked at every login. Else a
// name that now means nobody, two users or another one would go on meaning the
// user of a minute ago.
func TestLogin_nameIsResolvedEveryTime(t *testing.T) {
	bob := resident("bob")
	d := start(t, time.Hour, resident("alice"), bob)
	d.homes(t, "alice", "bob")
	d.reaches(t, "at first", "alice@corp.example.com", "alice")

	// The UPN goes to bob: alice's password is wrong for him.
	d.admin(t, "CN=bob,CN=Users,DC=corp,DC=example,DC=com", "userPrincipalName", "alice@corp.example.com")
	if _, home, err := d.login(t, "alice@corp.example.com", "pw-alice"); !errors.Is(err, ldapattr.ErrAmbiguous) {
		t.Errorf("while two users have the name: home %q, %v", home, err)
	}
	d.admin(t, "CN=alice,CN=Users,DC=corp,DC=example,DC=com", "userPrincipalName", "other@corp.example.com")
	if account, home, err := d.login(t, "alice@corp.example.com", "pw-alice"); err == nil {
		t.Errorf("with the name of another: %q in %q", account, home)
	}
	if account, home, err := d.login(t, "alice@corp.example.com", "pw-bob"); err != nil || account != `CORP\bob` || home != "bob" {
		t.Errorf("who has the name now: %q in %q, %v", account, home, err)
	}

	// The account is renamed: the old name means nobody.
	d.admin(t, "CN=alice,CN=Users,DC=corp,DC=example,DC=com", "sAMAccountName", "alicia")
	if _, _, err := d.login(t, "alice", "pw-alice"); !errors.Is(err, ldapattr.ErrNotFound) {
		t.Errorf("by a name that is no more: %v", err)
	}
	session, err := d.resolver.Login(t.Context(), "alicia", secret.New("pw-alice"))
	if err != nil {
		t.Fatal(err)
	}
	defer session.Root.Close()
	if got := session.User.DownLevelName(); got != `CORP\alicia` {
		t.Errorf("by the new name: got %q, want it in the log too", got)
	}
}

// admin replaces one attribute, as an administrator would with another tool.
func (d *domain) admin(t *testing.T, dn, attribute, value string) {
	t.Helper()
	c, err := ldap.DialURL(d.url, ldap.DialWithTLSConfig(&tls.Config{RootCAs: d.roots}))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Bind(adminName, adminPassword); err != nil {
		t.Fatal(err)
	}
	request := ldap.NewModifyRequest(dn, nil)
	request.Replace(attribute, []string{value})
	if err := c.Modify(request); err != nil {
		t.Fatal(err)
	}
}

// move sets msIIS-FTPDir, as an administrator would.
func (d *domain) move(t *testing.T, account, dir string) {
	t.Helper()
	name, err := ldapattr.ParseAccountName(account, "")
	if err != nil {
		t.Fatal(err)
	}
	user, err := d.directory.Lookup(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.directory.Update(t.Context(), user, ldapattr.Update{Dir: &dir}); err != nil {
		t.Fatal(err)
	}
}
