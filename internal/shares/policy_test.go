package shares_test

import (
	"errors"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
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
