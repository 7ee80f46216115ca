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
	asking, cancel := context.WithTimeout(ctx, r.config.DirectoryTimeout)
	defer cancel()
	user, err := r.identify(asking, name, password)
	if err != nil {
		return Session{}, err
	}
	home, err := r.home(user)
	if err != nil {
		return Session{}, err
	}
	rights, err := r.rights(asking, user)
	if err != nil {
		return Session{}, err
	}
	ctx, cancel = context.WithTimeout(ctx, r.config.HomeTimeout)
	defer cancel()
	root, err := r.config.Opener.Open(ctx, home.Location(), r.credentials(user, password))
	if err != nil {
		return Session{}, homeError(user.DownLevelName(), err)
	}
	return Session{User: user, Root: root, Rights: rights}, nil
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

func (r *Resolver) identify(ctx context.Context, typed string, password secret.Text) (ldapattr.User, error) {
	name, err := r.parse(typed)
	if err != nil {
		return ldapattr.User{}, err
	}
	if password.Empty() || strings.ContainsRune(password.Reveal(), 0) {
		return ldapattr.User{}, passwordError(typed, errPassword)
	}
	user, err := r.config.Directory.Lookup(ctx, name)
	if err != nil {
		return ldapattr.User{}, lookupError(typed, err)
	}
	if err := r.config.Directory.VerifyPassword(ctx, user, password); err != nil {
		r.cache.drop(user)
		return ldapattr.User{}, passwordError(user.DownLevelName(), err)
	}
	return r.cache.apply(user), nil
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
