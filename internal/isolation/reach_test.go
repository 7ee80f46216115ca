//go:build unix

package isolation_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/isolation"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func TestLogin_defaultDomain(t *testing.T) {
	d := start(t, 0, resident("alice"))
	d.homes(t, "alice")
	for _, tt := range []struct {
		defaultDomain, name string
		want                bool
	}{
		{"", "alice", true}, {"CORP", "alice", true}, {"corp.example.com", "alice", true}, {"CORP", "ftp.example.com|alice", true},
		{"OTHER", "alice", false}, {"other.example.com", "alice", false},
		{"OTHER", `CORP\alice`, true}, {"OTHER", "alice@corp.example.com", true}, {"CORP", `OTHER\alice`, false},
	} {
		config := d.config(t, 0)
		config.DefaultDomain = tt.defaultDomain
		d.resolver = isolation.New(config)
		_, home, err := d.login(t, tt.name, "pw-alice")
		if (err == nil) != tt.want || tt.want && home != "alice" {
			t.Errorf("%q with the default %q: home %q, %v", tt.name, tt.defaultDomain, home, err)
		}
	}
}

// A mapping of a share must not hide one of a folder in it: the staff would land
// in somebody else's folders of the same names.
func TestLogin_theLongestMappingWins(t *testing.T) {
	alice, bob := resident("alice"), resident("bob")
	alice.dir = `staff\alice`
	d := start(t, 0, alice, bob)
	d.homes(t, "staff", "bob")
	staff := t.TempDir()
	for _, dir := range []string{filepath.Join(d.folder, "staff", "alice"), filepath.Join(staff, "alice")} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(staff, "alice", "home-of-staff"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	mappings := []shares.Mapping{
		{From: location(t, `\\fs01\ftp$`), To: location(t, d.folder)},
		{From: location(t, `\\FS01\ftp$\Staff`), To: location(t, staff)},
	}
	for range 2 {
		config := d.config(t, 0)
		config.Opener = shares.NewOpener(shares.Policy{PathMap: mappings})
		d.resolver = isolation.New(config)
		for account, want := range map[string]string{"alice": "staff", "bob": "bob"} {
			if _, home, err := d.login(t, account, "pw-"+account); err != nil || home != want {
				t.Errorf("%s: home %q, %v, want %q", account, home, err, want)
			}
		}
		slices.Reverse(mappings)
	}
}

// Whoever can write the attributes must not choose where a packet goes, let alone
// a password: for a server that is not listed not even its name is looked up.
func TestLogin_nothingIsDialledOutsideFileServers(t *testing.T) {
	d := start(t, 0, person{account: "far", root: `\\evil.example.net\ftp$`, dir: "far"})
	var asked atomic.Int32
	system := net.DefaultResolver
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		asked.Add(1)
		return nil, syscall.ECONNREFUSED
	}}
	defer func() { net.DefaultResolver = system }()

	if _, home, err := d.login(t, "far", "pw-far"); winerr.Of(err) != winerr.AccessDenied {
		t.Errorf("home %q, %v, want %d", home, err, winerr.AccessDenied)
	}
	if got := asked.Load(); got != 0 {
		t.Errorf("%d packets left for a server that is not listed", got)
	}
	config := d.config(t, 0)
	config.Opener = shares.NewOpener(shares.Policy{FileServers: []shares.FileServer{{Pattern: "*.example.net"}}})
	d.resolver = isolation.New(config)
	if _, home, err := d.login(t, "far", "pw-far"); err == nil {
		t.Errorf("a server without an address gave %q", home)
	}
	if asked.Load() == 0 {
		t.Error("the name of a listed server was not looked up, so this test would miss the other as well")
	}
}

// A domain controller that does not answer looks the same to the log whichever
// request it left unanswered; the password is neither right nor wrong.
func TestChecklist_A4_directoryThatDoesNotAnswer(t *testing.T) {
	for name, tt := range map[string]struct {
		faults adsim.Faults
		stage  isolation.Stage
	}{
		"silent":             {adsim.Faults{Delay: time.Minute}, isolation.StageLookup},
		"drops the search":   {adsim.Faults{Drop: true, Only: adsim.OpSearch}, isolation.StageLookup},
		"silent at the bind": {adsim.Faults{Delay: time.Minute, Only: adsim.OpBind}, isolation.StagePassword},
		"drops the bind":     {adsim.Faults{Drop: true, Only: adsim.OpBind}, isolation.StagePassword},
		"busy at the bind":   {adsim.Faults{Busy: true, Only: adsim.OpBind}, isolation.StagePassword},
	} {
		t.Run(name, func(t *testing.T) {
			d := start(t, 0, resident("alice"))
			d.homes(t, "alice")
			d.server.SetFaults(tt.faults)
			began := time.Now()
			_, _, err := d.login(t, "alice", "pw-alice")
			var refusal *isolation.Error
			if !errors.As(err, &refusal) {
				t.Fatalf("got %v", err)
			}
			if refusal.Stage != tt.stage || refusal.Win32 != winerr.NoLogonServers || refusal.SubStatus != 33 || refusal.Proven() {
				t.Errorf("got %s %d %d, proven %v, want %s %d 33 (%v)",
					refusal.Stage, refusal.Win32, refusal.SubStatus, refusal.Proven(), tt.stage, winerr.NoLogonServers, err)
			}
			if took := time.Since(began); took > 4*time.Second {
				t.Errorf("refused after %v", took)
			}
			d.server.SetFaults(adsim.Faults{})
			if _, home, err := d.login(t, "alice", "pw-alice"); err != nil || home != "alice" {
				t.Errorf("when it is back: home %q, %v", home, err)
			}
		})
	}
}

// The domain's own name is that of its namespaces, and of no file server: the
// cause says so before a password travels, and whoever listed the name is no wiser.
func TestLogin_namespaces(t *testing.T) {
	alice, bob := resident("alice"), resident("bob")
	alice.root, bob.root = `\\corp.example.com\ftp`, `\\CORP\ftp`
	d := start(t, 0, alice, bob)
	d.homes(t, "alice")
	config := d.config(t, 0)
	config.Opener = shares.NewOpener(shares.Policy{
		FileServers: []shares.FileServer{{Pattern: "corp.example.com"}, {Pattern: "CORP"}},
		PathMap:     []shares.Mapping{{From: location(t, `\\fs01\ftp$`), To: location(t, d.folder)}},
		DFS:         []shares.Mapping{{From: location(t, `\\corp.example.com\ftp`), To: location(t, `\\fs01\ftp$`)}},
	})
	d.resolver = isolation.New(config)
	if _, home, err := d.login(t, "alice", "pw-alice"); err != nil || home != "alice" {
		t.Errorf("behind the namespace: %q, %v", home, err)
	}
	_, home, err := d.login(t, "bob", "pw-bob")
	var refusal *isolation.Error
	if !errors.As(err, &refusal) || !errors.Is(err, smbfs.ErrDFS) || refusal.Win32 != winerr.BadNetPath || refusal.Stage != isolation.StageHome {
		t.Errorf("without an entry: %q, %v", home, err)
	}
}

// Short names are aliases that a rule about the long name does not see.
func TestLogin_shortNamesAreRefused(t *testing.T) {
	alice := resident("alice")
	alice.dir = "ALICEH~1"
	d := start(t, 0, alice)
	d.homes(t, "ALICEH~1")
	_, home, err := d.login(t, "alice", "pw-alice")
	var value *homedir.ValueError
	if !errors.As(err, &value) {
		t.Errorf("home %q, %v, want a *homedir.ValueError", home, err)
	}
}
