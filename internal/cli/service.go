package cli

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftptls"
	"github.com/ftpisoctl/ftpisoctl/internal/isolation"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/w3clog"
)

// drainTime is how long transfers may go on after the service was asked to end.
const drainTime = 30 * time.Second

// service is one FTP site put together: the only place where directory, shares,
// isolation, access log and engine meet.
type service struct {
	directory *ldapattr.Directory
	accessLog *w3clog.Writer // nil: switched off
	server    *ftpsrv.Server
	log       *slog.Logger
}

// sitePlan is what a service is made of.
type sitePlan struct {
	file         config.File
	site         config.Site
	certificates *ftptls.Certificates // nil: no TLS
}

// newService opens the access log and puts the site together. The service owns
// the directory from then on; close ends both.
func newService(directory *ldapattr.Directory, plan sitePlan, log *slog.Logger) (*service, error) {
	site := plan.site
	resolver := isolation.New(isolation.Config{
		Directory:     directory,
		Opener:        shares.NewOpener(sitePolicy(plan.file, site)),
		DefaultDomain: site.Security.Authentication.BasicAuthentication.DefaultLogonDomain,
		CacheRefresh:  site.UserIsolation.ActiveDirectory.ADCacheRefresh,
	})
	settings, err := engineConfig(plan)
	if err != nil {
		return nil, err
	}
	accessLog, err := openAccessLog(site)
	if err != nil {
		return nil, err
	}
	settings.Login = loginWith(resolver, log)
	settings.AccessLog = accessLog
	settings.Log = log
	server, err := ftpsrv.New(settings)
	if err != nil {
		return nil, err
	}
	return &service{directory: directory, accessLog: accessLog, server: server, log: log}, nil
}

// loginWith is the one door from the engine to isolation: refusals become what
// the client sees and what the row says, and their cause goes to the log.
func loginWith(resolver *isolation.Resolver, log *slog.Logger) ftpsrv.LoginFunc {
	return func(ctx context.Context, user string, password secret.Text) (ftpsrv.Grant, error) {
		session, err := resolver.Login(ctx, user, password)
		if err == nil {
			return ftpsrv.Grant{Root: session.Root, Name: session.User.DownLevelName(), CRLF: windowsLines(session.Root)}, nil
		}
		var refusal *isolation.Error
		if !errors.As(err, &refusal) {
			return ftpsrv.Grant{}, err
		}
		log.Info("login refused", "account", refusal.Account, "stage", string(refusal.Stage),
			"win32", uint32(refusal.Win32), "substatus", refusal.SubStatus, "cause", refusal.Err.Error())
		return ftpsrv.Grant{}, &ftpsrv.Refusal{
			Win32: refusal.Win32, SubStatus: refusal.SubStatus, Home: refusal.Proven(), Err: err,
		}
	}
}

// run serves the doors until ctx ends, then lets transfers end.
func (s *service) run(ctx context.Context, doors []door) error {
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	ended := make(chan error, len(doors))
	for _, d := range doors {
		serve := s.server.Serve
		if d.implicit {
			serve = s.server.ServeTLS
		}
		go func() { ended <- serve(serving, d.Listener) }()
	}
	var err error
	open := len(doors)
	select {
	case <-ctx.Done():
	case err = <-ended: // a listener failed: the site ends with it
		open--
	}
	draining, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	if shutdown := s.server.Shutdown(draining); shutdown != nil && !errors.Is(shutdown, context.DeadlineExceeded) {
		err = errors.Join(err, shutdown)
	}
	stop()
	for range open {
		err = errors.Join(err, <-ended)
	}
	return err
}

// close ends what newService began and the connection to the directory.
func (s *service) close() {
	if s.accessLog != nil {
		if err := s.accessLog.Close(); err != nil {
			s.log.Error("close the access log", "cause", err.Error())
		}
	}
	if err := s.directory.Close(); err != nil {
		s.log.Error("close the directory", "cause", err.Error())
	}
}

func openAccessLog(site config.Site) (*w3clog.Writer, error) {
	if !site.LogFile.Enabled {
		return nil, nil
	}
	columns := make([]string, len(site.LogFile.LogExtFileFlags))
	for i, flag := range site.LogFile.LogExtFileFlags {
		columns[i] = flag.Column()
	}
	accessLog, err := w3clog.Open(w3clog.Config{
		Directory: site.LogFile.Directory, Fields: columns, LocalTimeRollover: site.LogFile.LocalTimeRollover,
	})
	if err != nil {
		return nil, hint(usage("open the access log: %w", err), "set sites[0].logFile.directory to a folder that this account may write")
	}
	return accessLog, nil
}
