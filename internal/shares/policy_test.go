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

func TestCheckPattern(t *testing.T) {
	for pattern, want := range map[string]bool{
		"fs01": true, "*.corp.example.com": true, "": false, `\\fs01`: false, "fs[0-9]": false,
	} {
		if err := shares.CheckPattern(pattern); (err == nil) != want {
			t.Errorf("%q: %v", pattern, err)
		}
	}
}
