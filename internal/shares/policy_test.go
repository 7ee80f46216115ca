package shares_test

import (
	"errors"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func place(t *testing.T, s string) homedir.Location {
	t.Helper()
	location, err := homedir.ParseLocation(s)
	if err != nil {
		t.Fatal(err)
	}
	return location
}

func TestPolicy_Allowed(t *testing.T) {
	policy := shares.Policy{
		FileServers: []shares.FileServer{{Pattern: "fs01.corp.example.com"}, {Pattern: "*.files.example.com"}},
		LocalRoots:  []homedir.Location{place(t, "/srv/ftp"), place(t, `D:\ftp`)},
		PathMap:     []shares.Mapping{{From: place(t, `\\old\homes`), To: place(t, "/srv/old")}},
	}
	for location, want := range map[string]bool{
		`\\fs01.corp.example.com\ftp$\alice`:         true,
		`\\FS01.Corp.Example.com\ftp$`:               true,
		`\\a.files.example.com\s`:                    true,
		`\\fs01\ftp$\alice`:                          false,
		`\\fs01.corp.example.com.evil.example.net\x`: false,
		`\\xfs01.corp.example.com\x`:                 false,
		`\\files.example.com\s`:                      false,
		`\\OLD\Homes\x`:                              true,
		`\\old\homes2\x`:                             false,
		`\\192.0.2.1\s`:                              false,
		"/srv/ftp/alice":                             true,
		"/srv/ftp2/alice":                            false,
		"/etc":                                       false,
		`d:\FTP\alice`:                               true,
		`C:\x`:                                       false,
	} {
		err := policy.Allowed(place(t, location))
		if (err == nil) != want {
			t.Errorf("%s: %v, want allowed %v", location, err, want)
		}
		var refusal *shares.NotAllowedError
		if err != nil && (!errors.As(err, &refusal) || winerr.Of(err) != winerr.AccessDenied) {
			t.Errorf("%s: error is %#v", location, err)
		}
	}
}

func TestPolicy_zeroAdmitsNothing(t *testing.T) {
	for _, location := range []string{`\\fs01\s`, "/", `C:\`} {
		if (shares.Policy{}).Allowed(place(t, location)) == nil {
			t.Errorf("%s is admitted", location)
		}
	}
}

// What an entry admits by mistake gets the password of everybody whose home
// somebody moves there.
func TestPolicy_Allowed_byNoOtherStar(t *testing.T) {
	for _, pattern := range []string{"*", "*.", "fs*", "*fs01", "fs*.corp.example.com", "*.*", "fs01.*", "fs[0-9]1", ""} {
		policy := shares.Policy{FileServers: []shares.FileServer{{Pattern: pattern, NTLM: true}}}
		for _, host := range []string{"fs01", "fs01.corp.example.com", "fs.evil.example.net", "evilfs01"} {
			if err := policy.Allowed(place(t, `\\`+host+`\s`)); err == nil {
				t.Errorf("%q admits %s", pattern, host)
			}
		}
	}
}

// What is behind a namespace obeys the same lists as every other place.
func TestOpener_Resolve_leavesNamespaces(t *testing.T) {
	opener := shares.NewOpener(shares.Policy{
		FileServers: []shares.FileServer{{Pattern: "fs01.corp.example.com"}, {Pattern: "corp.example.com"}, {Pattern: "corp"}},
		LocalRoots:  []homedir.Location{place(t, "/srv/ftp")},
		PathMap:     []shares.Mapping{{From: place(t, `\\fs01.corp.example.com\local$`), To: place(t, "/srv/local")}, {From: place(t, `\\corp.example.com\ftp\near`), To: place(t, "/srv/near")}},
		DFS: []shares.Mapping{
			{From: place(t, `\\corp.example.com\ftp`), To: place(t, `\\fs01.corp.example.com\ftp$\homes`)},
			{From: place(t, `\\corp.example.com\ftp\old`), To: place(t, `\\fs01.corp.example.com\local$`)},
			{From: place(t, `\\corp.example.com\ftp\evil`), To: place(t, `\\evil.example.net\s`)},
			{From: place(t, `\\corp.example.com\ftp\again`), To: place(t, `\\corp.example.com\ftp`)},
			{From: place(t, `\\corp.example.com\ftp\disk`), To: place(t, "/srv/ftp")},
		},
	})
	as := shares.NewCredentials("CORP", "alice", "corp.example.com", secret.New("x"))
	for location, want := range map[string]string{
		`\\corp.example.com\ftp`:               `\\fs01.corp.example.com\ftp$\homes`,
		`\\CORP.example.com\FTP\alice\x`:       `\\fs01.corp.example.com\ftp$\homes\alice\x`,
		`\\corp.example.com\ftp\old\alice`:     "/srv/local/alice",
		`\\corp.example.com\ftp\near\alice`:    "/srv/near/alice",
		`\\corp.example.com\ftp\disk\x`:        `\\fs01.corp.example.com\ftp$\homes\disk\x`, // dfs leads to shares alone
		`\\fs01.corp.example.com\ftp$\alice`:   `\\fs01.corp.example.com\ftp$\alice`,
		`\\fs01.corp.example.com\local$\alice`: "/srv/local/alice",
		"/srv/ftp/alice":                       "/srv/ftp/alice",
	} {
		got, err := opener.Resolve(place(t, location), as)
		if err != nil || got.String() != want {
			t.Errorf("%s: got %s, %v, want %s", location, got, err, want)
		}
	}
	// What is behind a namespace is no namespace again.
	if got, err := opener.Resolve(place(t, `\\corp.example.com\ftp\again\x`), as); !errors.Is(err, smbfs.ErrDFS) {
		t.Errorf("a namespace behind a namespace: %s, %v", got, err)
	}
	var refusal *shares.NotAllowedError
	if got, err := opener.Resolve(place(t, `\\corp.example.com\ftp\evil\alice`), as); !errors.As(err, &refusal) || refusal.Location.Server() != "evil.example.net" {
		t.Errorf("behind a namespace: %s, %v", got, err)
	}
}

// Whatever the attributes say, a place that is reached is on a listed server or
// below a listed folder.
func FuzzResolve(f *testing.F) {
	location := func(s string) homedir.Location {
		l, err := homedir.ParseLocation(s)
		if err != nil {
			f.Fatal(err)
		}
		return l
	}
	opener := shares.NewOpener(shares.Policy{
		FileServers: []shares.FileServer{{Pattern: "fs01.corp.example.com"}, {Pattern: "*.files.example.com"}},
		LocalRoots:  []homedir.Location{location("/srv/ftp")},
		PathMap:     []shares.Mapping{{From: location(`\\old\homes`), To: location("/srv/old")}},
		DFS:         []shares.Mapping{{From: location(`\\corp\ftp`), To: location(`\\fs01.corp.example.com\ftp$`)}, {From: location(`\\corp\ftp\old`), To: location(`\\OLD\homes`)}},
	})
	for _, seed := range []string{`\\CORP\ftp\alice`, `\\corp\ftp\OLD\x`, `\\a.files.example.com\s`, "/srv/ftp/../x", "/srv/ftpx", `\\corp\ftp2`, `\\old\homes\..`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		asked, err := homedir.ParseLocation(s)
		if err != nil {
			return
		}
		got, err := opener.Resolve(asked, shares.Credentials{})
		switch {
		case err != nil:
		case got.Local():
			if !location("/srv/ftp").Contains(got) && !location("/srv/old").Contains(got) {
				t.Fatalf("%q leads to %s", s, got)
			}
		case !homedir.MatchServers("fs01.corp.example.com", got.Server()) && !homedir.MatchServers("*.files.example.com", got.Server()):
			t.Fatalf("%q leads to %s", s, got)
		}
	})
}

// The domain's own name leads to some domain controller, and the password with it.
func TestOpener_refusesTheDomainAsAFileServer(t *testing.T) {
	opener := shares.NewOpener(shares.Policy{FileServers: []shares.FileServer{{Pattern: "corp.example.com"}, {Pattern: "corp"}, {Pattern: "*.example.com"}}})
	as := shares.NewCredentials("CORP", "alice", "corp.example.com", secret.New("x"))
	for _, location := range []string{`\\corp.example.com\ftp\alice`, `\\CORP\ftp`, `\\Corp.Example.Com\SYSVOL`} {
		_, err := opener.Resolve(place(t, location), as)
		if !errors.Is(err, smbfs.ErrDFS) || winerr.Of(err) != winerr.BadNetPath {
			t.Errorf("%s: %v", location, err)
		}
		if _, err := opener.Open(t.Context(), place(t, location), as); !errors.Is(err, smbfs.ErrDFS) {
			t.Errorf("open %s: %v", location, err)
		}
		if report := opener.Check(t.Context(), place(t, location), as); report.Failed() == nil || report.Failed().Name != "allowed" {
			t.Errorf("check %s: %+v", location, report.Steps)
		}
		if session, err := opener.Enter(t.Context(), place(t, location), as); err == nil {
			_ = session.Close()
			t.Errorf("entered %s", location)
		}
	}
	// Not listed, it is a namespace all the same, and that is the better news.
	if _, err := shares.NewOpener(shares.Policy{}).Resolve(place(t, `\\corp\ftp`), as); !errors.Is(err, smbfs.ErrDFS) {
		t.Errorf("unlisted: %v", err)
	}
	if _, err := opener.Enter(t.Context(), place(t, "/srv/ftp"), as); err == nil {
		t.Error("a local place was entered")
	}
}

// A mapping to a share would be a way to a file server around fileServers.
func TestPolicy_Allowed_mapsToLocalFoldersOnly(t *testing.T) {
	policy := shares.Policy{PathMap: []shares.Mapping{
		{From: place(t, `\\old\homes`), To: place(t, `\\evil.example.net\s`)},
		{From: place(t, `\\old\homes`)},
		{From: place(t, "/srv/old"), To: place(t, `\\evil.example.net\s`)},
	}}
	for _, location := range []string{`\\old\homes\alice`, `\\evil.example.net\s\alice`, "/srv/old/alice"} {
		if err := policy.Allowed(place(t, location)); err == nil {
			t.Errorf("%s is admitted", location)
		}
	}
	policy.PathMap = append(policy.PathMap, shares.Mapping{From: place(t, `\\old\homes`), To: place(t, "/srv/old")})
	if err := policy.Allowed(place(t, `\\old\homes\alice`)); err != nil {
		t.Errorf("beside an entry that is none: %v", err)
	}
}
