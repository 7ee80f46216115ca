package cli

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/admission"
	"github.com/ftpisoctl/ftpisoctl/internal/authz"
	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/dtp"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftptls"
	"github.com/ftpisoctl/ftpisoctl/internal/isolation"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/w3clog"
)

// service is one FTP site put together: the only place where directory, shares,
// isolation, access log and engine meet.
type service struct {
	directory *ldapattr.Directory
	accessLog *w3clog.Writer // nil: switched off
	server    *ftpsrv.Server
	log       *slog.Logger
	plan      sitePlan // in force
	common    common
	notify    notifier
}

// common is what sessions share although the settings change.
type common struct {
	gate      *admission.Gate
	ports     *dtp.Ports
	openFiles *storage.OpenFiles
}

// sitePlan is what a service is made of.
type sitePlan struct {
	file         config.File
	site         config.Site
	certificates *ftptls.Certificates // nil: no TLS
	failureDelay time.Duration        // between login failures; 0: the engine's
}

// newService opens the access log and puts the site together. The service owns
// the directory from then on; close ends both. After an error the caller closes it.
func newService(ctx context.Context, directory *ldapattr.Directory, plan sitePlan, log *slog.Logger) (*service, error) {
	s := &service{directory: directory, log: log, plan: plan}
	s.common.openFiles = storage.NewOpenFiles()
	s.common.gate = admission.New(limitsOf(plan.file, plan.site, log))
	var err error
	if s.common.ports, err = portsOf(plan.file); err != nil {
		return nil, err
	}
	settings, err := s.settings(ctx, plan)
	if err != nil {
		return nil, err
	}
	if s.accessLog, err = openAccessLog(plan.site); err != nil {
		return nil, err
	}
	settings.AccessLog = s.accessLog
	if s.server, err = ftpsrv.New(settings); err != nil {
		return nil, err
	}
	return s, nil
}

// settings are the engine's for a plan.
func (s *service) settings(ctx context.Context, plan sitePlan) (ftpsrv.Config, error) {
	settings, err := engineConfig(plan)
	if err != nil {
		return ftpsrv.Config{}, err
	}
	rules, err := resolveRules(ctx, s.directory, plan.site, s.log)
	if err != nil {
		return ftpsrv.Config{}, err
	}
	policy := sitePolicy(plan.file, plan.site)
	policy.Storage.OpenFiles = s.common.openFiles
	resolver := isolation.New(isolation.Config{
		Directory:     s.directory,
		Opener:        shares.NewOpener(policy),
		Rules:         rules,
		DefaultDomain: plan.site.Security.Authentication.BasicAuthentication.DefaultLogonDomain,
		CacheRefresh:  plan.site.UserIsolation.ActiveDirectory.ADCacheRefresh,
	})
	settings.Login = loginWith(resolver, s.log)
	settings.Admission, settings.Ports = s.common.gate, s.common.ports
	settings.AccessLog, settings.Log = s.accessLog, s.log
	return settings, nil
}

// loginWith is the one door from the engine to isolation: refusals become what
// the client sees and what the row says, and their cause goes to the log.
func loginWith(resolver *isolation.Resolver, log *slog.Logger) ftpsrv.LoginFunc {
	return func(ctx context.Context, user string, password secret.Text) (ftpsrv.Grant, error) {
		session, err := resolver.Login(ctx, user, password)
		var refusal *isolation.Error
		if errors.As(err, &refusal) {
			log.Info("login refused", "account", refusal.Account, "stage", string(refusal.Stage),
				"win32", uint32(refusal.Win32), "substatus", refusal.SubStatus, "cause", refusal.Err.Error())
		}
		return granted(session, err)
	}
}

// granted is what the engine makes of the outcome of a login.
func granted(session isolation.Session, err error) (ftpsrv.Grant, error) {
	var refusal *isolation.Error
	switch {
	case errors.As(err, &refusal):
		return ftpsrv.Grant{}, &ftpsrv.Refusal{
			Win32: refusal.Win32, SubStatus: refusal.SubStatus, Home: refusal.Proven(), Err: err,
		}
	case err != nil:
		return ftpsrv.Grant{}, err
	}
	return ftpsrv.Grant{
		Root: session.Root, Name: session.User.DownLevelName(), User: session.User.GUID.String(),
		CRLF:   windowsLines(session.Root),
		NoRead: session.Rights&authz.Read == 0, NoWrite: session.Rights&authz.Write == 0,
	}, nil
}

// run serves the doors until ctx ends, and meanwhile does what it is told; then it
// lets transfers end.
func (s *service) run(ctx context.Context, doors []door, orders orders) error {
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
	s.notify.ready()
	open := len(doors)
	failed, err := s.obey(ctx, orders, ended)
	if failed {
		open-- // the site ends with any of its doors
	}
	s.notify.stopping()
	draining, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.plan.file.Server.ShutdownTimeLimit)
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

// obey returns when ctx ends or a door does, which is an error.
func (s *service) obey(ctx context.Context, orders orders, ended <-chan error) (failed bool, err error) {
	for {
		select {
		case <-ctx.Done():
			return false, nil
		case err := <-ended:
			return true, err
		case <-orders.reload:
			s.reload(ctx, orders.plan)
		case <-orders.roll:
			s.roll()
		}
	}
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
	accessLog, err := w3clog.Open(w3clog.Config{
		Directory: site.LogFile.Directory, Fields: logColumns(site), LocalTimeRollover: site.LogFile.LocalTimeRollover,
		Period: w3clog.Period(site.LogFile.Period), TruncateSize: site.LogFile.TruncateSize,
	})
	if err != nil {
		return nil, hint(usage("open the access log: %w", err), "set sites[0].logFile.directory to a folder that this account may write")
	}
	return accessLog, nil
}

// logColumns are the columns of a site's access log.
func logColumns(site config.Site) []string {
	columns := make([]string, len(site.LogFile.LogExtFileFlags))
	for i, flag := range site.LogFile.LogExtFileFlags {
		columns[i] = flag.Column()
	}
	return columns
}
