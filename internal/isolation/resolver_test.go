//go:build unix

package isolation_test

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/adsim/adsimtest"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/isolation"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

const (
	adminName     = "administrator@corp.example.com"
	adminPassword = "Adm1n!strat0r"
)

// person is one user of the test domain; the password is "pw-" and the account.
type person struct{ account, upn, root, dir, extra string }

func seed(people ...person) *bytes.Buffer {
	var ldif bytes.Buffer
	ldif.WriteString("dn: CN=Users,DC=corp,DC=example,DC=com\nobjectClass: container\ncn: Users\n\n")
	fmt.Fprintf(&ldif, "dn: CN=Administrator,CN=Users,DC=corp,DC=example,DC=com\nobjectClass: user\ncn: Administrator\n"+
		"sAMAccountName: administrator\nuserPassword: %s\nmemberOf: CN=Domain Admins,CN=Users,DC=corp,DC=example,DC=com\n\n", adminPassword)
	for _, p := range people {
		fmt.Fprintf(&ldif, "dn: CN=%[1]s,CN=Users,DC=corp,DC=example,DC=com\nobjectClass: user\ncn: %[1]s\nsAMAccountName: %[1]s\nuserPassword: pw-%[1]s\n", p.account)
		for name, value := range map[string]string{"userPrincipalName": p.upn, homedir.AttrRoot: p.root, homedir.AttrDir: p.dir} {
			if value != "" {
				fmt.Fprintf(&ldif, "%s: %s\n", name, value)
			}
		}
		ldif.WriteString(p.extra + "\n")
	}
	return &ldif
}

// domain is a running directory with homes in a local folder.
type domain struct {
	server    *adsim.Server
	url       string
	roots     *x509.CertPool
	directory *ldapattr.Directory
	folder    string
	resolver  *isolation.Resolver
}

func start(t testing.TB, refresh time.Duration, people ...person) *domain {
	t.Helper()
	d := &domain{folder: t.TempDir()}
	served := adsimtest.StartTLS(t, adsim.Config{Domain: "corp.example.com", NetBIOS: "CORP", Seed: seed(people...)})
	d.server, d.url, d.roots = served.Server, served.URL, served.Roots
	var err error
	d.directory, err = ldapattr.Open(t.Context(), ldapattr.Config{
		Servers: []string{d.url}, RootCAs: d.roots,
		Bind: ldapattr.Bind{User: adminName, Password: secret.New(adminPassword)}, Timeout: 2 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.directory.Close() })
	d.resolver = isolation.New(d.config(t, refresh))
	return d
}

// config serves the homes of \\fs01\ftp$ out of the folder.
func (d *domain) config(t testing.TB, refresh time.Duration) isolation.Config {
	t.Helper()
	return isolation.Config{
		Directory: d.directory, CacheRefresh: refresh, DirectoryTimeout: 2 * time.Second,
		Opener: shares.NewOpener(shares.Policy{PathMap: []shares.Mapping{
			{From: location(t, `\\fs01\ftp$`), To: location(t, d.folder)},
		}}),
	}
}

