package isolation

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/authz"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

var (
	errAnonymous = errors.New("anonymous access cannot be combined with Active Directory isolation")
	errNotLogon  = errors.New("a DN, a SID or a GUID is no logon name")
	errPassword  = errors.New("the password is empty or holds a NUL")
	errNoRights  = errors.New("no authorization rule grants Read or Write")
)

// Config is what a Resolver works with.
type Config struct {
	Directory        *ldapattr.Directory
	Opener           *shares.Opener
	Rules            *authz.Rules  // nil: whoever has a home may read and write there
	DefaultDomain    string        // defaultLogonDomain: for bare names; "" = the directory's own
	CacheRefresh     time.Duration // adCacheRefresh: how long the two attributes, and what the rules say, are kept; 0 = not at all
	DirectoryTimeout time.Duration // for all that a login asks of the directory; 0 = 4 s
	HomeTimeout      time.Duration // for opening the home; 0 = 15 s
}

// Resolver logs users in.
type Resolver struct {
	config Config
	cache  *cache
}

// Session is a login that succeeded: who it is and the home that it may use.
type Session struct {
	User   ldapattr.User
	Root   storage.FS  // opened with the login's own rights; the caller closes it
	Rights authz.Right // never 0
}

// New returns a Resolver; it contacts nobody.
func New(config Config) *Resolver {
	if config.DirectoryTimeout <= 0 {
		// A stopped domain controller must be answered within five seconds.
		config.DirectoryTimeout = 4 * time.Second
	}
	if config.HomeTimeout <= 0 {
		config.HomeTimeout = 15 * time.Second
	}
	return &Resolver{config: config, cache: newCache(config.CacheRefresh, time.Now)}
}

// Login proves the password of the one user object that name means and opens the
// home that its attributes name. name is a sAMAccountName, DOMAIN\user or a UPN,
// each after an optional "host|". The error is an *Error.
func (r *Resolver) Login(ctx context.Context, name string, password secret.Text) (Session, error) {
	return r.Try(ctx, name, password, Trial{})
}

// Try is Login, but for what the trial replaces.
func (r *Resolver) Try(ctx context.Context, name string, password secret.Text, trial Trial) (Session, error) {
	asking, cancel := context.WithTimeout(ctx, r.config.DirectoryTimeout)
	defer cancel()
	var known Step
	if err := r.identify(asking, name, password, attempt{trial, &known}); err != nil {
		return Session{}, err
	}
	err := trial.step(StageAttribute, &known, func() (err error) {
		known.Home, err = r.home(known.User)
		return err
	})
	if err != nil {
		return Session{}, err
	}
	err = trial.step(StageRights, &known, func() (err error) {
		known.Rights, err = r.rights(asking, known.User)
		return err
	})
	if err != nil {
		return Session{}, err
	}
	ctx, cancel = context.WithTimeout(ctx, r.config.HomeTimeout)
	defer cancel()
	session := Session{User: known.User, Rights: known.Rights}
	err = trial.step(StageHome, &known, func() (err error) {
		session.Root, err = r.open(ctx, known, password, trial)
		return err
	})
	if err != nil {
		return Session{}, err
	}
	return session, nil
}

func (r *Resolver) open(ctx context.Context, known Step, password secret.Text, trial Trial) (root storage.FS, err error) {
	if trial.Open != nil {
		root, err = trial.Open(ctx, known.User, known.Home.Location())
	} else {
		root, err = r.config.Opener.Open(ctx, known.Home.Location(), r.credentials(known.User, password))
	}
	if err != nil {
		return nil, homeError(known.User.DownLevelName(), err)
	}
	return root, nil
}

// rights asks the rules before anything is sent to the home's place.
func (r *Resolver) rights(ctx context.Context, user ldapattr.User) (authz.Right, error) {
	if r.config.Rules == nil {
		return authz.Read | authz.Write, nil
	}
	rights, known := r.cache.rights(user)
	if !known {
		var err error
		if rights, err = r.config.Rules.Rights(ctx, user); err != nil {
			return 0, rightsError(user.DownLevelName(), err)
		}
		r.cache.keepRights(user, rights)
	}
	if rights == 0 {
		return 0, rightsError(user.DownLevelName(), errNoRights)
	}
	return rights, nil
}

// attempt is a trial with what is known so far.
type attempt struct {
	trial Trial
	known *Step
}

// identify finds the one user and proves the password.
func (r *Resolver) identify(ctx context.Context, typed string, password secret.Text, a attempt) error {
	known := a.known
	err := a.trial.step(StageName, known, func() (err error) {
		known.Name, err = r.parse(typed)
		return err
	})
	if err != nil {
		return err
	}
	if a.trial.Prove == nil && (password.Empty() || strings.ContainsRune(password.Reveal(), 0)) {
		return passwordError(typed, errPassword)
	}
	err = a.trial.step(StageLookup, known, func() error {
		user, err := r.config.Directory.Lookup(ctx, known.Name)
		if err != nil {
			return lookupError(typed, err)
		}
		known.User = user
		return nil
	})
	if err != nil {
		return err
	}
	return a.trial.step(StagePassword, known, func() error {
		if err := r.prove(ctx, known.User, password, a.trial); err != nil {
			r.cache.drop(known.User)
			return passwordError(known.User.DownLevelName(), err)
		}
		known.User = r.cache.apply(known.User)
		return nil
	})
}

func (r *Resolver) prove(ctx context.Context, user ldapattr.User, password secret.Text, trial Trial) error {
	if trial.Prove != nil {
		return trial.Prove(ctx, user)
	}
	return r.config.Directory.VerifyPassword(ctx, user, password)
}

// parse takes the forms that a person types at an FTP prompt; DNs, SIDs and
// GUIDs are for administrators.
func (r *Resolver) parse(typed string) (ldapattr.AccountName, error) {
	refuse := func(code winerr.Code, subStatus int, err error) (ldapattr.AccountName, error) {
		return ldapattr.AccountName{}, &Error{StageName, typed, code, subStatus, err}
	}
	account := typed
	if _, afterHost, found := strings.Cut(typed, "|"); found {
		account = afterHost
	}
	if strings.EqualFold(account, "anonymous") || strings.EqualFold(account, "ftp") {
		return refuse(winerr.AccessDenied, subHomeLookup, errAnonymous)
	}
	name, err := ldapattr.ParseAccountName(account, r.config.DefaultDomain)
	if err != nil {
		return refuse(winerr.LogonFailure, subAuthentication, err)
	}
	if !name.Logon() {
		return refuse(winerr.LogonFailure, subAuthentication, errNotLogon)
	}
	return name, nil
}

func (r *Resolver) home(user ldapattr.User) (homedir.Home, error) {
	home, err := user.Home()
	if err != nil {
		return homedir.Home{}, attributeError(user.DownLevelName(), err)
	}
	if _, err := r.config.Opener.Resolve(home.Location(), r.credentials(user, secret.Text{})); err != nil {
		failure := homeError(user.DownLevelName(), err)
		failure.SubStatus = subHomeLookup
		return homedir.Home{}, failure
	}
	return home, nil
}

func (r *Resolver) credentials(user ldapattr.User, password secret.Text) shares.Credentials {
	return shares.NewCredentials(user.NetBIOSDomain, user.SAMAccountName, r.config.Directory.Domain().DNSName, password)
}
