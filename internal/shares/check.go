package shares

import (
	"context"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Report is one visit to a location.
type Report struct {
	Location homedir.Location
	Steps    []Step // in the order taken; the first that failed is the last
	// Protection of what goes to the share and back: "encrypted", "signed" or
	// "unsigned"; "" for local places, and if the walk did not get so far.
	Protection string
}

// Step is one stage of a visit.
type Step struct {
	Name   string // allowed, name, connect, session, share, directory, list or space
	Detail string // what was found, for people
	Took   time.Duration
	Err    error // nil = passed
}

// Failed returns the step that ended the visit, nil if every step passed.
func (r Report) Failed() *Step {
	if n := len(r.Steps); n > 0 && r.Steps[n-1].Err != nil {
		return &r.Steps[n-1]
	}
	return nil
}

// step runs one stage and reports whether the walk may go on.
func (r *Report) step(name string, run func() (detail string, err error)) bool {
	began := time.Now()
	detail, err := run()
	r.Steps = append(r.Steps, Step{Name: name, Detail: detail, Took: time.Since(began), Err: err})
	return err == nil
}

// Check walks to the location as the given account and reports each step. It
// writes nothing. The walk ends at the first step that fails.
func (o *Opener) Check(ctx context.Context, location homedir.Location, as Credentials) Report {
	report := Report{Location: location}
	var to route
	if !report.step("allowed", func() (detail string, err error) {
		to, err = o.route(location, as)
		if err == nil {
			detail = to.how()
		}
		return detail, err
	}) {
		return report
	}
	var home storage.FS
	reached := false
	if to.local() {
		reached = report.step("directory", func() (_ string, err error) {
			home, err = o.openLocal(to)
			return "local folder " + to.root.String(), err
		})
	} else {
		reached = o.walk(ctx, &report, to, as, &home)
	}
	if !reached {
		return report
	}
	defer home.Close()
	_ = report.step("list", func() (string, error) { return list(ctx, home) }) &&
		report.step("space", func() (string, error) { return space(ctx, home) })
	return report
}

func (r route) how() string {
	if r.local() {
		return "served from " + r.root.String()
	}
	how := "fileServers: " + r.server.Pattern + ", Kerberos only"
	if r.server.NTLM {
		how = "fileServers: " + r.server.Pattern + ", Kerberos or NTLM"
	}
	if r.linked {
		how = "dfs: " + r.location.String() + ", " + how
	}
	return how
}

// walk takes the steps that a login takes, one at a time.
func (o *Opener) walk(ctx context.Context, report *Report, to route, as Credentials, home *storage.FS) bool {
	var session *smbfs.Session
	reached := report.step("name", func() (string, error) { return lookupHost(ctx, to.location.Server()) }) &&
		report.step("connect", func() (_ string, err error) {
			session, err = smbfs.Connect(ctx, to.target())
			return "port 445", err
		}) &&
		report.step("session", func() (string, error) {
			err := session.Login(ctx, to.login(as))
			return strings.TrimSpace(as.Domain + `\` + as.User + " " + session.Mechanism()), err
		}) &&
		report.step("share", func() (string, error) { return to.location.Share(), session.Mount(ctx) }) &&
		report.step("directory", func() (string, error) {
			opened, err := session.Open(ctx, to.location.Path(), o.policy.Storage)
			*home, report.Protection = opened, session.Protection()
			return to.location.Path(), err
		})
	if !reached && session != nil {
		_ = session.Close()
	}
	return reached
}

func lookupHost(ctx context.Context, host string) (string, error) {
	addresses, err := net.DefaultResolver.LookupHost(ctx, host)
	if err != nil {
		return "", fmt.Errorf("%w: %w", winerr.BadNetPath, err)
	}
	return strings.Join(addresses, " "), nil
}

func list(ctx context.Context, home storage.FS) (string, error) {
	entries, err := home.List(ctx, "/")
	if err != nil {
		return "", err
	}
	for _, err := range entries {
		if err != nil {
			return "", err
		}
		// One entry proves the right to list; the rest is not our business.
		return "not empty", nil
	}
	return "empty", nil
}

func space(ctx context.Context, home storage.FS) (string, error) {
	space, err := home.Statfs(ctx)
	if err != nil {
		return "", err
	}
	const gib = 1 << 30
	return fmt.Sprintf("%.1f of %.1f GiB free", float64(space.Free)/gib, float64(space.Total)/gib), nil
}