func location(t testing.TB, s string) homedir.Location {
	t.Helper()
	l, err := homedir.ParseLocation(s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// homes makes the folders, each with a file that tells whose it is.
func (d *domain) homes(t testing.TB, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := os.Mkdir(filepath.Join(d.folder, name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(d.folder, name, "home-of-"+name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// login returns the user and the name of the home that the login reached.
func (d *domain) login(t *testing.T, name, password string) (account, home string, err error) {
	t.Helper()
	session, err := d.resolver.Login(t.Context(), name, secret.New(password))
	if err != nil {
		var refusal *isolation.Error
		if !errors.As(err, &refusal) {
			t.Errorf("login %q: %T is no *isolation.Error", name, err)
		}
		if strings.Contains(err.Error(), password) && password != "" {
			t.Errorf("login %q: the error shows the password", name)
		}
		return "", "", err
	}
	defer session.Root.Close()
	entries, err := session.Root.List(t.Context(), "/")
	if err != nil {
		t.Fatal(err)
	}
	for entry := range entries {
		home = strings.TrimPrefix(entry.Name(), "home-of-")
	}
	return session.User.DownLevelName(), home, nil
}

func resident(account string) person {
	return person{account: account, upn: account + "@corp.example.com", root: `\\fs01\ftp$`, dir: account}
}

func TestLogin_allForms(t *testing.T) {
	d := start(t, 0, resident("alice"))
	d.homes(t, "alice")
	for _, name := range []string{
		"alice", "ALICE", `CORP\alice`, `corp\Alice`, `corp.example.com\alice`, "alice@corp.example.com",
		"ftp.example.com|alice", `ftp.example.com|CORP\alice`,
	} {
		account, home, err := d.login(t, name, "pw-alice")
		if err != nil || account != `CORP\alice` || home != "alice" {
			t.Errorf("%q: %q in %q, %v", name, account, home, err)
		}
	}
}

// An explicit userPrincipalName wins over the implicit one, as at a Windows
// logon. Mallory's may say anything: she reaches no home but her own, and bob
// stays reachable by his own names.
func TestLogin_foreignUPNIsNotTheOwnersIdentity(t *testing.T) {
	mallory := resident("mallory")
	mallory.upn = "bob@corp.example.com"
	bob := resident("bob")
	bob.upn = ""
	d := start(t, time.Minute, mallory, bob)
	d.homes(t, "mallory", "bob")
	account, home, err := d.login(t, "bob@corp.example.com", "pw-mallory")
	if err != nil || account != `CORP\mallory` || home != "mallory" {
		t.Errorf("mallory by her UPN: %q in %q, %v", account, home, err)
	}
	for _, name := range []string{"bob", `CORP\bob`} {
		if account, home, err := d.login(t, name, "pw-mallory"); err == nil {
			t.Errorf("%q with mallory's password: %q in %q", name, account, home)
		}
		if account, home, err := d.login(t, name, "pw-bob"); err != nil || account != `CORP\bob` || home != "bob" {
			t.Errorf("%q: %q in %q, %v", name, account, home, err)
		}
	}
	if account, home, err := d.login(t, "bob@corp.example.com", "pw-bob"); err == nil {
		t.Errorf("bob's password opened the object of another: %q in %q", account, home)
	}
}

// Two objects with one explicit UPN: nobody, whatever the password.
func TestChecklist_A3_ambiguousNameIsRefused(t *testing.T) {
	bob, mallory := resident("bob"), resident("mallory")
	mallory.upn = bob.upn
	d := start(t, 0, bob, mallory)
	d.homes(t, "bob", "mallory")
	before := d.server.Stats().Binds
	for _, password := range []string{"pw-bob", "pw-mallory"} {
		if _, home, err := d.login(t, "bob@corp.example.com", password); !errors.Is(err, ldapattr.ErrAmbiguous) {
			t.Errorf("home %q, %v", home, err)
		}
	}
	if after := d.server.Stats().Binds; after != before {
		t.Errorf("%d binds were sent", after-before)
	}
}

func TestLogin_refused(t *testing.T) {
	carol, dave, erin := resident("carol"), resident("dave"), resident("erin")
	carol.extra = "userAccountControl: 514\n"
	dave.root, dave.dir = "", ""
	erin.dir = ""
	absent := resident("absent")
	far := person{account: "far", root: `\\evil.example.net\ftp$`, dir: "far"}
	d := start(t, 0, resident("alice"), carol, dave, erin, absent, far)
	d.homes(t, "alice")
	tests := []struct {
		name, user, password string
		stage                isolation.Stage
		win32                winerr.Code
		subStatus            int
	}{
		{"wrong password", "alice", "wrong", isolation.StagePassword, winerr.LogonFailure, 41},
		{"unknown", "nobody", "x", isolation.StageLookup, winerr.NoSuchUser, 41},
		{"disabled", "carol", "pw-carol", isolation.StagePassword, winerr.AccountDisabled, 41},
		{"no attributes", "dave", "pw-dave", isolation.StageAttribute, winerr.NoSuchAttribute, 33},
		{"one attribute", "erin", "pw-erin", isolation.StageAttribute, winerr.NoSuchAttribute, 33},
		{"no folder", "absent", "pw-absent", isolation.StageHome, winerr.FileNotFound, 3},
		{"server not listed", "far", "pw-far", isolation.StageHome, winerr.AccessDenied, 33},
		{"anonymous", "anonymous", "me@example.com", isolation.StageName, winerr.AccessDenied, 33},
		{"ftp", "FTP", "me@example.com", isolation.StageName, winerr.AccessDenied, 33},
		{"foreign domain", `OTHER\alice`, "pw-alice", isolation.StageLookup, winerr.NoSuchUser, 41},
		{"DN", "CN=alice,CN=Users,DC=corp,DC=example,DC=com", "pw-alice", isolation.StageName, winerr.LogonFailure, 41},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := d.login(t, tt.user, tt.password)
			var refusal *isolation.Error
			if !errors.As(err, &refusal) {
				t.Fatalf("error is %v", err)
			}
			if refusal.Stage != tt.stage || refusal.Win32 != tt.win32 || refusal.SubStatus != tt.subStatus {
				t.Errorf("got %s %d %d, want %s %d %d (%v)",
					refusal.Stage, refusal.Win32, refusal.SubStatus, tt.stage, tt.win32, tt.subStatus, err)
			}
			if proven := tt.stage == isolation.StageAttribute || tt.stage == isolation.StageHome; refusal.Proven() != proven {
				t.Errorf("Proven is %v", refusal.Proven())
			}
		})
	}
}

// Values that another tool wrote into the directory are refused at login too.
func TestChecklist_A5_hostileValuesAreRefused(t *testing.T) {
	hostile := []string{`..\bob`, `\\files\share`, `C:\x`, "a:b", "CON", `bob\..\..\x`, "bob/../../x"}
	people := []person{resident("bob")}
	for i, dir := range hostile {
		people = append(people, person{account: fmt.Sprintf("h%d", i), root: `\\fs01\ftp$`, dir: dir})
	}
	for i, root := range []string{`\\?\UNC\fs01\ftp$`, `\\.\pipe\x`, "relative", "C:relative", `\\fs01`} {
		people = append(people, person{account: fmt.Sprintf("r%d", i), root: root, dir: "bob"})
	}
	d := start(t, 0, people...)
	d.homes(t, "bob")
	for _, p := range people[1:] {
		_, home, err := d.login(t, p.account, "pw-"+p.account)
		var refusal *isolation.Error
		if !errors.As(err, &refusal) || refusal.Stage != isolation.StageAttribute {
			t.Errorf("root %q, dir %q: home %q, %v", p.root, p.dir, home, err)
		}
	}
}

// An unauthenticated bind succeeds in Active Directory, so none may be sent.
func TestChecklist_A1_emptyPasswordSendsNoBind(t *testing.T) {
	d := start(t, time.Minute, resident("alice"))
	d.homes(t, "alice")
	if _, _, err := d.login(t, "alice", "pw-alice"); err != nil {
		t.Fatal(err)
	}
	before := d.server.Stats()
	for _, user := range []string{"alice", "nobody", ""} {
		for _, password := range []string{"", "\x00", "pw-alice\x00"} {
			if _, home, err := d.login(t, user, password); err == nil {
				t.Errorf("%q with %q reached %q", user, password, home)
			}
		}
	}
	if after := d.server.Stats(); after.Binds != before.Binds || after.EmptyBinds != before.EmptyBinds {
		t.Errorf("binds %d to %d, empty binds %d to %d", before.Binds, after.Binds, before.EmptyBinds, after.EmptyBinds)
	}
}

// An unknown user must not become an empty DN, which the directory would take
// for an anonymous bind.
func TestChecklist_A2_unknownUserSendsNoBind(t *testing.T) {
	d := start(t, 0, resident("alice"))
	before := d.server.Stats()
	for _, user := range []string{"nobody", "*", "alice)(cn=*", `a\2a`, "nobody@corp.example.com", `CORP\nobody`} {
		if _, _, err := d.login(t, user, "pw-alice"); err == nil {
			t.Errorf("%q logged in", user)
		}
	}
	if after := d.server.Stats(); after.Binds != before.Binds || after.EmptyBinds != before.EmptyBinds {
		t.Error("a bind was sent for an unknown user")
	}
}
