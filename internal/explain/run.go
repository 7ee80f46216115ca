package explain

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/isolation"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/memfs"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// walkTimeout bounds a walk that shows the steps to a home.
const walkTimeout = 20 * time.Second

// Config is whose login is explained, and with what.
type Config struct {
	Isolation   isolation.Config // as the site has it; nothing is kept
	Permissions *ldapattr.Permissions
	As          shares.Credentials // who walks to homes where the password is not given
	// Inspect gives the last steps of a walk.
	Inspect func(ldapattr.User) []shares.Inspection
	// Copies reads the two attributes on each domain controller; nil: nobody asks.
	Copies func(context.Context, ldapattr.User) ([]Copy, error)
	Site   *Site // nil: there is none, and what it would say is Unknown
}

// Site is what a site adds.
type Site struct {
	Engine ftpsrv.Config
	Fields []string // of its access log; nil: it has none
	Server net.Addr // nil: not known
	// Grant turns the outcome of a login into what the engine takes, as the service does.
	Grant func(isolation.Session, error) (ftpsrv.Grant, error)
}

// Copy is what one domain controller has of a user.
type Copy struct {
	Server, Root, Dir string
	State             string // such as current or lagging
	Current           bool
	Err               error // it did not say
}

// explanation is one run.
type explanation struct {
	Config
	login    string
	password secret.Text
	passed   []isolation.Step
	account  ldapattr.Account
	unread   error         // why account is not known
	walk     shares.Report // the way to the home
	unseen   *shares.Step  // of the walk: what says nothing about the login
	refusal  *isolation.Error
	report   Report
}

// Run explains the login with that name, which may hold no line end. With a password it
// is made as the service makes it: it is one attempt, and a wrong password counts
// towards a lock-out. The error is one of the explanation, not of the login.
func Run(ctx context.Context, cfg Config, login string, password secret.Text) (Report, error) {
	if strings.ContainsAny(login, "\r\n") {
		return Report{}, errors.New("no client can send a name with a line end")
	}
	e := &explanation{Config: cfg, login: login, password: password}
	e.Isolation.CacheRefresh = 0
	e.report = Report{Login: login, Proven: !password.Empty()}
	seen, err := e.rehearse(ctx)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return Report{}, err
	}
	if home := e.at(isolation.StageHome); home != nil && !password.Empty() {
		e.look(ctx, home.User, home.Home.Location(), e.own(home.User))
	}
	told := story{e}
	told.narrate(ctx)
	told.conclude(seen)
	return e.report, ctx.Err()
}

// rehearse plays the login.
func (e *explanation) rehearse(ctx context.Context) (performance, error) {
	r := rehearsal{user: e.login, password: e.password}
	grant := func(_ isolation.Session, err error) (ftpsrv.Grant, error) { return ftpsrv.Grant{}, err }
	if e.Site != nil {
		r.engine, r.fields, r.server, grant = e.Site.Engine, e.Site.Fields, e.Site.Server, e.Site.Grant
	}
	// Steps are shown that a login does not make one by one.
	r.engine.Connections.UnauthenticatedTimeout = 2 * time.Minute
	r.engine.AvailableBytes = r.engine.AvailableBytes && e.report.Proven
	resolver := isolation.New(e.Isolation)
	trial := isolation.Trial{Passed: func(s isolation.Step) { e.passed = append(e.passed, s) }}
	if !e.report.Proven {
		trial.Prove, trial.Open = e.prove, e.visit
	}
	r.engine.Login = func(ctx context.Context, user string, _ secret.Text) (ftpsrv.Grant, error) {
		session, err := resolver.Try(ctx, user, e.password, trial)
		errors.As(err, &e.refusal)
		if err == nil && session.Root == nil {
			session.Root = memfs.New() // nobody was let into the home
		}
		granted, err := grant(session, err)
		if err == nil && granted.Root == nil {
			granted.Root = session.Root
		}
		return granted, err
	}
	return r.play(ctx)
}

// prove takes the account's state for the answer to a bind.
func (e *explanation) prove(ctx context.Context, user ldapattr.User) error {
	if e.account, e.unread = e.Permissions.Account(ctx, user); e.unread != nil {
		return nil
	}
	return e.Permissions.Barred(e.account, time.Now())
}

// visit walks to the home as another account, and returns what would stop the login,
// too.
func (e *explanation) visit(ctx context.Context, user ldapattr.User, location homedir.Location) (storage.FS, error) {
	e.look(ctx, user, location, e.As)
	failed := e.walk.Failed()
	if failed == nil || failed.Name == "list" || failed.Name == "space" { // a login makes neither step
		return nil, nil
	}
	if e.personal(failed) {
		e.unseen = failed
		return nil, nil
	}
	return nil, failed.Err
}

// personal tells what concerns only who asked.
func (e *explanation) personal(failed *shares.Step) bool {
	code := winerr.Of(failed.Err)
	switch failed.Name {
	case "session":
		return code != winerr.SemTimeout && code != winerr.NetNameDeleted && code != winerr.BadNetPath && code != winerr.ConnectionAborted
	case "share":
		return code == winerr.AccessDenied
	case "directory":
		return code == winerr.AccessDenied && !e.local(failed)
	}
	return false
}

// local reports whether the walk ended on this machine: it is the process who opens
// homes there, whoever logs in.
func (e *explanation) local(failed *shares.Step) bool {
	for _, s := range e.walk.Steps {
		if s.Name == "connect" {
			return false
		}
	}
	return failed.Name == "directory"
}

// look walks to the home and keeps what it saw.
func (e *explanation) look(ctx context.Context, user ldapattr.User, location homedir.Location, as shares.Credentials) {
	ctx, cancel := context.WithTimeout(ctx, walkTimeout)
	defer cancel()
	var further []shares.Inspection
	if e.Inspect != nil {
		further = e.Inspect(user)
	}
	e.walk = e.Isolation.Opener.Check(ctx, location, as, further...)
}

// own is the login in the form that file servers take.
func (e *explanation) own(user ldapattr.User) shares.Credentials {
	return shares.NewCredentials(user.NetBIOSDomain, user.SAMAccountName, e.Isolation.Directory.Domain().DNSName, e.password)
}

// at returns what was known after a stage, nil if the login did not get there.
func (e *explanation) at(stage isolation.Stage) *isolation.Step {
	for i := range e.passed {
		if e.passed[i].Stage == stage {
			return &e.passed[i]
		}
	}
	return nil
}
