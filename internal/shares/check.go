package shares

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/negotiate"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Report is one visit to a location.
type Report struct {
	Location homedir.Location
	Steps    []Step // in the order taken; the first that failed is the last
	// Protection of what goes to the share and back: "encrypted", Signed or
	// "unsigned"; "" for local places, and if the walk did not get so far.
	Protection string
}

// Signed is the Protection of a share that could be faster: it does not encrypt.
const Signed = "signed"

// Step is one stage of a visit.
type Step struct {
	Name    string // allowed, name, connect, negotiate, session, share, directory, list, space, or that of an Inspection
	Detail  string // what was found, for people
	Took    time.Duration
	Err     error // nil = passed
	Unknown bool  // an Inspection could not tell, for the reason in Detail; that ends no visit
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

// Inspection is a further step, after those of a login: what somebody makes of the
// descriptor of the directory. Only shares have one. Where the account may not read
// it, or the error of Look is ErrNotKnown, the step is Unknown.
type Inspection struct {
	Name string
	Look func(context.Context, secdesc.Descriptor) (detail string, err error)
}

// ErrNotKnown says that an Inspection cannot tell.
var ErrNotKnown = errors.New("not known")

// Check walks to the location as the given account and reports each step. It
// writes nothing. The walk ends at the first step that fails.
func (o *Opener) Check(ctx context.Context, location homedir.Location, as Credentials, further ...Inspection) Report {
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
	var e end
	reached := false
	if to.local() {
		reached = report.step("directory", func() (_ string, err error) {
			e.home, err = o.openLocal(to)
			return "local folder " + to.root.Below(to.below).String(), err
		})
	} else {
		reached = o.walk(ctx, &report, to, as, &e)
	}
	if !reached {
		return report
	}
	defer e.home.Close()
	if report.step("list", func() (string, error) { return list(ctx, e.home) }) &&
		report.step("space", func() (string, error) { return space(ctx, e.home) }) && e.folder != nil {
		e.inspect(ctx, &report, to.location.Path(), further)
	}
	return report
}

// end is what a walk arrives at.
type end struct {
	home   storage.FS
	folder *smbfs.Folder // its share as an administrator sees it; nil for a local place
}

// inspect takes the further steps.
func (e end) inspect(ctx context.Context, report *Report, path string, further []Inspection) {
	var d secdesc.Descriptor
	var unread error
	if len(further) > 0 {
		var raw []byte
		if raw, unread = e.folder.Descriptor(ctx, path); unread == nil {
			d, unread = secdesc.Parse(raw)
		}
	}
	if unread != nil {
		unread = fmt.Errorf("%w, the descriptor cannot be read: %w", ErrNotKnown, unread)
	}
	for _, i := range further {
		if !report.inspect(i, func(i Inspection) (string, error) {
			if unread != nil {
				return "", unread
			}
			return i.Look(ctx, d)
		}) {
			return
		}
	}
}

// inspect takes one further step and reports whether the walk may go on.
func (r *Report) inspect(i Inspection, look func(Inspection) (string, error)) bool {
	unknown := false
	passed := r.step(i.Name, func() (string, error) {
		detail, err := look(i)
		if unknown = errors.Is(err, ErrNotKnown); unknown {
			return err.Error(), nil
		}
		return detail, err
	})
	r.Steps[len(r.Steps)-1].Unknown = unknown
	return passed
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
func (o *Opener) walk(ctx context.Context, report *Report, to route, as Credentials, e *end) bool {
	var session *smbfs.Session
	reached := report.step("name", func() (string, error) { return lookupHost(ctx, to.location.Server()) }) &&
		report.step("connect", func() (_ string, err error) {
			session, err = smbfs.Connect(ctx, to.target())
			return "port 445", err
		}) &&
		report.step("negotiate", func() (string, error) { return offered(ctx, to.address()) }) &&
		report.step("session", func() (string, error) {
			err := session.Login(ctx, to.login(as))
			return strings.TrimSpace(as.Domain + `\` + as.User + " " + session.Mechanism()), err
		}) &&
		report.step("share", func() (string, error) { return to.location.Share(), session.Mount(ctx) }) &&
		report.step("directory", func() (string, error) {
			opened, err := session.Open(ctx, to.location.Path(), o.policy.Storage)
			e.home, report.Protection = opened, session.Protection()
			return to.location.Path(), err
		})
	if reached {
		// The session is the home's from here on, and ends with it. A share that can be
		// entered can be entered once more.
		e.folder, _ = session.Folder(ctx, to.location.Share())
	}
	if !reached && session != nil {
		_ = session.Close()
	}
	return reached
}

// offered says what the server offers to everybody. Only one that offers nothing we
// can use ends the way: what else is odd the session will tell.
func offered(ctx context.Context, address string) (string, error) {
	offer, err := negotiate.Probe(ctx, address)
	switch {
	case err != nil:
		return "not told: " + err.Error(), nil
	case offer.SMB1Only:
		return "", fmt.Errorf("the server speaks SMB 1 only: %w", winerr.NotSupported)
	}
	detail := "SMB " + offer.Dialect
	if offer.SigningRequired {
		detail += ", signing required"
	}
	if offer.Encryption {
		detail += ", " + strings.Join(offer.Ciphers, " ")
	}
	return detail, nil
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
