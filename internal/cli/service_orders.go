package cli

import (
	"context"
	"os"
	"reflect"
	"strings"
)

// orders are what an administrator tells a running service. Nil channels never do.
type orders struct {
	reload, roll <-chan os.Signal
	plan         func() (sitePlan, error) // reads the configuration again
}

// reload reads configuration and certificates again. New sessions get what they
// say; those that there are go on. After an error the service goes on as before.
func (s *service) reload(ctx context.Context, read func() (sitePlan, error)) {
	s.notify.reloading()
	defer s.notify.ready()
	plan, err := read()
	var kept []string
	if err == nil {
		kept = keepFixed(&plan, s.plan)
		err = s.change(ctx, plan)
	}
	if err != nil {
		s.log.Error("the configuration was not reloaded; the one before holds on", "cause", err.Error())
		return
	}
	if len(kept) > 0 {
		s.log.Warn("a restart is needed for some changes", "keys", strings.Join(kept, ", "))
	}
	warnOfExpiry(s.log, plan.certificates)
	s.log.Info("configuration reloaded", "site", plan.site.Name)
}

func (s *service) change(ctx context.Context, plan sitePlan) error {
	settings, err := s.settings(ctx, plan)
	if err != nil {
		return err
	}
	if err := s.server.Change(settings); err != nil {
		return err
	}
	s.common.gate.Change(limitsOf(plan.file, plan.site, s.log))
	s.plan = plan
	return nil
}

// keepFixed puts back what only a restart can change, and returns the keys of it
// that somebody has changed: open sockets and files, and who reads the directory.
func keepFixed(plan *sitePlan, now sitePlan) (kept []string) {
	next, old := &plan.site.UserIsolation.ActiveDirectory, now.site.UserIsolation.ActiveDirectory
	for _, fixed := range []struct {
		key       string
		next, now any
	}{
		{"directory", &plan.file.Directory, &now.file.Directory},
		{"server.firewallSupport", &plan.file.Server.FirewallSupport, &now.file.Server.FirewallSupport},
		{"bindings", &plan.site.Bindings, &now.site.Bindings},
		{"logFile", &plan.site.LogFile, &now.site.LogFile},
		{"adUserName", &next.ADUserName, &old.ADUserName},
		{"adPasswordFile", &next.ADPasswordFile, &old.ADPasswordFile},
		{"adPasswordCommand", &next.ADPasswordCommand, &old.ADPasswordCommand},
	} {
		if !reflect.DeepEqual(fixed.next, fixed.now) {
			kept = append(kept, fixed.key)
			reflect.ValueOf(fixed.next).Elem().Set(reflect.ValueOf(fixed.now).Elem())
		}
	}
	return kept
}

// roll begins a new file of the access log, or takes up one that somebody has put
// in its place.
func (s *service) roll() {
	if s.accessLog == nil {
		return
	}
	if err := s.accessLog.Roll(); err != nil {
		s.log.Error("roll the access log", "cause", err.Error())
		return
	}
	s.log.Info("access log rolled")
}
