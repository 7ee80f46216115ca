package rules

import (
	"context"
	"net/url"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

// c06 finds connections to a directory that cannot know the attributes.
func c06() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "C06", Title: "directory port is a global catalog", Severity: audit.High,
		Explanation: "A directory of the configuration is reached on port 3268 or 3269, those of the global catalog. It does not hold msIIS-FTPRoot and msIIS-FTPDir: every user seems to have no home.",
		Remedy:      "Use port 636 or 389, of a domain controller of the users' own domain.",
	}, Domain: eachConnection(func(c audit.Connection) (location, message string) {
		for _, server := range c.Servers {
			if u, err := url.Parse(server); err == nil && (u.Port() == "3268" || u.Port() == "3269") {
				return server, "the directory " + c.Name + " is a global catalog"
			}
		}
		return "", ""
	})}
}

// eachConnection asks about each directory of the configuration.
func eachConnection(wrong func(audit.Connection) (location, message string)) func(context.Context, *audit.Crowd, *audit.Settings, tellObject) error {
	return func(_ context.Context, _ *audit.Crowd, s *audit.Settings, tell tellObject) error {
		if len(s.Directory) == 0 {
			tell(audit.Object{}, notChecked("no configuration is known"))
		}
		for _, c := range s.Directory {
			location, message := wrong(c)
			if message == "" {
				tell(audit.Object{}, audit.Answer{})
				continue
			}
			tell(audit.Object{Login: c.Name}, audit.Answer{Status: audit.Found, Location: location, Message: message})
		}
		return nil
	}
}
