package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func location(t *testing.T, s string) homedir.Location {
	t.Helper()
	place, err := homedir.ParseLocation(s)
	if err != nil {
		t.Fatal(err)
	}
	return place
}

func TestSigningAdvice(t *testing.T) {
	for protection, want := range map[string]bool{"": false, "encrypted": false, "unsigned": false, shares.Signed: true} {
		got := signingAdvice(shares.Report{Location: location(t, `\\fs01\ftp$\alice`), Protection: protection})
		if (got != "") != want || want && !strings.Contains(got, `\\fs01\ftp$ and back`) {
			t.Errorf("%q: %q", protection, got)
		}
	}
}

// A script that sees 6 asks for another password, and one that sees 8 makes a
// folder. Neither must happen because a server was out of reach for a moment.
func TestCheckOutcome(t *testing.T) {
	const (
		network   = "does a firewall close port 445"
		domain    = "on port 88"
		password  = "--bind-user with its password"
		rights    = "check the share's permissions"
		reparse   = "reparse point"
		plainFile = "a file is in the way"
	)
	place := location(t, `\\fs01\ftp$\alice`)
	for _, tt := range []struct {
		step string
		err  error
		code int
		hint string
	}{
		{"allowed", &shares.NotAllowedError{Location: place, List: "fileServers"}, 2, "list it in fileServers"},
		{"name", winerr.BadNetPath, 5, network},
		{"connect", winerr.SemTimeout, 5, network},
		{"connect", errors.New("anything"), 5, network},
		{"connect", context.Canceled, 130, ""},

		{"session", winerr.LogonFailure, 6, password},
		{"session", winerr.AccountLockedOut, 6, password},
		{"session", winerr.NotSupported, 6, password},
		{"session", winerr.SemTimeout, 5, network},
		{"session", context.DeadlineExceeded, 5, network},
		{"session", winerr.NetNameDeleted, 5, network},
		{"session", winerr.ConnectionAborted, 5, network},
		{"session", winerr.Code(71), 5, network}, // the server accepts no more connections
		{"session", winerr.NoLogonServers, 5, domain},
		{"session", winerr.NoSuchDomain, 5, domain},
		{"session", winerr.WrongTargetName, 5, "by this name"},
		{"session", winerr.TimeSkew, 5, "the clocks differ"},
		{"session", errors.New("garbage"), 1, "log"},
		{"session", context.Canceled, 130, ""},

		{"share", winerr.BadNetName, 8, "create the share"},
		{"share", winerr.AccessDenied, 6, rights},
		{"share", winerr.NetNameDeleted, 5, network},
		{"share", winerr.SemTimeout, 5, network},
		{"share", winerr.BadNetPath, 5, network},
		{"share", fmt.Errorf("%w: %w", smbfs.ErrDFS, winerr.BadNetPath), 8, "behind the namespace"},
		{"share", context.Canceled, 130, ""},

		{"directory", winerr.FileNotFound, 8, "create the directory"},
		{"directory", winerr.PathNotFound, 8, "a folder above it"},
		{"directory", winerr.CantAccessFile, 8, reparse},
		{"directory", winerr.Directory, 8, plainFile},
		{"directory", winerr.AccessDenied, 6, rights},
		{"directory", winerr.NetNameDeleted, 5, network},
		{"directory", winerr.SemTimeout, 5, network},
		{"directory", fmt.Errorf("%w: %w", smbfs.ErrDFS, winerr.BadNetPath), 8, "behind the namespace"},
		{"directory", context.Canceled, 130, ""},

		{"list", winerr.AccessDenied, 6, rights},
		{"list", winerr.NetNameDeleted, 5, network},
		{"list", winerr.GenFailure, 1, "log"},
		{"space", winerr.NotSupported, 1, "log"},
	} {
		t.Run(tt.step+"/"+tt.err.Error(), func(t *testing.T) {
			cause := fmt.Errorf("one more: %w", tt.err)
			report := shares.Report{Location: place, Steps: []shares.Step{{Name: "before"}, {Name: tt.step, Err: cause}}}
			got := checkOutcome(ldapattr.User{SAMAccountName: "alice"}, report)
			if code := exitCode(got); code != tt.code {
				t.Errorf("exit code %d, want %d", code, tt.code)
			}
			if !strings.Contains(advice(got), tt.hint) {
				t.Errorf("hint %q, want %q in it", advice(got), tt.hint)
			}
			if !errors.Is(got, cause) || !strings.Contains(got.Error(), `ends at the step "`+tt.step+`": one more: `) {
				t.Errorf("%v does not say what failed, and why", got)
			}
		})
	}
	if err := checkOutcome(ldapattr.User{}, shares.Report{Steps: []shares.Step{{Name: "space"}}}); err != nil {
		t.Errorf("a walk to the end: %v", err)
	}
}

// A ticket that binds to the directory does not enter a share: that is said at
// once, and not by a file server that refuses an empty password.
func TestCanEnter(t *testing.T) {
	share, folder := location(t, `\\fs01\ftp$\alice`), location(t, "/srv/ftp/alice")
	admitted := shares.Policy{FileServers: []shares.FileServer{{Pattern: "fs01"}}, LocalRoots: []homedir.Location{location(t, "/srv/ftp")}}
	mapped := admitted
	mapped.PathMap = []shares.Mapping{{From: location(t, `\\fs01\ftp$`), To: location(t, "/srv/ftp")}}
	password := secret.New("hunter2")
	for _, tt := range []struct {
		name   string
		policy shares.Policy
		place  homedir.Location
		bind   ldapattr.Bind
		want   int
	}{
		{"ticket", admitted, share, ldapattr.Bind{Kerberos: true}, exitUsage},
		{"keytab", admitted, share, ldapattr.Bind{Kerberos: true, User: "svc", Keytab: "keys"}, exitUsage},
		{"password of nobody", admitted, share, ldapattr.Bind{Kerberos: true, Password: password}, exitUsage},
		{"Kerberos with a password", admitted, share, ldapattr.Bind{Kerberos: true, User: "svc", Password: password}, exitOK},
		{"password", admitted, share, ldapattr.Bind{User: "svc", Password: password}, exitOK},
		{"ticket and a local folder", admitted, folder, ldapattr.Bind{Kerberos: true}, exitOK},
		{"ticket and a mapped share", mapped, share, ldapattr.Bind{Kerberos: true}, exitOK},
		{"ticket and a server that is not admitted", shares.Policy{}, share, ldapattr.Bind{Kerberos: true}, exitOK}, // the walk says so
	} {
		err := canEnter(tt.policy, tt.place, tt.bind)
		if got := exitCode(err); got != tt.want {
			t.Errorf("%s: exit code %d, want %d: %v", tt.name, got, tt.want, err)
		}
		if err != nil && (!strings.Contains(err.Error(), "fs01") || !strings.Contains(advice(err), "--password-file")) {
			t.Errorf("%s: %v, hint %q", tt.name, err, advice(err))
		}
	}
}
